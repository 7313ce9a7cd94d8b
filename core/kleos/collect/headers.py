"""Headers: which columns a table has, under which of its own names, before any of its rows is read."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TextIO

from attrs import frozen

from kleos.errors import ExportError
from kleos.store.duck import Connection, file_list, quoted

__all__ = ["FILE", "Header", "delimiter_of", "open_text", "read_header", "table_form"]

FILE = "kleos_file"
"""The column in which every scan tells a row's file."""

_FORMS = {".csv": "csv", ".tsv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson", ".parquet": "parquet"}
_LONGEST_HEADER = 1 << 20


@frozen
class Header:
    """How tables of one shape are read."""

    form: str
    """csv, ndjson or parquet."""
    names: tuple[str, ...]
    """The tables' own column names; for NDJSON, whose lines need not agree, those that are asked for."""
    types: tuple[str, ...]
    """Their SQL types."""
    delimiter: str = ","

    def scan(self, files: Sequence[Path], rejects: str) -> str:
        """Return an SQL table function for files of this shape, with columns c0, c1, … in the order of `names`, and `FILE`.

        Lines of a CSV that are no rows are noted in the table `rejects` when it is read.
        """
        common = f"{file_list(files)}, filename = '{FILE}', hive_partitioning = false"
        if self.form == "parquet":
            renamed = ", ".join(f'"{_identifier(name)}" AS c{index}' for index, name in enumerate(self.names))
            return f"(SELECT {renamed}, {FILE} FROM read_parquet({common}, union_by_name = true))"  # noqa: S608 - quoted
        if self.form == "ndjson":
            keys = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.names)
            renamed = ", ".join(f'"{_identifier(name)}" AS c{index}' for index, name in enumerate(self.names))
            return f"(SELECT {renamed}, {FILE} FROM read_ndjson({common}, columns = {{{keys}}}, ignore_errors = true))"  # noqa: S608 - quoted
        keys = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(self.names)))
        return (
            f"read_csv({common}, columns = {{{keys}}}, auto_detect = false, header = true, delim = {quoted(self.delimiter)}, quote = '\"', "
            f"escape = '\"', store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scans', rejects_limit = 0)"
        )

    def column(self, name: str) -> tuple[str, str] | None:
        """Return (c<k>, SQL type) of the column with a name, whatever its case; None where there is none."""
        exact = [index for index, own in enumerate(self.names) if own == name]
        alike = exact or [index for index, own in enumerate(self.names) if own.casefold() == name.casefold()]
        return (f"c{alike[0]}", self.types[alike[0]]) if alike else None


def read_header(connection: Connection, path: Path, wanted: Mapping[str, str]) -> Header:
    """Return the shape of a table; `wanted` maps canonical names to the table's. Raises `ExportError` for what is no table of ours."""
    form = table_form(path)
    if form == "csv":
        return _csv_header(path)
    if form == "ndjson":
        names = tuple(dict.fromkeys(wanted.values()))
        return Header("ndjson", names, ("VARCHAR",) * len(names))
    if form == "parquet":
        rows = connection.execute(f"DESCRIBE FROM read_parquet({file_list([path])}, hive_partitioning = false)").fetchall()
        return Header("parquet", tuple(row[0] for row in rows), tuple(row[1] for row in rows))
    raise ExportError(
        f"expected a table ({', '.join(_FORMS)}; CSV and NDJSON also with .gz), found {path.name}",
        where=str(path),
        hint="give the file the suffix of what it is",
    )


def table_form(path: Path) -> str | None:
    """Return csv, ndjson or parquet, by the suffix; None for anything else."""
    name = path.name.lower()
    suffix, packed = Path(name.removesuffix(".gz")).suffix, name.endswith(".gz")
    form = _FORMS.get(suffix)
    return None if packed and form == "parquet" else form


def delimiter_of(header: str) -> str:
    """Return what separates the columns of a CSV: the likely sign that its header line has most of."""
    return max(",;\t|", key=header.count)


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a CSV or NDJSON file as text, unpacked where its name ends with ``.gz``; bytes that are not UTF-8 become U+FFFD."""
    with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) if path.suffix.lower() == ".gz" else nullcontext(raw) as stream:
        yield io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")


def _csv_header(path: Path) -> Header:
    with open_text(path) as stream:
        line = stream.readline(_LONGEST_HEADER)
    if not line.strip():
        raise ExportError("expected a header line with the names of the columns, found none", where=str(path))
    delimiter = delimiter_of(line)
    names = tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter)))
    return Header("csv", names, ("VARCHAR",) * len(names), delimiter)


def _identifier(name: str) -> str:
    return name.replace('"', '""')
