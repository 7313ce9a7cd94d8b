"""An ActivityStreams collection in a file: ``{…, "orderedItems": [ … ]}``, item by item, whatever its size."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from kleos.contract import Export
from kleos.errors import ExportError

__all__ = ["batches", "items"]

READ = 1 << 18
HEAD = 1 << 20  # what stands before the items is a context and two numbers
LONGEST = 32 << 20  # a page can hold no longer item
BATCH = 1 << 20  # its values take several times that

_START = re.compile(r'"orderedItems"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


def batches(export: Export, name: str) -> Iterator[tuple[bytes, list[Any]]]:
    """Yield the items as JSON arrays of about 1 MB, each with its values; raises as `items` does, after what is whole."""
    texts: list[str] = []
    values: list[Any] = []
    size = 0
    try:
        for item, value in items(export, name):
            if texts and size + len(item) > BATCH:
                yield _array(texts), values
                texts, values, size = [], [], 0
            texts.append(item)
            values.append(value)
            size += len(item)
    except ExportError:
        if texts:
            yield _array(texts), values
        raise
    if texts:
        yield _array(texts), values


def items(export: Export, name: str) -> Iterator[tuple[str, Any]]:
    """Yield each item's JSON and its value.

    A file that is cut off, or broken further on, yields its whole items; then, as for one without a list, `ExportError` is raised.
    """
    decoder = json.JSONDecoder()
    with export.open(name) as file:
        window = _Window(file, where=f"{export.where}: {name}")
        window.skip_head()
        while True:
            window.skip(_BETWEEN)
            if window.text.startswith("]", window.at):
                return
            try:
                value, end = decoder.raw_decode(window.text, window.at)
            except RecursionError:
                raise window.broken("is nested too deeply") from None
            except ValueError:
                window.grow()
                continue
            item, window.at = window.text[window.at : end], end
            yield item, value


class _Window:
    """The part of a text file that is looked at: `text` from `at` on. It moves on by `grow`, and forgets what was read."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self.file, self.where = file, where
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self.text, self.at = "", 0

    def skip_head(self) -> None:
        """Go on to the first item."""
        while not (start := _START.search(self.text)):
            if len(self.text) > HEAD:
                raise self.broken("has no orderedItems")
            self.grow()
        self.at = start.end()

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go past what a pattern matches, reading on where that ends with the text at hand."""
        while (match := pattern.match(self.text, self.at)) and match.end() == len(self.text):
            self.at = match.end()
            self.grow()
        if match:
            self.at = match.end()

    def grow(self) -> None:
        """Read on, as much again as there is; raises `ExportError` at the end, and where an item is longer than a page."""
        left = len(self.text) - self.at
        data = self.file.read(max(READ, left))
        if left > LONGEST or not data:
            raise self.broken("is cut off" if not data else "has an item of more than 32 MB, or a broken one")
        try:
            self.text, self.at = self.text[self.at :] + self.decoder.decode(data), 0
        except UnicodeDecodeError:
            raise self.broken("is not UTF-8") from None

    def broken(self, how: str) -> ExportError:
        """Return the error for this file."""
        return ExportError(f"expected a collection of ActivityStreams, but the file {how}", where=self.where, hint="request a new archive")


def _array(texts: list[str]) -> bytes:
    return f"[{','.join(texts)}]".encode()
