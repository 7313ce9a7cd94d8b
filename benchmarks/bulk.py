"""Bulk: collected tweets (API v2, JSON lines) → reactions, totals and accounts as columns, against the same by hand from other decoders."""

from __future__ import annotations

import gc
import json
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import orjson

from benchmarks.tweets import PER_PAGE, pages
from kleos.contract import Batch, Page, Profiles, Row, Tallies
from kleos.plugins import load
from kleos_twitter.times import microseconds

__all__ = ["main"]

ROUNDS = 7
SIZE = 24 << 20
"""Bytes of one page that a parser is given; whole lines and at most 32 MB, as the core gives them."""
KINDS = {
    "like": "like_count",
    "retweet": "retweet_count",
    "reply": "reply_count",
    "quote": "quote_count",
    "bookmark": "bookmark_count",
    "view": "impression_count",
}
Columns = dict[str, list[Any]]
Table = tuple[Columns, Columns, Columns]
"""Reactions, totals, accounts."""


def main(megabytes: int = 100) -> dict[str, Any]:
    """Run all in turns, compare what they found, and return seconds (medians), ratio, memory and versions."""
    bodies = [pages(SIZE, seed=seed) for seed in range(1, 2 + (megabytes << 20) // SIZE)]
    network = load(networks=["twitter"], metrics=[]).networks["twitter"]
    bulk = next(source for source in network.sources if source.name == "bulk")

    def kleos(body: bytes) -> list[Row]:
        return list(bulk.parse(Page(network="twitter", source="bulk", where="tweets.jsonl", owner=None, captured=None, body=body)))

    contenders: Mapping[str, Callable[[bytes], Any]] = {
        "kleos": kleos,
        "stdlib json": lambda body: _by_hand(map(json.loads, body.splitlines())),
        "orjson": lambda body: _by_hand(map(orjson.loads, body.splitlines())),
        "msgspec": lambda body: _by_hand(map(msgspec.json.Decoder().decode, body.splitlines())),
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):  # the first round warms up
        for name, parse in contenders.items():
            gc.collect()
            start = time.perf_counter()
            for body in bodies:
                parse(body)
            seconds[name].append(time.perf_counter() - start)
    expected = _sorted(_by_hand(map(json.loads, bodies[0].splitlines())))
    for name, parse in contenders.items():
        found = parse(bodies[0])
        if _sorted(_table(found) if name == "kleos" else found) != expected:
            raise AssertionError(f"{name} found something else")
    medians = {name: statistics.median(took[1:]) for name, took in seconds.items()}
    length = sum(map(len, bodies))
    posts = sum(body.count(b"\n") for body in bodies) * PER_PAGE
    return {
        "benchmark": "bulk",
        "rows": posts,
        "megabytes": length >> 20,
        "memory": "REUSED",
        "seconds": {name: round(took, 3) for name, took in medians.items()},
        "ratio": {name: round(took / medians["kleos"], 2) for name, took in medians.items() if name != "kleos"},
        "megabytes_per_second": round(length / medians["kleos"] / 1e6),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "versions": {"msgspec": msgspec.__version__, "orjson": orjson.__version__},
    }


def _by_hand(records: Iterable[Any]) -> Table:
    """Return the same columns from decoded pages, as one writes it by hand; of an account and a total the newest is kept.

    Times are read by the plugin's own function, so that what differs is the decoding and what is made of it.
    """
    reactions: list[tuple[Any, ...]] = []
    totals: dict[tuple[str, str], tuple[Any, ...]] = {}
    accounts: dict[tuple[str, str], tuple[Any, ...]] = {}
    for page in records:
        (captured,) = microseconds([page["__twarc"]["retrieved_at"]])
        users = {user["id"]: user for user in page["includes"]["users"]}
        tweets = {post["id"]: post for post in (*page["includes"]["tweets"], *page["data"])}
        for user in users.values():
            told = (captured, user["public_metrics"]["followers_count"], user["name"])
            key = (user["id"], user["username"])
            if key not in accounts or accounts[key] < told:
                accounts[key] = told
        for post in page["data"]:
            reactions += _reactions(post, users, tweets)
        for post in tweets.values():
            if any(other["type"] == "retweeted" for other in post.get("referenced_tweets", ())):
                continue
            id_, metrics = post["id"], post["public_metrics"]
            for kind, name in KINDS.items():
                total = metrics[name]
                if total:
                    mark = (captured, total, post["author_id"], post["created_at"])
                    if (kind, id_) not in totals or totals[kind, id_] < mark:
                        totals[kind, id_] = mark
    table = (
        _columns("kind subject actor item time id item_time audience", reactions),
        _columns("kind item captured total subject item_time", [(*key, *mark) for key, mark in totals.items()]),
        _columns("id handle captured audience name", [(*key, *told) for key, told in accounts.items()]),
    )
    for columns, name in ((table[0], "time"), (table[0], "item_time"), (table[1], "item_time")):
        columns[name] = microseconds(columns[name])
    return table


def _reactions(post: dict[str, Any], users: dict[str, Any], tweets: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    actor, time_, id_ = post["author_id"], post["created_at"], post["id"]
    audience = users[actor]["public_metrics"]["followers_count"]
    target = post.get("in_reply_to_user_id")
    item = item_time = None
    for other in post.get("referenced_tweets", ()):
        original = tweets[other["id"]]
        subject, made = original["author_id"], original["created_at"]
        if other["type"] == "retweeted":
            if subject != actor:
                yield "retweet", subject, actor, original["id"], time_, id_, made, audience
            return
        if other["type"] == "replied_to":
            item, item_time = original["id"], made
        elif subject != actor:
            yield "quote", subject, actor, original["id"], time_, id_, made, audience
    if target and target != actor:
        yield "reply", target, actor, item, time_, id_, item_time, audience
    seen = {actor, target}
    for mention in post.get("entities", {}).get("mentions", ()):
        if mention["id"] not in seen:
            seen.add(mention["id"])
            yield "mention", mention["id"], actor, None, time_, id_, None, audience


def _columns(names: str, rows: list[tuple[Any, ...]]) -> Columns:
    return dict(zip(names.split(), map(list, zip(*rows, strict=True)), strict=True))


def _table(rows: Iterable[Row]) -> Table:
    """Return rows of the contract in the form of `_by_hand`."""
    reactions: Columns = {}
    totals: Columns = {}
    accounts: Columns = {}
    for row in rows:
        whole = reactions if isinstance(row, Batch) else totals if isinstance(row, Tallies) else accounts
        assert isinstance(row, Batch | Tallies | Profiles)
        if isinstance(row, Profiles) and row.audience is None:
            continue  # accounts that are only named in a text
        for name in ("kind", "subject", "actor", "item", "time", "id", "item_time", "audience", "total", "captured", "handle", "name"):
            column = getattr(row, name, None)
            if column is not None:
                whole.setdefault(name, []).extend(column)
    return reactions, totals, accounts


def _sorted(table: Table) -> list[list[str]]:
    return [sorted(map(repr, zip(*(columns[name] for name in sorted(columns)), strict=True))) for columns in table]


if __name__ == "__main__":
    print(json.dumps(main()))
