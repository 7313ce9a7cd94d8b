"""A dump too large to be held at once, cut into pages without parsing it: one JSON object that has a long array ``comments``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from kleos.errors import ExportError

__all__ = ["outline", "split_comments"]

_BLOCK = 1 << 20
_KEY = re.compile(rb'\s*"comments"\s*:\s*')
_LONGEST = 64 << 20
"""Bytes of one comment, or of one text around them: as the core's limit for a line."""

# An object without another inside it (as comments are), a string, a string that has not ended yet, or a sign of structure. Possessive, so
# that no text makes it slow.
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_TOKEN = re.compile(
    rb'(?P<flat>\{(?:[^{}\[\]"]++|' + _STRING + rb")*+\})|" + _STRING + rb'|(?P<open>"(?:[^"\\]++|\\.)*+\\?\Z)|[\[\]{},]', re.DOTALL
)


class _CutOffError(ExportError):
    """The object does not end."""


def outline(stream: BinaryIO, where: str, most: int) -> bytes:
    """Return the object with an empty array of comments, closed where the file breaks off among or after them.

    Raises `ExportError` where that is larger than `most` bytes.
    """
    head = bytearray()
    try:
        for is_comment, part in _pieces(stream, where):
            if not is_comment:
                head += part
                if len(head) > most:
                    raise ExportError("holds more beside its comments than a dump of them does", where=where, hint="check that it is one")
    except _CutOffError:
        return bytes(head + b"]}" if head.endswith(b"[") else head.rstrip(b" \t\r\n,") + b"}")
    return bytes(head)


def split_comments(stream: BinaryIO, where: str, size: int) -> Iterator[bytes]:
    """Yield the comments as JSON arrays of about `size` bytes; raises `ExportError` at the end where the file breaks off."""
    pending: list[bytes] = []
    length = 0
    cut: _CutOffError | None = None
    try:
        for is_comment, part in _pieces(stream, where):
            if is_comment:
                pending.append(part)
                length += len(part) + 1
            if length >= size:
                yield b"[" + b",".join(pending) + b"]"
                pending, length = [], 0
    except _CutOffError as error:
        cut = error
    if pending:
        yield b"[" + b",".join(pending) + b"]"
    if cut is not None:
        raise cut


def _pieces(stream: BinaryIO, where: str) -> Iterator[tuple[bool, bytes]]:
    """Yield (True, a whole comment) and (False, text around the comments), in order."""
    scanner = _Scanner()
    while block := stream.read(_BLOCK):
        yield from scanner.push(block)
        if scanner.ended:
            return
        if len(scanner.data) > _LONGEST:
            raise ExportError("has a comment longer than any", where=where, hint="check that this is the file you mean")
    yield from scanner.rest()
    hint = "the download or the copy did not finish: make the dump again"
    raise _CutOffError("is cut off: what is whole of its comments was kept", where=where, hint=hint)


class _Scanner:
    """What has been read and not yet given, and where in the object it stands."""

    def __init__(self) -> None:
        self.data = b""
        self.ended = False
        self._start = 0  # of what is not given yet
        self._seen = 0  # of what is not looked at yet
        self._depth = 0
        self._member = 0  # of the member of the outermost object that is being read
        self._inside = False

    def push(self, block: bytes) -> Iterator[tuple[bool, bytes]]:
        """Take the next bytes; yield what is whole."""
        self.data += block
        for token in _TOKEN.finditer(self.data, self._seen):
            if token["open"] is not None:
                self._seen = token.start()
                break
            if token["flat"] is not None and self._depth:
                self._seen = token.end()
                continue
            yield from self._token(token)
            if self.ended:
                return
        else:
            self._seen = len(self.data)
        yield from self.rest()
        given, self._start = self._start, 0
        self.data, self._seen, self._member = self.data[given:], self._seen - given, self._member - given

    def rest(self) -> Iterator[tuple[bool, bytes]]:
        """Yield what has been looked at around the comments, save a member that may turn out to be theirs, or to be cut off."""
        if not self._inside:
            end = max(self._start, min(self._seen, self._member) if self._depth == 1 else self._seen)
            yield False, self.data[self._start : end]
            self._start = end

    def _token(self, token: re.Match[bytes]) -> Iterator[tuple[bool, bytes]]:
        self._seen = token.end()
        sign = self.data[token.end() - 1 : token.end()]
        if sign in b"[{":
            self._depth += 1
            if self._depth == 1:
                self._member = self._seen
            elif self._depth == 2 and sign == b"[" and _KEY.fullmatch(self.data, max(0, self._member), token.start()):
                self._inside = True
                yield from self._give(around=True)
        elif sign in b"]}":
            self._depth -= 1
            if self._inside and self._depth == 1:
                self._inside = False
                self._seen = token.start()
                yield from self._give(around=False)
                self._seen = token.end()
            if self._depth <= 0:
                self.ended = True
                yield from self._give(around=True)
        elif sign == b",":
            if self._inside and self._depth == 2:
                self._seen = token.start()
                yield from self._give(around=False)
                self._start = self._seen = token.end()
            elif self._depth == 1:
                self._member = self._seen

    def _give(self, *, around: bool) -> Iterator[tuple[bool, bytes]]:
        part = self.data[self._start : self._seen]
        self._start = self._seen
        if around:
            yield False, part
        elif part := part.strip():
            yield True, part
