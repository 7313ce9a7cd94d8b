"""What a page tells several times is kept once, as a slow twin would keep it, in whatever order it comes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kleos.contract import Profile, Row, Tally
from kleos_twitter.bulk.gathering import Gathered
from kleos_twitter.times import from_microseconds

KINDS = ("like", "retweet", "reply", "quote", "bookmark", "view")
DAY = 86_400_000_000
Unfold = Callable[[Iterable[Row]], list[Row]]

times = st.sampled_from([None, *(1_767_225_600_000_000 + day * DAY for day in range(3))])
accounts = st.tuples(
    st.sampled_from("123"),
    st.sampled_from([None, "ada", "bob"]),
    st.sampled_from([None, "Ada", "Bob"]),
    st.sampled_from([None, 0, 7, 9]),
    times,
)
posts = st.tuples(
    st.sampled_from("123"),
    st.sampled_from("ab"),
    st.sampled_from([None, "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "soon"]),
    times,
    *[st.sampled_from([None, 0, 1, 5])] * len(KINDS),
)


def gathered(accounts: list[Any], posts: list[Any]) -> Gathered:
    into = Gathered()
    into.meet(*(list(column) for column in zip(*accounts, strict=True)) if accounts else [[]] * 5)
    items, subjects, made, captured, *totals = (list(column) for column in zip(*posts, strict=True)) if posts else [[]] * (4 + len(KINDS))
    into.count(items, subjects, made, captured, dict(zip(KINDS, totals, strict=True)))
    return into


def least(value: Any) -> tuple[bool, Any]:
    """A value that sorts below all others where it is None."""
    return value is not None, value


@given(st.lists(accounts, max_size=9), st.randoms(use_true_random=False))
def test_of_an_account_the_newest_capture_is_kept(unfold: Unfold, several: list[Any], dice: random.Random) -> None:
    best: dict[Any, Any] = {}
    for id_, handle, name, audience, captured in several:
        mark = (captured, audience, name)
        if (id_, handle) not in best or list(map(least, mark)) > list(map(least, best[id_, handle])):
            best[id_, handle] = mark
    expected = {(id_, handle, name, audience, captured) for (id_, handle), (captured, audience, name) in best.items()}
    dice.shuffle(several)
    found = [row for row in unfold(gathered(several, []).rows()) if isinstance(row, Profile)]
    assert len(found) == len(expected)
    assert {(row.id, row.handle, row.name, row.audience, row.captured) for row in found} == {
        (*one[:4], None if one[4] is None else from_microseconds(one[4])) for one in expected
    }


@given(st.lists(posts, max_size=9), st.randoms(use_true_random=False))
def test_of_a_total_the_newest_capture_is_kept_kind_by_kind(unfold: Unfold, several: list[Any], dice: random.Random) -> None:
    best: dict[Any, Any] = {}
    for item, subject, made, captured, *totals in several:
        made_at = datetime.fromisoformat(made) if made and made != "soon" else None
        for kind, total in zip(KINDS, totals, strict=True):
            mark = (captured, total, made_at, subject)
            if captured and total and ((kind, item) not in best or list(map(least, mark)) > list(map(least, best[kind, item]))):
                best[kind, item] = mark
    dice.shuffle(several)
    found = [row for row in unfold(gathered([], several).rows()) if isinstance(row, Tally)]
    assert len(found) == len(best)
    assert {(row.kind, row.item): (row.captured, row.total, row.item_time, row.subject) for row in found} == {
        key: (from_microseconds(captured), total, made_at and made_at.astimezone(UTC), subject)
        for key, (captured, total, made_at, subject) in best.items()
    }
