"""A stream that holds one big JSON array, cut into smaller arrays without parsing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from kleos.errors import ExportError
from kleos.files.limits import Limits, plain_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["split_elements"]

_BLOCK = 1 << 18
"""Bytes looked at in one go: they and their tokens fit the cache."""

_PREFIX = 1 << 16
"""Bytes within which the array has to begin."""

_QUOTE, _OPEN, _CLOSE, _COMMA = 1, 2, 3, 4
_CODES = bytes({34: _QUOTE, 91: _OPEN, 123: _OPEN, 93: _CLOSE, 125: _CLOSE, 44: _COMMA}.get(sign, 0) for sign in range(256))


def split_elements(stream: BinaryIO, limits: Limits, where: str) -> Iterator[bytes]:
    """Yield the elements of one JSON array, whole, as JSON arrays of at most `page_bytes`; a larger element comes alone.

    What stands before the first ``[`` or ``{`` is left out; a single object counts as an array of one. Only strings, brackets and commas
    are looked at: what is wrong inside an element is the parser's to find. Holds about one page, or one element, in memory.
    Raises `ExportError` where there is no array, for an element longer than `line_bytes`, for more text after the array, and, once all
    whole elements have been given, where the array does not end.
    """
    size = min(_BLOCK, limits.page_bytes)
    prefix, block = _begin(stream, size, where)
    cutter = _Cutter(limits, where, single=block[:1] == b"{", offset=prefix)
    while block:
        yield from cutter.push(block)
        block = stream.read(size)
    yield from cutter.finish()


def _begin(stream: BinaryIO, size: int, where: str) -> tuple[int, bytes]:
    head = b""
    while len(head) < _PREFIX:
        block = stream.read(size)
        head += block
        starts = [at for at in (head.find(b"["), head.find(b"{")) if at >= 0]
        if starts:
            return min(starts), head[min(starts) :]
        if not block:
            break
    found = "other text" if head.strip() else "an empty file"
    raise ExportError(f"expected a JSON array, found {found}", where=where, hint="the file is damaged or not what its name says")


class _Cutter:
    """What is read and not yet given, and where it may be cut: at the commas between the elements of the outermost array."""

    def __init__(self, limits: Limits, where: str, *, single: bool, offset: int) -> None:
        self._limits = limits
        self._where = where
        self._single = single
        self._offset = offset
        self._pending = bytearray()
        self._scanned = 0
        self._cut = -1
        self._depth = 1 if single else 0
        self._in_string = False
        self._closed = False
        self._count = 0

    def push(self, block: bytes) -> Iterator[bytes]:
        """Take the next bytes; yield the pages that are full, and what is left where the array ends."""
        self._offset += len(block)
        if self._closed:
            self._check_after(block)
            return
        self._pending += block
        if not self._single and not self._depth:
            self._depth = 1
            del self._pending[:1]
        commas, end = self._scan()
        after = b""
        if end >= 0:
            self._closed = True
            after = bytes(self._pending[end + 1 :])
            del self._pending[end:]
        self._check_lengths(commas)
        self._count += len(commas)
        while len(self._pending) > self._limits.page_bytes:
            fitting = int(commas.searchsorted(self._limits.page_bytes, side="right"))
            if fitting:
                self._cut = int(commas[fitting - 1])
            elif self._cut < 0:
                if not len(commas):
                    break
                self._cut = int(commas[0])
            taken = self._cut + 1
            yield self._take()
            commas = commas[commas >= taken] - taken
        if len(commas):
            self._cut = int(commas[-1])
        if self._closed:
            if self._pending and not self._pending.isspace():
                self._cut = len(self._pending)
                yield self._take()
            self._check_after(after)

    def finish(self) -> Iterator[bytes]:
        """Yield the whole elements that are left; raises `ExportError` where the array has not ended."""
        if self._closed:
            return
        # a number or a word at the end may have lost its rest, what ends with its own closing sign has not
        whole = self._depth == 1 and not self._in_string and self._pending[self._cut + 1 :].rstrip().endswith((b"}", b"]", b'"'))
        if whole:
            self._count += 1
            self._cut = len(self._pending)
        if self._cut > 0:
            yield self._take()
        if not (self._single and whole):
            raise ExportError(
                f"is cut off: the array does not end ({self._count:,} whole elements before byte {self._offset:,} were kept)",
                where=self._where,
                hint="the download or the unpacking did not finish: get the file again",
            )

    def _take(self) -> bytes:
        with memoryview(self._pending) as view:
            page = b"".join((b"[", view[: self._cut], b"]"))
        del self._pending[: self._cut + 1]
        self._scanned -= self._cut + 1
        self._cut = -1
        return page

    def _scan(self) -> tuple[NDArray[Any], int]:
        """Return where the outermost commas of what was not looked at yet stand in `_pending`, and the end of the array or -1."""
        import numpy as np

        text = bytes(memoryview(self._pending)[self._scanned :])
        if (len(text) - len(text.rstrip(b"\\"))) % 2:
            text = text[:-1]  # what it escapes has not been read yet
        start = self._scanned
        self._scanned += len(text)
        # blank out escapes, pair by pair from the left: every quote that is left begins or ends a string
        plain = text.replace(b"\\\\", b"__").replace(b'\\"', b"__") if b"\\" in text else text
        tokens = np.frombuffer(plain.translate(_CODES), dtype=np.uint8)
        at = np.flatnonzero(tokens != 0)
        kinds = tokens[at]
        quotes = kinds == _QUOTE
        inside = (np.cumsum(quotes) + self._in_string) & 1
        self._in_string = bool((int(quotes.sum()) + self._in_string) & 1)
        outside = ~quotes & (inside == 0)
        at, kinds = at[outside] + start, kinds[outside]
        depths = self._depth + np.cumsum((kinds == _OPEN).astype(np.int64) - (kinds == _CLOSE))
        if len(depths):
            self._depth = int(depths[-1])
        commas = at[(kinds == _COMMA) & (depths == 1)]
        ends = np.flatnonzero(depths == 0)
        if not len(ends):
            return commas, -1
        end = int(at[ends[0]])
        return commas[commas < end], end

    def _check_lengths(self, commas: NDArray[Any]) -> None:
        import numpy as np

        edges = np.concatenate(([self._cut], commas, [len(self._pending)]))
        longest = int(np.diff(edges).max()) - 1
        if longest > self._limits.line_bytes:
            number = self._count + int(np.argmax(np.diff(edges))) + 1
            raise ExportError(
                f"expected elements of at most {plain_size(self._limits.line_bytes)}, found a longer one (number {number:,})",
                where=self._where,
                hint="check that this is the file you mean, or raise the limit 'line_bytes'",
            )

    def _check_after(self, text: bytes) -> None:
        if text.strip(b" \t\r\n;"):
            raise ExportError(
                "expected the end of the file after the array, found more text",
                where=self._where,
                hint="give the file as the network made it",
            )
