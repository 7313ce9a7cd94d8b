"""A curve is told from records: one line, other models beside it, markers where its ground changed, changes by its own model."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.errors import StoreError, UsageError
from kleos.insight.history.curve import Marker, letters, stretches
from kleos.insight.history.reading import history_of, read_history
from kleos.store import ScoreRecord, Store

FIRST = date(2026, 1, 1)


def record(day: int, score: float, model: str = "a", **changes: Any) -> ScoreRecord:
    when = FIRST + timedelta(days=day)
    coverage = {"networks": ["twitter"], "actors": 0.5, "times": 1.0} | changes.pop("coverage", {})
    values = {"lo": score - 1, "hi": score + 1, "percentile": 50.0, "model": "kleos", "version": model, "digest": model * 64, "window": 1}
    as_of = datetime(when.year, when.month, when.day, 12, tzinfo=UTC)
    return ScoreRecord(person="ada", score=score, as_of=as_of, day=when, coverage=coverage, **values | changes)


def texts(records: list[ScoreRecord]) -> list[tuple[int, str, str]]:
    return [((marker.day - FIRST).days, marker.sort, marker.text) for marker in history_of(records, "ada", "Ada").markers]


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab"), st.floats(1, 99)), min_size=1, max_size=30))
def test_the_line_has_every_day_once_and_no_record_is_lost(entries: list[tuple[int, str, float]]) -> None:
    records = list({(day, model): record(day, score, model) for day, model, score in entries}.values())
    history = history_of(records, "ada", "Ada")
    assert [point.day for point in history.line] == sorted({one.day for one in records})
    assert sorted((p.day, p.model.digest) for p in (*history.line, *history.others)) == sorted((r.day, r.digest) for r in records)
    assert history_of(records[::-1], "ada", "Ada") == history


@given(st.lists(st.integers(0, 60), min_size=1, max_size=25, unique=True))
def test_stretches_hold_every_point_in_order_and_tear_at_gaps(days: list[int]) -> None:
    line = history_of([record(day, 50.0) for day in days], "ada", "Ada").line
    found = stretches(line)
    assert [point for stretch in found for point in stretch] == list(line)
    assert all(b.day - a.day <= timedelta(days=7) for stretch in found for a, b in itertools.pairwise(stretch))
    assert all(b[0].day - a[-1].day > timedelta(days=7) for a, b in itertools.pairwise(found))


def test_the_newest_model_is_the_line_and_the_old_one_stands_beside() -> None:
    overlap = [record(2, 56.0, "a", successor="b" * 64), record(2, 57.0, "b")]
    history = history_of([record(0, 55.0), record(1, 55.5), *overlap, record(3, 57.2, "b")], "ada", "Ada")
    assert [point.score for point in history.line] == [55.0, 55.5, 57.0, 57.2]
    assert [point.score for point in history.others] == [56.0]
    (marker,) = history.markers
    assert (marker.day, marker.sort) == (FIRST + timedelta(days=2), "model")
    assert marker.text == "kleos a became kleos b, which alone moved the score by +1.0 on 2026-01-03"


def test_a_backfilled_model_takes_the_whole_line() -> None:
    old = [record(day, 50.0 + day) for day in range(3)]
    new = [record(day, 60.0 + day, "b") for day in range(3)]
    old[2] = record(2, 52.0, successor="b" * 64)
    history = history_of([*old, *new], "ada", "Ada")
    assert [point.score for point in history.line] == [60.0, 61.0, 62.0]
    assert [point.score for point in history.others] == [50.0, 51.0, 52.0]
    assert history.markers == ()


def test_models_of_one_name_and_version_are_told_apart_by_their_digests() -> None:
    assert texts([record(0, 50.0), record(1, 51.0, version="a", digest="b" * 64)]) == [
        (1, "model", "kleos a (aaaaaaaa) became kleos a (bbbbbbbb)")
    ]


def test_sources_and_coverage_that_change_are_marked() -> None:
    days = [
        record(0, 50.0),
        record(1, 51.0, coverage={"networks": ["twitter", "youtube"], "actors": 0.36}),
        record(2, 52.0, coverage={"networks": ["youtube"], "actors": 0.2, "times": None}),
        record(3, 52.0, coverage={"networks": ["youtube"], "actors": 0.9, "times": 0.1}),
    ]
    assert texts(days) == [
        (1, "source", "youtube came"),
        (2, "source", "twitter went"),
        (2, "coverage", "36 % of the reactions name who reacted, then 20 %"),
        (3, "coverage", "20 % of the reactions name who reacted, then 90 %"),
    ]
    named = letters([Marker(day=FIRST + timedelta(days=n // 2), sort="source", text="") for n in range(60)])
    assert list(named.values())[:3] == ["a", "b", "c"]
    assert list(named.values())[25:28] == ["z", "aa", "ab"]


def test_changes_are_since_records_of_the_same_model_that_are_old_enough() -> None:
    records = [record(0, 40.0), record(1, 41.0, "b"), record(60, 47.0), record(84, 48.0), record(90, 49.5), record(91, 50.0)]
    changes = history_of(records, "ada", "Ada").changes
    told = {name: None if change is None else (change.points, (change.since - FIRST).days) for name, change in changes.items()}
    assert told == {"day": (0.5, 90), "week": (2.0, 84), "month": (3.0, 60), "quarter": (10.0, 0)}
    assert set(history_of(records[:1], "ada", "Ada").changes.values()) == {None}


def test_a_stretch_of_days_is_cut_out_of_the_store(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for day in range(5):
            store.record_scores(FIRST + timedelta(days=day), [record(day, 50.0 + day)])
    history = read_history(tmp_path, "ada", "Ada", since=FIRST + timedelta(days=2), until=FIRST + timedelta(days=3))
    assert [point.score for point in history.line] == [52.0, 53.0]
    change = history.changes["day"]
    assert change is not None
    assert change.points == 1.0


def test_a_curve_without_records_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing was recorded of 'ada' yet") as caught:
        read_history(tmp_path, "ada", "Ada")
    assert "`kleos run --backfill 90d`" in caught.value.hint
    with Store.open(tmp_path) as store:
        store.record_scores(FIRST, [record(0, 50.0)])
    for since, until in ((FIRST + timedelta(days=1), None), (None, FIRST - timedelta(days=1))):
        with pytest.raises(UsageError, match=r"nothing was recorded of 'ada' (since|until)"):
            read_history(tmp_path, "ada", "Ada", since=since, until=until)


def test_a_broken_file_of_the_store_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "day=2026-01-01.parquet").write_text("no parquet")
    with pytest.raises(StoreError, match="a file of the store cannot be read"):
        read_history(tmp_path, "ada", "Ada")
