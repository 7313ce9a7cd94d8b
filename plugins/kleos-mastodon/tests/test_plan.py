"""The cursor holds all that is left to be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kleos_mastodon.lists import Answer, lists
from kleos_mastodon.plan import Plan

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=30)
SIZE = 3


def server(notifications: int, posts: int, step: timedelta = timedelta(hours=1)) -> Any:
    """Make a server with so many entries, numbered from 1 up, the newest of them made now."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def ask(name: str, **paging: str | None) -> Answer:
        asked.append((name, paging))
        most = notifications if name == "notifications" else posts
        if paging.get("min_id"):
            first = int(str(paging["min_id"]))
            found = list(range(first + 1, most + 1))[:SIZE][::-1]
        else:
            found = list(range(1, int(paging.get("max_id") or most + 1)))[-SIZE:][::-1]
        reaches = NOW - step * (most - found[-1]) if found else None
        return Answer(f"{name} {paging}", repr(found).encode(), *((str(found[0]), str(found[-1])) if found else (None, None)), reaches)

    ask.asked = asked  # type: ignore[attr-defined]
    return ask


def seen(found: list[tuple[str, Answer, Plan]], name: str) -> list[int]:
    return [number for list_, answer, _ in found if list_ == name for number in eval(answer.body)]


@given(notifications=st.integers(0, 12), posts=st.integers(0, 12), kept=st.integers(0, 14), more=st.integers(0, 7))
def test_wherever_a_run_is_cut_off_all_is_seen_and_no_notification_twice(notifications: int, posts: int, kept: int, more: int) -> None:
    first = list(lists(server(notifications, posts), Plan(), NOW, SINCE))[:kept]
    plan = Plan.read(first[-1][2].told() if first else None)
    found = first + list(lists(server(notifications + more, posts), plan, NOW + timedelta(minutes=5), SINCE))
    assert sorted(seen(found, "notifications")) == list(range(1, notifications + more + 1))
    assert set(seen(found, "posts")) == set(range(1, posts + 1))


def test_a_run_with_nothing_new_asks_once_for_notifications() -> None:
    plan = list(lists(server(7, 2), Plan(), NOW, SINCE))[-1][2]
    ask = server(7, 2)
    assert [name for name, _, _ in lists(ask, plan, NOW, SINCE)] == ["posts", "posts"]
    assert [paging for name, paging in ask.asked if name == "notifications"] == [{"min_id": "7"}]


def test_totals_of_a_pass_that_was_cut_off_another_day_are_asked_for_again() -> None:
    plan = next(plan for name, _, plan in lists(server(2, 9), Plan(), NOW, SINCE) if name == "posts")
    later = server(2, 9), plan, NOW + timedelta(hours=1), SINCE
    assert seen(list(lists(*later)), "posts") == [6, 5, 4, 3, 2, 1]
    tomorrow = server(2, 9), plan, NOW + timedelta(days=1), SINCE
    assert seen(list(lists(*tomorrow)), "posts") == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_what_is_older_than_asked_for_is_not_read() -> None:
    found = list(lists(server(100, 100, timedelta(days=5)), Plan(), NOW, SINCE))
    assert min(seen(found, "notifications")) == min(seen(found, "posts")) == 92


@pytest.mark.parametrize("cursor", [None, "", "7", "[]", "{", '{"began": "soon"}', '{"newest": null, "began": 3}'])
def test_a_cursor_that_cannot_be_read_begins_anew(cursor: str | None) -> None:
    assert Plan.read(cursor) == Plan()


def test_a_cursor_comes_back_as_it_was() -> None:
    plan = Plan(newest="9", older="3", posts="4", began=NOW.isoformat())
    assert Plan.read(plan.told()) == plan
    assert Plan.read(evolve(plan, older=None).told()).older is None
