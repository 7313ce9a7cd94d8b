"""Tables for others to read: whole or not at all."""

from __future__ import annotations

from pathlib import Path

import duckdb

from kleos.errors import StoreError
from kleos.store import Connection, quoted, replacing

__all__ = ["write_query"]


def write_query(connection: Connection, path: Path, query: str) -> None:
    """Write the rows of an SQL query as Parquet or CSV, by the suffix of `path`; a file that is there is replaced in one step.

    Raises `StoreError` where the file cannot be written; then the old one is untouched.
    """
    format_ = "csv, HEADER" if path.suffix == ".csv" else "parquet, COMPRESSION zstd"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            connection.execute(f"COPY ({query}) TO {quoted(str(temporary))} (FORMAT {format_})")
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise StoreError(f"the table cannot be written: {reason}", where=str(path), hint="choose another `out`") from error
