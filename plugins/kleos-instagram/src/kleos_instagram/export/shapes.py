"""The rows of an export, as far as they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from kleos.errors import ParseError

__all__ = ["Entry", "Relation", "elements"]

T = TypeVar("T")
Number = int | float | None


class _Value(msgspec.Struct):
    """One value with a label; counts are texts, times numbers."""

    href: str | None = None
    value: str | int | float | None = None
    timestamp: Number = None


class _Picture(msgspec.Struct):
    uri: str | None = None
    creation_timestamp: Number = None


class _Labelled(msgspec.Struct):
    """The same in the newest exports."""

    label: str = ""
    value: str | int | float | None = None
    timestamp_value: Number = None


class Entry(msgspec.Struct):
    """A row with labels in the account's language: a post with its counts, or what the owner said of themselves."""

    media_map_data: dict[str, _Picture] | None = None
    string_map_data: dict[str, _Value] | None = None
    label_values: list[_Labelled] | None = None
    media: list[_Picture] | None = None
    creation_timestamp: Number = None
    timestamp: Number = None
    fbid: str | int | None = None

    def labelled(self) -> Iterator[tuple[str, str | int | float | None]]:
        """Yield each label with its value."""
        for label, found in (self.string_map_data or {}).items():
            yield label, found.value
        for one in self.label_values or ():
            yield one.label, one.value

    def times(self) -> Iterator[int | float]:
        """Yield the times that may be the row's own, the likeliest first."""
        pictures = [*(self.media_map_data or {}).values(), *(self.media or ())]
        values = [found.timestamp for found in (self.string_map_data or {}).values()]
        values += [found.timestamp_value for found in self.label_values or ()]
        for time in (*(picture.creation_timestamp for picture in pictures), self.creation_timestamp, *values, self.timestamp):
            if time:
                yield time

    def pictures(self) -> Iterator[str]:
        """Yield the files of its pictures."""
        for picture in (*(self.media_map_data or {}).values(), *(self.media or ())):
            if picture.uri:
                yield picture.uri


class _Link(msgspec.Struct):
    href: str | None = None
    value: str | None = None
    timestamp: Number = None


class Relation(msgspec.Struct):
    """Somebody who follows, or asked to."""

    title: str | None = None
    string_list_data: list[_Link] = []


def elements(body: bytes, type_: type[T], where: str) -> list[T | None]:
    """Return the elements of a JSON array, None for one that has another shape. Raises `ParseError` where it is no array."""
    try:
        return list(msgspec.json.decode(body, type=list[type_]))  # type: ignore[valid-type]  # a type that is only known here
    except (ValueError, RecursionError):
        pass
    try:
        raw = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (ValueError, RecursionError):
        raise ParseError("expected a JSON array of rows, found something else or one that breaks off", where=where) from None
    return [_element(one, type_) for one in raw]


def _element(raw: msgspec.Raw, type_: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=type_)
    except (ValueError, RecursionError):
        return None
