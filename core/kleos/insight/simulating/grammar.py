"""Reactions that one might wish for, as people say it: "50 replies by 40 people with 2,000 followers on mastodon over 30 days"."""

from __future__ import annotations

import re

from attrs import frozen

from kleos.errors import UsageError

__all__ = ["EXAMPLE", "Wish", "read_wish"]

EXAMPLE = "50 replies by 40 people with 2,000 followers to 5 posts on mastodon over 30 days"
MOST = 100_000
"""Reactions in one wish."""

_CLAUSE = re.compile(r"\s+(by|with|to|on|over)\s+", re.IGNORECASE)
_COUNTED = re.compile(r"([0-9][0-9,_]*(?:\.[0-9]+)?)\s*([km]?)\s+(.+)\Z", re.IGNORECASE | re.DOTALL)
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000}
_SECOND = 1_000_000
_UNITS = {"hour": 3_600 * _SECOND, "day": 86_400 * _SECOND, "week": 7 * 86_400 * _SECOND}
_NOUNS = {
    "by": (("person", "people", "account", "accounts", "user", "users"), "by 40 people"),
    "with": (("follower", "followers", "follower each", "followers each"), "with 2,000 followers"),
    "to": (("post", "posts", "item", "items"), "to 5 posts"),
}


@frozen(kw_only=True)
class Wish:
    """What a wish says; what it leaves out is None."""

    text: str
    number: int
    kind: str
    """In the words of the wish."""
    people: int | None
    followers: int | None
    posts: int | None
    network: str | None
    span: int | None
    """µs."""


def read_wish(text: str) -> Wish:
    """Read a wish: a number and a kind of reaction, then any of by, with, to, on, over, once each and in any order.

    Raises `UsageError`.
    """
    first, *rest = _CLAUSE.split(" ".join(text.split()))
    number, kind = _counted(first, text, "a number and what it is of", "50 replies")
    clauses: dict[str, str] = {}
    for word, clause in zip(rest[::2], rest[1::2], strict=True):
        if word.lower() in clauses:
            raise _wrong(f"expected {word.lower()!r} once, found it twice", text)
        clauses[word.lower()] = clause
    counts = {word: _noun(word, clauses[word], text) for word in _NOUNS if word in clauses}
    people, posts = counts.get("by"), counts.get("to")
    _at_least_one(number, "reactions", text)
    _at_least_one(people, "people", text)
    _at_least_one(posts, "posts", text)
    if number > MOST:
        raise _wrong(f"expected at most {MOST:,} reactions, found {number:,}", text)
    if people is not None and people > number:
        raise _wrong(f"expected at most as many people as reactions, found {people:,} people and {number:,} {kind}", text)
    if posts is not None and posts > number:
        raise _wrong(f"expected at most as many posts as reactions, found {posts:,} posts and {number:,} {kind}", text)
    return Wish(
        text=text,
        number=number,
        kind=kind,
        people=people,
        followers=counts.get("with"),
        posts=posts,
        network=clauses.get("on"),
        span=_span(clauses["over"], text) if "over" in clauses else None,
    )


def _counted(words: str, text: str, what: str, example: str) -> tuple[int, str]:
    match = _COUNTED.match(words.strip())
    if match is None:
        raise _wrong(f"expected {what}, such as {example!r}, found {words.strip()!r}", text)
    digits = match[1].replace(",", "").replace("_", "")
    value = float(digits) * _TIMES[match[2].lower()]
    if not value.is_integer():
        raise _wrong(f"expected a whole number, found {match[1]}{match[2]}", text)
    return int(value), match[3].strip()


def _noun(word: str, clause: str, text: str) -> int:
    nouns, example = _NOUNS[word]
    number, noun = _counted(clause, text, f"{nouns[1]} after {word!r}", example)
    if noun.lower() not in nouns:
        raise _wrong(f"expected {nouns[1]} after {word!r}, such as {example!r}, found {clause!r}", text)
    return number


def _span(clause: str, text: str) -> int:
    number, unit = _counted(clause, text, "a length of time after 'over'", "over 30 days")
    length = _UNITS.get(unit.lower().removesuffix("s"))
    if length is None or number < 1:
        raise _wrong(f"expected hours, days or weeks after 'over', such as 'over 30 days', found {clause!r}", text)
    return number * length


def _at_least_one(number: int | None, what: str, text: str) -> None:
    if number is not None and number < 1:
        raise _wrong(f"expected at least one of {what}, found {number}", text)


def _wrong(message: str, text: str) -> UsageError:
    return UsageError(message, where=f"--add {text!r}", hint=f"write it like {EXAMPLE!r}; all after the kind may be left out")
