"""The promises that are about the score, for any model that can be fitted: weights within the limits that every fit keeps, calibrated on a
population. What these limits are is said once, in `kleos.scoring.fitting.promised`: fits are held to it, and models are drawn from it."""

from __future__ import annotations

from functools import cache

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Metric
from kleos.insight.attacking import attacks
from kleos.insight.attacking.synthetic import invented_world
from kleos.insight.attacking.world import Acting, Rows, World, rows_of, scored
from kleos.plugins import Loaded, load
from kleos.scoring.calibrate import REFERENCE_ACTORS, odds_table
from kleos.scoring.fitting.keeping import keep
from kleos.scoring.fitting.promised import broken, promised
from kleos.scoring.model import Model, Weight, load_model
from kleos.scoring.resolved import NetworkForm, Resolved, resolve_model
from slow_twins.small import METRICS, MODEL, NETWORKS
from slow_twins.tables import Row, likes, rows, run

FEW = settings(deadline=None, max_examples=12)


@cache
def loaded() -> Loaded:
    return load(networks=["twitter", "youtube"], metrics=list(load_model().metrics))


@st.composite
def fitted(draw: st.DrawFn) -> Model:
    """Draw the shipped model with other weights and scales: any that keep the limits of a fit, one metric by itself as far as they let it
    included."""
    model = load_model()
    alone = draw(st.one_of(st.none(), st.sampled_from(sorted(model.metrics))))
    some = st.one_of(st.just(0.0), st.floats(0.01, 20))
    shares = {name: float(name == alone) if alone else draw(some) for name in model.metrics}
    scale = {name: draw(st.floats(0.05, 50)) for name in model.metrics}
    total = draw(st.floats(0.1, 50))
    kept = keep(promised(metrics()), shares, scale)
    plain = {name: attrs.evolve(network, metrics={}) for name, network in model.networks.items()}
    drawn = {name: Weight(weight=kept[name] * total, scale=scale[name]) for name in model.metrics}
    return attrs.evolve(model, name="fitted", metrics=drawn, networks=plain)


def metrics() -> list[Metric]:
    return [loaded().metrics[name] for name in load_model().metrics]


def calibrated(model: Model) -> tuple[Resolved, NetworkForm]:
    """Return the model with the odds table of the invented population, as `model calibrate` makes it."""
    resolved, form = of(model)
    found = scored(invented_world(resolved, form, people=1_500, strangers=9_000))
    table = odds_table(found.strength[0, found.actors >= REFERENCE_ACTORS])
    networks = {**model.networks, "twitter": attrs.evolve(model.networks["twitter"], odds=table)}
    return of(attrs.evolve(model, networks=networks))


def of(model: Model) -> tuple[Resolved, NetworkForm]:
    resolved = resolve_model(model, loaded().metrics)
    return resolved, resolved.form(loaded().networks["twitter"])


def world(model: Model, *received: Rows, accounts: int = 40, people: int = 1, networks: tuple[str, ...] = ("twitter",)) -> World:
    """Return people 0.. with these reactions; accounts are nobody's, and every fourth tells of 20,000 followers, every third of 20."""
    resolved, _ = of(model)
    audience = np.select([np.arange(accounts) % 4 == 0, np.arange(accounts) % 3 == 0], [20_000.0, 20.0], np.nan)
    columns = [attrs.asdict(some, recurse=False) for some in received]
    return World(
        forms=[resolved.form(loaded().networks[name]) for name in networks],
        resolved=resolved,
        window=model.window,
        people=people,
        accounts=[Acting(audience, np.full(accounts, -1)) for _ in networks],
        rows=Rows(**{name: np.concatenate([column[name] for column in columns]) for name in columns[0]}),
    )


def score_of(there: World) -> float:
    """Return the score of person 0 with the actors' influence frozen: as their audiences tell it."""
    return float(scored(there, told_only=True).score[0])


def strength_of(there: World) -> float:
    """Return person 0's strength, likewise. The score grows with it, but for ties where a curve that was not made for it ends."""
    return float(scored(there, told_only=True).strength[0, 0])


