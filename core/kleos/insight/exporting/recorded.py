"""Recorded scores as tables of a DuckDB connection, without a Python object a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from kleos.errors import StoreError, UsageError
from kleos.store import Connection, Store
from kleos.store.duck import file_list

__all__ = ["recorded_tables"]

_COLUMNS = {
    **dict.fromkeys(("person", "digest", "model", "version", "successor", "networks", "metrics", "coverage"), "VARCHAR"),
    **dict.fromkeys(("score", "lo", "hi", "percentile"), "DOUBLE"),
    **dict.fromkeys(("as_of", "window"), "BIGINT"),
}
_COVERAGE = '{"imported": "BIGINT", "outside_window": "BIGINT", "after_as_of": "BIGINT", "actors": "DOUBLE", "times": "DOUBLE"}'
_NETWORK = "STRUCT(points DOUBLE, odds DOUBLE, interactions BIGINT, calibrated BOOLEAN)"
_METRIC = 'STRUCT("value" DOUBLE, unit VARCHAR, points DOUBLE)'


def recorded_tables(connection: Connection, store: Store, *, since: date | None = None, until: date | None = None) -> None:
    """Make the tables ``scores``, ``networks`` and ``metrics`` of the days from `since` to `until`, both included.

    Their columns are those of `kleos.insight.exporting.declared`. Raises `UsageError` where nothing is recorded,
    and `StoreError` where a file cannot be read.
    """
    files = [path for path in sorted((store.path / "scores").glob("day=????-??-??.parquet")) if _within(path.stem, since, until)]
    if not files:
        days = f" from {since or 'the beginning'} to {until or 'the end'}" if since or until else ""
        raise UsageError(f"no score is recorded{days}", where=str(store.path), hint="`kleos run` records one for everybody")
    try:
        _make(connection, files)
    except duckdb.Error as error:
        raise StoreError(f"a file of the store cannot be read ({error})", where=str(store.path / "scores"), hint="kleos doctor") from error


def _make(connection: Connection, files: Sequence[Path]) -> None:
    connection.execute(
        # The second half has no rows: it stands for columns that files of earlier versions lack.
        f"""
        CREATE OR REPLACE TEMP VIEW kleos_recorded AS
        SELECT * REPLACE (make_timestamp(as_of)::TIMESTAMPTZ AS as_of, "window" / 1e6 AS "window"),
            regexp_extract(filename, 'day=(.{{10}})[.]parquet$', 1)::DATE AS day
        FROM (
            FROM read_parquet({file_list(files)}, hive_partitioning = false, union_by_name = true, filename = true)
            UNION ALL BY NAME SELECT {", ".join(f'NULL::{sql} AS "{name}"' for name, sql in _COLUMNS.items())} WHERE false
        )
        """  # noqa: S608 - names of ours
    )
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE scores AS
        SELECT person, day, digest, model, version, successor, as_of, "window", score, lo, hi, percentile,
            unnest(from_json(coverage, '{_COVERAGE}'))
        FROM kleos_recorded
        """  # noqa: S608 - names of ours
    )
    for name, word, sql in (("networks", "network", _NETWORK), ("metrics", "metric", _METRIC)):
        connection.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT person, day, digest, part.key AS {word}, unnest(part.value)
            FROM (
                SELECT person, day, digest, unnest(map_entries(from_json({name}, '"MAP(VARCHAR, {sql.replace('"', "")})"'))) AS part
                FROM kleos_recorded
            )
            """  # noqa: S608 - names of ours
        )


def _within(stem: str, since: date | None, until: date | None) -> bool:
    day = date.fromisoformat(stem.removeprefix("day="))
    return (since is None or day >= since) and (until is None or day <= until)
