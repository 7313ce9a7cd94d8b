"""Recorded scores as tables of a DuckDB connection, without a Python object a row."""

from __future__ import annotations

from datetime import date

import duckdb

from kleos.errors import StoreError, UsageError
from kleos.store import Connection, Store
from kleos.store.duck import first_line
from kleos.store.record_files import RecordFiles, from_records

__all__ = ["recorded_tables"]

_COVERAGE = '{"imported": "BIGINT", "outside_window": "BIGINT", "after_as_of": "BIGINT", "actors": "DOUBLE", "times": "DOUBLE"}'
_NETWORK = "STRUCT(points DOUBLE, odds DOUBLE, interactions BIGINT, calibrated BOOLEAN)"
_METRIC = 'STRUCT("value" DOUBLE, unit VARCHAR, points DOUBLE)'


def recorded_tables(connection: Connection, store: Store, *, since: date | None = None, until: date | None = None) -> None:
    """Make the tables ``scores``, ``networks`` and ``metrics`` of the days from `since` to `until`, both included.

    Their columns are those of `kleos.insight.exporting.declared`. Raises `UsageError` where nothing is recorded,
    and `StoreError` where a file cannot be read.
    """
    folder = store.path / "scores"
    try:
        recorded = from_records(folder, lambda files: _make(connection, files.between(since, until)))
    except duckdb.Error as error:
        raise StoreError(f"a file of the store cannot be read ({first_line(error)})", where=str(folder), hint="kleos doctor") from error
    if not recorded:
        days = f" from {since or 'the beginning'} to {until or 'the end'}" if since or until else ""
        raise UsageError(f"no score is recorded{days}", where=str(store.path), hint="`kleos run` records one for everybody")


def _make(connection: Connection, files: RecordFiles) -> bool:
    """Make the tables, and tell whether there is anything in them."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW kleos_recorded AS
        SELECT * REPLACE (make_timestamp(as_of)::TIMESTAMPTZ AS as_of, "window" / 1e6 AS "window") FROM {files.table()}
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
    ((found,),) = connection.execute("SELECT count(*) > 0 FROM scores").fetchall()
    return bool(found)
