"""A backfill records what a run of each day would have recorded, and nothing of what is recorded already."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest

from kleos.pipeline.backfill import filling
from kleos.store import ScoreRecord, Store

Make = Callable[..., Any]


def records(home: Any) -> list[ScoreRecord]:
    with Store.open(home.config.run.store, create=False) as store:
        return store.scores()


def run_of_each(home: Any, days: list[date]) -> list[ScoreRecord]:
    """Score every day by a run of its own, in a store that has the same rows and the same key."""
    store = home.config.run.store
    shutil.copytree(store, store.with_name("other"))
    shutil.rmtree(store.with_name("other") / "scores")
    for day in days:
        home.at(store=store.with_name("other"), as_of=datetime.combine(day, time.max, tzinfo=UTC)).run(collect=False)
    return records(home.at(store=store.with_name("other")))


@pytest.mark.parametrize("worth_compiling", [0, 10**12], ids=["all replicates at once", "one by one"])
def test_a_backfilled_day_is_bit_for_bit_the_record_of_a_run_of_that_day(
    home: Make, monkeypatch: pytest.MonkeyPatch, worth_compiling: int
) -> None:
    monkeypatch.setattr(filling, "WORTH_COMPILING", worth_compiling)
    here = home(90)
    today = here.run(backfill=2).as_of.date()
    filled = [record for record in records(here) if record.day != today]
    days = sorted({record.day for record in filled if record.day is not None})
    assert days == [today - timedelta(days=back) for back in (2, 1)]
    assert any(record.lo is not None for record in filled)
    for mine, real in zip(filled, run_of_each(here, days), strict=True):
        assert attrs.asdict(mine) == attrs.asdict(real)


def test_what_is_recorded_already_is_not_rewritten(home: Make) -> None:
    here = home()
    today = here.run(backfill=1).as_of.date()
    yesterday = today - timedelta(days=1)
    before = {record.person: record.score for record in records(here) if record.day == yesterday}
    table = here.config.run.store.parent / "twitter.csv"
    with table.open("a", encoding="utf-8") as file:
        file.writelines(f"twitter,ada,late{n},retweet,i1,2026-06-{n:02} 10:00:00,,,,\n" for n in range(1, 28))
    here.run(backfill=2)
    after = {record.person: record.score for record in records(here) if record.day == yesterday}
    earlier = {record.person: record.score for record in records(here) if record.day == yesterday - timedelta(days=1)}
    assert after == before
    assert earlier["ada"] > before["ada"] + 1
    here.run(backfill=2)
    assert here.notes[-1] == "nothing to backfill: the 2 days before are recorded with this model already"


def test_somebody_new_gets_a_past_and_the_others_keep_theirs(home: Make) -> None:
    here = home().at(as_of=datetime(2026, 6, 20, tzinfo=UTC))
    people = here.config.people
    alone = attrs.evolve(here, config=attrs.evolve(here.config, people={"ada": people["ada"]}))
    today = alone.run(backfill=2).as_of.date()
    before = [record for record in records(here) if record.day != today]
    here.run(backfill=2)
    after = [record for record in records(here) if record.day != today]
    assert [record for record in after if record.person == "ada"] == before
    assert {(record.person, record.day) for record in after if record.person != "ada"} == {
        (person, today - timedelta(days=back)) for person in ("bob", "eve") for back in (1, 2)
    }


def test_days_before_the_oldest_reaction_are_left_out_and_a_short_past_is_told(home: Make) -> None:
    here = home(20)
    today = here.run(backfill=200).as_of.date()
    first = min(record.day for record in records(here) if record.day is not None)
    assert today - timedelta(days=200) < first
    assert any("days lie before the oldest reaction in the store, and were left out" in note for note in here.notes)
    assert any("rest on less than a whole window" in note for note in here.notes)


def test_a_backfill_that_is_asked_to_stop_keeps_the_days_it_has_done(home: Make) -> None:
    here = home()
    stop = threading.Event()
    stop.set()
    today = here.run().as_of.date()
    here.run(collect=False, backfill=3, stop=stop)
    assert {record.day for record in records(here)} == {today}


def test_changes_are_told_from_backfilled_days(home: Make) -> None:
    here = home()
    ada = here.run(backfill=8).people[0]
    assert ada.delta.day is not None
    assert ada.delta.week is not None
    assert ada.delta.month is None
