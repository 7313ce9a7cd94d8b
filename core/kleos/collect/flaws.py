"""What is wrong with a canonical table's rows: each reason once, with how many rows it concerns and where the first one is."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
from attrs import frozen

from kleos.collect.headers import delimiter_of, open_text, table_form
from kleos.collect.table import BLEMISHES, OF_OTHERS, Table, one_file, unreadable
from kleos.store.duck import Connection, quoted

__all__ = ["Flawed", "find_flaws"]

_MOMENT = "expected unix seconds, milliseconds or ISO 8601, from 1970 until before 2200"
_MOST = 40
"""Problems that are told one by one; a column of free text taken for kinds has no end of them."""
_EXPECTED = {"time": _MOMENT, "item_time": _MOMENT, "captured": _MOMENT, "audience": "expected a whole number from 0 to 10^12"}


@frozen(kw_only=True)
class Flawed:
    """Rows that share what is wrong with them."""

    where: str
    """``file:line`` of the first (CSV, NDJSON), or ``file: row n``."""
    reason: str
    count: int
    left_out: bool
    """False where the rows were kept without the value that could not be understood."""


def find_flaws(connection: Connection, table: Table) -> tuple[int, list[Flawed]]:
    """Read a table once; return how many rows it has, and everything that is wrong with some of them.

    Files are read again only as far as the first row of each flaw. Raises `ExportError` for a file that turns out to be damaged.
    """
    bits = ", ".join(
        f"count(*) FILTER (blemish & {1 << bit} > 0), min(file) FILTER (blemish & {1 << bit} > 0)" for bit in range(len(BLEMISHES))
    )
    query = f"SELECT problem, name, count(*), min(file), {bits} FROM {table.relation} GROUP BY ALL ORDER BY ALL"  # noqa: S608 - names of ours
    try:
        groups = connection.execute(query).fetchall()
        found = _rejected(connection, table)
        total = sum(flaw.count for flaw in found) + sum(count for _, _, count, *_ in groups)
        # What has no name is few; of unknown kinds and networks, the most frequent come first.
        problems = sorted(
            (group[:4] for group in groups if group[0] not in (None, OF_OTHERS)), key=lambda group: (group[1] is not None, -group[2])
        )
        found += [_problem(connection, table, group) for group in problems[:_MOST]]
        if problems[_MOST:]:
            reason = f"rows of {len(problems) - _MOST:,} further kinds and networks were left out"
            rest = sum(count for _, _, count, _ in problems[_MOST:])
            found.append(Flawed(where=problems[_MOST][3], reason=reason, count=rest, left_out=True))
        for _, _, _, _, *blemishes in (group for group in groups if group[0] is None):
            for bit, column in enumerate(BLEMISHES):
                count, file = blemishes[2 * bit : 2 * bit + 2]
                if count:
                    place = _first(connection, table, Path(file), f"problem IS NULL AND blemish & {1 << bit} > 0")
                    reason = f"the {column} of a row was left out: {_EXPECTED[column]}"
                    found.append(Flawed(where=place, reason=reason, count=count, left_out=False))
    except (OSError, EOFError, duckdb.Error) as error:
        raise unreadable(table.files[0], error) from error
    return total, found


def _problem(connection: Connection, table: Table, group: tuple[str, str | None, int, str]) -> Flawed:
    problem, name, count, file = group
    same = f"problem = {quoted(problem)}" + ("" if name is None else f" AND name = {quoted(name)}")
    place = _first(connection, table, Path(file), same)
    return Flawed(where=place, reason=_sentence(table, problem, name), count=count, left_out=True)


def _sentence(table: Table, problem: str, name: str | None) -> str:
    reading = table.reading
    if problem == "unknown network":
        how = f"install kleos-{name}, or name it in the configuration ([networks.{name}])"
        return f"rows of the network {name!r} were left out: this run does not know it; {how}"
    if problem == "unknown kind":
        network, _, kind = str(name).partition(".")
        known = ", ".join(reading.declared[network])
        return f"rows of the kind {kind!r} were left out: {network} has {known}; map it with kinds = {{ {json.dumps(kind)} = … }}"
    return f"a row was left out: {problem}"


def _rejected(connection: Connection, table: Table) -> list[Flawed]:
    """Lines of CSV that are no rows; DuckDB notes them once per column and per reading, and once all has been fetched."""
    try:
        rows = connection.execute(
            f"SELECT kind, count(*), arg_min(file, (file, line)), arg_min(line, (file, line)) FROM ("  # noqa: S608 - names of ours
            f"SELECT s.file_path AS file, r.line, min(r.error_type::VARCHAR) AS kind FROM {table.rejects} r "
            f"JOIN {table.rejects}_scans s USING (scan_id, file_id) GROUP BY ALL) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    return [
        Flawed(
            where=f"{file}:{_line_of_record(Path(file), record)}",
            reason=f"a line was left out: it is no row of this table ({kind.lower()})",
            count=count,
            left_out=True,
        )
        for kind, count, file, record in rows
    ]


def _first(connection: Connection, table: Table, file: Path, condition: str) -> str:
    """Return where the first row of a file that meets a condition is."""
    alone = one_file(connection, table, file)
    # Fetched to the end: only then has DuckDB noted all lines that are no rows.
    ((row,),) = connection.execute(
        f"SELECT min(n) FROM (SELECT row_number() OVER () AS n, * FROM {alone.relation}) WHERE {condition}"  # noqa: S608 - names of ours
    ).fetchall()
    form = table_form(file)
    if form == "parquet":
        return f"{file}: row {row}"
    if form == "ndjson":
        return f"{file}:{_json_line(file, row)}"
    return f"{file}:{_csv_line(file, row, _rejected_records(connection, alone))}"


def _rejected_records(connection: Connection, table: Table) -> set[int]:
    """Return the records (the header is the first, blank lines count) that are no rows of a table of one CSV."""
    try:
        return {record for (record,) in connection.execute(f"SELECT line FROM {table.rejects}").fetchall()}  # noqa: S608 - names of ours
    except duckdb.CatalogException:
        return set()


def _csv_line(file: Path, row: int, rejected: Collection[int]) -> int:
    """Return the line on which the n-th good row begins, counted as editors do: a quoted cell may span lines."""
    good = (line for record, line, cells in _records(file) if cells and record not in rejected)
    return next(itertools.islice(good, row - 1, None), row + 1)


def _line_of_record(file: Path, wanted: int) -> int:
    return next((line for record, line, _ in _records(file) if record == wanted), wanted)


def _records(file: Path) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (record, line, cells) for what follows a header; cells are empty for a blank line."""
    with open_text(file) as stream:
        header = stream.readline()
        reader = csv.reader(stream, delimiter=delimiter_of(header))
        line = 2
        # A cell beyond the csv module's limit ends the search: the row's number has to do then.
        with suppress(csv.Error):
            for record, cells in enumerate(reader, 2):
                yield record, line, cells
                line = reader.line_num + 2


def _json_line(file: Path, row: int) -> int:
    with open_text(file) as stream:
        filled = (number for number, line in enumerate(stream, 1) if line.strip())
        return next(itertools.islice(filled, row - 1, None), row)
