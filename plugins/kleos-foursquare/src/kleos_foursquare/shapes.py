"""What the files of an export and the answers of the API hold, as far as it is read: texts, places and pictures are not.

Both write the same things in the same words, save that the export has times as texts, no likes, and comments apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, TypeVar

import msgspec

from kleos.errors import ParseError

__all__ = [
    "CheckIn",
    "Comment",
    "Crowd",
    "Listing",
    "Myself",
    "Remark",
    "Section",
    "Tip",
    "User",
    "elements",
    "is_object",
    "sections",
    "total_in",
]

T = TypeVar("T")
Section = Literal["check-in", "tip", "list", "friend", "follower", "comment", "self"]
"""What the elements of an array are; "self" is the account itself, "comment" one of those that do not say to which check-in."""

_NOTHING = msgspec.Raw(b"null")


class User(msgspec.Struct, gc=False):
    """Somebody who reacted, or whose something is."""

    id: str | int | None = None
    relationship: str | None = None
    """"self" for the account that asks."""


class Myself(msgspec.Struct):
    """The account itself, in users.json and in the API's ``users/self``."""

    id: str | int | None = None
    first_name: str | None = msgspec.field(default=None, name="firstName")
    last_name: str | None = msgspec.field(default=None, name="lastName")
    address: str | None = msgspec.field(default=None, name="canonicalUrl")


class CrowdPart(msgspec.Struct):
    """Friends, or others."""

    items: list[User] | None = None


class Crowd(msgspec.Struct):
    """How many did something, and some of them by name: a group may hold fewer people than its count."""

    count: int | None = None
    groups: list[CrowdPart] | None = None
    items: list[User] | None = None


class Comment(msgspec.Struct):
    """A comment on a check-in, as ``checkins/{id}`` lists them."""

    id: str | int | None = None
    created_at: str | float | None = msgspec.field(default=None, name="createdAt")
    user: User | None = None


class Comments(msgspec.Struct):
    """How many comments there are, the owner's own among them, and where they are listed, by whom."""

    count: int | None = None
    items: list[Comment] | None = None


class CheckIn(msgspec.Struct):
    """A check-in of the export (times as texts, no likes) or of the API."""

    id: str | int | None = None
    created_at: str | float | None = msgspec.field(default=None, name="createdAt")
    user: User | None = None
    likes: Crowd | None = None
    like: bool | None = None
    """Whether the owner likes it."""
    comments: Comments | None = None


class Tip(msgspec.Struct):
    """A tip; the export counts, the API names some."""

    id: str | int | None = None
    created_at: str | float | None = msgspec.field(default=None, name="createdAt")
    user: User | None = None
    agree_count: int | None = msgspec.field(default=None, name="agreeCount")
    view_count: int | None = msgspec.field(default=None, name="viewCount")
    likes: Crowd | None = None
    like: bool | None = None


class Listing(msgspec.Struct):
    """A list of places: the owner's, or one that they follow."""

    id: str | int | None = None
    created_at: str | float | None = msgspec.field(default=None, name="createdAt")
    user: User | None = None
    followers: Crowd | None = None


class Remark(msgspec.Struct):
    """A comment in comments.json: it does not say to which check-in."""

    time: str | float | None = None
    user_id: str | int | None = msgspec.field(default=None, name="userId")


class _Part(msgspec.Struct):
    items: msgspec.Raw = _NOTHING


class _Group(msgspec.Struct):
    count: int | None = None
    items: msgspec.Raw = _NOTHING
    groups: list[_Part] | None = None


class _Response(msgspec.Struct):
    checkins: _Group | None = None
    checkin: msgspec.Raw = _NOTHING
    tips: _Group | None = None
    tip: msgspec.Raw = _NOTHING
    lists: _Group | None = None
    friends: _Group | None = None
    user: msgspec.Raw = _NOTHING


class _Envelope(msgspec.Struct):
    response: _Response | None = None
    items: msgspec.Raw = _NOTHING
    friends: _Group | None = None
    followers: _Group | None = None
    myself: msgspec.Raw = msgspec.field(default=_NOTHING, name="self")
    created_at: msgspec.Raw = msgspec.field(default=_NOTHING, name="createdAt")


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def sections(body: bytes, holds: Section, where: str) -> Iterator[tuple[Section, bytes]]:
    """Yield the arrays of a file or an answer, each with what its elements are; single things as arrays of one.

    `holds` says what elements are that stand in an array of no name. Raises `ParseError` for what is neither JSON nor any such thing.
    """
    if body.lstrip()[:1] == b"[":
        yield holds, body
        return
    try:
        envelope = _ENVELOPE.decode(body)
    except (ValueError, RecursionError):
        raise _strange(where) from None
    found = list(_answer(envelope.response) if envelope.response else _file(envelope, body, holds))
    if not found:
        raise _strange(where)
    for section, array in found:
        if array != b"null":
            yield section, array


def elements(array: bytes, type_: type[T], where: str) -> Iterator[T | None]:
    """Yield the elements of an array; None for each that cannot be read. Raises `ParseError` for what is no array."""
    try:
        found: list[T] = msgspec.json.decode(array, type=list[type_])  # type: ignore[valid-type]  # a type made at run time
    except (ValueError, RecursionError):
        pass
    else:
        yield from found
        return
    try:
        parts: Sequence[msgspec.Raw] = _RAWS.decode(array)
    except (ValueError, RecursionError):
        raise _strange(where) from None
    for part in parts:
        try:
            yield msgspec.json.decode(part, type=type_)
        except (ValueError, RecursionError):
            yield None


def total_in(answer: bytes) -> int | None:
    """Return how many elements there are altogether where an answer of the API has some of them; None where it does not say."""
    try:
        response = _ENVELOPE.decode(answer).response
    except (ValueError, RecursionError):
        return None
    groups = (response.checkins, response.tips, response.lists, response.friends) if response else ()
    return next((group.count for group in groups if group), None)


def is_object(text: bytes) -> bool:
    """Tell whether a text is one whole JSON object."""
    try:
        _OBJECT.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _answer(response: _Response) -> Iterator[tuple[Section, bytes]]:
    groups: tuple[tuple[Section, _Group | None], ...] = (
        ("check-in", response.checkins),
        ("tip", response.tips),
        ("list", response.lists),
        ("friend", response.friends),
    )
    singles: tuple[tuple[Section, msgspec.Raw], ...] = (("self", response.user), ("check-in", response.checkin), ("tip", response.tip))
    for section, single in singles:
        if single != _NOTHING:
            yield section, b"[" + bytes(single) + b"]"
    for section, group in groups:
        for part in (group, *(group.groups or ())) if group else ():
            yield section, bytes(part.items)


def _file(envelope: _Envelope, body: bytes, holds: Section) -> Iterator[tuple[Section, bytes]]:
    if envelope.myself != _NOTHING:
        yield "self", b"[" + bytes(envelope.myself) + b"]"
    if envelope.friends:
        yield "friend", bytes(envelope.friends.items)
    if envelope.followers:
        yield "follower", bytes(envelope.followers.items)
    if envelope.items != _NOTHING:
        yield holds, bytes(envelope.items)
    elif envelope.created_at != _NOTHING:
        yield holds, b"[" + body + b"]"


def _strange(where: str) -> ParseError:
    return ParseError(
        "expected the JSON of a Foursquare export or of the Foursquare API, found something else or a file that breaks off",
        where=where,
        hint="get the file again",
    )
