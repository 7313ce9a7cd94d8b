"""LinkedIn's addresses and URNs: whose profile, whose page, which post."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import unquote

from kleos.contract import Owner, account_key

__all__ = ["account_of", "full_name", "keys_of", "organization_of", "post_of", "posted_at"]

_PROFILE = re.compile(r"(?:\A|//|\.)linkedin\.com/in/([^/?#\s]+)", re.IGNORECASE)
_MEMBER = re.compile(r"urn:li:(?:member|person):[A-Za-z0-9_-]{1,64}")
_ORGANIZATION = re.compile(r"(?:urn:li:(organization|organizationBrand):)?([0-9]{1,20})")
_SORTS = {"activity": "activity", "share": "share", "ugcpost": "ugcPost"}
_POST = re.compile(r"(?:urn:li:|[-_/])(activity|share|ugcpost)[:-]([0-9]{1,20})(?![0-9])", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/", re.IGNORECASE)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_POST = datetime(2010, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_LOW_BITS = 22


@lru_cache(maxsize=10_000)  # people who endorse one skill endorse others, too
def account_of(address: str | None) -> str | None:
    """Return the handle in the address of a profile (``www.linkedin.com/in/ada-muster``), or a member's URN; None for anything else."""
    text = (address or "").strip()
    found = _PROFILE.search(text)
    if found:
        return unicodedata.normalize("NFC", unquote(found[1], errors="replace")).strip() or None
    return text if _MEMBER.fullmatch(text) else None


def organization_of(account: str) -> str | None:
    """Return the URN of a page by its number or URN; None for anything else."""
    found = _ORGANIZATION.fullmatch(account.strip())
    return f"urn:li:{found[1] or 'organization'}:{found[2]}" if found else None


def post_of(address: object) -> str | None:
    """Return the URN in the address of a post, in either of its forms; None for anything else.

    ``…/feed/update/urn:li:activity:74…`` and ``…/posts/ada_words-from-the-post-activity-74…-AbCd``.
    """
    if not isinstance(address, str) or not _HOST.match(address.strip()):
        return None
    path = unquote(address.partition("?")[0], errors="replace")
    # The words of a post stand before its number and may look like one.
    found = list(_POST.finditer(path))
    return f"urn:li:{_SORTS[found[-1][1].lower()]}:{found[-1][2]}" if found else None


def posted_at(post: str) -> datetime | None:
    """Return when a post was made, which its number tells: milliseconds since 1970 above its lowest 22 bits.

    None where that is before 2010 or after 2199: then it is another sort of number.
    """
    try:
        time = _EPOCH + timedelta(milliseconds=int(post.rpartition(":")[2]) >> _LOW_BITS)
    except (ValueError, OverflowError):
        return None
    return time if _FIRST_POST <= time < _LATEST else None


def full_name(*parts: str) -> str | None:
    """Return the parts of a name as one, None where all are empty."""
    name = " ".join(" ".join(parts).split())
    return (name if name.isascii() else unicodedata.normalize("NFC", name)) or None


def keys_of(owner: Owner | None) -> frozenset[str]:
    """Return everything that an owner is known by, as accounts are compared."""
    told: Iterable[str] = (*owner.ids, *owner.handles, *owner.names) if owner else ()
    return frozenset(account_key(text) for text in told if text.strip())
