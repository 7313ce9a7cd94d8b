"""What a piece of Twitter's JSON is: one of the forms that hold posts, or one of those that do not."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import msgspec

__all__ = ["REFUSED", "Shape", "elements_of", "first_look", "shape_of"]


class Shape(enum.Enum):
    """The forms that one JSON value, or one line, may have."""

    CLASSIC = "a tweet of the API v1.1"
    STATUSES = "a search page of the API v1.1"
    ENVELOPE = "a page of the API v2"
    FLAT = "a tweet of the API v2, flattened"
    NOTICE = "a notice of a stream, or an empty page"
    USERS = "accounts"
    COUNTS = "counts of posts over time"
    LISTS = "lists"
    IDS = "bare ids"
    COMPLIANCE = "compliance events"
    OTHER = "something else"


REFUSED: Mapping[Shape, str] = {
    shape: f"expected posts, found {shape.value}: they do not say who reacted to what"
    for shape in (Shape.USERS, Shape.COUNTS, Shape.LISTS, Shape.IDS, Shape.COMPLIANCE)
} | {Shape.OTHER: "expected posts of Twitter's API v1.1 or v2, found something else"}
"""The forms without reactions, each in one sentence."""

_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])

_POST = {"author_id", "edit_history_tweet_ids", "edit_history_post_ids", "referenced_tweets", "referenced_posts", "conversation_id"}
_NOTICES = {"delete", "limit", "warning", "disconnect", "scrub_geo", "status_withheld", "user_withheld", "friends", "errors", "meta"}


def shape_of(raw: bytes | msgspec.Raw) -> Shape:
    """Tell which form a whole JSON value has; an array has that of its first element.

    Only keys are looked at. Raises `ValueError` or `RecursionError` for what is no JSON.
    """
    elements = elements_of(raw)
    if elements is not None:
        return shape_of(elements[0]) if elements else Shape.NOTICE
    try:
        top = _OBJECT.decode(raw)
    except msgspec.ValidationError:
        return Shape.OTHER
    return _page(top["data"]) if "data" in top else _by_keys(top.keys())


_PAGE = re.compile(rb'\s*\{\s*"data"\s*:\s*\[\s*(?=\{)')
_HEAD = 1 << 16
_FIRST = json.JSONDecoder()


def first_look(text: bytes) -> Shape | None:
    """Tell that a text begins with a page of posts; None where it takes a look at more than its first post to know."""
    found = _PAGE.match(text, 0, _HEAD)
    if found is None:
        return None
    try:
        post, _ = _FIRST.raw_decode(text[found.end() : _HEAD].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return Shape.ENVELOPE if _is_post(post.keys()) else None


def elements_of(raw: bytes | msgspec.Raw) -> list[msgspec.Raw] | None:
    """Return the elements of a JSON array, None for any other value. Raises `ValueError` or `RecursionError` for what is no JSON."""
    try:
        return _LIST.decode(raw)
    except msgspec.ValidationError:
        return None


def _page(data: msgspec.Raw) -> Shape:
    elements = elements_of(data)
    if elements is not None and not elements:
        return Shape.NOTICE
    try:
        keys = _OBJECT.decode(elements[0] if elements else data).keys()
    except msgspec.ValidationError:
        return Shape.OTHER
    return Shape.ENVELOPE if _is_post(keys) else _without_posts(keys)


def _by_keys(keys: AbstractSet[str]) -> Shape:
    if "statuses" in keys:
        return Shape.STATUSES
    if "user" in keys and ("id_str" in keys or ("created_at" in keys and not keys.isdisjoint({"text", "full_text"}))):
        return Shape.CLASSIC
    if _is_post(keys):
        return Shape.FLAT
    found = _without_posts(keys)
    return Shape.NOTICE if found is Shape.OTHER and not keys.isdisjoint(_NOTICES) else found


def _is_post(keys: AbstractSet[str]) -> bool:
    return "id" in keys and "text" in keys and not keys.isdisjoint(_POST)


def _without_posts(keys: AbstractSet[str]) -> Shape:
    if not keys.isdisjoint({"tweet_count", "post_count"}) and "start" in keys:
        return Shape.COUNTS
    if not keys.isdisjoint({"lists", "member_count"}):
        return Shape.LISTS
    if not keys.isdisjoint({"users", "screen_name"}) or ("username" in keys and "text" not in keys):
        return Shape.USERS
    if "ids" in keys:
        return Shape.IDS
    return Shape.COMPLIANCE if {"action", "id"} <= keys and "reason" in keys else Shape.OTHER
