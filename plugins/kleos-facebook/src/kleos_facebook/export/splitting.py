"""A file too large to be held at once, cut into pages without parsing it: one JSON object that has a long list somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kleos.errors import ExportError

__all__ = ["split_object"]

_BLOCK = 1 << 18
_LONGEST = 64 << 20
"""Bytes of one record: as the core's limit for an element."""
_MOST_AROUND = 8 << 20
"""Bytes of all that stands around the lists."""
_OPEN = {b"[": b"]"[0], b"{": b"}"[0]}
_COMMENTS = b'"comments"'
"""The comments of an album stay with what is around the lists, since they belong to its name."""

# An object without another or a list inside it, a string, one that has not ended yet, or a sign of structure. Possessive, so that no text
# makes it slow.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_TOKEN = re.compile(
    rb'(?P<flat>\{(?:[^{}\[\]"]++|' + _STRING + rb")*+\})|(?P<text>" + _STRING + rb')|(?P<open>"(?:[^"\\]++|\\.)*+\\?\Z)|[\[\]{},]',
    re.DOTALL,
)


def split_object(stream: BinaryIO, where: str, size: int) -> Iterator[bytes]:
    """Yield the elements of the lists that lie in nothing but objects, as JSON arrays of about `size` bytes; last, the object without them.

    Holds about a block, a page and one record in memory. Raises `ExportError` for a record that is too long, and, once all whole
    records have been given, for an object that does not end.
    """
    cutter = _Cutter()
    pending: list[bytes] = []
    length = 0
    while not cutter.ended and (block := stream.read(_BLOCK)):
        for part in cutter.push(block):
            pending.append(part)
            length += len(part) + 1
            if length >= size:
                yield _array(pending)
                pending, length = [], 0
        if len(cutter.data) > _LONGEST or len(cutter.around) > _MOST_AROUND:
            raise ExportError("has a record longer than any of Facebook's", where=where, hint="check that this is the file you mean")
    if pending:
        yield _array(pending)
    if not cutter.ended:
        raise ExportError(
            "is cut off: what is whole of it was kept", where=where, hint="the download or the unpacking did not finish: get the file again"
        )
    yield bytes(cutter.around)


class _Cutter:
    """What has been read and not yet given, and where in the object it stands."""

    def __init__(self) -> None:
        self.data = b""
        self.around = bytearray()
        self.ended = False
        self._start = 0  # of what is not given yet
        self._seen = 0  # of what is not looked at yet
        self._closing = bytearray()  # the signs that will close what is open
        self._list = 0  # how deep the list lies whose elements are given; 0 outside of one
        self._text = b""

    def push(self, block: bytes) -> Iterator[bytes]:
        """Take the next bytes; yield the elements that are whole."""
        self.data += block
        for token in _TOKEN.finditer(self.data, self._seen):
            if token["open"] is not None:
                self._seen = token.start()
                break
            self._seen = token.end()
            if token["flat"] is not None:
                self.ended = not self._closing
            elif token["text"] is not None:
                self._text = token["text"][:64]
            elif part := self._sign(token).strip():
                yield part
            if self.ended:
                break
        else:
            self._seen = len(self.data)
        if not self._list:
            self._leave(self._seen)
        self.data, self._seen, self._start = self.data[self._start :], self._seen - self._start, 0

    def _sign(self, token: re.Match[bytes]) -> bytes:
        """Take a sign of structure; return the element that ends with it, if one does."""
        sign = token[0]
        if sign in _OPEN:
            if sign == b"[" and self._closing and _OPEN[b"["] not in self._closing and self._text != _COMMENTS:
                self._leave(token.end())
                self._list = len(self._closing) + 1
            self._closing.append(_OPEN[sign])
            return b""
        element = b""
        if self._list and len(self._closing) == self._list:
            element = self.data[self._start : token.start()]
            self._start = token.end()
            if sign != b",":
                self._list, self._start = 0, token.start()
        if sign != b",":
            if self._closing:
                self._closing.pop()
            self.ended = not self._closing
        return element

    def _leave(self, end: int) -> None:
        self.around += self.data[self._start : end]
        self._start = end


def _array(elements: list[bytes]) -> bytes:
    return b"[" + b",".join(elements) + b"]"
