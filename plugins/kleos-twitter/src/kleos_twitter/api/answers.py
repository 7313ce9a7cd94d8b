"""The answers of the API, as far as the plan for the next questions needs them. Elements stay raw, so that a bad one costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

from kleos.errors import ParseError
from kleos_twitter.bulk.shapes import elements_of

__all__ = ["Answer", "decode"]

T = TypeVar("T")


class _Meta(msgspec.Struct):
    next_token: str | None = None


class _Includes(msgspec.Struct):
    users: list[msgspec.Raw] = []
    tweets: list[msgspec.Raw] = []
    posts: list[msgspec.Raw] = []


class _Trouble(msgspec.Struct):
    title: str = ""


class _Named(msgspec.Struct):
    id: str


class Answer(msgspec.Struct):
    """An answer that succeeded. With `errors` and without `data`, nothing could be given."""

    data: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"[]"))
    """A list, or a single one."""
    meta: _Meta = msgspec.field(default_factory=_Meta)
    includes: _Includes = msgspec.field(default_factory=_Includes)
    errors: list[_Trouble] = []

    def elements(self, type_: type[T]) -> Iterator[T]:
        """Yield what the answer holds, without what is not of the type."""
        several = elements_of(self.data)
        yield from _read([self.data] if several is None else several, type_)

    def users(self, type_: type[T]) -> Iterator[T]:
        """Yield the accounts that came along."""
        yield from _read(self.includes.users, type_)

    @property
    def given(self) -> tuple[set[str], set[str], set[str]]:
        """The ids of what the answer holds, of the accounts, and of the posts that came along."""
        along = [*self.includes.tweets, *self.includes.posts]
        return (
            {one.id for one in self.elements(_Named)},
            {one.id for one in self.users(_Named)},
            {one.id for one in _read(along, _Named)},
        )


_ANSWER = msgspec.json.Decoder(Answer)


def decode(body: bytes, where: str) -> Answer:
    """Return an answer. Raises `ParseError` where it is none."""
    try:
        return _ANSWER.decode(body)
    except (ValueError, RecursionError):
        raise ParseError(
            "expected an answer of the X API, found something else or one that breaks off", where=where, hint="collect it again"
        ) from None


def _read(raws: list[msgspec.Raw], type_: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(type_)
    for raw in raws:
        try:
            yield decoder.decode(raw)
        except (ValueError, RecursionError):
            continue
