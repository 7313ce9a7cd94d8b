"""The parsers against short independent counts on files that are not part of the project."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Flaw, Interaction, Owner, Page, Profile, Row, Source, Tally
from kleos.errors import ParseError
from kleos.files import open_export

SHARED = Path(os.environ.get("KLEOS_SHARED") or Path(__file__).parents[4] / "shared")
REAL = SHARED / "real/instagram"
EXPORTS = REAL / "export-shape-synthetic"
GRAPH = REAL / "graph-api"
WORDS = {"Likes": "like", "Comments": "comment", "Shares": "share", "Saves": "save", "Impressions": "view"}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason=f"real files are not at {REAL} (set KLEOS_SHARED)")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def rows_of(sources: Mapping[str, Source]) -> Callable[..., list[Row]]:
    """Parse a file as the answer to a question: ``rows_of("tags", path, media="…")``."""

    def run(ask: str, path: Path, *, body: bytes | None = None, own: str = "nobody", **context: Any) -> list[Row]:
        told = {"ask": ask, "user": "17841406338772941", "own": [own], "media": "m", "published": None, **context}
        captured = datetime(2026, 11, 12, tzinfo=UTC)
        raw = path.read_bytes() if body is None else body
        page = Page(network="instagram", source="api", where=path.name, owner=None, captured=captured, body=raw, context=told)
        return list(sources["api"].parse(page))

    return run


def test_every_layout_of_the_export_is_recognised(sources: Mapping[str, Source]) -> None:
    for folder in EXPORTS.iterdir():
        with open_export(folder) as export:
            assert sources["export"].recognise(export) >= 0.9


def test_the_parser_finds_what_a_short_script_counts_in_exports(read: Callable[..., Any]) -> None:
    for folder in EXPORTS.iterdir():
        people: Counter[str] = Counter()
        totals: Counter[str] = Counter()
        for path in folder.rglob("*.json"):
            content = load(path)
            if path.name.startswith("followers"):
                rows = content if isinstance(content, list) else content["relationships_followers"]
                people["follow"] += len(rows)
            if path.name.startswith("follow_requests"):
                people["follow_request"] += len(content["relationships_follow_requests_received"])
            if path.name == "posts.json":
                for post in content["organic_insights_posts"]:
                    for label, value in post["string_map_data"].items():
                        if label in WORDS and value["value"] != "--":
                            totals[WORDS[label]] += int(value["value"].replace(",", ""))
        found = read(folder, owner=Owner(handles=["somebody"]))
        assert not found.flaws
        assert Counter(kind for kind, *_ in found.people) == people
        parsed: Counter[str] = Counter()
        for (kind, _), total in found.totals.items():
            parsed[kind] += total
        assert parsed == totals
        assert (found.error is None) == bool(totals)


def test_likes_of_posts_are_what_a_short_script_counts(rows_of: Callable[..., list[Row]]) -> None:
    lists = [(path, load(path)["data"]) for path in (GRAPH / "users").glob("medias_p*.json")]
    lists += [(path, load(path)["business_discovery"]["media"]["data"]) for path in (GRAPH / "discovery").glob("medias_p*.json")]
    lists.append((GRAPH / "medias/medias_fields.json", list(load(GRAPH / "medias/medias_fields.json").values())))
    lists.append((GRAPH / "medias/media_default.json", [load(GRAPH / "medias/media_default.json")]))
    assert len(lists) == 6
    for path, posts in lists:
        rows = rows_of("posts", path, body=json.dumps({"data": posts}).encode())
        assert {row.item: row.total for row in rows if isinstance(row, Tally)} == {
            post["id"]: post["like_count"] for post in posts if "like_count" in post
        }
        assert not any(isinstance(row, Flaw) for row in rows)


def test_comments_and_answers_are_what_a_short_script_counts(rows_of: Callable[..., list[Row]]) -> None:
    for ask, pattern in (("comments", "medias/comments_p*.json"), ("replies", "comments/replies.json")):
        for path in GRAPH.glob(pattern):
            rows = rows_of(ask, path, comment="c", to_own=True)
            counted = {(one["id"], datetime.fromisoformat(one["timestamp"])) for one in load(path)["data"]}
            assert {(row.id, row.time) for row in rows if isinstance(row, Interaction)} == counted
            assert {row.kind for row in rows if isinstance(row, Interaction)} == {"reply" if ask == "replies" else "comment"}


def test_comments_with_names_have_them_and_own_ones_are_left_out(rows_of: Callable[..., list[Row]]) -> None:
    path = GRAPH / "comments/comments_fields.json"
    comments = [*load(path).values(), load(GRAPH / "comments/comment_fields.json")]
    rows = rows_of("comments", path, body=json.dumps({"data": comments}).encode(), own="ikroskun")
    assert {row.actor for row in rows if isinstance(row, Interaction)} == {one["username"] for one in comments} - {"ikroskun"}
    assert {row.item: row.total for row in rows if isinstance(row, Tally)} == {
        one["id"]: one["like_count"] for one in comments if one["username"] == "ikroskun"
    }


def test_tags_and_mentions_are_what_a_short_script_counts(rows_of: Callable[..., list[Row]]) -> None:
    tags = GRAPH / "users/tagged_medias.json"
    assert [row.id for row in rows_of("tags", tags) if isinstance(row, Interaction)] == [one["id"] for one in load(tags)["data"]]
    for name, key in (("mentioned_media", "mentioned_media"), ("mentioned_comment", "mentioned_comment")):
        path = GRAPH / f"users/{name}.json"
        (row,) = [one for one in rows_of("mention", path) if isinstance(one, Interaction)]
        assert (row.kind, row.id, row.actor) == ("mention", load(path)[key]["id"], load(path)[key].get("username"))
    assert rows_of("mention", GRAPH / "users/mentioned_comment.json", own="ikroskun") == []


def test_insights_and_accounts_are_read(rows_of: Callable[..., list[Row]]) -> None:
    path = GRAPH / "medias/insights.json"
    values = {metric["name"]: metric["values"][0]["value"] for metric in load(path)["data"]}
    rows = rows_of("insights", path)
    assert {row.kind: row.total for row in rows if isinstance(row, Tally)} == {"view": values["impressions"], "save": values["saved"]}
    assert rows_of("insights", GRAPH / "medias/insights_new.json") == []
    user = load(GRAPH / "users/user_fields.json")
    (profile,) = rows_of("look", GRAPH / "users/user_fields.json", own=user["id"])
    assert isinstance(profile, Profile)
    assert (profile.id, profile.handle, profile.audience) == (user["id"], user["username"], user["followers_count"])
    (other,) = rows_of("audience", GRAPH / "discovery/user_fields.json", actor="55")
    assert isinstance(other, Profile)
    assert (other.id, other.audience) == ("55", load(GRAPH / "discovery/user_fields.json")["business_discovery"]["followers_count"])


def test_no_answer_to_any_other_question_breaks_a_parser(rows_of: Callable[..., list[Row]]) -> None:
    asks = ("look", "accounts", "posts", "comments", "replies", "tags", "mention", "insights", "audience")
    for path in sorted(GRAPH.rglob("*.json")):
        for ask in asks:
            try:
                rows_of(ask, path, comment="c", actor="a")
            except ParseError as error:
                assert error.message  # noqa: PT017  # either rows or this
