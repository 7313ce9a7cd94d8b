"""From a page of collected tweets, whatever its form, to the reactions in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from attrs import field, frozen

from kleos.contract import Flaw, Page, Row
from kleos.errors import ParseError
from kleos_twitter.bulk import classic, modern
from kleos_twitter.bulk.gathering import Gathered
from kleos_twitter.bulk.records import Envelope, FlatPost
from kleos_twitter.bulk.shapes import REFUSED, Shape, elements_of, first_look, shape_of
from kleos_twitter.bulk.softening import relaxed, soften

__all__ = ["form_of", "parse"]

_BLOCK = 1 << 19


@frozen
class _Reader:
    """How one form is decoded: a line, or an array of records."""

    type: Any
    line: msgspec.json.Decoder[Any] = field(init=False)
    array: msgspec.json.Decoder[Any] = field(init=False)

    @line.default
    def _line(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(self.type)

    @array.default
    def _array(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(list[self.type])  # type: ignore[name-defined]  # made at run time


_READERS: Mapping[Shape, _Reader] = {
    Shape.CLASSIC: _Reader(classic.Tweet),
    Shape.STATUSES: _Reader(classic.Statuses),
    Shape.ENVELOPE: _Reader(Envelope),
    Shape.FLAT: _Reader(FlatPost),
}


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions as one `Batch`, then totals, accounts, and what could not be read. Raises `ParseError`.

    Reactions of authors to themselves are left out. A line that is broken or cut off is a `Flaw`.
    """
    text = page.body.removeprefix(b"\xef\xbb\xbf")
    likely = first_look(text)
    gathered = None if likely is None else _read_lines(text, likely)
    return (gathered or _read_any(text, page)).rows()


def _read_any(text: bytes, page: Page) -> Gathered:
    shape, whole = form_of(text, page.where)
    if shape in REFUSED:
        raise ParseError(REFUSED[shape], where=page.where, hint="leave this file out of bulk")
    gathered: Gathered | None = Gathered()
    if shape in _READERS:
        is_array = whole and text.lstrip()[:1] == b"["
        gathered = _read_array(text, shape) if is_array else _read_lines(text, shape)
    if gathered is None:
        gathered = Gathered()
        _read_each(text, whole, shape, page, gathered)
    return gathered


def _read_lines(text: bytes, shape: Shape) -> Gathered | None:
    """Return what is in lines of one form; None where something is wrong with one of them."""
    gathered = Gathered()
    try:
        for block in _blocks(text):
            _read(shape, _READERS[shape].line.decode_lines(block), gathered)
    except (ValueError, RecursionError):
        return None
    return gathered


def _read_array(text: bytes, shape: Shape) -> Gathered | None:
    gathered = Gathered()
    try:
        _read(shape, _READERS[shape].array.decode(text), gathered)
    except (ValueError, RecursionError):
        return None
    return gathered


def _blocks(text: bytes) -> Iterator[memoryview]:
    """Yield whole lines, about as many as fit into a processor's cache: decoded all at once, they would take a quarter longer."""
    start, whole = 0, memoryview(text)
    while start < len(text):
        end = text.find(b"\n", start + _BLOCK) + 1 or len(text)
        yield whole[start:end]
        start = end


def form_of(text: bytes, where: str) -> tuple[Shape, bool]:
    """Tell the form of the posts in a text, and whether the text is one JSON value rather than one on each line.

    The first line with posts decides; a text of nothing but notices and empty pages is a `Shape.NOTICE`, one without any of these what
    its first line is. Raises `ParseError` where no line is JSON.
    """
    line, end = _next_line(text, 0)
    shape = _shape(line) if line else Shape.NOTICE
    is_one_line = not _next_line(text, end)[0]
    if shape is not None and is_one_line:
        return shape, True
    if shape is None and not is_one_line:
        value = _shape(text)
        if value is not None:
            return value, True
    first = shape
    while shape not in _READERS and end < len(text):
        line, end = _next_line(text, end)
        shape = _shape(line) if line else None
        if first is None or (shape is Shape.NOTICE and first in REFUSED):
            first = shape
    found = shape if shape in _READERS else first
    if found is None:
        raise ParseError("expected JSON, found something else, or JSON that is cut off", where=where, hint="get the file again, as UTF-8")
    return found, False


def _next_line(text: bytes, start: int) -> tuple[bytes, int]:
    """Return the first line from `start` on that is not blank, and where the next one starts."""
    while start < len(text):
        end = text.find(b"\n", start) + 1 or len(text)
        line = text[start:end].strip()
        if line:
            return line, end
        start = end
    return b"", len(text)


def _shape(raw: bytes | msgspec.Raw) -> Shape | None:
    """Return the form of one value; None where it is no JSON."""
    try:
        return shape_of(raw)
    except (ValueError, RecursionError):
        plain = relaxed(raw)
    try:
        return None if plain is None else shape_of(plain)
    except (ValueError, RecursionError):
        return None


def _read(shape: Shape, records: list[Any], into: Gathered) -> None:
    if shape is Shape.CLASSIC:
        classic.read(records, into)
    elif shape is Shape.STATUSES:
        classic.read([tweet for page in records for tweet in page.statuses], into)
    elif shape is Shape.ENVELOPE:
        modern.read_envelopes(records, into)
    else:
        modern.read_flat(records, into)


def _read_each(text: bytes, whole: bool, likely: Shape, page: Page, into: Gathered) -> None:
    """Read records one by one, where something is wrong with one of them or they are of several forms."""
    found: dict[Shape, list[Any]] = {shape: [] for shape in _READERS}
    if whole:
        records: Iterable[tuple[str, Any]] = [(page.where, text)]
    else:
        first = int((page.context or {}).get("line", 1))
        records = ((f"{page.where}:{number}", line) for number, line in enumerate(text.split(b"\n"), first) if line.strip())
    for where, record in records:
        _read_one(record, where, likely, found, into.flaws)
    for shape, several in found.items():
        _read(shape, several, into)


def _read_one(raw: bytes | msgspec.Raw, where: str, likely: Shape, found: dict[Shape, list[Any]], flaws: list[Flaw]) -> None:
    try:
        found[likely].append(_READERS[likely].line.decode(raw))
        return
    except (ValueError, RecursionError):
        shape = _shape(raw) or likely
    try:
        elements = elements_of(raw)
    except (ValueError, RecursionError):
        elements = None
    if elements is not None:
        for number, element in enumerate(elements, 1):
            _read_one(element, f"{where}: element {number}", shape if shape in _READERS else likely, found, flaws)
    elif shape in REFUSED:
        flaws.append(Flaw(where=where, reason=REFUSED[shape]))
    elif shape in _READERS:
        record, reasons = soften(raw, _READERS[shape].type)
        flaws.extend(Flaw(where=where, reason=reason) for reason in reasons)
        if record is not None:
            found[shape].append(record)
