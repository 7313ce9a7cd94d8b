"""The parsers against short independent counts on files that are not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Source
from kleos.errors import ParseError
from kleos.files import open_export

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
REAL = SHARED / "real/youtube"
GOOGLE = "UC_x5XG1OV2P6uZZ5FSM9Ttw"
WRITER = "UCNvMBmCASzTNNX8lW3JRMbw"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"real files are not at {REAL} (set KLEOS_SHARED)")


def lists(folder: str) -> list[Path]:
    return [path for path in sorted((REAL / "data-api" / folder).glob("*.json")) if b"ListResponse" in path.read_bytes()]


@pytest.mark.parametrize("told", [GOOGLE, WRITER])
@pytest.mark.parametrize("folder", ["comment_threads", "comments"])
def test_the_parser_finds_what_a_short_script_counts(folder: str, told: str, read: Callable[..., Any]) -> None:
    paths = lists(folder)
    assert paths
    counted: Counter[tuple[str, str]] = Counter()
    likes: dict[str, int] = {}
    for path in paths:
        for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
            channel = item["snippet"].get("channelId", told)
            top = item["snippet"].get("topLevelComment", item)
            for comment in (top, *item.get("replies", {}).get("comments", [])):
                author = comment["snippet"]["authorChannelId"]["value"]
                counted["comment", channel] += author != channel
                if author == channel and comment["snippet"]["likeCount"]:
                    likes[comment["id"]] = comment["snippet"]["likeCount"]
    found = read("comments", paths, channel=told)
    assert found.error is None
    assert not found.flaws
    assert Counter((kind, subject) for kind, subject, *_ in found.reactions) == +counted
    assert {item: total for (kind, _, item), total in found.totals.items() if kind == "like"} == likes


def test_every_channel_and_every_video_is_read(read: Callable[..., Any]) -> None:
    counted: dict[str, int | None] = {}
    for path in lists("channels"):
        for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
            audience = item.get("statistics", {}).get("subscriberCount")
            counted[item["id"]] = int(audience) if audience else counted.get(item["id"])
    found = read("comments", lists("channels"))
    assert {profile.id: profile.audience for profile in sorted(found.profiles, key=lambda one: one.audience or 0)} == counted
    assert not found.flaws
    videos = read("comments", lists("videos"))
    assert not videos.flaws
    assert not videos.totals  # these files hold no statistics
    assert "statistics" not in "".join(path.read_text(encoding="utf-8") for path in lists("videos"))


def test_every_other_answer_is_refused_with_a_sentence(read: Callable[..., Any], sources: Mapping[str, Source]) -> None:
    others = [
        path for path in sorted((REAL / "data-api").rglob("*.json")) if path.name.endswith(("insert_response.json", "rating_response.json"))
    ]
    assert others
    for path in [*others, REAL / "data-api/error_permission_resp.json"]:
        assert "expected comments as yt-dlp" in read("comments", path).error.message, path


def test_lists_of_anything_else_are_refused_or_hold_no_reaction(read: Callable[..., Any]) -> None:
    paths = [path for folder in ("activities", "members", "playlist_items", "subscriptions") for path in lists(folder)]
    refused = []
    for path in paths:
        try:
            found = read("comments", path, channel=GOOGLE)
        except ParseError:
            refused.append(path)
            continue
        assert not found.reactions, path
        assert not found.totals, path
    assert len(refused) > 10


def test_every_generation_of_takeout_says_whose_it_is(sources: Mapping[str, Source]) -> None:
    folders = [path.parent for path in sorted((REAL / "takeout-shape-synthetic").rglob("comments.csv"))]
    assert len(folders) == 4
    for folder in folders:
        with open_export(folder) as export:
            assert [owner.ids for owner in sources["takeout"].owners(export)] == [("UCowner0000000000000000A",)], folder
