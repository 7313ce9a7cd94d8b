"""Tweets to read: seeded ones, in the words and with the weight of real ones (texts, pictures, annotations), and real ones, if any.

Real ones are few: they are repeated, each time as other posts of other accounts.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["PER_PAGE", "pages", "real"]

PER_PAGE = 100
_START = datetime(2026, 1, 1, tzinfo=UTC)
_WORDS = ("kiln", "glaze", "thrown", "fired", "blue", "the", "of", "and", "with", "days", "clay", "wheel", "market", "☀️", "naïve", "schön")

_REAL: Mapping[str, Sequence[str]] = {
    "pages": ("bulk-v2/noflat.jsonl", "bulk-v2/entities_test.jsonl", "bulk-v2/mentions_tweet.jsonl"),
    "flattened": ("bulk-v2/flat.jsonl",),
    "classic": (
        "bulk-v1.1/get_mentions.json",
        "bulk-v1.1/get_replies.json",
        "bulk-v1.1/get_retweets.json",
        "bulk-v1.1/get_user_timeline.json",
    ),
}
"""Form → files below ``real/twitter`` of the folder that `KLEOS_SHARED` names, or of ``../shared``."""
_ID = re.compile(rb'"(\d{3,20})"')


def pages(size: int, *, seed: int = 1) -> bytes:
    """Return at least `size` bytes of pages: a fifth each of plain posts, replies, quotes, retweets and mentions; accounts Zipf 1.3."""
    dice = np.random.default_rng(seed)
    lines: list[bytes] = []
    length = number = 0
    while length < size:
        lines.append(json.dumps(_page(dice, number), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        length += len(lines[-1])
        number += 1
    return b"".join(lines)


def real(size: int) -> dict[str, bytes]:
    """Return at least `size` bytes of real tweets in each form, one JSON value a line; nothing where there are none on this machine."""
    folder = Path(os.environ.get("KLEOS_SHARED", Path(__file__).parents[2] / "shared")) / "real" / "twitter"
    if not folder.is_dir():
        return {}
    return {form: _repeated(b"".join(_lines(folder / name) for name in names), size) for form, names in _REAL.items()}


def _lines(path: Path) -> bytes:
    if path.suffix == ".jsonl":
        return path.read_bytes().rstrip(b"\n") + b"\n"
    tweets = json.loads(path.read_text("utf-8"))
    return b"".join(json.dumps(tweet, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for tweet in tweets)


def _repeated(lines: bytes, size: int) -> bytes:
    copies = [lines]
    while sum(map(len, copies)) < size:
        mark = b"%03d" % len(copies)
        copies.append(_ID.sub(lambda found, mark=mark: b'"' + found[1][:-3] + mark + found[1][-3:] + b'"', lines))
    return b"".join(copies)


def _page(dice: np.random.Generator, number: int) -> dict[str, Any]:
    base = 1_900_000_000_000_000_000 + number * 10_000_000
    accounts = [int(one) for one in np.minimum(dice.zipf(1.3, PER_PAGE * 2), 400_000)]
    posts: list[dict[str, Any]] = []
    originals: list[dict[str, Any]] = []
    for place in range(PER_PAGE):
        author, other = accounts[place], accounts[PER_PAGE + place]
        post = _post(dice, base + place * 1000, author)
        sort = ("", "replied_to", "quoted", "retweeted", "")[place % 5]
        if sort:
            original = _post(dice, base - 5_000_000 + place * 1000, other)
            originals.append(original)
            post["referenced_tweets"] = [{"type": sort, "id": original["id"]}]
        if sort == "replied_to":
            post["in_reply_to_user_id"] = str(other)
        if place % 5 in (1, 3, 4):
            post["entities"]["mentions"] = [{"start": 3, "end": 12, "username": f"account_{other}", "id": str(other)}]
        posts.append(post)
    users = [_user(account) for account in sorted(set(accounts))]
    retrieved = (_START + timedelta(seconds=number * 30 + 60)).isoformat()
    return {
        "data": posts,
        "includes": {"users": users, "tweets": originals},
        "meta": {"newest_id": posts[-1]["id"], "oldest_id": posts[0]["id"], "result_count": PER_PAGE, "next_token": f"b26v89c19z{number}"},
        "__twarc": {"url": "https://api.twitter.com/2/tweets/search/recent?query=kiln", "version": "2.14.0", "retrieved_at": retrieved},
    }


def _post(dice: np.random.Generator, id_: int, author: int) -> dict[str, Any]:
    likes, reposts, replies, quotes, bookmarks, views = (int(one) for one in dice.geometric((0.1, 0.4, 0.5, 0.9, 0.7, 0.001)) - 1)
    text = " ".join(_WORDS[place] for place in dice.integers(0, len(_WORDS), 25))
    made = _START + timedelta(milliseconds=(id_ - 1_899_999_990_000_000_000) // 1000)
    topic = {"id": "10026364281", "name": "Crafts", "description": "Things that people make by hand, and the tools and places for it"}
    return {
        "id": str(id_),
        "text": text,
        "author_id": str(author),
        "created_at": made.strftime("%Y-%m-%dT%H:%M:%S.") + f"{made.microsecond // 1000:03}Z",
        "conversation_id": str(id_),
        "edit_history_tweet_ids": [str(id_)],
        "edit_controls": {"edits_remaining": 5, "is_edit_eligible": True, "editable_until": "2026-03-01T10:00:00.000Z"},
        "lang": "en",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "public_metrics": {
            "retweet_count": reposts,
            "reply_count": replies,
            "like_count": likes,
            "quote_count": quotes,
            "bookmark_count": bookmarks,
            "impression_count": views,
        },
        "context_annotations": [
            {"domain": {"id": str(domain), "name": "Interests and Hobbies"}, "entity": topic} for domain in (46, 65, 66)
        ],
        "entities": {
            "urls": [
                {
                    "start": 40,
                    "end": 63,
                    "url": "https://t.co/abcdefghij",
                    "expanded_url": "https://example.org/a/long/way/to/a/pot",
                    "display_url": "example.org/a/long/way…",
                    "status": 200,
                    "title": "A pot, and how it came to be",
                    "description": text[:80],
                }
            ],
            "annotations": [{"start": 4, "end": 9, "probability": 0.8731, "type": "Product", "normalized_text": "kiln"}],
        },
    }


def _user(account: int) -> dict[str, Any]:
    return {
        "id": str(account),
        "username": f"account_{account}",
        "name": f"Account {account}",
        "created_at": "2012-05-06T07:08:09.000Z",
        "description": "Pots, mostly blue ones. Opinions are the wheel's. she/her",
        "location": "Delft",
        "profile_image_url": "https://pbs.twimg.com/profile_images/1234567890123456789/abcdefgh_normal.jpg",
        "protected": False,
        "verified": False,
        "public_metrics": {"followers_count": account * 7 % 100_003, "following_count": 300, "tweet_count": 4000, "listed_count": 9},
    }
