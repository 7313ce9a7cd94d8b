"""Promise 4 where it is kept: what segments say together depends on what is in them, not on how it came there."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.store import Connection
from kleos.store.merge import COLUMNS, condense, merged

Row = dict[str, Any]
Fill = Callable[[str, Sequence[Row]], str]
FIELDS = ("kind", "actor", "item", "time", "item_time", "captured", "count", "audience")
ONCE = {"like"}

small = st.integers(1, 3)
moment = st.none() | st.integers(1, 4)
rows_of_any_sort = st.lists(
    st.fixed_dictionaries(
        {
            "subject": st.just("ada"),
            "kind": st.sampled_from(["like", "reply"]),
            "actor": st.none() | st.sampled_from("bc"),
            "item": st.none() | st.sampled_from("xy"),
            "id": st.none() | st.sampled_from("12"),
            "time": moment,
            "item_time": moment,
            "captured": moment,
            "told": moment,
            "count": st.integers(0, 3),
            "audience": moment,
            "copy": small,
        }
    ),
    max_size=9,
)


@pytest.fixture(scope="module")
def merge(connection: Connection, fill: Fill) -> Callable[[Iterable[Row]], Counter[tuple[Any, ...]]]:
    def merge_rows(rows: Iterable[Row]) -> Counter[tuple[Any, ...]]:
        fill("rows", list(rows))
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW known AS SELECT * REPLACE ('n' AS network, 'p' AS person), kind = 'like' AS once FROM rows"
        )
        return Counter(connection.execute(f"SELECT {', '.join(FIELDS)} FROM ({merged('known')})").fetchall())

    return merge_rows


@pytest.fixture(scope="module")
def condensed(connection: Connection, fill: Fill) -> Callable[[Iterable[Row]], list[Row]]:
    def condense_rows(rows: Iterable[Row]) -> list[Row]:
        fill("rows", list(rows))
        return [dict(zip(COLUMNS, row, strict=True)) for row in connection.execute(condense("rows")).fetchall()]

    return condense_rows


@settings(max_examples=60, deadline=None)
@given(rows=rows_of_any_sort)
def test_the_query_does_what_the_rules_say(rows: list[Row], merge: Any) -> None:
    assert merge(rows) == slow_twin(rows)


@settings(max_examples=20, deadline=None)
@given(rows=rows_of_any_sort, cut=st.integers(0, 9), seed=st.integers(0, 99))
def test_shuffled_split_and_repeated_imports_say_the_same(rows: list[Row], cut: int, seed: int, merge: Any, condensed: Any) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    once = merge(rows)
    assert merge(shuffled) == once
    assert merge(rows + shuffled) == once
    first, second = condensed(shuffled[:cut]), condensed(shuffled[cut:])
    assert merge(first + second) == once
    assert merge(condensed(second + first + first)) == once


@settings(max_examples=20, deadline=None)
@given(rows=rows_of_any_sort)
def test_condensing_what_is_condensed_changes_nothing(rows: list[Row], condensed: Any) -> None:
    once = condensed(rows)
    assert condensed(once) == once
    assert condensed(rows[::-1] + rows) == once


def like(**fields: Any) -> Row:
    return {"subject": "ada", "kind": "like", "actor": "b", "item": "x"} | fields


def reply(**fields: Any) -> Row:
    return like(kind="reply") | fields


def counts(found: Counter[tuple[Any, ...]]) -> int:
    return sum(row[FIELDS.index("count")] * times for row, times in found.items())


@pytest.mark.parametrize(
    ("rows", "reactions"),
    [
        pytest.param([reply(id="1", time=1), reply(id="1", time=1)], 1, id="the same id is the same reaction"),
        pytest.param([reply(id="1", time=1), reply(id="2", time=1)], 2, id="different ids are different reactions"),
        pytest.param([like(id="1", time=1), like(id="2", time=9), like()], 1, id="a like can be given once"),
        pytest.param([reply(time=1), reply(time=2)], 2, id="two replies at two times are two"),
        pytest.param([reply(time=1), reply(time=1)], 1, id="two replies at one time are one, told twice"),
        pytest.param([reply(time=1), reply(time=1, id="1")], 1, id="a row without id beside one with an id adds nothing"),
        pytest.param([reply(), reply(time=1)], 1, id="a timed copy beats an untimed one"),
        pytest.param([reply(copy=1), reply(copy=2), reply(copy=3), reply(time=1)], 3, id="untimed copies count as far as they outnumber"),
        pytest.param([reply(copy=1), reply(copy=2), reply(copy=1)], 2, id="of two imports the larger multiplicity wins"),
        pytest.param([like(actor=None, captured=1, count=3), like(actor=None, captured=2, count=5)], 5, id="totals are never added up"),
        pytest.param([like(actor=None, captured=2, count=3), like(actor=None, captured=1, count=5)], 3, id="the newest total wins"),
        pytest.param([like(actor=None, captured=1, count=3), like(), like(actor="c")], 3, id="named reactions are part of the total"),
        pytest.param([like(actor=None, captured=1, count=1), like(), like(actor="c")], 2, id="a total that is too small is no debt"),
        pytest.param([like(actor=None, count=3), like(actor=None, count=2), like()], 4, id="anonymous reactions are taken as given"),
        pytest.param([like(count=0), like(actor="c", count=0)], 0, id="no reaction is no reaction"),
    ],
)
def test_what_counts_as_one_reaction(rows: list[Row], reactions: int, merge: Any) -> None:
    assert counts(merge(rows)) == reactions


def test_of_copies_that_differ_the_best_is_kept(merge: Any) -> None:
    older = like(time=5, item_time=4, captured=3, told=3, audience=10, count=1)
    newer = like(time=2, item_time=None, captured=6, told=6, audience=7, count=2)
    assert merge([older, newer]) == Counter({("like", "b", "x", 2, 4, 3, 2, 7): 1})


def slow_twin(rows: Sequence[Row]) -> Counter[tuple[Any, ...]]:
    """The rules of `kleos.store.merge.merged`, told in plain Python for one subject."""
    tallies = [row for row in rows if row["actor"] is None and row["id"] is None and row["captured"] is not None]
    counted = [row for row in rows if row not in tallies and row["count"] > 0]
    identified = _joined([row for row in counted if row["id"] is not None], "kind", "id")
    given_by = [
        row | {"copy": row["copy"] if row["time"] is None else 1} for row in counted if row["id"] is None and row["actor"] is not None
    ]
    named = [row for row in identified if row["actor"] is not None] + _joined(given_by, "kind", "actor", "item", "time", "copy")
    listed = _joined([row for row in named if row["kind"] in ONCE and row["item"] is not None], "kind", "actor", "item")
    for same in _groups([row for row in named if row["kind"] not in ONCE or row["item"] is None], "kind", "actor", "item"):
        with_id = [row for row in same if row["id"] is not None]
        times = {row["time"] for row in with_id}
        sure = with_id + [row for row in same if row["id"] is None and row["time"] is not None and row["time"] not in times]
        listed += sure + [row for row in same if row["id"] is None and row["time"] is None and row["copy"] > len(sure)]
    listed += [row for row in identified if row["actor"] is None]
    listed += _joined([row for row in counted if row["id"] is None and row["actor"] is None], "kind", "item", "time")
    for same in _groups(tallies, "kind", "item"):
        captured, total = max((row["captured"], row["count"]) for row in same)
        one = same[0] | {"captured": captured, "item_time": _least(same, "item_time"), "time": None, "audience": None}
        known = sum(row["count"] for row in listed if (row["kind"], row["item"]) == (one["kind"], one["item"]))
        listed += [one | {"count": total - known}] if total > known else []
    return Counter(tuple(row[name] for name in FIELDS) for row in listed)


def _groups(rows: Iterable[Row], *key: str) -> list[list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in key)].append(row)
    return list(groups.values())


def _least(rows: Iterable[Row], name: str) -> Any:
    return min((row[name] for row in rows if row[name] is not None), default=None)


def _joined(rows: Iterable[Row], *key: str) -> list[Row]:
    found = []
    for same in _groups(rows, *key):
        one = {name: _least(same, name) for name in ("kind", "actor", "item", "id", "time", "item_time", "captured", "copy")}
        told = [(row["told"] or 0, row["audience"]) for row in same if row["audience"] is not None]
        newest = max(told, default=(None, None))
        found.append(
            one
            | {name: same[0][name] for name in key}
            | {"count": max(row["count"] for row in same), "told": newest[0], "audience": newest[1]}
        )
    return found
