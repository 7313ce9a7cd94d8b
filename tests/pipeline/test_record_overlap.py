"""A change of model is shown as one: old and new side by side, and everybody's move parted in theirs and the model's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from kleos.scoring.model import load_model
from kleos.scoring.writing import model_text
from kleos.store import ScoreRecord, Store

Make = Callable[..., Any]
MAY = datetime(2026, 5, 20, tzinfo=UTC)
JUNE = datetime(2026, 6, 20, 8, tzinfo=UTC)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a model that weighs otherwise."""
    model = load_model()
    weights = {
        name: attrs.evolve(weight, weight=weight.weight * 2 if name == "momentum" else weight.weight)
        for name, weight in model.metrics.items()
    }
    path = tmp_path / "other.toml"
    path.write_text(model_text(attrs.evolve(model, name="other", version="7", metrics=weights)), encoding="utf-8")
    return path


def records(home: Any, person: str = "ada") -> list[ScoreRecord]:
    with Store.open(home.config.run.store, create=False) as store:
        return store.scores(person=person)


def test_a_change_of_model_parts_every_move_in_the_persons_and_the_models(home: Make, other: Path) -> None:
    here = home()
    first = here.at(as_of=MAY).run().people[0]
    changed = here.at(as_of=JUNE, model=other).run()
    ada = changed.people[0]
    assert ada.move is not None
    assert (ada.move.old.name, ada.move.since) == (load_model().name, MAY)
    assert ada.move.points == pytest.approx(ada.score - first.score, abs=1e-12)
    assert ada.move.own + ada.move.model == pytest.approx(ada.move.points, abs=1e-9)
    assert ada.move.model == ada.score - ada.move.old_score != 0
    told = changed.to_json()["people"][0]["move"]
    assert told["old"]["score"] == ada.move.old_score
    assert told["points"] == ada.move.points


def test_the_old_models_score_of_that_day_is_what_it_would_have_been(home: Make, other: Path) -> None:
    here = home()
    here.at(as_of=MAY).run()
    here.at(as_of=JUNE, model=other).run()
    old, new = sorted((one for one in records(here) if one.as_of == JUNE), key=lambda one: one.model != load_model().name)
    assert (old.successor, new.successor) == (new.digest, None)
    unchanged = here.at(as_of=JUNE)
    unchanged.run(collect=False)
    again = next(one for one in records(here) if one.as_of == JUNE and one.digest == old.digest)
    assert attrs.evolve(again, successor=old.successor) == old


def test_the_overlap_is_told_on_its_day_and_not_after_it(home: Make, other: Path) -> None:
    here = home()
    here.at(as_of=MAY).run()
    here = here.at(model=other)
    first, again = (here.at(as_of=JUNE).run(collect=False).people[0].move for _ in range(2))
    assert first == again
    assert first is not None
    later = here.at(as_of=datetime(2026, 6, 21, tzinfo=UTC)).run(collect=False).people[0]
    assert later.move is None
    new = next(one for one in records(here) if one.as_of == JUNE and one.successor is None)
    assert later.delta.day == later.score - new.score


def test_changes_are_by_records_of_the_same_model(home: Make, other: Path) -> None:
    here = home()
    here.at(as_of=MAY).run()
    changed = here.at(as_of=JUNE, model=other).run(collect=False)
    assert changed.people[0].delta.month is None
    assert here.at(as_of=JUNE).run(collect=False).people[0].delta.month is not None


def test_weights_of_the_configuration_are_a_change_of_model_too(home: Make) -> None:
    here = home()
    here.at(as_of=MAY).run()
    weighed = attrs.evolve(
        here, config=attrs.evolve(here.config, metric_weights={"momentum": 3.0}, factor_weights={"twitter.like.acts": 0.5})
    )
    move = weighed.at(as_of=JUNE).run(collect=False).people[0].move
    assert move is not None
    assert move.model > 0
    back = here.at(as_of=datetime(2026, 6, 25, tzinfo=UTC)).run(collect=False).people[0].move
    assert back is not None
    assert back.old.name.endswith("+overrides")
    assert back.model < 0


def test_somebody_who_was_never_scored_before_did_not_move(home: Make, other: Path) -> None:
    here = home()
    alone = attrs.evolve(here, config=attrs.evolve(here.config, people={"ada": here.config.people["ada"]}))
    alone.at(as_of=MAY).run()
    ada, bob, _ = here.at(as_of=JUNE, model=other).run(collect=False).people
    assert ada.move is not None
    assert bob.move is None
    assert {one.digest for one in records(here, "bob")} == {
        one.digest for one in records(here) if one.successor is None and one.as_of == JUNE
    }


def test_an_old_model_that_was_not_kept_or_cannot_be_made_again_is_told(home: Make, other: Path) -> None:
    here = home()
    here.at(as_of=MAY).run()
    models = here.config.run.store / "models"
    use = next(models.glob("*.json"))
    use.write_text(use.read_text(encoding="utf-8").replace('"momentum"', '"gone"'), encoding="utf-8")
    changed = here.at(as_of=JUNE, model=other)
    assert changed.run(collect=False, record=False).people[0].move is None
    assert "cannot be used: metrics that it weighs have changed or are gone" in here.notes[-1]
    for file in models.iterdir():
        file.unlink()
    assert changed.run(collect=False, record=False).people[0].move is None
    assert "cannot be used: the store has not kept it" in here.notes[-1]


def test_a_run_that_records_nothing_leaves_no_old_record_either(home: Make, other: Path) -> None:
    here = home()
    here.at(as_of=MAY).run()
    before = records(here)
    assert here.at(as_of=JUNE, model=other).run(collect=False, record=False).people[0].move is not None
    assert records(here) == before
