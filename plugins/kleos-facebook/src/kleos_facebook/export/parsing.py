"""Pages of an export to rows: comments on photos and albums, wall posts, pokes, followers and friend requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from kleos.contract import Page, Row
from kleos.errors import ParseError
from kleos_facebook.export.shapes import Comment, Media, Post, Record, album_in, decoded, records
from kleos_facebook.export.titles import Frame, name_in
from kleos_facebook.gathered import Gathered
from kleos_facebook.kinds import COMMENT, FOLLOW, FRIEND_REQUEST, POKE, WALL_POST
from kleos_facebook.values import BAD, name_of, seconds

__all__ = ["parse"]

_COMMENT = msgspec.json.Decoder(Comment)
_MEDIA = msgspec.json.Decoder(Media)
_POST = msgspec.json.Decoder(Post)
_RECORD = msgspec.json.Decoder(Record)

_NEWEST = "a record in Facebook's generic shape, whose labels are in the account's language: it was left out"


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions on a page: ``context["holds"]`` says of what file it is, ``context["frames"]`` how titles name people.

    Reactions have no ids here: with the actor, the item and the second, what two files or two exports tell of the same one is one.
    Raises `ParseError` for a page that is not JSON of that kind.
    """
    context = page.context or {}
    what = context.get("holds")
    if not isinstance(what, str) or what not in _READERS:
        raise ParseError("expected a file of an export that holds what others did, found another", where=page.where, hint="leave it out")
    if page.owner is None or not page.owner.account:
        raise ParseError("nothing says whose export it is", where=page.where, hint='say it: { path = "…", person = "…" }')
    gathered = Gathered(page.owner.account, (*page.owner.ids, *page.owner.handles, *page.owner.names))
    _READERS[what](page, gathered, str(context.get("file") or page.where))
    yield from gathered.rows()


def _album(page: Page, gathered: Gathered, file: str) -> None:
    album = album_in(page.body, page.where)
    name = name_of(album.name)
    time = _time(album.last_modified_timestamp, gathered, file, "an album")
    _comments(album.comments, gathered, file, f"album: {name}" if name else None, time)
    uris: set[str | None] = set()
    for number, raw in enumerate(album.photos or (), 1):
        photo = decoded(_MEDIA, raw)
        uris.add(photo.uri if photo else None)
        _photo(photo, gathered, f"{file}: photo {number}")
    cover = decoded(_MEDIA, album.cover_photo)
    if cover is not None and cover.uri not in uris:
        _photo(cover, gathered, f"{file}: cover")


def _media(page: Page, gathered: Gathered, file: str) -> None:
    for number, raw in enumerate(records(page.body, page.where), 1):
        _photo(decoded(_MEDIA, raw), gathered, f"{file}: photo {number}")


def _posts(page: Page, gathered: Gathered, file: str) -> None:
    for number, raw in enumerate(records(page.body, page.where), 1):
        post = decoded(_POST, raw)
        if post is None:
            gathered.flaw(f"{file}: post {number}", "a post whose fields have an unexpected type")
            continue
        for media in post.media:
            _photo(media, gathered, f"{file}: post {number}")


def _photo(media: Media | None, gathered: Gathered, where: str) -> None:
    if media is None:
        gathered.flaw(where, "a photo whose fields have an unexpected type")
    elif media.comments:
        time = _time(media.creation_timestamp, gathered, where, "a photo")
        # Folders change from one generation of exports to the next, the name of the file does not.
        item = (name_of(media.uri) or "").rstrip("/").rpartition("/")[2].rpartition(".")
        _comments(media.comments, gathered, where, item[0] or item[2] or None, time)


def _comments(raws: Sequence[msgspec.Raw] | None, gathered: Gathered, where: str, item: str | None, item_time: int | None) -> None:
    for number, raw in enumerate(raws or (), 1):
        comment = decoded(_COMMENT, raw)
        if comment is None:
            gathered.flaw(f"{where}, comment {number}", "a comment whose fields have an unexpected type")
            continue
        time = _time(comment.timestamp, gathered, f"{where}, comment {number}", "a comment")
        gathered.take(COMMENT, name_of(comment.author), time=time, item=item, item_time=item_time)


def _wall(page: Page, gathered: Gathered, file: str) -> None:
    frames = _frames(page.context or {})
    for where, record in _records(page, gathered, file):
        title = name_of(record.title)
        actor = name_in(title, frames) if title else None
        gathered.take(WALL_POST, actor, time=_time(record.timestamp, gathered, where, "a wall post"))


def _pokes(page: Page, gathered: Gathered, file: str) -> None:
    for where, record in _records(page, gathered, file):
        poker, pokee = name_of(record.poker), name_of(record.pokee)
        if gathered.is_own(poker):
            continue
        if not gathered.is_own(pokee):
            gathered.flaw(where, "a poke that does not name the owner: add the owner's former names to their accounts")
        elif poker is None:
            gathered.flaw(where, "a poke that does not say by whom")
        else:
            gathered.take(POKE, poker, time=_time(record.timestamp, gathered, where, "a poke"))


def _people(kind: str, what: str) -> Callable[[Page, Gathered, str], None]:
    def read(page: Page, gathered: Gathered, file: str) -> None:
        for where, record in _records(page, gathered, file):
            name = name_of(record.name)
            if name is None:
                gathered.flaw(where, f"{what} without a name")
            else:
                gathered.take(kind, name, time=_time(record.timestamp, gathered, where, what))

    return read


def _records(page: Page, gathered: Gathered, file: str) -> Iterator[tuple[str, Record]]:
    for number, raw in enumerate(records(page.body, page.where), 1):
        where = f"{file}: record {number}"
        record = decoded(_RECORD, raw)
        if record is None:
            gathered.flaw(where, "a record whose fields have an unexpected type")
        elif record.generic:
            gathered.flaw(where, _NEWEST)
        else:
            yield where, record


def _time(number: float | None, gathered: Gathered, where: str, what: str) -> int | None:
    time = seconds(number)
    if time == BAD:
        gathered.flaw(where, f"{what} without a sensible time")
        return None
    return time


def _frames(context: Mapping[str, Any]) -> Sequence[Frame]:
    given = context.get("frames")
    pairs = given if isinstance(given, list | tuple) else ()
    return [(pair[0], pair[1]) for pair in pairs if isinstance(pair, list | tuple) and [type(part) for part in pair] == [str, str]]


_READERS: Mapping[str, Callable[[Page, Gathered, str], None]] = {
    "album": _album,
    "media": _media,
    "posts": _posts,
    "wall": _wall,
    "pokes": _pokes,
    "followers": _people(FOLLOW, "a follower"),
    "requests": _people(FRIEND_REQUEST, "a friend request"),
}
