"""From the rows of an archive to the reactions received. What the owner did (likes given, accounts followed) is not in these pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from kleos.contract import Batch, Flaw, Page, Profile, Row, Tally
from kleos.errors import ParseError
from kleos_twitter.archive.naming import damaged, json_of, value_of
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import from_microseconds, microseconds, to_microseconds

__all__ = ["parse"]

_RETWEET = re.compile(r"RT @\w+:")
_LIST_OWNER = re.compile(r"https?://[^/]+/(\w+)/lists/")
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)

_COUNTS = (("favorite_count", "like"), ("retweet_count", "retweet"))


class _Tweet(msgspec.Struct):
    id_str: Any = None
    id: Any = None
    created_at: Any = None
    full_text: Any = None
    text: Any = None
    favorite_count: Any = None
    retweet_count: Any = None


class _Row(_Tweet):
    """A row of tweets.js, with the wrapper or, in some archives of 2018 and 2019, without it."""

    tweet: _Tweet | None = None


_ALL = msgspec.json.Decoder(list[_Row])
_ONE = msgspec.json.Decoder(_Row)
_RAW = msgspec.json.Decoder(list[msgspec.Raw])


def parse(page: Page) -> Iterator[Row]:
    """Yield a `Tally` per post and kind with a total above 0, and followers and list memberships as a `Batch`. Raises `ParseError`."""
    context = page.context or {}
    subject = str(context.get("account") or (page.owner.account if page.owner else ""))
    if not subject:
        raise ParseError(
            "the archive does not say whose it is", where=page.where, hint='name the person: archive = { path = "…", person = "…" }'
        )
    return _PARSERS.get(str(context.get("content", "tweets")), _tweets)(page, subject)


def _tweets(page: Page, subject: str) -> Iterator[Row]:
    rows = _rows(page)
    times = microseconds([row.created_at if row is not None and isinstance(row.created_at, str) else None for row in rows])
    for number, (row, time) in enumerate(zip(rows, times, strict=True), 1):
        if row is None:
            yield Flaw(where=f"{page.where}: row {number}", reason="expected a post, found something else")
            continue
        if _is_retweet(row):
            continue  # its counts, where there are any, are the original's
        item = _id(row)
        if not item:
            yield Flaw(
                where=f"{page.where}: row {number}",
                reason="a post without an id: what was reacted to cannot be told, its counts are left out",
            )
            continue
        where = f"{page.where}: post {item}"
        item_time = None if time is None else from_microseconds(time)
        if item_time is None:
            yield Flaw(where=where, reason="a post without a date that can be read: its counts are kept")
        captured = page.captured or item_time
        for field, kind in _COUNTS:
            total, problem = _total(getattr(row, field))
            if problem:
                yield Flaw(where=where, reason=f"{field}: {problem}")
            elif total and captured is None:
                yield Flaw(where=where, reason="neither the archive nor the post has a date: its counts are left out")
            elif total and captured is not None:
                yield Tally(network=NETWORK, kind=kind, subject=subject, item=item, total=total, captured=captured, item_time=item_time)


def _rows(page: Page) -> list[_Tweet | None]:
    text = json_of(page.body)
    try:
        return [row.tweet or row for row in _ALL.decode(text)]
    except msgspec.ValidationError:
        return [_row(raw) for raw in _array(text, page.where)]
    except (ValueError, RecursionError) as error:
        raise damaged(error, page.where) from error


def _row(raw: msgspec.Raw) -> _Tweet | None:
    try:
        row = _ONE.decode(raw)
    except (ValueError, RecursionError):
        return None
    return row.tweet or row


def _array(text: bytes, where: str) -> list[msgspec.Raw]:
    try:
        return _RAW.decode(text)
    except (ValueError, RecursionError) as error:
        raise damaged(error, where) from error


def _is_retweet(row: _Tweet) -> bool:
    text = row.full_text if isinstance(row.full_text, str) else row.text
    return isinstance(text, str) and _RETWEET.match(text) is not None


def _id(row: _Tweet) -> str:
    for value in (row.id_str, row.id):
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _total(value: object) -> tuple[int, str]:
    """Return a count and what is wrong with it; "--" and nothing mean that Twitter did not tell."""
    if value is None or (isinstance(value, str) and value.strip() in ("", "--", "None")):
        return 0, ""
    text = str(value).strip().replace(",", "") if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _NUMBER.fullmatch(text):
        return 0, "expected a whole number, found something else"
    if text.startswith("-"):
        return 0, "expected a number of at least 0, found one below"
    return int(text), ""


def _followers(page: Page, subject: str) -> Iterator[Row]:
    accounts = [row.get("accountId") for row in _small_rows(page, "follower")]
    actors = [account for account in accounts if isinstance(account, str) and account.strip()]
    if len(actors) < len(accounts):
        yield Flaw(where=page.where, reason="a follower without an id")
    if actors:
        yield _batch(page, "follow", subject, actors, None)


def _lists(page: Page, subject: str) -> Iterator[Row]:
    urls = [row.get("url") for row in _small_rows(page, "userListInfo")]
    ids = [url for url in urls if isinstance(url, str) and url.strip()]
    if len(ids) < len(urls):
        yield Flaw(where=page.where, reason="a list without an address")
    owners = [_LIST_OWNER.match(url) for url in ids]
    if ids:
        # addresses of newer lists (x.com/i/lists/…) do not name their owner
        yield _batch(page, "listed", subject, [None if owner is None or owner[1] == "i" else owner[1] for owner in owners], ids)


def _account(page: Page, subject: str) -> Iterator[Row]:
    for row in _small_rows(page, "account"):
        id_, handle, name = row.get("accountId"), row.get("username"), row.get("accountDisplayName")
        if isinstance(id_, str) and id_.strip():
            yield Profile(
                network=NETWORK,
                id=id_.strip(),
                handle=handle if isinstance(handle, str) and handle else None,
                name=name if isinstance(name, str) and name else None,
                captured=page.captured,
            )


def _batch(page: Page, kind: str, subject: str, actors: list[str | None] | list[str], ids: list[str] | None) -> Batch:
    count = len(actors)
    captured = None if page.captured is None else [to_microseconds(page.captured)] * count
    return Batch(network=NETWORK, kind=[kind] * count, subject=[subject] * count, actor=actors, id=ids, captured=captured)


def _small_rows(page: Page, key: str) -> Iterator[dict[str, Any]]:
    value = value_of(page.body, page.where)
    for row in value if isinstance(value, list) else [value]:
        inner = row.get(key, row) if isinstance(row, dict) else None
        yield inner if isinstance(inner, dict) else {}


_PARSERS: Mapping[str, Callable[[Page, str], Iterator[Row]]] = {
    "account": _account,
    "followers": _followers,
    "lists": _lists,
    "tweets": _tweets,
}
