"""The parser against a short independent count on files that are not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Source
from kleos.files import open_export

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
REAL = SHARED / "real/foursquare"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"real files are not at {REAL} (set KLEOS_SHARED)")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def counted(folder: Path, own: str) -> Iterator[tuple[str, int, int]]:
    """Yield (kind, how many by name, how many in all) for everything in an export or in saved check-ins, in the plainest way."""
    for path in sorted(folder.glob("*.json")):
        content = load(path)
        items = content.get("items", [content]) if path.name != "users.json" else []
        for one in items:
            if path.name.startswith("checkin"):
                people = {user["id"] for group in one.get("likes", {}).get("groups", []) for user in group["items"]} - {own}
                yield "like", len(people), one.get("likes", {}).get("count", 0)
                yield "comment", 0, one["comments"]["count"]
            elif path.name == "tips.json":
                yield "agree", 0, one["agreeCount"]
                yield "view", 0, one["viewCount"]
            elif path.name == "lists.json" and one["user"]["id"] == own:
                yield "list_follow", 0, one["followers"]["count"]
            elif path.name == "comments.json" and one["userId"] != own:
                yield "comment", 1, 1
        if path.name == "users.json":
            yield "friend", len(content["friends"]["items"]), 0
            yield "follow", len(content["followers"]["items"]), 0


@pytest.mark.parametrize(("folder", "own"), [("export-shape-synthetic", "100001"), ("api-checkin", "15889193")])
def test_the_parser_finds_what_a_short_script_counts(folder: str, own: str, read: Callable[..., Any], sources: dict[str, Source]) -> None:
    named: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for kind, names, total in counted(REAL / folder, own):
        named[kind] += names
        totals[kind] += total
    assert +totals
    found = read(REAL / folder)
    assert found.error is None
    assert not found.flaws
    assert found.kinds == +named
    told: Counter[str] = Counter()
    for (kind, _), total in found.totals.items():
        told[kind] += total
    assert +told == +totals
    assert found.subjects == {own}
    with open_export(REAL / folder) as export:
        assert sources["export"].recognise(export) >= 0.9
        assert [owner.ids for owner in sources["export"].owners(export)] == [(own,)]


def test_every_real_file_is_in_the_count() -> None:
    assert {path.parent.name for path in REAL.rglob("*") if path.is_file()} == {"export-shape-synthetic", "api-checkin"}
