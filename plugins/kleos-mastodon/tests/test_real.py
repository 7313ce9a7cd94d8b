"""Answers of real servers, counted in another way: recordings of a Mastodon 4.6, and answers of the mock."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Flaw, Interaction, Owner, Page, Profile, Tally
from kleos_mastodon.answers import parse
from kleos_mastodon.lists import understood

SHARED = Path(os.environ.get("KLEOS_SHARED", Path(__file__).parents[4] / "shared")) / "real" / "mastodon"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason=f"there are no real answers in {SHARED}")


def rows(asked: str, account: str, entries: Any) -> list[Any]:
    context = {"asked": asked, "id": account, "domain": "home.example"}
    body = json.dumps(entries).encode()
    owner = Owner(ids=["ada@home.example"])
    return list(parse(Page(network="mastodon", source="api", where=asked, owner=owner, captured=NOW, body=body, context=context)))


def recorded(name: str) -> list[tuple[str, Any]]:
    """Return what was asked for and answered, in the order of a recording."""
    return [(call["uri"], call["json"]) for call in json.loads((SHARED / "cassettes" / name).read_text()) if call["method"] == "GET"]


def mocked(name: str) -> Any:
    (path,) = (SHARED / "mastodon_mock-0.6.1").glob(name)
    return json.loads(path.read_text())["json"]


def test_every_notification_of_the_mock_is_a_reaction_by_whom_it_names() -> None:
    entries = mocked("api_v1_notifications.json")
    found = rows("notifications", mocked("*verify_credentials.json")["id"], entries)
    assert not [row for row in found if isinstance(row, Flaw)]
    text = json.dumps(entries)
    named = Counter(re.findall(r'"type": "(\w+)"', text))
    assert Counter(row.kind.replace("reply", "mention") for row in found if isinstance(row, Interaction)) == named
    assert {row.actor for row in found if isinstance(row, Interaction)} == {f"{entry['account']['acct']}@home.example" for entry in entries}


def test_totals_of_the_mock_add_up() -> None:
    entries = mocked("api_v1_accounts_*_statuses.json")
    found = rows("posts", mocked("*verify_credentials.json")["id"], entries)
    text = json.dumps(entries)
    for kind, field in (("favourite", "favourites_count"), ("reblog", "reblogs_count")):
        told = sum(map(int, re.findall(rf'"{field}": (\d+)', text)))
        assert sum(row.total for row in found if isinstance(row, Tally) and row.kind == kind) == told > 0


def test_the_mock_lists_as_many_people_as_the_totals_of_a_post_say() -> None:
    me, post = mocked("*verify_credentials.json")["id"], "1795377780488"
    found = rows("posts", me, mocked("api_v1_accounts_*_statuses.json"))
    lists = {"favourite": f"*_{post}_favourited_by.json", "reblog": f"*_{post}_reblogged_by.json"}
    totals = {row.kind: row.total for row in found if isinstance(row, Tally) and row.item == post}
    assert totals == {kind: len(mocked(name)) for kind, name in lists.items()} == {"favourite": 2, "reblog": 1}
    (told,) = (entry for entry in mocked("api_v1_accounts_*_statuses.json") if entry["id"] == post)
    assert told["replies_count"] == len(mocked(f"*_{post}_context.json")["descendants"]) == 1


def test_grouped_notifications_of_the_mock_are_as_many_as_single_ones() -> None:
    found = rows("notifications", mocked("*verify_credentials.json")["id"], mocked("api_v1_notifications.json"))
    groups: Counter[str] = Counter()
    for group in mocked("api_v2_notifications.json")["notification_groups"]:
        groups[group["type"]] += group["notifications_count"]
    assert Counter(row.kind.replace("reply", "mention") for row in found if isinstance(row, Interaction)) == groups


def test_totals_of_a_real_server_add_up() -> None:
    pages = [answer for uri, answer in recorded("test_pagination_iterator.json") if "/timelines/" in uri and answer]
    assert len(pages) > 3
    for entries in pages:
        found = rows("posts", entries[0]["account"]["id"], entries)
        assert not [row for row in found if isinstance(row, Flaw)]
        assert len({row.item for row in found if isinstance(row, Tally)}) == len(entries)
        for kind, field in (("favourite", "favourites_count"), ("reblog", "reblogs_count")):
            told = sum(map(int, re.findall(rf'"{field}": (\d+)', json.dumps(entries))))
            assert sum(row.total for row in found if isinstance(row, Tally) and row.kind == kind) == told


def test_what_a_real_server_answers_is_understood_and_paged() -> None:
    lists = [answer for uri, answer in recorded("test_notifications.json") if uri.endswith("/notifications") and isinstance(answer, list)]
    assert lists
    for answer in lists:
        found = rows("notifications", "1", answer)
        assert not [row for row in found if isinstance(row, Flaw)]
        assert len([row for row in found if isinstance(row, Interaction)]) == len(answer)
        assert all(row.audience is not None for row in found if isinstance(row, Profile))
        page = understood(json.dumps(answer).encode(), "GET notifications")
        assert (page.first, page.last) == (answer[0]["id"], answer[-1]["id"])
        assert page.reaches is not None
