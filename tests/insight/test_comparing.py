"""Comparing: what is noise is called noise, and only scores by one model are compared."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import StoreError, UsageError
from kleos.insight.comparing.compare import Comparison, compare_people, compare_roster
from kleos.insight.comparing.difference import difference
from kleos.insight.comparing.ranks import rank_ranges
from kleos.insight.comparing.roster import Wanted, chosen, write_table
from kleos.store import ScoreRecord, Store

NAMES = {"ada": "Ada", "bob": "Bob", "eve": "Eve"}
SCORED = st.tuples(st.floats(1, 99), st.floats(0, 8), st.floats(0, 8)).map(
    lambda drawn: (drawn[0], drawn[0] - drawn[1], drawn[0] + drawn[2])
)


def record(person: str, score: float, day: str = "2026-03-31", **changes: Any) -> ScoreRecord:
    plain = ScoreRecord(
        person=person,
        score=score,
        lo=score - 2,
        hi=score + 1,
        percentile=score + 0.5,
        model="kleos",
        version="1.0.0",
        digest="a" * 64,
        as_of=datetime.combine(date.fromisoformat(day), time(18, 20), UTC),
        window=90 * 86_400_000_000,
        networks={"pond": {"points": score - 1, "odds": 2.0, "interactions": 40, "calibrated": True}},
        metrics={"engaged_reach": {"value": 12.0, "unit": "people", "points": score - 1}},
        coverage={"imported": 50, "outside_window": 10, "after_as_of": 0, "actors": 0.5, "times": 1.0},
    )
    return evolve(plain, **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def put(store: Store, *records: ScoreRecord) -> None:
    for day in {one.as_of.date() for one in records}:
        store.record_scores(day, [one for one in records if one.as_of.date() == day])


@given(SCORED, SCORED)
def test_a_difference_lies_in_its_interval_and_turns_with_its_people(one: Any, other: Any) -> None:
    there, back = difference(one[0], one[1:], other[0], other[1:]), difference(other[0], other[1:], one[0], one[1:])
    assert there.interval is not None
    assert back.interval is not None
    assert there.interval[0] <= there.points <= there.interval[1]
    assert back.points == -there.points
    assert back.interval == pytest.approx((-there.interval[1], -there.interval[0]))
    assert back.told_apart == there.told_apart


@given(st.floats(20, 60), st.floats(0.1, 5), st.floats(0.1, 5))
def test_even_intervals_add_up_as_independent_errors_do(score: float, half: float, other_half: float) -> None:
    found = difference(score, (score - half, score + half), 30.0, (30 - other_half, 30 + other_half))
    assert found.interval == pytest.approx((score - 30 - math.hypot(half, other_half), score - 30 + math.hypot(half, other_half)))


def test_what_is_lopsided_stays_lopsided() -> None:
    # Only the lower half of the first and the upper half of the second decide whether the first is ahead.
    assert difference(50, (49.9, 70), 48, (20, 48.1)).told_apart is True
    assert difference(50, (47, 50.1), 48, (47.9, 48.1)).told_apart is False


def test_equal_scores_are_never_told_apart_and_too_few_people_tell_nothing() -> None:
    assert difference(50, (50, 50), 50, (50, 50)).told_apart is False
    assert difference(90, None, 20, (19, 21)).told_apart is None
    assert difference(90, (89, 91), 20, None).interval is None


def naive_ranges(people: list[tuple[float, float, float]]) -> list[list[int]]:
    """Return rank ranges by asking every two people."""
    ranges = []
    for one in people:
        told = [difference(other[0], other[1:], one[0], one[1:]) for other in people]
        ahead = sum(bool(found.told_apart) and found.points > 0 for found in told)
        behind = sum(bool(found.told_apart) and found.points < 0 for found in told)
        ranges.append([ahead + 1, len(people) - behind])
    return ranges


@settings(deadline=None)
@given(st.lists(SCORED, max_size=12))
def test_rank_ranges_are_those_of_asking_every_two(people: list[tuple[float, float, float]]) -> None:
    columns = np.array(people, dtype=np.float64).reshape(len(people), 3)
    assert rank_ranges(*columns.T).tolist() == naive_ranges(people)


@given(st.lists(SCORED, min_size=1, max_size=30))
def test_everybodys_plain_rank_lies_in_their_range(people: list[tuple[float, float, float]]) -> None:
    columns = np.array(people)
    for (first, last), score in zip(rank_ranges(*columns.T).tolist(), columns[:, 0], strict=True):
        assert first <= 1 + int((columns[:, 0] > score).sum()) <= last


def test_people_who_cannot_be_told_apart_share_a_range() -> None:
    score = np.array([80.0, 50.2, 50.1, 50.0, 20.0])
    assert rank_ranges(score, score - 1, score + 1).tolist() == [[1, 1], [2, 4], [2, 4], [2, 4], [5, 5]]
    assert rank_ranges(score, score, score).tolist() == [[1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]


def test_a_comparison_has_everybody_by_score_and_every_pair(store: Store) -> None:
    put(store, record("ada", 40), record("bob", 60), record("eve", 59.5, lo=None, hi=None))
    found = compare_people(store, NAMES)
    assert [(person.name, person.ranks) for person in found.people] == [("Bob", (1, 1)), ("Eve", None), ("Ada", (2, 2))]
    assert [(pair.first.id, pair.second.id, pair.difference.told_apart) for pair in found.pairs] == [
        ("bob", "eve", None),
        ("bob", "ada", True),
        ("eve", "ada", None),
    ]
    assert found.window == 90 * 86_400


def test_only_scores_by_the_last_model_that_scored_all_are_compared(store: Store) -> None:
    new = {"digest": "b" * 64, "version": "2.0.0"}
    put(store, record("ada", 40, "2026-03-01"), record("bob", 60, "2026-03-02"), record("ada", 90, "2026-03-31", **new))
    both = compare_people(store, {"ada": "Ada", "bob": "Bob"})
    assert (both.model.version, [person.score for person in both.people]) == ("1.0.0", [60, 40])
    roster = compare_roster(store, NAMES)
    assert (roster.model.version, [person.id for person in roster.people], roster.missing) == ("2.0.0", ["ada"], ("bob", "eve"))


def test_a_model_that_was_replaced_counts_for_less_than_the_one_that_took_its_place(store: Store) -> None:
    put(store, record("ada", 40, digest="c" * 64, successor="b" * 64), record("ada", 90, digest="b" * 64, version="2.0.0"))
    assert compare_roster(store, NAMES).model.version == "2.0.0"


def test_people_without_a_common_model_cannot_be_compared(store: Store) -> None:
    put(store, record("ada", 40), record("bob", 60, digest="b" * 64))
    with pytest.raises(UsageError, match=r"found none by kleos 1\.0\.0 .* of (ada|bob)\n.*kleos run"):
        compare_people(store, {"ada": "Ada", "bob": "Bob"})


def test_where_nothing_is_recorded_it_says_what_to_run(store: Store) -> None:
    for compare in (compare_people, compare_roster):
        with pytest.raises(UsageError, match="no score is recorded\nhint: `kleos run`"):
            compare(store, NAMES)
    put(store, record("ada", 40))
    with pytest.raises(UsageError, match="recorded up to 2026-03-30"):
        compare_roster(store, NAMES, until=date(2026, 3, 30))


def test_a_file_that_cannot_be_read_is_told(store: Store) -> None:
    put(store, record("ada", 40))
    (store.path / "scores" / "day=2026-03-30.parquet").write_text("no table", encoding="utf-8")
    with pytest.raises(StoreError, match=r"cannot be read[^$]*hint: kleos doctor"):
        compare_roster(store, NAMES)


def test_each_persons_newest_score_counts_up_to_the_day_asked_for(store: Store) -> None:
    put(store, record("ada", 40, "2026-03-29"), record("ada", 41, "2026-03-30"), record("ada", 42), record("bob", 60, "2026-03-29"))
    assert {person.id: person.score for person in compare_roster(store, NAMES).people} == {"bob": 60, "ada": 42}
    assert {person.id: person.score for person in compare_roster(store, NAMES, until=date(2026, 3, 30)).people} == {"bob": 60, "ada": 41}


def test_a_curve_goes_back_ninety_days_and_has_one_model(store: Store) -> None:
    put(
        store,
        record("ada", 30, "2025-12-30"),
        record("ada", 31, "2025-12-31"),
        record("ada", 99, "2026-02-01", digest="b" * 64),
        record("ada", 32, "2026-02-01"),
        record("ada", 33),
        record("bob", 50),
    )
    found = compare_people(store, {"ada": "Ada", "bob": "Bob"})
    assert {person.id: list(person.curve) for person in found.people} == {
        "ada": [(date(2025, 12, 31), 31), (date(2026, 2, 1), 32), (date(2026, 3, 31), 33)],
        "bob": [(date(2026, 3, 31), 50)],
    }


def test_a_percentile_names_its_population(store: Store) -> None:
    put(store, record("ada", 40))
    assert compare_roster(store, NAMES).population.source == "the reference population of kleos 1.0.0"
    put(store, record("ada", 40, coverage={"population": {"source": "everybody on the pond", "size": 712}}))
    told = compare_roster(store, NAMES).population
    assert (told.source, told.size) == ("everybody on the pond", 712)


@pytest.fixture
def roster(store: Store) -> Comparison:
    lake = {"lake": {"points": 9.0, "odds": 1.0, "interactions": 3, "calibrated": False}}
    quiet = {"pond": {"points": 0.0, "odds": 0.0, "interactions": 0, "calibrated": True}}
    put(store, record("ada", 40), record("bob", 60, networks=lake), record("eve", 1, networks=quiet, lo=None, hi=None))
    return compare_roster(store, NAMES)


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(), ["bob", "ada", "eve"]),
        (Wanted(networks=["pond"]), ["ada"]),
        (Wanted(networks=["pond", "lake"]), []),
        (Wanted(min_score=40), ["bob", "ada"]),
        (Wanted(max_score=40), ["ada", "eve"]),
        (Wanted(top=1), ["bob"]),
        (Wanted(max_score=50, top=1), ["ada"]),
    ],
)
def test_a_roster_is_cut_down_and_ranks_stay(roster: Comparison, wanted: Wanted, left: list[str]) -> None:
    found = chosen(roster, wanted)
    assert [person.id for person in found.people] == left
    assert all(person.ranks == {"bob": (1, 1), "ada": (2, 2), "eve": None}[person.id] for person in found.people)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_has_a_row_for_each_person_and_columns_for_what_they_are_made_of(roster: Comparison, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"roster.{suffix}"
    path.write_text("an old one", encoding="utf-8")
    write_table(roster, path)
    table = duckdb.connect().execute(f"SELECT * EXCLUDE (as_of), epoch(as_of::TIMESTAMPTZ) AS as_of FROM '{path}'")
    names = [column[0] for column in table.description or ()]
    bob, ada, eve = (dict(zip(names, row, strict=True)) for row in table.fetchall())
    assert (bob["rank_from"], bob["rank_to"], bob["name"], bob["lo"], bob["lake_points"], bob["pond_points"]) == (1, 1, "Bob", 58, 9, None)
    assert (ada["rank_from"], ada["score"], ada["engaged_reach"], ada["bucket"], ada["day"]) == (2, 40, 12, "40-49", date(2026, 3, 31))
    assert (eve["rank_from"], eve["rank_to"], eve["lo"], eve["hi"], eve["percentile"]) == (None, None, None, None, 1.5)
    assert ada["as_of"] == roster.people[1].as_of.timestamp()
    assert {row["population"] for row in (bob, ada, eve)} == {"the reference population of kleos 1.0.0"}


def test_a_table_that_cannot_be_written_says_so(roster: Comparison, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the table cannot be written.*\nhint: name another file"):
        write_table(roster, tmp_path / "nowhere" / "roster.csv")
