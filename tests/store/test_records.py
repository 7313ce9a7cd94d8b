"""Daily records: read for one person or all, light or whole, from files of any age."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kleos.errors import StoreError
from kleos.store import Connection, ScoreRecord, Store
from kleos.store.models import ModelUse, keep_model, kept_model
from kleos.store.records import STEPS, last_day, newest_before, read_scores

DAY = date(2026, 3, 1)
USE = ModelUse(metrics=["reach"], metric_weights={"reach": 2.0}, factor_weights={}, window=5)


def score(person: str, value: float, **changes: Any) -> ScoreRecord:
    values = {"lo": None, "hi": None, "percentile": 50.0, "model": "kleos", "version": "1", "digest": "d1", "window": 1}
    given = values | {"as_of": datetime(2026, 3, 1, tzinfo=UTC), "coverage": {"networks": ["pond"]}, "metrics": {"reach": {"value": 3}}}
    return ScoreRecord(person=person, score=value, **given | changes)


def test_only_the_documents_asked_for_are_read(store: Store, connection: Connection) -> None:
    store.record_scores(DAY, [score("ada", 40.0)])
    (light,) = read_scores(connection, store.path / "scores", documents=("coverage",))
    assert (light.coverage, light.metrics) == ({"networks": ["pond"]}, {})
    assert store.scores()[0].metrics == {"reach": {"value": 3}}


def test_records_come_by_day_person_and_model(store: Store, connection: Connection) -> None:
    for day in (DAY + timedelta(days=1), DAY):
        store.record_scores(day, [score("bob", 1.0), score("ada", 2.0, digest="d2"), score("ada", 3.0)])
    found = read_scores(connection, store.path / "scores")
    assert [(one.day, one.person, one.digest) for one in found] == [
        (day, *who) for day in (DAY, DAY + timedelta(days=1)) for who in (("ada", "d1"), ("ada", "d2"), ("bob", "d1"))
    ]
    assert [one.score for one in read_scores(connection, store.path / "scores", person="ada", since=DAY, until=DAY)] == [3.0, 2.0]


def test_a_record_knows_the_model_that_took_its_models_place(store: Store) -> None:
    store.record_scores(DAY, [score("ada", 40.0, successor="d2"), score("ada", 41.0, digest="d2")])
    assert [record.successor for record in store.scores()] == ["d2", None]


def test_files_of_an_earlier_version_are_read_beside_new_ones(store: Store, connection: Connection) -> None:
    store.record_scores(DAY, [score("ada", 40.0)])
    file = store.path / "scores" / f"day={DAY}.parquet"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE old AS SELECT * EXCLUDE (successor) FROM read_parquet('{file}')")
    connection.execute(f"COPY old TO '{file}' (FORMAT parquet)")
    assert [record.successor for record in store.scores()] == [None]
    store.record_scores(DAY + timedelta(days=1), [score("ada", 41.0, successor="d2")])
    assert [record.successor for record in store.scores()] == [None, "d2"]
    store.record_scores(DAY, [score("bob", 1.0, successor="d3")])
    assert [record.successor for record in store.scores(until=DAY)] == [None, "d3"]


def test_where_nothing_was_recorded_there_is_nothing(tmp_path: Path, connection: Connection) -> None:
    assert read_scores(connection, tmp_path / "scores") == []
    assert last_day(connection, tmp_path / "scores", before=DAY) is None


def test_the_last_day_is_the_newest_before_another(store: Store, connection: Connection) -> None:
    for back in (0, 3, 9):
        store.record_scores(DAY - timedelta(days=back), [score("ada", 2.0)])
    assert last_day(connection, store.path / "scores", before=DAY) == DAY - timedelta(days=3)


@pytest.mark.parametrize(("back", "found"), [([1, 2], 1), ([2], 2), ([3], None), ([0], None), ([], None)])
def test_a_change_is_told_over_a_step_and_at_most_two(back: list[int], found: int | None) -> None:
    days = [DAY - timedelta(days=number) for number in back]
    assert newest_before(days, DAY, STEPS["day"]) == (None if found is None else DAY - timedelta(days=found))


def test_a_model_is_kept_once_and_read_back(tmp_path: Path) -> None:
    assert kept_model(tmp_path, "abc") is None
    keep_model(tmp_path / "models", "abc", "name = 'x'", USE)
    keep_model(tmp_path / "models", "abc", "something else", USE)
    kept = kept_model(tmp_path / "models", "abc")
    assert kept is not None
    assert (kept[0].read_text(encoding="utf-8"), kept[1]) == ("name = 'x'", USE)


def test_a_model_whose_use_is_broken_is_told_in_a_sentence(tmp_path: Path) -> None:
    keep_model(tmp_path / "models", "abc", "name = 'x'", USE)
    for text in ("{", '{"metrics": []}'):
        (tmp_path / "models" / "abc.json").write_text(text, encoding="utf-8")
        with pytest.raises(StoreError, match="what was made of an old model cannot be read"):
            kept_model(tmp_path / "models", "abc")
