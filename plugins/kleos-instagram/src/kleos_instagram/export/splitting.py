"""One JSON object around a long array, cut into smaller arrays without parsing it, whatever its size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kleos.errors import ExportError

__all__ = ["split_wrapped"]

_BLOCK = 1 << 20
_LONGEST = 64 << 20
"""Bytes of one element, or of one text around them: as the core's limit for a line."""

# Possessive, so that no text makes them slow.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_OPEN = rb'(?P<open>"(?:[^"\\]++|\\.)*+\\?\Z)'
_SIGN = rb"(?P<sign>[\[\]{},])"


def _nested(levels: int) -> bytes:
    """Return a pattern for an object or array with at most so many levels of others inside it."""
    inside = b"|" + _nested(levels - 1) if levels else b""
    return rb'[{\[](?:[^{}\[\]"]++|' + _STRING + inside + rb")*+[}\]]"


_TOKEN = re.compile(b"|".join((_STRING, _OPEN, _SIGN)), re.DOTALL)
"""A string, one that has not ended yet, or a sign of structure."""
_ELEMENT = re.compile(b"|".join((_nested(3), _STRING, _OPEN, _SIGN)), re.DOTALL)
"""The same, or a whole element of a usual depth: many times as fast as sign by sign."""


def split_wrapped(stream: BinaryIO, where: str, size: int) -> Iterator[bytes]:
    """Yield the elements of all arrays right below the outermost object, as JSON arrays of about `size` bytes.

    Raises `ExportError` for an element that is too long, and, once all whole elements have been given, where the object does not end.
    """
    pending: list[bytes] = []
    length = 0
    scanner = _Scanner()
    while block := stream.read(_BLOCK):
        for part in scanner.push(block):
            pending.append(part)
            length += len(part) + 1
            if length >= size:
                yield b"[" + b",".join(pending) + b"]"
                pending, length = [], 0
        if scanner.ended:
            break
        if scanner.held > _LONGEST:
            raise ExportError("has an element longer than any", where=where, hint="check that this is the file you mean")
    if pending:
        yield b"[" + b",".join(pending) + b"]"
    if not scanner.ended:
        hint = "the download or the copy did not finish: download the export again"
        raise ExportError("is cut off: what is whole of it was kept", where=where, hint=hint)


class _Scanner:
    """What has been read and not yet given, and where in the object it stands."""

    def __init__(self) -> None:
        self.ended = False
        self._data = b""
        self._seen = 0  # of what is not looked at yet
        self._start = 0  # of the element that is being read
        self._depth = 0
        self._inside = False

    @property
    def held(self) -> int:
        """Bytes that wait for more."""
        return len(self._data)

    def push(self, block: bytes) -> Iterator[bytes]:
        """Take the next bytes; yield the elements that are whole."""
        self._data += block
        while token := (_ELEMENT if self._inside and self._depth == 2 else _TOKEN).search(self._data, self._seen):
            if token["open"] is not None:
                self._seen = token.start()
                break
            self._seen = token.end()
            if token["sign"] is not None:
                yield from self._sign(token["sign"], token.start())
            if self.ended:
                return
        else:
            self._seen = len(self._data)
        given = self._start if self._inside else self._seen
        self._data, self._seen, self._start = self._data[given:], self._seen - given, 0

    def _sign(self, sign: bytes, place: int) -> Iterator[bytes]:
        if sign in b"[{":
            self._depth += 1
            if self._depth == 2 and sign == b"[":
                self._inside, self._start = True, place + 1
        elif sign in b"]}":
            self._depth -= 1
            if self._inside and self._depth == 1:
                self._inside = False
                yield from self._element(place)
            self.ended = self._depth <= 0
        elif self._inside and self._depth == 2:
            yield from self._element(place)
            self._start = place + 1

    def _element(self, end: int) -> Iterator[bytes]:
        part = self._data[self._start : end].strip()
        if part:
            yield part
