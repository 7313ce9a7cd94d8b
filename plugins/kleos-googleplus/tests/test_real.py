"""The parser against a short independent count on real files, which are not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
ARCHIVE = SHARED / "real/googleplus/takeout-json"

pytestmark = pytest.mark.skipif(not ARCHIVE.is_dir(), reason=f"real files are not at {ARCHIVE} (set KLEOS_SHARED)")


@pytest.fixture
def posts() -> list[dict[str, Any]]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in ARCHIVE.rglob("*.json")]


def test_the_parser_finds_what_a_short_script_counts(posts: list[dict[str, Any]], read: Callable[..., Any]) -> None:
    counted: Counter[str] = Counter()
    for post in posts:
        owner = post["author"]["resourceName"]
        counted["comment"] += sum(one["author"]["resourceName"] != owner for one in post.get("comments", []))
        counted["plusone"] += sum(one["plusOner"]["resourceName"] != owner for one in post.get("plusOnes", []))
        counted["reshare"] += sum(one["resharer"]["resourceName"] != owner for one in post.get("reshares", []))
    found = read(ARCHIVE)
    assert Counter(row.kind for row in found.reactions) == counted
    assert not found.flaws


def test_no_two_real_reactions_fall_into_one(read: Callable[..., Any]) -> None:
    found = read(ARCHIVE)
    assert len(found.distinct) == len(found.reactions)


def test_the_owner_and_everybody_else_are_known_by_their_ids(posts: list[dict[str, Any]], read: Callable[..., Any]) -> None:
    found = read(ARCHIVE)
    authors = {(post["author"]["resourceName"], post["author"]["displayName"]) for post in posts}
    assert {(f"users/{found.owner.ids[0]}", found.owner.names[0])} == authors
    assert {row.subject for row in found.reactions} == set(found.owner.ids)
    assert all(row.actor.isdecimal() and len(row.actor) == 21 for row in found.reactions)
