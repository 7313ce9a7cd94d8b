"""Tables of a DuckDB connection, written as CSV, Parquet or NDJSON."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import duckdb
from attrs import frozen

from kleos.errors import UsageError
from kleos.insight.exporting.declared import Table
from kleos.store import Connection, quoted

__all__ = ["FORMATS", "Format", "FormatName", "write_table"]

FormatName = Literal["csv", "parquet", "ndjson"]


@frozen
class Format:
    """How a table is written."""

    options: str
    """Those of DuckDB's COPY."""
    mediatype: str
    text: bool
    """Whether times are written out, in ISO 8601 with Z."""


FORMATS: dict[FormatName, Format] = {
    "csv": Format("FORMAT csv, HEADER", "text/csv", text=True),
    "parquet": Format("FORMAT parquet, COMPRESSION zstd", "application/vnd.apache.parquet", text=False),
    "ndjson": Format("FORMAT json", "application/x-ndjson", text=True),
}


def write_table(connection: Connection, table: Table, path: Path, form: Format) -> int:
    """Write the rows of the table of that name, sorted, with the declared columns in their order; return how many there are.

    Raises `UsageError` where the file cannot be written.
    """
    columns = ", ".join(
        f"""strftime("{column.name}", '%Y-%m-%dT%H:%M:%S.%fZ') AS "{column.name}\""""
        if form.text and column.sort == "datetime"
        else f'"{column.name}"'
        for column in table.columns
    )
    order = ", ".join(f'"{name}"' for name in table.key) or "ALL"
    query = f"SELECT {columns} FROM {table.name} ORDER BY {order}"  # noqa: S608 - names of ours
    try:
        ((rows,),) = connection.execute(f"COPY ({query}) TO {quoted(str(path))} ({form.options})").fetchall()
    except duckdb.IOException as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(f"the table cannot be written: {reason}", where=path.name, hint="name another folder with --out") from error
    return int(rows)
