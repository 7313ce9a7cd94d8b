"""A stream cut into pages of whole lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from kleos.errors import ExportError
from kleos.files.limits import Limits, plain_size

__all__ = ["split_lines"]


def split_lines(stream: BinaryIO, limits: Limits, where: str) -> Iterator[bytes]:
    """Yield the stream as whole lines, at most `page_bytes` at a time; a longer line comes alone, the last one as it stands.

    Raises `ExportError` for a line longer than `line_bytes` (its end not counted). Holds about two pages, or one line, in memory.
    """
    data = b""
    lines = 0
    more = True
    while more or data:
        cut = _cut(data, limits.page_bytes)
        if more and not cut:
            try:
                _check(data, lines, limits, where)
            except ExportError:
                yield from _before(data, limits.line_bytes)
                raise
            block = stream.read(limits.page_bytes)
            more = bool(block)
            data += block
            continue
        chunk = data[:cut] if cut else data
        try:
            _check(chunk, lines, limits, where)
        except ExportError:
            yield from _before(chunk, limits.line_bytes)
            raise
        yield chunk
        lines += chunk.count(b"\n")
        data = data[len(chunk) :]


def _cut(data: bytes, page: int) -> int:
    """Return where the whole lines of a page end in more than a page, or where a longer line does; 0 where the data do not tell."""
    if len(data) <= page:
        return 0
    return data.rfind(b"\n", 0, page) + 1 or data.find(b"\n", page) + 1


def _before(data: bytes, most: int) -> Iterator[bytes]:
    """Yield the whole lines that stand before the first one that is too long: they are in order."""
    start = 0
    while 0 <= (end := data.find(b"\n", start)) - start <= most:
        start = end + 1
    if start:
        yield data[:start]


def _check(data: bytes, lines: int, limits: Limits, where: str) -> None:
    most = limits.line_bytes
    start = 0
    while len(data) - start > most:
        end = data.rfind(b"\n", start, start + most + 1)
        if end < 0:
            number = lines + data.count(b"\n", 0, start) + 1
            raise ExportError(
                f"expected lines of at most {plain_size(most)}, found a longer one",
                where=f"{where}:{number}",
                hint="check that this is the file you mean, or raise the limit 'line_bytes'",
            )
        start = end + 1
