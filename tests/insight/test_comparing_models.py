"""Two models side by side: what differs is told, and the reasons of every move add up to it."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from kleos.insight.comparing_models.changes import model_changes
from kleos.insight.comparing_models.moves import _rank_correlation
from kleos.scoring.model import Weight, load_model


def test_a_model_does_not_differ_from_itself() -> None:
    changes = model_changes(load_model(), load_model())
    assert not changes.any
    assert len(changes.weights) == len(load_model().metrics)


def test_a_name_is_no_difference() -> None:
    assert not model_changes(load_model(), attrs.evolve(load_model(), name="other", version="9", description="else")).any


def test_every_kind_of_difference_is_told_by_its_key() -> None:
    model = load_model()
    twitter = model.networks["twitter"]
    odds = attrs.evolve(twitter.odds, strength=[one * 2 for one in twitter.odds.strength])
    audience = attrs.evolve(twitter.audience, share=[*twitter.audience.share[:-1], 1.0])
    other = attrs.evolve(
        model,
        window=30 * 86_400_000_000,
        fractions=attrs.evolve(model.fractions, recent=8.0),
        influence=attrs.evolve(model.influence, floor=0.002),
        score=attrs.evolve(model.score, score=[one * 0.99 + 0.02 for one in model.score.score]),
        networks={**model.networks, "twitter": attrs.evolve(twitter, rho=2.0, odds=odds, audience=audience), "flickr": twitter},
    )
    told = {change.where: (change.before, change.after) for change in model_changes(model, other).others}
    assert told["window"] == ("90 days", "30 days")
    assert told["fractions.recent"] == ("16", "8")
    assert told["influence.floor"][1] == "0.002"
    assert told["networks.twitter.rho"] == ("1", "2")
    assert told["networks.flickr"] == ("not calibrated", "calibrated on its own")
    assert {"score", "networks.twitter.odds", "networks.twitter.audience"} <= set(told)


def test_a_metric_that_only_one_model_has_weighs_nothing_in_the_other() -> None:
    model = load_model()
    other = attrs.evolve(model, metrics={**model.metrics, "fame": Weight(weight=2.0)})
    change = next(one for one in model_changes(model, other).weights if one.metric == "fame")
    assert (change.before.weight, change.after.weight, change.share_before) == (0.0, 2.0, 0.0)


def test_a_networks_own_weight_is_told_with_its_network() -> None:
    model = load_model()
    own = attrs.evolve(model.networks["twitter"], metrics={"applause": Weight(weight=3.0)})
    changes = model_changes(model, attrs.evolve(model, networks={**model.networks, "twitter": own}))
    assert [(one.network, one.metric) for one in changes.weights if one.network] == [("twitter", "applause")]


def test_equal_scores_share_a_rank() -> None:
    stats = pytest.importorskip("scipy.stats", reason="compared with SciPy's")
    a, b = np.array([1.0, 1.0, 2.0, 5.0, 5.0, 9.0]), np.array([2.0, 1.0, 1.0, 7.0, 8.0, 8.0])
    assert _rank_correlation(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert np.isnan(_rank_correlation(a, np.ones(6)))
