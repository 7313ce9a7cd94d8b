"""Weights that are fitted keep the model's rules, find what the data tell, and leave alone what they do not."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import KleosError, UsageError
from kleos.plugins import load
from kleos.scoring.fitting.comparisons import Choices, Comparisons, draw_comparisons
from kleos.scoring.fitting.keeping import keep
from kleos.scoring.fitting.limits import NO_LIMITS, Limits, Outweighed
from kleos.scoring.fitting.promised import broken, promised
from kleos.scoring.fitting.regression import bradley_terry
from kleos.scoring.fitting.validation import validate
from kleos.scoring.fitting.weights import FittedWeights, fit_weights, fitted_model
from kleos.scoring.model import Model, Weight, load_model
from kleos.scoring.writing import model_text

pytest.importorskip("scipy", reason="fitting needs SciPy")

METRICS = ("reach", "days", "likes")
BASE = {"reach": Weight(weight=1.0), "days": Weight(weight=1.0), "likes": Weight(weight=0.5), "rare": Weight(weight=0.5)}
FREE = np.zeros((0, 3))


def population(seed: int = 3, people: int = 300, truth: tuple[float, float, float] = (2.0, 1.0, 0.0)) -> Comparisons:
    """Return comparisons of accounts whose outcome follows a strength that is known."""
    random = np.random.default_rng(seed)
    values = random.lognormal(1.0, 1.0, (people, 3))
    outcome = np.expm1(np.log1p(values) @ np.array(truth) + random.normal(0, 0.3, people)).clip(0)
    return draw_comparisons("cut", METRICS, values, outcome, np.arange(people), number=4_000, seed=seed)


def fit(comparisons: Comparisons, limits: Limits = NO_LIMITS, **options: float) -> FittedWeights:
    return fit_weights(BASE, {"spread": [comparisons]}, limits=limits, **options)  # type: ignore[arg-type]


def test_the_proportions_of_the_truth_are_found() -> None:
    found = fit(population()).weights
    assert found["reach"].weight / found["days"].weight == pytest.approx(2.0, rel=0.15)
    assert found["likes"].weight < 0.1 * found["reach"].weight


def test_a_metric_that_nothing_tells_keeps_its_share_and_the_sum_stays() -> None:
    found = fit(population()).weights
    assert found["rare"].weight == pytest.approx(0.5)
    assert not found["rare"].learnt_from
    assert sum(one.weight for one in found.values()) == pytest.approx(3.0, abs=1e-3)


def test_later_evidence_learns_only_what_earlier_evidence_could_not_tell() -> None:
    spread = population()
    random = np.random.default_rng(5)
    values = random.lognormal(1.0, 1.0, (200, 2))
    strength = np.log1p(values) @ np.array([2.0, 1.0])
    accounts = np.array([(a, b) for a in range(200) for b in range(a) if (a + b) % 9 == 0])
    gap = strength[accounts[:, 0]] - strength[accounts[:, 1]]
    wins = random.random(len(gap)) < 1 / (1 + np.exp(-gap))
    accounts[~wins] = accounts[~wins, ::-1]
    first, second = accounts.T
    pairs = Comparisons(
        name="pairs", metrics=("reach", "rare"), chosen=values[first], other=values[second], accounts=accounts, weight=np.ones(len(gap))
    )
    alone = fit(spread, penalty=0.001).weights
    both = fit_weights(BASE, {"spread": [spread], "pairs": [pairs]}, penalty=0.001).weights
    assert both["rare"].learnt_from == "pairs"
    assert both["reach"].weight / both["days"].weight == pytest.approx(alone["reach"].weight / alone["days"].weight, rel=0.01)
    assert both["rare"].weight / both["reach"].weight == pytest.approx(0.5, rel=0.25)


def test_limits_hold_and_the_other_weights_make_up_for_it() -> None:
    limits = Limits(at_most={"reach": 0.3}, at_least={"likes": 0.1})
    found = fit(population(), limits).weights
    assert found["reach"].share <= 0.3 + 1e-6
    assert found["likes"].share >= 0.1 - 1e-6
    assert found["days"].share > fit(population()).weights["days"].share


def test_limits_that_cannot_all_hold_are_told() -> None:
    with pytest.raises(UsageError, match="cannot all hold"):
        fit(population(), Limits(at_least={"reach": 0.7, "days": 0.7}))


def test_fitting_again_to_the_same_data_changes_nothing() -> None:
    once = fit(population(), Limits(at_most={"reach": 0.3}), penalty=0.01)
    base = {metric: Weight(weight=one.weight, scale=one.scale) for metric, one in once.weights.items()}
    again = fit_weights(base, {"spread": [population()]}, limits=Limits(at_most={"reach": 0.3}), penalty=0.01)
    assert [one.weight for one in again.weights.values()] == pytest.approx([one.weight for one in once.weights.values()], abs=2e-4)


def test_too_few_data_are_refused() -> None:
    with pytest.raises(KleosError, match="the data are too few to fit to: expected at least 200 comparisons of 40 accounts, found"):
        fit(population(people=20))


def test_accounts_that_are_all_alike_teach_nothing() -> None:
    comparisons = population()
    alike = attrs.evolve(comparisons, chosen=np.ones_like(comparisons.chosen), other=np.ones_like(comparisons.other))
    with pytest.raises(KleosError, match="no metric tells who comes first"):
        fit(alike)


def test_without_scipy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(UsageError, match="fitting needs SciPy") as raised:
        fit(population())
    assert raised.value.hint == "pip install 'kleos[fit]'"


def test_a_fold_is_judged_by_accounts_that_were_not_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    comparisons = population()
    choices = Choices(
        difference=np.log1p(comparisons.chosen) - np.log1p(comparisons.other), weight=comparisons.weight, accounts=comparisons.accounts
    )
    learnt: list[set[int]] = []
    judged: list[set[int]] = []

    def spy(choices: Choices, **options: object) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        learnt.append(set(choices.accounts.ravel().tolist()))
        return np.ones(3)

    def judge(choices: Choices, v: object) -> float:
        judged.append(set(choices.accounts.ravel().tolist()))
        return 0.5

    monkeypatch.setattr("kleos.scoring.fitting.validation.bradley_terry", spy)
    monkeypatch.setattr("kleos.scoring.fitting.validation.log_loss", judge)
    found = validate([choices], FREE, penalties=(0.1,))
    assert found is not None
    assert found.folds == 5
    assert all(not train & test for train, test in zip(learnt, judged, strict=True))


def test_a_stronger_penalty_draws_weights_together() -> None:
    comparisons = population()
    choices = Choices(
        difference=np.log1p(comparisons.chosen) - np.log1p(comparisons.other), weight=comparisons.weight, accounts=comparisons.accounts
    )
    loose, tight = (bradley_terry(choices, penalty=penalty, limits=FREE) for penalty in (0.001, 10.0))
    assert np.std(tight) < 0.2 * np.std(loose)


def test_a_scale_of_the_truth_is_found() -> None:
    random = np.random.default_rng(9)
    values = random.lognormal(1.0, 1.5, (300, 3))
    outcome = np.expm1(np.log1p(values / np.array([8.0, 1.0, 1.0])) @ np.array([2.0, 1.0, 0.0]))
    comparisons = draw_comparisons("cut", METRICS, values, outcome, np.arange(300), number=2_000, seed=1)
    found = fit_weights(BASE, {"spread": [comparisons]}, scales=True, penalty=0.001)
    assert found.weights["reach"].scale > 1.0
    assert found.weights["days"].scale <= 2.0


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), people=st.integers(45, 90), shape=st.floats(0.1, 3.0), share=st.floats(0.0, 1.0))
def test_any_model_that_a_fit_produces_can_be_read_and_keeps_the_rules(
    tmp_path_factory: pytest.TempPathFactory, seed: int, people: int, shape: float, share: float
) -> None:
    base = load_model()
    metrics = tuple(base.metrics)
    random = np.random.default_rng(seed)
    values = random.lognormal(0.0, shape, (people, len(metrics))) * (random.random((people, len(metrics))) < share + 0.05)
    outcome = random.poisson(values.sum(axis=1)).astype(np.float64)
    comparisons = draw_comparisons("cut", metrics, values, outcome, np.arange(people), number=600, seed=seed)
    try:
        found = fit_weights(base.metrics, {"spread": [comparisons]}, penalty=0.01)
    except KleosError:  # too few that differ; hypothesis finds some
        return
    model = fitted_model(base, found, name="any", version="1", description="")
    file = tmp_path_factory.mktemp("models") / "model.toml"
    file.write_text(model_text(model), encoding="utf-8")
    assert load_model(file) == model
    assert all(one.weight >= 0 for one in model.metrics.values())
    assert sum(one.weight for one in model.metrics.values()) == pytest.approx(sum(one.weight for one in base.metrics.values()), abs=1e-2)
    assert sum(one.share for one in found.weights.values()) == pytest.approx(1.0)


METRIC_DEFINITIONS = load(networks=(), metrics=list(load_model().metrics)).metrics
"""The metrics of the model that ships."""


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    learnt=st.sets(st.sampled_from(sorted(load_model().metrics)), min_size=1, max_size=12),
    foretells=st.sampled_from(sorted(load_model().metrics)),
    scale=st.sampled_from((0.1, 1.0, 20.0)),
    begun_with=st.floats(0, 50),
    most=st.floats(0.05, 1),
)
def test_any_fit_keeps_what_is_promised_of_it_and_its_own_limits(
    *, seed: int, learnt: set[str], foretells: str, scale: float, begun_with: float, most: float
) -> None:
    """Whatever foretells, whatever is learnt and whatever is only kept, and where two kinds of evidence take turns."""
    base = load_model()
    weights = {**base.metrics, "returning_audience": Weight(weight=begun_with, scale=scale)}
    limits = Limits(at_most={"momentum": most}).and_also(promised(list(METRIC_DEFINITIONS.values())))
    names = sorted(learnt | {foretells})
    random = np.random.default_rng(seed)
    values = random.lognormal(0.0, 1.5, (80, len(names)))
    outcome = np.expm1(np.log1p(values[:, names.index(foretells)]) * 2.0)
    parts = [slice(0, len(names) // 2), slice(len(names) // 2, len(names))]
    evidence = {
        f"{number}": [draw_comparisons("cut", names[part], values[:, part], outcome, np.arange(80), number=600, seed=seed)]
        for number, part in enumerate(parts)
        if names[part]
    }
    found = fit_weights(weights, evidence, limits=limits, penalty=0.001)
    shares = {metric: one.share for metric, one in found.weights.items()}
    scales = {metric: one.scale for metric, one in found.weights.items()}
    assert all(one.slack >= -1e-9 for one in limits.slacks(shares, scales))
    assert sum(shares.values()) == pytest.approx(1.0)
    assert {one.metric for one in found.binding} <= limits.metrics
    model = fitted_model(attrs.evolve(base, metrics=weights), found, name="any", version="1", description="")
    assert broken(model, METRIC_DEFINITIONS) == []


def test_a_metric_that_foretells_by_who_comes_back_is_held_by_people() -> None:
    limits = Limits(outweighed=[Outweighed("reach", "likes")])
    free, held = fit(population()), fit(population(), limits)
    assert free.weights["reach"].share > 2 * free.weights["likes"].share
    assert held.weights["reach"].share == pytest.approx(held.weights["likes"].share * math.log(1.5) / math.log(2))
    assert [(one.metric, one.limit, one.by) for one in held.binding] == [("reach", "outweighed", "likes")]
    assert free.binding == []


def test_weights_that_are_kept_give_way_to_a_limit_too() -> None:
    base = {**BASE, "rare": Weight(weight=9.0)}
    found = fit_weights(base, {"spread": [population()]}, limits=Limits(outweighed=[Outweighed("rare", "reach")]), penalty=0.01).weights
    assert not found["rare"].learnt_from
    assert found["rare"].share <= found["reach"].share * math.log(1.5) / math.log(2) + 1e-9


def test_weights_are_told_to_as_many_digits_as_their_sum_asks_for() -> None:
    small = {metric: Weight(weight=one.weight / 1000) for metric, one in BASE.items()}
    found = fit_weights(small, {"spread": [population()]}, penalty=0.01).weights
    assert found["reach"].weight / found["days"].weight == pytest.approx(found["reach"].share / found["days"].share, rel=0.01)


def test_a_model_that_counts_no_people_cannot_be_fitted() -> None:
    with pytest.raises(UsageError, match="no metric of the model counts people"):
        promised([METRIC_DEFINITIONS["consistency"]])


def test_limits_that_were_given_and_those_of_every_fit_have_to_hold_together() -> None:
    definitions = list(METRIC_DEFINITIONS.values())
    limits = Limits(at_most={"engaged_reach": 0.001}).and_also(promised(definitions))
    with pytest.raises(UsageError, match=r"engaged_reach \(at least 0.01, at most 0.001\) cannot all hold"):
        fit_weights(load_model().metrics, {"spread": [renamed(population())]}, limits=limits)


def renamed(comparisons: Comparisons) -> Comparisons:
    return attrs.evolve(comparisons, metrics=("consistency", "momentum", "applause"))


def test_what_a_model_made_by_hand_would_break_is_found_on_the_network_that_it_is_about() -> None:
    model = load_model()
    heavy = {"returning_audience": Weight(weight=9.0)}
    own = attrs.evolve(model, networks={**model.networks, "twitter": attrs.evolve(model.networks["twitter"], metrics=heavy)})
    everywhere = attrs.evolve(model, metrics={**model.metrics, **heavy})
    blind = attrs.evolve(model, metrics={name: one for name, one in model.metrics.items() if name != "engaged_reach"})

    def told(model: Model) -> list[tuple[str, str, str]]:
        return [(network, one.metric, one.limit) for network, one in broken(model, METRIC_DEFINITIONS)]

    assert told(model) == []
    assert told(own) == [("twitter", "returning_audience", "outweighed")]
    assert told(everywhere) == [("", "returning_audience", "outweighed")]
    assert told(blind) == [("", "", "at least")]


@settings(deadline=None, max_examples=200)
@given(
    shares=st.lists(st.floats(0.0, 1.0), min_size=4, max_size=6),
    low=st.floats(0.0, 0.2),
    high=st.floats(0.3, 1.0),
    scale=st.floats(0.05, 50),
)
def test_shares_that_may_not_outweigh_others_give_way_to_them(shares: list[float], low: float, high: float, scale: float) -> None:
    names = [f"m{place}" for place in range(len(shares))]
    limits = Limits(at_least={"m0": low}, at_most={"m3": high}, outweighed=[Outweighed("m1", "m0"), Outweighed("m2", "m0", 3.0)])
    kept = keep(limits, dict(zip(names, shares, strict=True)), {"m0": scale})
    assert sum(kept.values()) == pytest.approx(1.0)
    assert all(one.slack >= -1e-9 for one in limits.slacks(kept, {"m0": scale}))
    again = keep(limits, kept, {"m0": scale})
    assert list(again.values()) == pytest.approx(list(kept.values()), abs=1e-9)


@settings(deadline=None, max_examples=200)
@given(
    shares=st.lists(st.floats(0.0, 1.0), min_size=3, max_size=6).filter(lambda shares: sum(shares) > 0.01),
    low=st.floats(0.0, 0.3),
    high=st.floats(0.35, 1.0),
)
def test_shares_within_limits_add_up_to_one(shares: list[float], low: float, high: float) -> None:
    names = [f"m{place}" for place in range(len(shares))]
    limits = Limits(at_least={names[0]: low}, at_most={names[1]: high, names[2]: high})
    kept = keep(limits, dict(zip(names, shares, strict=True)), {})
    assert sum(kept.values()) == pytest.approx(1.0)
    assert kept[names[0]] >= low - 1e-9
    assert max(kept[names[1]], kept[names[2]]) <= high + 1e-9


def test_a_fitted_model_replaces_a_networks_own_weights(tmp_path: Path) -> None:
    base = load_model()
    twitter = attrs.evolve(base.networks["twitter"], metrics={"engaged_reach": Weight(weight=5.0), "applause": Weight(weight=0.1)})
    base = attrs.evolve(base, networks={**base.networks, "twitter": twitter})
    random = np.random.default_rng(1)
    values = random.lognormal(0, 1, (100, 1))
    comparisons = draw_comparisons("cut", ("engaged_reach",), values, values[:, 0], np.arange(100), number=500, seed=1)
    fitted = fit_weights(base.metrics, {"spread": [comparisons]}, penalty=0.01)
    own = fitted_model(base, fitted, name="x", version="1", description="").networks["twitter"].metrics
    assert list(own) == ["applause"]
