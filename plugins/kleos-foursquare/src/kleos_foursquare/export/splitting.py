"""A JSON object too large to be held at once, or one that breaks off, cut into small ones of the same shape.

``{"friends": {"items": [1, 2, 3]}}`` becomes ``{"friends":{"items":[1,2]}}`` and ``{"friends":{"items":[3]}}``; so who reads it need not
know that it was cut.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from kleos.errors import ExportError

__all__ = ["split_object"]

_INTO = frozenset({"response", "checkins", "tips", "lists", "friends", "followers"})
"""The objects that hold long arrays; all others are small."""
_DEEPEST = 2
"""``response.checkins.items`` is the longest way to an array."""
_ARRAY = "items"
_KEPT = "self"
"""The one thing beside the arrays that is wanted: whose export it is."""
_LONGEST = 16 << 20
"""Letters of one check-in, tip or list: the largest lists have some thousand places, a few megabytes."""
_BEHIND = frozenset(" \t\r\n,:]}")
_BLANK = re.compile(r"[ \t\r\n]*")
_CUT = "the download or the copy did not finish: get the file again"

# Numbers are passed by, not read: some have more digits than Python reads.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def split_object(blocks: Iterator[bytes], where: str, size: int) -> Iterator[bytes]:
    """Yield the arrays of a JSON object, each as objects of the same shape with about `size` letters of its elements.

    Memory stays bounded whatever the object's size. Raises `ExportError` for an element beyond measure, and, once what is whole has been
    given, for text that breaks off or is no JSON.
    """
    yield from _Object(blocks, where, size).split(())


class _Object:
    """A window over the text."""

    def __init__(self, blocks: Iterator[bytes], where: str, size: int) -> None:
        self._blocks = blocks
        self._where = where
        self._size = size
        self._text = ""
        self._at = 0
        self._ended = False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")

    def split(self, path: tuple[str, ...]) -> Iterator[bytes]:
        """Yield the parts of the object that comes next, which is found at `path`."""
        self._expect("{")
        while self._next() != "}":
            name = _DECODER.decode(self._value())
            self._expect(":")
            if not isinstance(name, str):
                raise self._broken()
            sign = self._next()
            if name in _INTO and sign == "{" and len(path) < _DEEPEST:
                yield from self.split((*path, name))
            elif name == _ARRAY and sign == "[":
                yield from self._elements((*path, name))
            else:
                value = self._value()
                if name == _KEPT:
                    yield _wrapped((*path, name), value)
            if self._next() == ",":
                self._expect(",")
        self._expect("}")

    def _elements(self, path: tuple[str, ...]) -> Iterator[bytes]:
        self._expect("[")
        pending: list[str] = []
        length = 0
        try:
            while self._next() != "]":
                pending.append(self._value())
                length += len(pending[-1])
                if length >= self._size:
                    yield _wrapped(path, f"[{','.join(pending)}]")
                    pending, length = [], 0
                if self._next() == ",":
                    self._expect(",")
            self._expect("]")
        except ExportError:
            if pending:
                yield _wrapped(path, f"[{','.join(pending)}]")
            raise
        yield _wrapped(path, f"[{','.join(pending)}]")

    def _value(self) -> str:
        """Return the text of the whole value that comes next."""
        self._next()
        while True:
            try:
                _, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                end = -1
            # A number that the window cuts ("0." of "0.5") is one all the same: what comes behind tells whether it was whole.
            if end >= 0 and self._text[end : end + 1] in _BEHIND:
                value, self._at = self._text[self._at : end], end
                return value
            self._more()

    def _next(self) -> str:
        """Return the sign that comes next."""
        while True:
            found = _BLANK.match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._text):
                return self._text[self._at]
            self._more()

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise self._broken()
        self._at += 1

    def _more(self) -> None:
        """Widen the window, by as much again as it has: so what is looked at twice stays in proportion."""
        rest = self._text[self._at :]
        if self._ended:
            raise self._broken()
        if len(rest) > _LONGEST:
            raise ExportError(
                "expected the JSON of a Foursquare export, found a part longer than any, or text that is no JSON",
                where=self._where,
                hint="check that this is the file you mean, or get it again",
            )
        wanted = max(1, len(rest))
        parts = [rest]
        while wanted > 0 and not self._ended:
            block = next(self._blocks, b"")
            self._ended = not block
            parts.append(self._decoder.decode(block, final=self._ended))
            wanted -= len(parts[-1])
        self._text, self._at = "".join(parts), 0

    def _broken(self) -> ExportError:
        message = "breaks off, or is no JSON from some place on: what is whole before it was kept"
        return ExportError(message, where=self._where, hint=_CUT)


def _wrapped(path: tuple[str, ...], value: str) -> bytes:
    head = "".join(f"{{{json.dumps(name)}:" for name in path)
    return f"{head}{value}{'}' * len(path)}".encode("utf-8", "replace")
