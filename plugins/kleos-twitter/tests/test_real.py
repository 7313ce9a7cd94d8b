"""Files made by Twitter itself: what the parsers find equals what a short script of its own counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Source
from kleos.errors import ExportError
from kleos.files import open_export


def test_the_archive_of_2026_holds_its_reference_counts(real: Path, archive: Source, collect: Callable[..., Any]) -> None:
    folder = real / "archive-2026"
    rows = json.loads((folder / "data" / "tweets.js").read_text("utf-8").partition("=")[2])
    independent = {
        "like": sum(int(row["tweet"]["favorite_count"]) for row in rows),
        "retweet": sum(int(row["tweet"]["retweet_count"]) for row in rows),
        "follow": (folder / "data" / "follower.js").read_text().count('"accountId"'),
    }
    collected = collect(archive, folder)
    assert collected.error is None
    assert collected.flaws == []
    assert collected.counts == independent == {"like": 1481, "retweet": 108, "follow": 61}
    with open_export(folder) as export:
        assert archive.recognise(export) == 1.0
        assert archive.owners(export)[0].handles == ("milahu104",)


def classic(tweets: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for tweet in tweets:
        me = tweet["user"]["id_str"]
        if "retweeted_status" in tweet:
            yield "retweet", me, tweet["retweeted_status"]["user"]["id_str"]
            continue
        if "quoted_status" in tweet:
            yield "quote", me, tweet["quoted_status"]["user"]["id_str"]
        target = tweet["in_reply_to_user_id_str"]
        if target:
            yield "reply", me, target
        for mention in {mention["id_str"] for mention in tweet["entities"]["user_mentions"]} - {target}:
            yield "mention", me, mention


def modern(pages: list[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for page in pages:
        users = {user["username"].lower(): user["id"] for user in page["includes"]["users"]}
        authors = {tweet["id"]: tweet["author_id"] for tweet in page["includes"].get("tweets", []) + page["data"]}
        for tweet in page["data"]:
            me = tweet["author_id"]
            refers = {one["type"]: one["id"] for one in tweet.get("referenced_tweets", [])}
            mentions = tweet.get("entities", {}).get("mentions", [])
            ids = [mention.get("id") or users.get(mention["username"].lower(), mention["username"]) for mention in mentions]
            if "retweeted" in refers:
                yield "retweet", me, authors.get(refers["retweeted"]) or ids[0]
                continue
            if authors.get(refers.get("quoted", "")):
                yield "quote", me, authors[refers["quoted"]]
            target = tweet.get("in_reply_to_user_id")
            if target:
                yield "reply", me, target
            for mention in set(ids) - {target}:
                yield "mention", me, mention


def counted(found: Iterator[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    return Counter((kind, subject) for kind, actor, subject in found if actor != subject)


@pytest.mark.parametrize("name", ["get_mentions", "get_replies", "get_retweets", "get_status", "get_user_timeline"])
def test_tweets_of_the_api_v1(real: Path, bulk: Source, collect: Callable[..., Any], name: str) -> None:
    path = real / "bulk-v1.1" / f"{name}.json"
    tweets = json.loads(path.read_text("utf-8"))
    collected = collect(bulk, path)
    assert (collected.error, collected.flaws) == (None, [])
    tweets = tweets if isinstance(tweets, list) else [tweets]
    assert Counter((one["kind"], one["subject"]) for one in collected.reactions) == counted(classic(tweets))
    posts = {post["id_str"]: post for tweet in tweets for post in (tweet, *embedded(tweet)) if "retweeted_status" not in post}
    for kind, key in (("like", "favorite_count"), ("retweet", "retweet_count")):
        assert sum(tally.total for tally in collected.tallies if tally.kind == kind) == sum(post[key] for post in posts.values())


def embedded(tweet: dict[str, Any]) -> list[dict[str, Any]]:
    if "retweeted_status" in tweet:
        return [tweet["retweeted_status"]]
    return [tweet["quoted_status"]] if "quoted_status" in tweet else []


@pytest.mark.parametrize("name", ["noflat", "entities_test", "mentions_tweet"])
def test_pages_of_the_api_v2(real: Path, bulk: Source, collect: Callable[..., Any], name: str) -> None:
    path = real / "bulk-v2" / f"{name}.jsonl"
    pages = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    collected = collect(bulk, path)
    assert (collected.error, collected.flaws) == (None, [])
    assert Counter((one["kind"], one["subject"]) for one in collected.reactions) == counted(modern(pages))
    tweets = {tweet["id"]: tweet for page in pages for tweet in page["data"] + page["includes"].get("tweets", [])}
    own = [tweet for tweet in tweets.values() if all(one["type"] != "retweeted" for one in tweet.get("referenced_tweets", []))]
    for kind, key in (("like", "like_count"), ("retweet", "retweet_count"), ("reply", "reply_count"), ("quote", "quote_count")):
        assert sum(tally.total for tally in collected.tallies if tally.kind == kind) == sum(one["public_metrics"][key] for one in own)


def test_the_flattened_file_says_the_same_as_its_page(real: Path, bulk: Source, collect: Callable[..., Any]) -> None:
    flat, page = (collect(bulk, real / "bulk-v2" / f"{name}.jsonl") for name in ("flat", "noflat"))
    assert (flat.error, flat.flaws) == (None, [])
    assert Counter((one["kind"], one["subject"]) for one in flat.reactions) == Counter(
        (one["kind"], one["subject"]) for one in page.reactions
    )
    assert {(tally.kind, tally.item, tally.total) for tally in flat.tallies} == {
        (tally.kind, tally.item, tally.total) for tally in page.tallies
    }


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bulk-v1.1/get_followers_0.json", "accounts"),
        ("bulk-v1.1/get_retweeters.json", "bare ids"),
        ("bulk-v2/counts.jsonl", "counts of posts"),
        ("bulk-v2/lists.jsonl", "lists"),
        ("bulk-v2/users.jsonl", "accounts"),
    ],
)
def test_files_without_posts_are_refused(real: Path, bulk: Source, collect: Callable[..., Any], name: str, found: str) -> None:
    collected = collect(bulk, real / name)
    assert collected.rows == []
    assert isinstance(collected.error, ExportError)
    assert f"found {found}" in collected.error.message
