"""The reactions, totals and accounts in collected tweets, as one writes it by hand over decoded JSON: whom the parser is compared with.

Three forms, as the API and twarc write them: pages with a lookup table, flattened lines, and lines of the API v1.1. The same columns come
out as from the plugin; of an account and of a total the newest capture is kept. Times are read by the plugin's own function, so that what
differs is the decoding and what is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kleos_twitter.times import microseconds

__all__ = ["Table", "classic", "flattened", "pages"]

Columns = dict[str, list[Any]]
Table = tuple[Columns, Columns, Columns]
"""Reactions, totals, accounts."""
Post = dict[str, Any]
Marks = dict[tuple[str, str], tuple[Any, ...]]
"""What is kept for (kind, item) or (id, handle): compared from the time of the capture on."""

_KINDS = {
    "like": "like_count",
    "retweet": "retweet_count",
    "reply": "reply_count",
    "quote": "quote_count",
    "bookmark": "bookmark_count",
    "view": "impression_count",
}
_CLASSIC_KINDS = {"like": "favorite_count", "retweet": "retweet_count", "reply": "reply_count", "quote": "quote_count"}


def pages(records: Iterable[Any]) -> Table:
    """Return what is in pages of the API v2."""
    reactions: list[tuple[Any, ...]] = []
    totals: Marks = {}
    accounts: Marks = {}
    for page in records:
        (captured,) = microseconds([page["__twarc"]["retrieved_at"]])
        includes = page.get("includes", {})
        users = {user["id"]: user for user in includes.get("users", ())}
        named = {user["username"].lower(): user["id"] for user in users.values()}
        others = includes.get("tweets", ())
        tweets = {post["id"]: post for post in (*others, *page["data"])}
        for user in users.values():
            _account(user, captured, accounts)
        for post in others:
            _totals(post, captured, totals)
        for post in page["data"]:
            reactions += _modern(post, users.get(post["author_id"]), tweets, named)
            _totals(post, captured, totals)
    return _table(reactions, totals, accounts)


def flattened(records: Iterable[Any]) -> Table:
    """Return what is in posts of the API v2 that hold what they refer to."""
    reactions: list[tuple[Any, ...]] = []
    totals: Marks = {}
    accounts: Marks = {}
    for post in records:
        (captured,) = microseconds([post["__twarc"]["retrieved_at"]])
        for user in (post.get("author"), post.get("in_reply_to_user")):
            _account(user, captured, accounts)
        for other in post.get("referenced_tweets", ()):
            _account(other.get("author"), captured, accounts)
            _totals(other, captured, totals)
        reactions += _modern(post, post.get("author"), {}, {})
        _totals(post, captured, totals)
    return _table(reactions, totals, accounts)


def classic(records: Iterable[Any]) -> Table:
    """Return what is in tweets of the API v1.1."""
    reactions: list[tuple[Any, ...]] = []
    totals: Marks = {}
    accounts: Marks = {}
    tweets = list(records)
    for tweet, captured in zip(tweets, microseconds([tweet["created_at"] for tweet in tweets]), strict=True):
        _account(tweet["user"], captured, accounts, "id_str", "screen_name")
        original = tweet.get("retweeted_status") or tweet.get("quoted_status")
        if original:
            _account(original["user"], captured, accounts, "id_str", "screen_name")
            _classic_totals(original, captured, totals)
        if not tweet.get("retweeted_status"):
            _classic_totals(tweet, captured, totals)
        reactions += _classic(tweet, original)
    return _table(reactions, totals, accounts)


def _modern(post: Post, author: Post | None, tweets: dict[str, Post], named: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    actor, time, id_ = post["author_id"], post["created_at"], post["id"]
    audience = (author or {}).get("public_metrics", {}).get("followers_count")
    mentions = post.get("entities", {}).get("mentions", ())
    target = post.get("in_reply_to_user_id")
    item = item_time = None
    for reference in post.get("referenced_tweets", ()):
        original = tweets.get(reference["id"], reference)
        subject, made = original.get("author_id"), original.get("created_at")
        if reference["type"] == "retweeted":
            if subject is None:
                subject = next((_called(one, named) for one in mentions if one["start"] == len("RT ")), None)
            if subject is not None and subject != actor:
                yield "retweet", subject, actor, reference["id"], time, id_, made, audience
            return
        if reference["type"] == "replied_to":
            target, item, item_time = target or subject, reference["id"], made
        elif subject is not None and subject != actor:
            yield "quote", subject, actor, reference["id"], time, id_, made, audience
    if target and target != actor:
        yield "reply", target, actor, item, time, id_, item_time, audience
    seen = {actor, target, (author or {}).get("username")}
    for mention in mentions:
        subject = _called(mention, named)
        if subject not in seen:
            seen.add(subject)
            yield "mention", subject, actor, None, time, id_, None, audience


def _called(mention: dict[str, Any], named: dict[str, str]) -> str:
    found: str = mention.get("id") or named.get(mention["username"].lower(), mention["username"])
    return found


def _classic(tweet: Post, original: Post | None) -> Iterator[tuple[Any, ...]]:
    time, id_ = tweet["created_at"], tweet["id_str"]
    actor, audience = tweet["user"]["id_str"], tweet["user"].get("followers_count")
    is_retweet = bool(tweet.get("retweeted_status"))
    if original and original["user"]["id_str"] != actor:
        kind = "retweet" if is_retweet else "quote"
        yield kind, original["user"]["id_str"], actor, original["id_str"], time, id_, original["created_at"], audience
    if is_retweet:
        return
    target = tweet.get("in_reply_to_user_id_str")
    if target and target != actor:
        yield "reply", target, actor, tweet.get("in_reply_to_status_id_str"), time, id_, None, audience
    seen = {actor, target}
    for mention in tweet["entities"]["user_mentions"]:
        if mention["id_str"] not in seen:
            seen.add(mention["id_str"])
            yield "mention", mention["id_str"], actor, None, time, id_, None, audience


def _account(user: Post | None, captured: int | None, accounts: Marks, id_: str = "id", handle: str = "username") -> None:
    if user is None:
        return
    told = (captured, user.get("public_metrics", user).get("followers_count", -1), user.get("name") or "")
    key = (user[id_], user[handle])
    if key not in accounts or accounts[key] < told:
        accounts[key] = told


def _totals(post: Post, captured: int | None, totals: Marks) -> None:
    author, metrics = post.get("author_id"), post.get("public_metrics")
    if author is None or metrics is None or any(other["type"] == "retweeted" for other in post.get("referenced_tweets", ())):
        return
    _newest(metrics, _KINDS, (post["id"], author, post["created_at"]), captured, totals)


def _classic_totals(tweet: Post, captured: int | None, totals: Marks) -> None:
    _newest(tweet, _CLASSIC_KINDS, (tweet["id_str"], tweet["user"]["id_str"], tweet["created_at"]), captured, totals)


def _newest(numbers: Post, kinds: dict[str, str], post: tuple[str, str, str], captured: int | None, totals: Marks) -> None:
    id_, author, made = post
    for kind, name in kinds.items():
        total = numbers.get(name)
        if total:
            mark = (captured, total, author, made)
            if (kind, id_) not in totals or totals[kind, id_] < mark:
                totals[kind, id_] = mark


def _table(reactions: list[tuple[Any, ...]], totals: Marks, accounts: Marks) -> Table:
    table = (
        _columns("kind subject actor item time id item_time audience", reactions),
        _columns("kind item captured total subject item_time", [(*key, *mark) for key, mark in totals.items()]),
        _columns("id handle captured audience name", [(*key, *told) for key, told in accounts.items()]),
    )
    for columns, name in ((table[0], "time"), (table[0], "item_time"), (table[1], "item_time")):
        columns[name] = microseconds(columns[name])
    table[2]["audience"] = [None if audience < 0 else audience for audience in table[2]["audience"]]
    return table


def _columns(names: str, rows: Sequence[tuple[Any, ...]]) -> Columns:
    return dict(zip(names.split(), map(list, zip(*rows, strict=True)), strict=True))
