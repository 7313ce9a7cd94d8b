"""Tweets of the API v1.1: who reacted to whom, and the traps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kleos.contract import Page, Source

ADA = {"id_str": "1", "screen_name": "ada", "name": "Ada", "followers_count": 480}
BOB = {"id_str": "2", "screen_name": "bob", "name": "Bob", "followers_count": 230}
EVE = {"id_str": "3", "screen_name": "Eve", "name": "Eve", "followers_count": 20000}
CREATED = "Wed Mar 04 10:00:00 +0000 2026"
TIME = 1_772_618_400_000_000


def tweet(user: dict[str, Any], id_: str = "100", **more: Any) -> dict[str, Any]:
    return {"id_str": id_, "created_at": CREATED, "user": user, "favorite_count": 0, "retweet_count": 0} | more


def mentions(*users: dict[str, Any]) -> dict[str, Any]:
    return {"user_mentions": [{"id_str": user["id_str"], "screen_name": user["screen_name"]} for user in users]}


def reply(user: dict[str, Any], to: dict[str, Any], **more: Any) -> dict[str, Any]:
    target = {"in_reply_to_status_id_str": "50", "in_reply_to_user_id_str": to["id_str"], "in_reply_to_screen_name": to["screen_name"]}
    return tweet(user, **target, **{"entities": mentions(to)} | more)


@pytest.fixture
def read(bulk: Source, unfold: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def read(*tweets: Any) -> list[Any]:
        body = "\n".join(json.dumps(one) for one in tweets).encode()
        return unfold(bulk.parse(Page(network="twitter", source="bulk", where="x.jsonl", owner=None, captured=None, body=body)))

    return read


@pytest.fixture
def reactions(read: Callable[..., list[Any]]) -> Callable[..., set[tuple[Any, ...]]]:
    def reactions(*tweets: Any) -> set[tuple[Any, ...]]:
        batches = [row for row in read(*tweets) if hasattr(row, "actor")]
        return {row for batch in batches for row in zip(batch.kind, batch.actor, batch.subject, batch.item, strict=True)}

    return reactions


def test_a_retweet_is_one_share_of_the_original_and_nothing_else(reactions: Callable[..., Any], read: Callable[..., Any]) -> None:
    original = tweet(ADA, "50", favorite_count=9, retweet_count=4)
    retweet = tweet(BOB, retweeted_status=original, retweet_count=4, favorite_count=0, entities=mentions(ADA, EVE))
    assert reactions(retweet) == {("retweet", "2", "1", "50")}
    (batch, *rest) = read(retweet)
    assert (batch.id, batch.time, batch.item_time, batch.audience) == (["100"], [TIME], [TIME], [230])
    # the totals are the original's, and belong to its author
    assert {(row.kind, row.subject, row.item, row.total) for row in rest if hasattr(row, "total")} == {
        ("like", "1", "50", 9),
        ("retweet", "1", "50", 4),
    }


def test_a_retweet_of_a_quote_is_no_second_quote(reactions: Callable[..., Any]) -> None:
    inner = tweet(ADA, "40")
    quote = tweet(BOB, "50", quoted_status=inner, quoted_status_id_str="40", is_quote_status=True)
    retweet = tweet(EVE, "60", retweeted_status=quote, quoted_status=inner, quoted_status_id_str="40", is_quote_status=True)
    assert reactions(quote) == {("quote", "2", "1", "40")}
    assert reactions(retweet) == {("retweet", "3", "2", "50")}


def test_a_reply_mentions_its_target_only_by_the_way(reactions: Callable[..., Any]) -> None:
    assert reactions(reply(BOB, ADA)) == {("reply", "2", "1", "50")}
    assert reactions(reply(BOB, ADA, entities=mentions(ADA, EVE))) == {("reply", "2", "1", "50"), ("mention", "2", "3", None)}


def test_a_reply_to_a_handle_without_an_id_is_a_reply_to_the_handle(reactions: Callable[..., Any]) -> None:
    without = reply(BOB, ADA) | {"in_reply_to_user_id_str": None}
    assert reactions(without) == {("reply", "2", "ada", "50")}
    assert reactions(reply(EVE, EVE) | {"in_reply_to_user_id_str": None, "in_reply_to_screen_name": "eve"}) == set()


def test_a_tweet_addressed_to_somebody_is_a_reply_without_an_item(reactions: Callable[..., Any]) -> None:
    assert reactions(reply(BOB, ADA) | {"in_reply_to_status_id_str": None}) == {("reply", "2", "1", None)}


def test_a_reply_that_quotes_somebody_else_is_both(reactions: Callable[..., Any]) -> None:
    both = reply(BOB, ADA, quoted_status=tweet(EVE, "70"))
    assert reactions(both) == {("reply", "2", "1", "50"), ("quote", "2", "3", "70")}


def test_somebody_named_twice_is_mentioned_once(reactions: Callable[..., Any]) -> None:
    assert reactions(tweet(BOB, entities=mentions(ADA, ADA, EVE))) == {("mention", "2", "1", None), ("mention", "2", "3", None)}


def test_a_mention_of_an_account_without_an_id_is_one_of_its_handle(reactions: Callable[..., Any]) -> None:
    entities = {"user_mentions": [{"id_str": "-1", "screen_name": "gone"}, {"id_str": None, "screen_name": "away"}, {"screen_name": None}]}
    assert reactions(tweet(BOB, entities=entities)) == {("mention", "2", "gone", None), ("mention", "2", "away", None)}


def test_the_whole_text_of_a_long_tweet_counts(reactions: Callable[..., Any]) -> None:
    long = tweet(BOB, truncated=True, entities=mentions(), extended_tweet={"full_text": "…", "entities": mentions(ADA)})
    assert reactions(long) == {("mention", "2", "1", None)}


@pytest.mark.parametrize("address", ["https://twitter.com/ada/status/40", "https://x.com/ada/status/40?s=20"])
def test_a_quote_of_a_tweet_that_is_gone_is_told_by_its_address(reactions: Callable[..., Any], address: str) -> None:
    gone = tweet(
        BOB, is_quote_status=True, quoted_status_id_str="40", quoted_status_permalink={"url": "https://t.co/x", "expanded": address}
    )
    assert reactions(gone) == {("quote", "2", "ada", "40")}
    assert reactions(gone | {"user": ADA}) == set()


def test_a_quote_of_nobody_known_is_nothing(reactions: Callable[..., Any]) -> None:
    assert reactions(tweet(BOB, is_quote_status=True, quoted_status_id_str="40")) == set()
    link = {"expanded": "https://twitter.com/i/web/status/40"}
    assert reactions(tweet(BOB, is_quote_status=True, quoted_status_id_str="40", quoted_status_permalink=link)) == set()


def test_reactions_to_oneself_are_left_out(reactions: Callable[..., Any]) -> None:
    own = tweet(ADA, "50")
    everything = [
        tweet(ADA, retweeted_status=own),
        tweet(ADA, quoted_status=own, quoted_status_id_str="50"),
        reply(ADA, ADA),
        tweet(ADA, entities=mentions(ADA)),
    ]
    assert reactions(*everything) == set()


def test_totals_belong_to_the_author_and_zeros_are_left_out(read: Callable[..., Any]) -> None:
    rows = read(tweet(ADA, "100", favorite_count=7, retweet_count=0, reply_count=2, quote_count=1))
    totals = {(row.kind, row.subject, row.item, row.total) for row in rows if hasattr(row, "total")}
    assert totals == {("like", "1", "100", 7), ("reply", "1", "100", 2), ("quote", "1", "100", 1)}


def test_the_newest_capture_of_a_total_and_of_an_audience_wins_in_any_order(read: Callable[..., Any]) -> None:
    older = tweet(BOB, "60", retweeted_status=tweet(ADA, "50", favorite_count=9), created_at="Wed Mar 04 11:00:00 +0000 2026")
    newer = tweet(
        BOB | {"followers_count": 99},
        "61",
        retweeted_status=tweet(ADA | {"followers_count": 500}, "50", favorite_count=8),
        created_at="Wed Mar 04 12:00:00 +0000 2026",
    )
    for order in ((older, newer), (newer, older)):
        rows = read(*order)
        assert [(row.total, row.captured.hour) for row in rows if hasattr(row, "total")] == [(8, 12)]
        assert {row.id: row.audience for row in rows if hasattr(row, "handle")} == {"1": 500, "2": 99}


def test_accounts_are_told_with_id_handle_name_and_audience(read: Callable[..., Any]) -> None:
    rows = read(tweet(BOB, entities=mentions(EVE)), reply(EVE, {"id_str": "9", "screen_name": "zoe"}))
    profiles = {row.id: (row.handle, row.name, row.audience) for row in rows if hasattr(row, "handle")}
    assert profiles == {"2": ("bob", "Bob", 230), "3": ("Eve", "Eve", 20000), "9": ("zoe", None, None)}


def test_an_account_that_changed_its_handle_is_told_by_both(read: Callable[..., Any]) -> None:
    rows = read(tweet(BOB, "100"), tweet(BOB | {"screen_name": "robert"}, "101"), tweet(ADA, "102", entities=mentions(BOB)))
    assert {(row.id, row.handle) for row in rows if hasattr(row, "handle")} == {("1", "ada"), ("2", "bob"), ("2", "robert")}


def test_a_missing_date_is_read_from_the_id_and_a_broken_one_is_told(read: Callable[..., Any]) -> None:
    id_ = "2029905358261502168"
    for created, flaws in ((None, 0), ("Wed Mar 04 10:00:00 +0000 0000", 1)):
        rows = read(reply(BOB, ADA, id_str=id_, created_at=created))
        assert rows[0].time[0] // 1_000_000 == 1_772_802_125
        assert len([row for row in rows if hasattr(row, "reason")]) == flaws
    assert read(reply(BOB, ADA, created_at=None))[0].time == [None]
