"""The tables of an export: which file is which, and where in it the header stands.

Two files hold what others did in a network's sense of it (endorsements and recommendations received), one holds invitations of both
directions, and two more tell who is who. All others are the owner's own doing, or nobody's business: they are never opened.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from kleos.contract import Export
from kleos.errors import ExportError

__all__ = [
    "CONNECTIONS",
    "ENDORSEMENTS",
    "INVITATIONS",
    "PREAMBLE_BYTES",
    "PROFILE",
    "RECOMMENDATIONS",
    "TABLES",
    "Header",
    "Table",
    "find",
    "header_in",
]


@frozen(kw_only=True)
class Table:
    """One sort of file."""

    name: str
    file: str
    """How its file is called, without what does not matter (see `_plain`)."""
    columns: frozenset[str]
    """The columns that it cannot do without, in lower case."""
    telling: bool = True
    """Whether these columns are those of no other table, so that a file of another name is known by them."""


ENDORSEMENTS = Table(
    name="endorsements", file="endorsementreceivedinfo", columns=frozenset({"endorsement date", "skill name", "endorser public url"})
)
# Recommendations given have the very same columns.
RECOMMENDATIONS = Table(
    name="recommendations", file="recommendationsreceived", columns=frozenset({"first name", "last name", "creation date"}), telling=False
)
INVITATIONS = Table(name="invitations", file="invitations", columns=frozenset({"from", "to", "sent at", "direction"}))
CONNECTIONS = Table(name="connections", file="connections", columns=frozenset({"first name", "last name", "url", "connected on"}))
PROFILE = Table(name="profile", file="profile", columns=frozenset({"first name", "last name", "headline"}))

TABLES: Mapping[str, Table] = {table.name: table for table in (PROFILE, CONNECTIONS, ENDORSEMENTS, RECOMMENDATIONS, INVITATIONS)}

PREAMBLE_BYTES = 1 << 16
"""Before this the header is to be found."""
_PREAMBLE_LINES = 100
_MOST_STRANGERS = 500
_COPY = re.compile(r"\s*\(\d+\)\Z")


@frozen
class Header:
    """Where a table begins in its file."""

    line: bytes
    """The header itself, with the end of its line."""
    columns: Sequence[str]
    """In lower case, in their order."""
    end: int
    """The byte at which the first record begins."""
    lines: int
    """How many lines stand before the first record."""


def find(export: Export) -> Mapping[str, Sequence[str]]:
    """Return the files of each table that is there, by the table's name: known by their own name, else by their columns."""
    found: dict[str, list[str]] = {}
    strangers: list[str] = []
    by_file = {table.file: table for table in TABLES.values()}
    for name in export.names:
        if name.lower().endswith(".csv"):
            table = by_file.get(_plain(name))
            if table is None:
                strangers.append(name)
            else:
                found.setdefault(table.name, []).append(name)
    for name in strangers[:_MOST_STRANGERS]:
        table = _by_columns(export, name)
        if table is not None:
            found.setdefault(table.name, []).append(name)
    return found


def header_in(data: bytes, table: Table) -> Header | None:
    """Return where the header of a table is, after whatever notes stand before it; None where it is not near the beginning."""
    for header in _headers(data):
        if table.columns <= set(header.columns):
            return header
    return None


def _by_columns(export: Export, name: str) -> Table | None:
    try:
        with export.open(name) as stream:
            data = stream.read(PREAMBLE_BYTES)
    except ExportError:
        return None
    return next((table for table in TABLES.values() if table.telling and header_in(data, table) is not None), None)


def _headers(data: bytes) -> Iterator[Header]:
    """Yield every line near the beginning that has columns, as if it were the header."""
    start = 0
    for number in range(1, _PREAMBLE_LINES + 1):
        end = data.find(b"\n", start, PREAMBLE_BYTES) + 1 or min(len(data), PREAMBLE_BYTES)
        line = data[start:end]
        if not line:
            return
        if b"," in line:
            yield Header(line.rstrip(b"\r\n") + b"\n", _cells(line), end, number)
        start = end


def _cells(line: bytes) -> Sequence[str]:
    try:
        cells = next(csv.reader([line.decode("utf-8-sig", "replace").strip()]), [])
    except csv.Error:
        return ()
    return tuple(" ".join(cell.split()).casefold() for cell in cells)


def _plain(name: str) -> str:
    """Return a file's name without folder, ending, blanks and signs, and the number that a browser gives to a second copy."""
    stem = _COPY.sub("", name.rpartition("/")[2][: -len(".csv")])
    return re.sub(r"[^a-z0-9]", "", stem.casefold())
