"""Cells: SQL expressions that turn what a table holds into what a canonical column means, without Python a row.

A cell that cannot be understood becomes NULL; whether it was there is told beside it, so that it can be counted.
"""

from __future__ import annotations

__all__ = ["EARLIEST", "LARGEST", "LATEST", "text", "time", "whole"]

EARLIEST = 0
LATEST = 7_258_118_400_000_000
"""Times lie from 1970 until before 2200, in µs; anything else is a mistake of somebody's clock or parser."""
LARGEST = 10**12
"""No count of reactions or followers is larger."""

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"}
_SCALES = {"s": "1000000.0", "ms": "1000.0", "us": "1.0"}


def text(column: str, kind: str) -> str:
    """Return an expression for a text: trimmed, NULL where empty; numbers that are whole are written without a point.

    `kind` is the column's SQL type.
    """
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        # An integer column with gaps reaches Parquet as floats, from pandas for instance.
        return (
            f"CASE WHEN {column} = floor({column}) AND abs({column}) < 1e15 THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) "
            f"ELSE CAST({column} AS VARCHAR) END"
        )
    return f"nullif(trim(CAST({column} AS VARCHAR), ' \t\r\n'), '')"


def whole(column: str, kind: str) -> str:
    """Return an expression for a whole number from 0 to `LARGEST`; NULL for anything else."""
    number = column if kind in _INTEGERS else f"TRY_CAST({column} AS DOUBLE)"
    return f"CASE WHEN {number} BETWEEN 0 AND {LARGEST} AND {number} = floor({number}) THEN CAST({number} AS BIGINT) END"


def time(column: str, kind: str, unit: str | None) -> str:
    """Return an expression for a time in µs; NULL outside `EARLIEST`..`LATEST`.

    `unit` is s, ms, us or iso; None recognises ISO 8601, and the unit of a number by its size: below 10^11 seconds, below 10^14
    milliseconds, else microseconds. A time without a zone is UTC.
    """
    if kind.startswith(("TIMESTAMP", "DATE")):
        micros = f"epoch_us({column})" if kind.endswith("TIME ZONE") else f"epoch_us(CAST({column} AS TIMESTAMP))"
        return _within(micros)
    written = f"epoch_us(TRY_CAST({column} AS TIMESTAMPTZ))" if kind == "VARCHAR" else "NULL"
    if unit == "iso":
        return _within(written)
    number = f"TRY_CAST({column} AS DOUBLE)"
    if unit is None:
        scaled = f"{number} * CASE WHEN {number} < 1e11 THEN 1000000.0 WHEN {number} < 1e14 THEN 1000.0 ELSE 1.0 END"
        return f"coalesce({_within(scaled)}, CASE WHEN {number} IS NULL THEN {_within(written)} END)"
    return _within(f"{number} * {_SCALES[unit]}")


def _within(micros: str) -> str:
    return f"CASE WHEN {micros} >= {EARLIEST} AND {micros} < {LATEST} THEN CAST(round({micros}) AS BIGINT) END"