@st.composite
def reactions(draw: st.DrawFn, most: int = 12, network: int = 0) -> Rows:
    """Draw reactions to person 0 of any kinds, with and without names and items."""
    size = draw(st.integers(1, most))
    kinds = list(loaded().networks[("twitter", "youtube")[network]].kinds)

    def column(values: st.SearchStrategy[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)

    made = rows_of(
        person=np.zeros(size, dtype=np.int64),
        account=column(st.integers(-1, 8)),
        kind=column(st.integers(0, len(kinds) - 1)),
        item=column(st.integers(0, 3)),
        age=column(st.integers(0, load_model().window)),
        network=network,
    )
    return attrs.evolve(made, itemless=made.item == 3)


@FEW
@given(fitted(), reactions(), reactions(most=1))
def test_3_one_more_reaction_never_lowers_the_score(model: Model, received: Rows, more: Rows) -> None:
    assert score_of(world(model, received, more)) >= score_of(world(model, received)) - 1e-9


@FEW
@given(fitted(), reactions(), reactions(network=1))
def test_3_one_more_network_never_lowers_the_score(model: Model, received: Rows, elsewhere: Rows) -> None:
    both = score_of(world(model, received, elsewhere, networks=("twitter", "youtube")))
    assert both >= score_of(world(model, received)) - 1e-9
    assert both >= score_of(world(model, elsewhere, networks=("twitter", "youtube"))) - 1e-9


@FEW
@given(fitted(), reactions())
def test_5_the_same_like_weighs_more_from_somebody_influential(model: Model, received: Rows) -> None:
    def liked_by(account: int) -> float:
        like = rows_of(person=np.zeros(1, dtype=np.int64), account=np.array([account]), kind=0, item=7, age=model.window // 9)
        return strength_of(world(model, received, like))

    famous, stranger, small = liked_by(12), liked_by(13), liked_by(15)  # none of them reacted otherwise
    assert famous > stranger > small


@FEW
@given(fitted())
def test_6_people_beat_clicks(model: Model) -> None:
    assert reacted_by(model, 100, 100) > reacted_by(model, 100, 1) > 0


@FEW
@given(fitted(), st.integers(2, 60))
def test_6_people_are_worth_no_less_than_clicks_whatever_their_number(model: Model, number: int) -> None:
    """Where one person clicks on two days, weeks apart, they have come back, which two people who came once have not."""
    assert reacted_by(model, number, number) >= reacted_by(model, number, 1) - 1e-9


def reacted_by(model: Model, reactions: int, people: int) -> float:
    """Return the strength by so many reactions, evenly over the window, each to an item of its own, by so many strangers in turn."""
    each = np.arange(reactions)
    giving = rows_of(
        person=np.zeros(reactions, dtype=np.int64),
        account=each % people * 4 + 1,
        kind=1,
        item=each,
        age=each * (model.window // (reactions + 1)),
    )
    untold = world(model, giving, accounts=500)
    return strength_of(attrs.evolve(untold, accounts=[Acting(np.full(500, np.nan), np.full(500, -1))]))


@FEW
@given(fitted())
def test_6_an_actor_who_reacts_to_everybody_gives_less_to_each(model: Model) -> None:
    """In a population, where what actors give is known: a bot that reacts to 400 people, beside a stranger who reacts to one."""
    size = 400
    fans = rows_of(person=np.repeat(np.arange(size), 6), account=np.arange(size * 6), kind=0, item=1, age=model.window // 5)
    start = world(model, fans, accounts=size * 6, people=size)
    start = attrs.evolve(start, accounts=[Acting(np.full(size * 6, np.nan), np.full(size * 6, -1))])
    bot = scored(attacks.reacting_to_everybody(start, kind=0)).strength[0]
    one = scored(attacks.crowd(start, np.array([0]), 1, kind=0)).strength[0]
    before = scored(start).strength[0]
    assert one[0] > bot[0] >= before[0] - 1e-9


@settings(deadline=None, max_examples=6)
@given(fitted())
def test_7_over_the_reference_population_the_mean_is_40_and_63_the_top_5_percent(model: Model) -> None:
    resolved, form = calibrated(model)
    found = scored(invented_world(resolved, form, people=1_500, strangers=9_000))
    reference = found.score[found.actors >= REFERENCE_ACTORS]
    assert len(reference) > 400
    assert reference.mean() == pytest.approx(40, abs=0.5)
    assert np.percentile(reference, 95) == pytest.approx(63, abs=0.5)


@FEW
@given(fitted(), st.sampled_from(sorted(load_model().metrics)), st.floats(1.001, 3))
def test_9_every_model_has_a_digest_of_its_own(model: Model, name: str, times: float) -> None:
    weight = model.metrics[name]
    changed = attrs.evolve(weight, weight=weight.weight * times or 1.0)
    other = attrs.evolve(model, metrics={**model.metrics, name: changed})
    stricter = attrs.evolve(model, influence=attrs.evolve(model.influence, prolific=model.influence.prolific * times))
    digests = [resolve_model(one, loaded().metrics).id.digest for one in (model, other, stricter)]
    assert len(set(digests)) == 3
    assert resolve_model(attrs.evolve(model), loaded().metrics).id.digest == digests[0]


def small_model(model: Model) -> Model:
    """Return the small world's model with the weights and scales of a drawn one."""
    drawn = list(model.metrics.values())
    return attrs.evolve(MODEL, metrics={name: drawn[place % len(drawn)] for place, name in enumerate(METRICS)})


@settings(deadline=None, max_examples=6)
@given(fitted(), st.lists(rows(), max_size=10))
def test_10_every_interval_holds_its_score_and_too_few_people_have_none(model: Model, drawn: list[Row]) -> None:
    few = run(likes(4), model=small_model(model), networks=NETWORKS[:1])
    assert np.isnan(few.intervals()[0]).all()
    found = run([*likes(5), *drawn], model=small_model(model))
    low, high = found.intervals()[0]
    assert 1.0 <= low <= found.score[0] <= high < 100.0


@FEW
@given(fitted())
def test_10_a_reaction_without_a_time_is_unknown_and_not_nought(model: Model) -> None:
    timed = run(likes(9), model=small_model(model)).score[0]
    untimed = run([attrs.evolve(row, time=None) for row in likes(9)], model=small_model(model)).score[0]
    dropped = run([attrs.evolve(row, time=None) for row in likes(9)][:3], model=small_model(model)).score[0]
    assert dropped <= untimed
    assert min(timed, untimed) > 1.0


def test_the_models_that_are_drawn_weigh_the_metrics_that_ship() -> None:
    assert set(load_model().metrics) == set(loaded().metrics)


def test_the_model_that_ships_keeps_the_limits_of_a_fit() -> None:
    assert broken(load_model(), loaded().metrics) == []


@FEW
@given(fitted())
def test_every_model_that_is_drawn_keeps_the_limits_of_a_fit(model: Model) -> None:
    assert broken(model, loaded().metrics) == []
