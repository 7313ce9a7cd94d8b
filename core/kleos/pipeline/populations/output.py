"""Tables for others to read: whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from kleos.errors import StoreError
from kleos.store import Connection, columns_to_table, quoted, replacing

__all__ = ["write_table"]


def write_table(connection: Connection, path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write equal-length columns as Parquet or CSV, by the suffix of `path`; a file that is there is replaced in one step.

    Raises `StoreError` where the file cannot be written; then the old one is untouched.
    """
    format_ = "csv, HEADER" if path.suffix == ".csv" else "parquet, COMPRESSION zstd"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        columns_to_table(connection, "written", columns)
        with replacing(path) as temporary:
            connection.execute(f"COPY written TO {quoted(str(temporary))} (FORMAT {format_})")
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise StoreError(f"the table cannot be written: {reason}", where=str(path), hint="choose another `out`") from error
    finally:
        connection.execute("DROP TABLE IF EXISTS written")
