"""The source `takeout`: finds the posts in a Takeout archive and hands them on in pages.

Folders and files are named in the account's language ("Google+ Stream/Posts" in English), and one archive holds the data of many
other products, so posts are found by their content: a folder belongs to them if a few of its files do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from attrs import frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.errors import ExportError, ParseError
from kleos_googleplus.parse import read_post
from kleos_googleplus.post import Account, Post
from kleos_googleplus.vocabulary import NETWORK

__all__ = ["SOURCE", "Takeout", "fetch", "owners", "recognise"]

SOURCE = "takeout"

_SUFFIXES = (".json", ".html", ".htm")
_POST_NAME = re.compile(r"\d{8} - .*\.(?:json|html?)\Z", re.IGNORECASE | re.DOTALL)
_GIVEN = "activitylog"
_HOST = b"plus.google.com"
_NOTHING = object()
_ARCHIVE_TIME = re.compile(r"takeout-(\d{8}T\d{6})Z", re.IGNORECASE)

_SAMPLE = 8
_PAGE_BYTES = 4 << 20
_PAGE_FILES = 2_000
# A hundred times the largest of the real posts at hand.
_POST_BYTES = 16 << 20


@frozen(kw_only=True)
class Takeout:
    """The table ``[networks.googleplus.takeout]``."""

    path: Path | tuple[Path, ...]
    """The archive: a folder, a zip or tgz, or all the parts of a split one."""


def recognise(export: Export) -> float:
    """Return 1 if the export has Google+ posts, 0 if not."""
    return 1.0 if next(_folders(export), None) is not None else 0.0


def owners(export: Export) -> Sequence[Owner]:
    """Return who wrote the posts: the id (JSON only), the custom address if there is one, and the display name.

    A few posts are looked at. Custom address and id are joined where a post has both.
    """
    authors: Counter[str] = Counter()
    seen: dict[str, set[Account]] = defaultdict(set)
    for names in _folders(export):
        for post in _samples(export, names):
            if post is not None:
                authors[post.author.key] += 1
                seen[post.author.key].add(post.author)
    if not authors:
        return ()
    best, _ = max(authors.items(), key=lambda entry: (entry[1], entry[0]))
    accounts = set(seen[best])
    handles = {account.handle for account in accounts}
    accounts |= {account for others in seen.values() for account in others if account.handle and account.handle in handles}
    return (
        Owner(
            ids=sorted({account.id for account in accounts if account.id}),
            handles=sorted({account.handle for account in accounts if account.handle}),
            names=sorted({account.name for account in accounts if account.name}),
        ),
    )


def fetch(settings: Takeout, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the posts, many small files to a page (`parse` says how they are told apart), JSON before HTML.

    A file that cannot be read costs only itself: the page's ``context["unread"]`` names it. Raises `ExportError` if there are no posts.
    """
    export = context.open_export(settings.path)
    names = sorted(chain.from_iterable(_folders(export)), key=lambda name: (not name.lower().endswith(".json"), name))
    if not names:
        raise ExportError(
            "expected Google+ posts (JSON or HTML files as in 'Google+ Stream/Posts'), found none",
            where=export.where,
            hint="give the archive from Google Takeout as it came, or its folder; with split archives, all parts",
        )
    pile = _Pile(export.where, owner)
    for done, name in enumerate(names):
        if context.stop.is_set():
            return
        try:
            body = _read(export, name)
        except ExportError as error:
            pile.unread.append([name, error.message])
            continue
        if pile.full(len(body)):
            yield pile.page()
            context.progress(done, len(names), "posts")
        pile.add(name, body)
    if pile.members or pile.unread:
        yield pile.page()
    context.progress(len(names), len(names), "posts")


class _Pile:
    """The files gathered for the next page."""

    def __init__(self, where: str, owner: Owner | None) -> None:
        self.where = where
        self.owner = owner
        self.captured = _captured(where)
        self.members: list[list[str | int]] = []
        self.unread: list[list[str]] = []
        self.bodies: list[bytes] = []
        self.bytes = 0

    def full(self, more: int) -> bool:
        return bool(self.members) and (self.bytes + more > _PAGE_BYTES or len(self.members) >= _PAGE_FILES)

    def add(self, name: str, body: bytes) -> None:
        self.members.append([name, len(body)])
        self.bodies.append(body)
        self.bytes += len(body)

    def page(self) -> Page:
        names = [str(entry[0]) for entry in self.members] + [entry[0] for entry in self.unread]
        page = Page(
            network=NETWORK,
            source=SOURCE,
            where=f"{self.where}: {names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''}",
            owner=self.owner,
            captured=self.captured,
            body=b"".join(self.bodies),
            context={"members": self.members, "unread": self.unread},
        )
        self.members, self.unread, self.bodies, self.bytes = [], [], [], 0
        return page


def _folders(export: Export) -> Iterator[list[str]]:
    """Yield, for each folder that holds posts, all of its files that may be posts."""
    folders: dict[str, list[str]] = defaultdict(list)
    for name in export.names:
        folder = name.rpartition("/")[0]
        if name.lower().endswith(_SUFFIXES) and _GIVEN not in folder.casefold().split("/"):
            folders[folder].append(name)
    for names in folders.values():
        if next(_samples(export, names), _NOTHING) is not _NOTHING:
            yield names


def _samples(export: Export, names: Sequence[str]) -> Iterator[Post | None]:
    """Yield the posts among a few of a folder's files, None for a broken one: those named like posts first, JSON before HTML."""
    likely = sorted(names, key=lambda name: (not _like_post(name), not name.lower().endswith(".json"), name))
    for name in likely[:_SAMPLE]:
        body = b""
        try:
            body = _read(export, name)
            post = read_post(body)
        except (ExportError, ParseError):
            if _like_post(name) and _HOST in body:
                yield None
        else:
            if post is not None:
                yield post


def _like_post(name: str) -> bool:
    return _POST_NAME.match(name.rpartition("/")[2]) is not None


def _read(export: Export, name: str) -> bytes:
    with export.open(name) as stream:
        body = stream.read(_POST_BYTES + 1)
    if len(body) > _POST_BYTES:
        raise ExportError("a file larger than any post", where=name)
    return body


def _captured(where: str) -> datetime | None:
    found = _ARCHIVE_TIME.search(where)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
