"""DuckDB as a calculator: in memory only, offline, and fed with Python's columns.

Handing over 200,000 rows of four columns took 0.06 s as NumPy arrays, 0.14 s as one JSON document, 0.36 s as list parameters and 80 s as
``executemany`` (DuckDB 2.0, two cores), so columns travel as arrays of objects and of int64 with a marker for what is missing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["INVALID", "MISSING", "Connection", "columns_to_table", "connect", "file_list", "first_line", "integers", "quoted", "texts"]

Connection = duckdb.DuckDBPyConnection

MISSING = -(2**63)
"""Stands for "no value" in the int64 columns of `integers`; becomes NULL in a table."""
INVALID = MISSING + 1
"""Stands for "a value that is no whole number" in the int64 columns of `integers`; reaches the table as it is."""

_TYPES = {"O": "VARCHAR", "i": "BIGINT", "f": "DOUBLE", "b": "BOOLEAN"}
_names = itertools.count()


def connect(*, threads: int | None = None, memory: int | None = None, spill: Path | None = None) -> Connection:
    """Open a database in memory that never reaches for the network and reads every time as UTC.

    `memory` is a limit in bytes; what does not fit is written to the folder `spill` (default: nothing is, and the query fails).
    """
    settings: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    # Columns of objects are text, whatever the first thousand look like.
    settings["pandas_analyze_sample"] = 0
    settings["temp_directory"] = "" if spill is None else str(spill)
    if threads is not None:
        settings["threads"] = threads
    if memory is not None:
        settings["memory_limit"] = f"{memory}B"
    connection = duckdb.connect(":memory:", config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def first_line(error: Exception) -> str:
    """Return what an error says, without the query that DuckDB repeats below it."""
    return str(error).partition("\n")[0]


def quoted(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def file_list(paths: Sequence[Path]) -> str:
    """Return paths as an SQL list for ``read_parquet``, each meant literally: DuckDB takes ``*?[`` in file names for patterns."""
    escaped = (str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]") for path in paths)
    return "[" + ", ".join(quoted(path) for path in escaped) + "]"


def columns_to_table(connection: Connection, table: str, columns: Mapping[str, NDArray[Any]]) -> None:
    """Create or replace a temporary table from equal-length arrays: objects (text), int64, float64 or bool.

    `MISSING`, NaN and None become NULL.
    """
    declared = ", ".join(f'"{name}" {_TYPES[column.dtype.kind]}' for name, column in columns.items())
    connection.execute(f'CREATE OR REPLACE TEMP TABLE "{table}" ({declared})')
    if not len(next(iter(columns.values()))):
        return
    view = f"columns_{next(_names)}"
    chosen = ", ".join(f'nullif("{name}", {MISSING})' if column.dtype.kind == "i" else f'"{name}"' for name, column in columns.items())
    connection.register(view, dict(columns))
    try:
        connection.execute(f'INSERT INTO "{table}" SELECT {chosen} FROM {view}')  # noqa: S608 - names of ours
    finally:
        connection.unregister(view)


def texts(values: Sequence[Any]) -> NDArray[Any]:
    """Return a column of texts and None as an array of objects; whole numbers are written out.

    Half of a surrogate pair, which no UTF-8 file can hold, becomes "?". Raises `TypeError` for anything that is no text.
    """
    import numpy as np  # here: whoever only looks back does without

    column = np.empty(len(values), dtype=object)
    column[:] = values.tolist() if isinstance(values, np.ndarray) else values
    if not set(map(type, column)) <= {str, type(None)}:
        column[:] = [_text(value) for value in column]
    try:
        "".join(filter(None, column)).encode()
    except UnicodeEncodeError:
        column[:] = [None if value is None else value.encode("utf-8", "replace").decode("utf-8") for value in column]
    return column


def integers(values: Sequence[Any]) -> NDArray[Any]:
    """Return a column of whole numbers and None as int64, with `MISSING` for None and NaN, `INVALID` for what is no whole number."""
    import numpy as np  # here: whoever only looks back does without

    array = np.asarray(values) if len(values) else np.empty(0, dtype=np.int64)
    if array.ndim == 1 and array.dtype.kind == "i":
        return array.astype(np.int64)
    listed = values.tolist() if isinstance(values, np.ndarray) else values
    return np.array([value if type(value) is int and INVALID < value < 2**63 else _integer(value) for value in listed], dtype=np.int64)


def _text(value: Any) -> str | None:
    import numpy as np  # here: whoever only looks back does without

    if value is None or isinstance(value, str):
        return value if value is None else str(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"expected text, found {type(value).__name__}")


def _integer(value: Any) -> int:
    import numpy as np  # here: whoever only looks back does without

    if value is None or (isinstance(value, float) and math.isnan(value)):
        return MISSING
    if (
        isinstance(value, int | float | np.integer | np.floating)
        and not isinstance(value, bool)
        and value % 1 == 0
        and INVALID < value < 2**63
    ):
        return int(value)
    return INVALID
