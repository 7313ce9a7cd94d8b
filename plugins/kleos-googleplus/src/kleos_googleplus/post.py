"""A post and the reactions to it, in the words that the JSON and the HTML of an archive share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from attrs import frozen

from kleos.contract import Flaw, account_key

__all__ = ["Account", "Comment", "Post", "account_of", "item_of", "time_of"]

_EARLIEST = datetime(2009, 1, 1, tzinfo=UTC)
_LATEST = datetime(2024, 1, 1, tzinfo=UTC)

_PROFILE = re.compile(r"//plus\.google\.com/(?:[ub]/[0-9]+/)*(?P<path>\+[^/?#\s]+|[0-9]+)")
_USER = re.compile(r"users/(?P<id>[^/\s]+)\Z")
_POST_URL = re.compile(r"/posts/(?P<item>[^/?#\s]+)")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?")


@frozen(kw_only=True)
class Account:
    """A profile, by whatever the archive says of it; at least one of the three is there."""

    id: str | None = None
    """21 digits that never change."""
    handle: str | None = None
    """The custom address with its plus sign: ``+AdaLovelace``."""
    name: str | None = None
    """The display name: not unique."""

    @property
    def key(self) -> str:
        """The id, else the handle, else the name."""
        return self.id or self.handle or self.name or ""

    @property
    def keys(self) -> frozenset[str]:
        """All that identifies the account, as accounts are compared. The name only where there is nothing better: names are not unique."""
        best = [key for key in (self.id, self.handle) if key]
        return frozenset(account_key(key) for key in best or [self.key])


@frozen(kw_only=True)
class Comment:
    """A comment: who and when; the text is not read."""

    author: Account
    time: datetime | None


@frozen(kw_only=True)
class Post:
    """A post by the owner of the archive, with the reactions that it drew, the owner's own among them."""

    item: str
    """The last part of the post's address, the one id that both formats have."""
    author: Account
    time: datetime | None
    updated: datetime | None = None
    comments: Sequence[Comment] = ()
    plusones: Sequence[Account] = ()
    reshares: Sequence[Account] = ()
    votes: Sequence[Account] = ()
    votes_total: int | None = None
    """The poll's own count of votes; None without a poll, and in HTML."""
    flaws: Sequence[Flaw] = ()
    """What could not be read of it; `where` is the place within the post."""


def account_of(*, resource: str | None = None, url: str | None = None, name: str | None = None) -> Account | None:
    """Return who a resource name (``users/<id>``), a profile's address and a display name belong to; None if they say nothing."""
    user = _USER.match((resource or "").strip())
    profile = _PROFILE.search(url or "")
    path = unicodedata.normalize("NFC", unquote(profile["path"])) if profile else ""
    handle = path if path.startswith("+") and len(path) > 1 else None
    known = user["id"] if user else path if path[:1].isdecimal() else None
    label = " ".join((name or "").split()) or None
    return Account(id=known, handle=handle, name=label) if known or handle or label else None


def item_of(address: str | None) -> str | None:
    """Return the part after ``/posts/`` of a post's address or resource name, None if there is none."""
    found = _POST_URL.search(address or "")
    return found["item"] if found else None


def time_of(text: str | None) -> datetime | None:
    """Return the first moment in a text such as `` - 2014-10-07 10:42:39-0400``; UTC where it names no zone.

    None where there is no moment, or one outside 2009 to 2023: before the network's forerunner, or after its successor closed.
    """
    found = _TIME.search(text or "")
    if not found:
        return None
    try:
        moment = datetime.fromisoformat("T".join(found.group(1, 2)) + (found[3] or "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None
