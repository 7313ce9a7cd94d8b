"""What the answers of the API mean: notifications name who reacted, posts say how often.

`Page.context` says which list a page is (`asked`), and whose (`id`, the account's on its server; `domain`, what follows the ``@``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from kleos.contract import Flaw, Interaction, Page, Profile, Row, Tally, account_key
from kleos.errors import ParseError
from kleos_mastodon.values import UNREADABLE, address, count, keys, moment, text

__all__ = ["NOTIFICATIONS", "POSTS", "TYPES", "listed", "parse"]

NOTIFICATIONS, POSTS = "notifications", "posts"

TYPES = ("favourite", "reblog", "mention", "quote", "follow")
"""The notifications that are reactions of others; a mention may be a reply."""

TOTALS = {"favourite": ("favourites_count", "favourited"), "reblog": ("reblogs_count", "reblogged")}
"""Kind → the total of a post, and whether its author is in it. Totals of replies and quotes do not say that, and are of no use."""


@frozen
class Home:
    """Whose page it is, and from when: as the page, its context and its owner tell."""

    subject: str
    id: str
    domain: str
    own: frozenset[str]
    captured: datetime


def parse(page: Page) -> Iterator[Row]:
    """Yield what others did, and how many of them follow each of those who did it."""
    context = page.context or {}
    understand = {NOTIFICATIONS: _notification, POSTS: _post}.get(context.get("asked", ""))
    if understand is None or page.owner is None or page.captured is None:
        raise ParseError("expected a page that says which list of whom it is, and when that was asked", where=page.where)
    home = Home(page.owner.account, str(context.get("id")), str(context.get("domain")), keys(page.owner), page.captured)
    for number, value in enumerate(listed(page.body, page.where), 1):
        try:
            rows = list(understand(value, home))
        except UNREADABLE:
            yield Flaw(where=f"{page.where}: entry {number}", reason="an entry is not as expected")
            continue
        yield from rows


def listed(body: bytes, where: str) -> list[Any]:
    """Return the list that an answer is; raises `ParseError`."""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        raise ParseError("expected a list, found no JSON", where=where) from None
    if not isinstance(values, list):
        raise ParseError("expected a list, found something else", where=where)
    return values


def _notification(value: Mapping[str, Any], home: Home) -> Iterator[Row]:
    """Yield who reacted, and how; nothing for what is no reaction (a poll that ended, a warning)."""
    kind = text(value["type"])
    if kind not in TYPES:
        return
    actor = address(value["account"], home.domain)
    if value["account"]["id"] == home.id or account_key(actor) in home.own:
        return
    item = item_time = None
    if kind in ("favourite", "reblog"):
        status = value["status"].get("reblog") or value["status"]
        item, item_time = text(status["id"]), moment(status["created_at"])
    elif kind == "mention" and text(value["status"]["id"]) and value["status"].get("in_reply_to_account_id") == home.id:
        kind, item = "reply", text(value["status"]["in_reply_to_id"])
    elif kind == "quote":
        quote = value["status"]["quote"]
        item = text(quote.get("quoted_status_id") or quote["quoted_status"]["id"])
    yield Interaction(
        network="mastodon",
        kind=kind,
        subject=home.subject,
        actor=actor,
        item=item,
        time=moment(value["created_at"]),
        id=text(value["status"]["uri"]) if kind in ("reply", "mention", "quote") else None,
        item_time=item_time,
        captured=home.captured,
    )
    yield _profile(value["account"], actor, home)


def _profile(account: Mapping[str, Any], actor: str, home: Home) -> Profile:
    """Return what is known of somebody; a server that hides a number of followers tells one below 0, or none."""
    followers, name = account.get("followers_count"), account.get("display_name")
    return Profile(
        network="mastodon",
        id=actor,
        name=text(name) if name and name.strip() else None,
        audience=None if followers is None or followers == -1 else count(followers),
        captured=home.captured,
    )


def _post(value: Mapping[str, Any], home: Home) -> Iterator[Row]:
    """Yield the totals of a post of the owner's, less what the owner did to it; a boosted post is somebody else's."""
    if value.get("reblog") is not None or value["account"]["id"] != home.id:
        return
    for kind, (total, own) in TOTALS.items():
        if value.get(total) is not None:
            yield Tally(
                network="mastodon",
                kind=kind,
                subject=home.subject,
                item=text(value["id"]),
                total=max(0, count(value[total]) - (value.get(own) is True)),
                captured=home.captured,
                item_time=moment(value["created_at"]),
            )
