"""Posts of the API v2: pages with their lookup tables, flattened posts, and the words of 2026."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from kleos.contract import Page, Source

CREATED = "2026-03-04T10:00:00.000Z"
TIME = 1_772_618_400_000_000
RETRIEVED = "2026-03-05T10:00:00+00:00"


def user(id_: str, name: str, followers: int = 10) -> dict[str, Any]:
    return {"id": id_, "username": name, "name": name.title(), "public_metrics": {"followers_count": followers, "tweet_count": 5}}


def post(author: str, id_: str = "100", **more: Any) -> dict[str, Any]:
    metrics = {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0}
    return {"id": id_, "text": "…", "author_id": author, "created_at": CREATED, "public_metrics": metrics} | more


def refers(type_: str, id_: str) -> dict[str, Any]:
    return {"referenced_tweets": [{"type": type_, "id": id_}]}


def named(*mentions: tuple[str | None, str]) -> dict[str, Any]:
    return {"entities": {"mentions": [{"start": 3, "end": 9, "username": name} | ({"id": id_} if id_ else {}) for id_, name in mentions]}}


def page(*posts: dict[str, Any], users: Any = (), tweets: Any = (), **more: Any) -> dict[str, Any]:
    return {"data": list(posts), "includes": {"users": list(users), "tweets": list(tweets)}, "__twarc": {"retrieved_at": RETRIEVED}} | more


@pytest.fixture
def read(bulk: Source, unfold: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def read(*records: Any) -> list[Any]:
        body = "\n".join(json.dumps(one) for one in records).encode()
        return unfold(bulk.parse(Page(network="twitter", source="bulk", where="x.jsonl", owner=None, captured=None, body=body)))

    return read


@pytest.fixture
def reactions(read: Callable[..., list[Any]]) -> Callable[..., set[tuple[Any, ...]]]:
    def reactions(*records: Any) -> set[tuple[Any, ...]]:
        batches = [row for row in read(*records) if hasattr(row, "actor")]
        return {row for batch in batches for row in zip(batch.kind, batch.actor, batch.subject, batch.item, strict=True)}

    return reactions


def test_a_retweet_is_one_share_and_its_counts_are_the_originals(read: Callable[..., Any]) -> None:
    original = post("1", "50", public_metrics={"like_count": 9, "retweet_count": 4, "bookmark_count": 2, "impression_count": 800})
    retweet = post("2", **refers("retweeted", "50"), **named(("1", "ada"), ("3", "eve"))) | {"public_metrics": {"retweet_count": 4}}
    batch, *rest = read(page(retweet, users=[user("1", "ada"), user("2", "bob", 230)], tweets=[original]))
    assert (batch.kind, batch.actor, batch.subject, batch.item) == (["retweet"], ["2"], ["1"], ["50"])
    assert (batch.id, batch.time, batch.item_time, batch.audience) == (["100"], [TIME], [TIME], [230])
    totals = {(row.kind, row.subject, row.item, row.total, row.captured.isoformat()) for row in rest if hasattr(row, "total")}
    assert totals == {(kind, "1", "50", n, RETRIEVED) for kind, n in (("like", 9), ("retweet", 4), ("bookmark", 2), ("view", 800))}


def test_a_retweet_whose_original_is_missing_names_its_author_in_the_text(reactions: Callable[..., Any]) -> None:
    retweet = post("2", **refers("retweeted", "50"), **named(("1", "ada"), ("3", "eve")))
    assert reactions(page(retweet)) == {("retweet", "2", "1", "50")}
    by_name = post("2", **refers("retweeted", "50"), **named((None, "Ada")))
    assert reactions(page(by_name)) == {("retweet", "2", "Ada", "50")}
    assert reactions(page(by_name, users=[user("1", "ada")])) == {("retweet", "2", "1", "50")}
    assert reactions(page(post("2", **refers("retweeted", "50")))) == set()


def test_a_reply_a_quote_and_mentions_are_told_apart(reactions: Callable[..., Any]) -> None:
    both = post("2", in_reply_to_user_id="1", **named(("1", "ada"), ("3", "eve"), ("3", "eve")))
    both["referenced_tweets"] = [{"type": "replied_to", "id": "50"}, {"type": "quoted", "id": "60"}]
    assert reactions(page(both, tweets=[post("1", "50"), post("4", "60")])) == {
        ("reply", "2", "1", "50"),
        ("quote", "2", "4", "60"),
        ("mention", "2", "3", None),
    }


def test_a_reply_to_a_post_that_is_gone_still_names_the_account(reactions: Callable[..., Any]) -> None:
    assert reactions(page(post("2", in_reply_to_user_id="1", **refers("replied_to", "50")))) == {("reply", "2", "1", "50")}
    assert reactions(page(post("2", in_reply_to_user_id="1"))) == {("reply", "2", "1", None)}
    assert reactions(page(post("2", **refers("replied_to", "50")), tweets=[post("1", "50")])) == {("reply", "2", "1", "50")}
    assert reactions(page(post("2", **refers("quoted", "50")))) == set()


def test_a_mention_without_an_id_is_looked_up_in_the_page(reactions: Callable[..., Any]) -> None:
    mention = post("2", **named((None, "ADA"), (None, "gone")))
    assert reactions(page(mention, users=[user("1", "ada")])) == {("mention", "2", "1", None), ("mention", "2", "gone", None)}


def test_reactions_to_oneself_are_left_out(reactions: Callable[..., Any]) -> None:
    own = [
        post("1", "100", **refers("retweeted", "50")),
        post("1", "101", **refers("quoted", "50")),
        post("1", "102", in_reply_to_user_id="1", **refers("replied_to", "50")),
        post("1", "103", **named(("1", "ada"), (None, "ada"))),
    ]
    assert reactions(page(*own, users=[user("1", "ada")], tweets=[post("1", "50")])) == set()


def test_a_single_look_up_a_stream_and_an_empty_page_are_pages(reactions: Callable[..., Any]) -> None:
    single = page() | {"data": post("2", in_reply_to_user_id="1"), "matching_rules": [{"id": "1"}]}
    assert reactions(single) == {("reply", "2", "1", None)}
    assert reactions({"meta": {"result_count": 0}}, {"data": [], "meta": {"result_count": 0}}, {"errors": []}) == set()
    assert reactions({"errors": [{"title": "Too Many Requests"}]}, single) == {("reply", "2", "1", None)}


def test_a_page_without_a_time_of_its_own_is_dated_by_its_newest_post(read: Callable[..., Any]) -> None:
    liked = post("1", "50", public_metrics={"like_count": 3})
    newest = post("2", "101", created_at="2026-03-09T10:00:00.000Z")
    (tally,) = (row for row in read(page(liked, newest, __twarc={})) if hasattr(row, "total"))
    assert tally.captured.day == 9


def flatten(envelope: dict[str, Any]) -> list[dict[str, Any]]:
    """Put into each post what it refers to, as ``twarc2 flatten`` does."""
    includes = envelope["includes"]
    users = {one["id"]: one for one in includes["users"]}
    names = {one["username"]: one for one in includes["users"]}
    tweets = {one["id"]: one for one in includes["tweets"]}
    flat = []
    for one in copy.deepcopy(envelope["data"]):
        for reference in one.get("referenced_tweets", ()):
            reference.update(tweets.get(reference["id"], {}))
            if "author_id" in reference:
                reference["author"] = users[reference["author_id"]]
        for mention in one.get("entities", {}).get("mentions", ()):
            mention.update(names.get(mention["username"], {}))
        one["author"] = users[one["author_id"]]
        if "in_reply_to_user_id" in one:
            one["in_reply_to_user"] = users[one["in_reply_to_user_id"]]
        one["__twarc"] = envelope["__twarc"]
        flat.append(one)
    return flat


def modernise(record: Any) -> Any:
    """Use the words of 2026."""
    text = json.dumps(record)
    for old, new in (
        ("referenced_tweets", "referenced_posts"),
        ('"tweets":', '"posts":'),
        ('"retweet_count"', '"repost_count"'),
        ("edit_history_tweet_ids", "edit_history_post_ids"),
        ('"tweet_count"', '"post_count"'),
    ):
        text = text.replace(old, new)
    return json.loads(text)


@pytest.fixture
def varied() -> dict[str, Any]:
    users = [user("1", "ada", 480), user("2", "bob", 230), user("3", "eve", 20000)]
    originals = [post("1", "50", public_metrics={"like_count": 9, "retweet_count": 4}), post("2", "51", public_metrics={"like_count": 1})]
    posts = [
        post("2", "100", **refers("retweeted", "50"), **named(("1", "ada"))),
        post("3", "101", in_reply_to_user_id="1", **refers("replied_to", "50"), **named((None, "ada"), (None, "bob"))),
        post("3", "102", **refers("quoted", "51"), public_metrics={"like_count": 5, "retweet_count": 1}),
        post("1", "103", **named((None, "eve"))),
    ]
    return page(*posts, users=users, tweets=originals)


def as_set(rows: list[Any]) -> set[str]:
    found = set()
    for row in rows:
        if hasattr(row, "actor"):
            columns = (row.kind, row.actor, row.subject, row.item, row.time, row.id, row.item_time, row.audience)
            found |= {repr(values) for values in zip(*columns, strict=True)}
        else:
            found.add(repr(row))
    return found


def test_flattened_posts_say_the_same_as_their_page(read: Callable[..., Any], varied: dict[str, Any]) -> None:
    assert as_set(read(*flatten(varied))) == as_set(read(varied))


def test_the_words_of_2026_say_the_same(read: Callable[..., Any], varied: dict[str, Any]) -> None:
    assert as_set(read(modernise(varied))) == as_set(read(varied))
    assert as_set(read(*modernise(flatten(varied)))) == as_set(read(varied))


def test_a_post_without_an_author_is_told(read: Callable[..., Any]) -> None:
    nobody = {"id": "100", "text": "…", "edit_history_tweet_ids": ["100"]}
    (flaw,) = read({"data": [nobody]})
    assert "author_id" in flaw.reason


def test_a_missing_date_is_read_from_the_id_and_a_broken_one_is_told(read: Callable[..., Any]) -> None:
    reply = post("2", "2029905358261502168", in_reply_to_user_id="1")
    for created, flaws in ((None, 0), ("0000-01-01T00:00:00.000Z", 1)):
        rows = read(page(reply | {"created_at": created}))
        assert rows[0].time[0] // 1_000_000 == 1_772_802_125
        assert len([row for row in rows if hasattr(row, "reason")]) == flaws
