"""An export and the API in one store: what both tell counts once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.plugins import Loaded
from kleos.testing.runs import configure, stored_reactions
from kleos_instagram.plugin import INSTAGRAM

FIRST = "17900000000000001"


@pytest.fixture
def stored(instagram: Any, tmp_path: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[tuple[str, str | None], int]]:
    """Collect from these sources; how many reactions of a kind to an item are in the store then."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-instagram[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_INSTAGRAM_TOKEN", token)
    values = {"Likes": "60", "Comments": "11", "Shares": "9"}
    post = {
        "media_map_data": {"Media Thumbnail": {"uri": f"media/posts/202610/{FIRST}.jpg", "creation_timestamp": 1_790_845_200}},
        "string_map_data": {label: {"value": value} for label, value in values.items()},
    }
    file = tmp_path / "instagram-ada.quill.makes-2026-11-01-AbC" / "past_instagram_insights" / "posts.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"organic_insights_posts": [post]}))
    api = {"token": {"env": "KLEOS_TEST_INSTAGRAM_TOKEN"}, "host": instagram.host}
    tables = {"export": {"path": str(file.parents[1])}, "api": api}

    def run(*sources: str, store: str) -> dict[tuple[str, str | None], int]:
        (tmp_path / store).mkdir()
        given = {"instagram": {source: tables[source] for source in sources}}
        config = configure([INSTAGRAM], tmp_path / store, given, accounts={"instagram": ["ada.quill.makes"]})
        found: dict[tuple[str, str | None], int] = {}
        loaded = Loaded({"instagram": INSTAGRAM}, {}, {})
        for kind, _, item, _, _, count in stored_reactions(config, loaded, now=datetime(2026, 11, 12, tzinfo=UTC)):
            found[kind, item] = found.get((kind, item), 0) + count
        return found

    return run


def test_the_newest_count_of_a_post_wins_and_named_comments_are_taken_off_its_total(stored: Any) -> None:
    export, api, both = (stored(*sources, store="-".join(sources)) for sources in (("export",), ("api",), ("export", "api")))
    assert (export["like", FIRST], api["like", FIRST], both["like", FIRST]) == (60, 73, 73)
    assert (export["comment", FIRST], api["comment", FIRST], both["comment", FIRST]) == (11, 5, 11)
    assert (export["share", FIRST], both["share", FIRST]) == (9, 2)
    assert both == stored("api", "export", store="turned")
