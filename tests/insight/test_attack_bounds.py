"""What cheating must not gain, with the model that ships: on the invented population of `kleos attack`."""

from __future__ import annotations

import numpy as np
import pytest

from kleos.insight.attacking import trying
from kleos.insight.attacking.attacks import crowd, outsiders, pod, reacting_to_everybody
from kleos.insight.attacking.outcome import Outcome
from kleos.insight.attacking.synthetic import invented_world
from kleos.insight.attacking.trying import Field, open_field
from kleos.kernel.layout import DAYS
from kleos.plugins import load
from kleos.scoring.model import load_model
from kleos.scoring.resolved import resolve_model


@pytest.fixture(scope="module")
def field() -> Field:
    model = load_model()
    loaded = load(networks=["twitter"], metrics=list(model.metrics))
    resolved = resolve_model(model, loaded.metrics)
    return open_field(invented_world(resolved, resolved.form(loaded.networks["twitter"])))


def named(outcomes: list[Outcome], title: str) -> Outcome:
    (found,) = [outcome for outcome in outcomes if title in outcome.title]
    return found


def test_targets_are_people_of_average_score(field: Field) -> None:
    scores = field.before.score[field.targets]
    assert len(scores) == 20
    assert 38 <= scores.min() <= scores.max() <= 42


@pytest.mark.parametrize(("number", "points"), [(100, 3), (1_000, 6)])
def test_puppets_that_tell_of_no_followers_gain_little(field: Field, number: int, points: float) -> None:
    for kind in np.flatnonzero(field.world.forms[0].in_any):
        changed = crowd(field.world, field.targets, number, kind=int(kind), audience=0.0)
        assert 0 < field.gained(changed).max() < points
        assert 0 < field.gained_told(changed).max() < points


def test_puppets_that_tell_nothing_cannot_be_told_from_strangers(field: Field) -> None:
    """Reported and not bounded: this is what honest strangers gain, too."""
    told, untold = (crowd(field.world, field.targets, 100, kind=field.kind, audience=audience) for audience in (0.0, None))
    assert field.gained(untold).min() > 5 * field.gained(told).max()


def test_a_pod_gains_less_than_as_many_outsiders_would_give_and_less_than_18_points(field: Field) -> None:
    for kind in np.flatnonzero(field.world.forms[0].in_any):
        daily = field.gained(pod(field.world, field.targets, kind=int(kind)))
        beside = field.gained(outsiders(field.world, field.targets, kind=int(kind)))
        assert daily.max() < 18
        assert (daily <= beside).all()


def test_a_fan_who_reacts_every_day_to_one_person_keeps_the_whole_weight(field: Field) -> None:
    """What keeps pods small is how much their members give to others, and no penalty for being liked often."""
    daily = outsiders(field.world, field.targets, kind=field.kind)
    weekly = outsiders(field.world, field.targets, kind=field.kind, every=7)
    assert (field.gained(daily) >= field.gained(weekly)).all()


def test_a_bot_that_reacts_to_everybody_gives_nobody_anything(field: Field) -> None:
    bot = field.gained(reacting_to_everybody(field.world, kind=field.kind))
    stranger = field.gained(crowd(field.world, field.targets, 1, kind=field.kind))
    assert bot.max() < 0.5 < stranger.min()


def test_a_viral_item_has_lost_three_quarters_after_60_days_and_all_when_it_leaves_the_window(field: Field) -> None:
    (found,) = trying.viral(field)
    left = {item.days: item.share for item in found.left}
    assert 0 < left[60] <= 0.25
    assert left[91] == 0.0
    assert DAYS < 91


@pytest.mark.parametrize(("people", "points"), [(12, 6), (90, 4), (900, 3)])
def test_a_break_of_14_days_costs_a_steady_person_little(breaks: list[Outcome], people: int, points: float) -> None:
    found = named(breaks, f"with {people} people")
    assert found.people is not None
    assert 0 < found.population.most <= points
    assert 0 < found.people.most <= points


@pytest.fixture(scope="module")
def breaks(field: Field) -> list[Outcome]:
    return trying.breaks(field)


def test_the_bounds_of_the_verb_are_the_bounds_of_these_tests() -> None:
    assert trying.PUPPETS == {100: 3.0, 1_000: 6.0}
    assert trying.POD == 18.0
    assert trying.BREAKS == {12: 6.0, 90: 4.0, 900: 3.0}
    assert trying.AVERAGE == (38.0, 42.0)
