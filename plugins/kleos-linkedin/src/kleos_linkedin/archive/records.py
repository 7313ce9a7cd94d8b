"""CSV as LinkedIn writes it: quotes inside a text are doubled in most files, and have a backslash before them in others.

What is right for the one breaks rows of the other, since a text may also end with a backslash of its own, and no file says which it is.
So a stretch of records is read in the way in which every quote ends a cell, and where both or neither do that, in the way that leaves fewer
of them broken.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from attrs import frozen

from kleos.contract import Export
from kleos.errors import ParseError
from kleos_linkedin.archive.tables import PREAMBLE_BYTES, Header, Table, header_in

__all__ = ["Piece", "Record", "Rows", "pieces", "records"]

_LONGEST = 16 << 20
"""Bytes after which a record that does not end is taken for one whose quotes do not match."""

_TOGETHER = 512
"""Records that are put into columns at once."""
_START = 4096
"""Bytes of a file without a header that are handed on, so that the parser can say so."""


@frozen
class Piece:
    """A stretch of a file: the header and whole records after it."""

    body: bytes
    line: int
    """How many lines of the file stand before the first of its records."""


@frozen
class Record:
    """One row of a table."""

    line: int
    """The line of its body on which it ends, counted from 0 at the header."""
    cells: Sequence[str]

    def __getitem__(self, column: int | None) -> str:
        """Return a cell without the blanks around it; empty for a column that the table does not have."""
        return "" if column is None else self.cells[column].strip()


@frozen
class Rows:
    """What a piece holds: columns for tables of any length, and records for a few."""

    columns: Sequence[str]
    """In lower case."""
    cells: Sequence[Sequence[str]]
    """The columns of the records that have as many cells as there are columns."""
    broken: Sequence[int]
    """The lines, as in `Record`, of all others; what follows a cell beyond measure is lost with it."""
    _where: Callable[[], Sequence[int]]

    def __len__(self) -> int:
        return len(self.cells[0])

    @property
    def lines(self) -> Sequence[int]:
        """The lines, as in `Record`, on which the records end. They are read anew for it: few ask for them."""
        return self._where()

    @property
    def good(self) -> list[Record]:
        """The records one by one, which takes longer than their reading."""
        return list(map(Record, self.lines, zip(*self.cells, strict=True)))

    def column(self, name: str) -> int | None:
        """Return the place of a column, None where there is none of that name."""
        return self.columns.index(name) if name in self.columns else None

    def texts(self, name: str) -> list[str]:
        """Return a column without the blanks around its cells; empty texts for one that the table does not have."""
        place = self.column(name)
        return [""] * len(self) if place is None else list(map(str.strip, self.cells[place]))


def pieces(export: Export, name: str, table: Table) -> Iterator[Piece]:
    """Yield a file in pieces that can be parsed alone. Memory is bounded by a few pages of the export, whatever the file's size.

    A file in which the header is not found is one piece of its first bytes. Raises `ExportError` as `Export.chunks` does.
    """
    header: Header | None = None
    data = b""
    line = 0
    for chunk in export.chunks(name):
        if header is not None:
            # Cut only now that more follows: most files are one piece, and need no cut.
            end = _last_end(data, len(header.columns)) or (len(data) if len(data) > _LONGEST else 0)
            if end:
                yield Piece(header.line + data[:end], line)
                line += data.count(b"\n", 0, end)
            data = data[end:]
        data += chunk
        if header is None:
            header = header_in(data, table)
            if header is not None:
                data, line = data[header.end :], header.lines
            elif len(data) > PREAMBLE_BYTES:
                break
    if header is None:
        yield Piece(data[:_START], 0)
    elif data:
        yield Piece(header.line + data, line)


def records(body: bytes, table: Table) -> Rows:
    """Return what a piece holds. Blank lines are no records.

    Raises `ParseError` where the header is not found.
    """
    header = header_in(body, table)
    if header is None:
        raise ParseError(f"expected the columns {', '.join(sorted(table.columns))} near the beginning of the file, found none of that kind")
    text = body[header.end :].decode("utf-8", "replace").replace("\0", "")
    width = len(header.columns)
    found = _read(text, width, escaped=False)
    if found.broken or ('\\"' in text and not _is_regular(text, escaped=False)):
        other = _read(text, width, escaped=True)
        if (not _is_regular(text, escaped=True), *other.damage) < (not _is_regular(text, escaped=False), *found.damage):
            found = other
    return Rows(header.columns, found.cells, found.broken, found.lines)


@frozen
class _Way:
    """What one way of reading makes of a text."""

    cells: Sequence[Sequence[str]]
    """Columns."""
    broken: Sequence[int]
    lines: Callable[[], Sequence[int]]

    @property
    def damage(self) -> tuple[int, int]:
        # The good come first: quotes that do not match make one broken record of many.
        return -len(self.cells[0]), len(self.broken)


def _read(text: str, width: int, *, escaped: bool) -> _Way:
    columns: list[list[str]] = [[] for _ in range(width)]
    reader = _reader(text, escaped=escaped)
    try:
        # A list for each record, kept, would take the garbage collector as long as all the rest.
        while records := list(islice(reader, _TOGETHER)):
            if set(map(len, records)) != {width}:
                return _read_each(text, width, escaped=escaped)
            for column, cells in zip(columns, zip(*records, strict=True), strict=True):
                column.extend(cells)
    except csv.Error:
        return _read_each(text, width, escaped=escaped)
    return _Way(columns, (), lambda: _read_one_by_one(text, width, escaped=escaped)[1])


def _read_each(text: str, width: int, *, escaped: bool) -> _Way:
    good, lines, broken = _read_one_by_one(text, width, escaped=escaped)
    return _Way(list(zip(*good, strict=True)) or [()] * width, broken, lambda: lines)


def _read_one_by_one(text: str, width: int, *, escaped: bool) -> tuple[list[Sequence[str]], list[int], list[int]]:
    """Return the good records, the lines on which they end, and those on which others do."""
    good: list[Sequence[str]] = []
    lines: list[int] = []
    broken: list[int] = []
    reader = _reader(text, escaped=escaped)
    try:
        for cells in reader:
            if len(cells) == width:
                good.append(cells)
                lines.append(reader.line_num)
            elif any(cell.strip() for cell in cells):
                broken.append(reader.line_num)
    except csv.Error:
        broken.append(reader.line_num)
    return good, lines, broken


def _reader(text: str, *, escaped: bool, strict: bool = False) -> Any:
    return csv.reader(io.StringIO(text, newline=""), escapechar="\\" if escaped else None, strict=strict)


def _is_regular(text: str, *, escaped: bool) -> bool:
    """Tell whether after every closing quote a cell or a record ends."""
    try:
        deque(_reader(text, escaped=escaped, strict=True), maxlen=0)
    except csv.Error:
        return False
    return True


def _last_end(data: bytes, width: int) -> int:
    """Return where the last whole record of `data` ends, which begins with one; 0 where none does."""
    escaped = b'\\"' in data and _is_escaped(data.decode("utf-8", "replace"), width)
    end = data.rfind(b"\n") + 1
    # Between two records the number of quotes is even. A quote after a backslash is none where a backslash does that.
    odd = _quotes(data, 0, end, escaped=escaped) % 2
    while odd and end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        odd ^= _quotes(data, start, end, escaped=escaped) % 2
        end = start
    return end


def _is_escaped(text: str, width: int) -> bool:
    # The last record is cut off, most of the time, and may be whole by mistake in the wrong way of reading.
    return len(_read(text, width, escaped=True).cells[0]) > len(_read(text, width, escaped=False).cells[0]) + 1


def _quotes(data: bytes, start: int, end: int, *, escaped: bool) -> int:
    return data.count(b'"', start, end) - (data.count(b'\\"', start, end) if escaped else 0)
