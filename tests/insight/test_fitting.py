"""Fitting to a population and to labelled pairs: what is learnt foretells windows that it was not learnt from."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime
from pathlib import Path

import attrs
import numpy as np
import pytest

from kleos.cli.opening import open_config
from kleos.errors import KleosError, NoDataError, UsageError
from kleos.events import silent
from kleos.insight.evaluating.cuts import Cut
from kleos.insight.evaluating.gathered import gathered
from kleos.insight.evaluating.labelled import read_labelled
from kleos.insight.fitting.fit import Fit, Wanted, fit_features, fit_population
from kleos.insight.fitting.windows import compare_windows
from kleos.pipeline.prepare import resolve
from kleos.plugins import load
from kleos.scoring.fitting.limits import Limits
from kleos.scoring.fitting.promised import LEAST_REACH, broken
from kleos.scoring.model import Weight, load_model
from kleos.scoring.writing import model_text
from kleos.store import to_micros

pytest.importorskip("scipy", reason="fitting needs SciPy")
pytest.importorskip("sklearn", reason="measuring a ranking needs scikit-learn")

START = 1_700_000_000
DAY = 86_400
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CONFIG = '[run]\nthreads = 2\n[population]\ninteractions = "events.csv"\nnetwork = "twitter"\n'


def population(*, people: int = 100, size: int = 3_000, times: bool = True) -> Path:
    """Write reactions over eight days to people of lasting, unequal fame."""
    dice = random.Random(7)
    fame = [dice.paretovariate(0.9) for _ in range(people)]
    with Path("events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["subject", "actor", "kind", *(["time"] if times else [])])
        for subject in dice.choices(range(people), fame, k=size):
            time = [START + dice.randrange(8 * DAY)] if times else []
            table.writerow([f"p{subject}", f"a{dice.randrange(800)}", dice.choice(["retweet", "reply", "mention"]), *time])
    Path("kleos.toml").write_text(CONFIG)
    return Path("kleos.toml")


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return population()


def fitted(config: Path, **options: object) -> Fit:
    opened, loaded = open_config(config, emit=silent)
    wanted = Wanted(name="ours", version="1", penalty=0.01, **{"leave_out": False, **options})  # type: ignore[arg-type]
    return fit_population(opened, loaded, wanted, emit=silent, now=NOW)


def write_pairs(rows: int = 400) -> Path:
    dice = np.random.default_rng(3)
    with Path("pairs.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["choice", "A_mentions", "A_lists", "B_mentions", "B_lists"])
        accounts = dice.lognormal(2, 1.5, (60, 2)).round(1)
        for _ in range(rows):
            a, b = dice.choice(60, 2, replace=False)
            gap = (np.log1p(accounts[a]) - np.log1p(accounts[b])) @ np.array([1.0, 2.0])
            table.writerow([int(dice.random() < 1 / (1 + np.exp(-gap))), *accounts[a], *accounts[b]])
    return Path("pairs.csv")


def test_a_comparison_knows_nothing_of_what_came_after_its_cut(config: Path) -> None:
    opened, loaded = open_config(config, emit=silent)
    cut = Cut(at=(START + 4 * DAY) * 1_000_000, horizon=DAY * 1_000_000)
    with gathered(opened, loaded, emit=silent, now=to_micros(NOW)) as found:
        whole = compare_windows(found, cut, number=500, seed=1)[0]
    heading, *rows = [line.split(",") for line in Path("events.csv").read_text().splitlines()]
    # The same people receive just as much the day after the cut, all from one stranger; what comes later is gone.
    kept = [
        [to, "stranger" if int(time) >= START + 4 * DAY else actor, kind, time]
        for to, actor, kind, time in rows
        if int(time) < START + 5 * DAY
    ]
    Path("events.csv").write_text("\n".join(map(",".join, [heading, *kept])))
    with gathered(opened, loaded, emit=silent, now=to_micros(NOW)) as found:
        cropped = compare_windows(found, cut, number=500, seed=1)[0]
    assert len(whole) == len(cropped)
    assert sorted(whole.chosen.sum(axis=1)) == pytest.approx(sorted(cropped.chosen.sum(axis=1)))


def test_a_fit_leaves_out_one_cut_after_the_other_and_foretells_it(config: Path) -> None:
    fit = fitted(config, cuts=("50%", "75%"), leave_out=True)
    assert [window.frequent > 20 for window in fit.left_out] == [True, True]
    assert all(window.ours.spearman_frequent > 0.5 for window in fit.left_out)
    assert {one.kind for one in fit.evidence} == {"spread"}


def test_fitting_twice_gives_the_same_model(config: Path) -> None:
    first, second = (fitted(config, cuts=("75%",)) for _ in range(2))
    assert first.model == second.model
    assert first.left_out == []


@pytest.mark.parametrize("begun_with", [0.3, 40.0])
def test_every_model_that_is_fitted_keeps_what_is_promised(config: Path, begun_with: float) -> None:
    base = load_model()
    heavy = attrs.evolve(base, metrics={**base.metrics, "returning_audience": Weight(weight=begun_with)})
    Path("model.toml").write_text(model_text(heavy), encoding="utf-8")
    config.write_text(CONFIG.replace("[run]", '[run]\nmodel = "model.toml"'))
    fit = fitted(config, cuts=("75%",))
    metrics = load(networks=(), metrics=tuple(base.metrics)).metrics
    assert bool(broken(fit.base, metrics)) == (begun_with > 1)
    assert broken(fit.model, metrics) == []
    assert fit.weights.weights["engaged_reach"].share >= LEAST_REACH


def test_pairs_tell_what_the_population_cannot(config: Path) -> None:
    labelled = read_labelled(write_pairs())
    fit = fitted(config, cuts=("75%",), labelled=labelled, features={"mentions": ("mentions",), "endorsements": ("lists",)})
    weights = fit.weights.weights
    assert weights["mentions"].learnt_from == "spread"
    assert weights["endorsements"].learnt_from == "pairs"
    assert not weights["applause"].learnt_from
    assert weights["applause"].share == pytest.approx(weights["applause"].before)


def test_pairs_of_accounts_are_looked_up_in_the_population(config: Path) -> None:
    dice = random.Random(5)
    lines = [f"p{a},p{b},{int(a < b)}" for a, b in (dice.sample(range(100), 2) for _ in range(400))]
    Path("pairs.csv").write_text("\n".join(["a,b,choice", *lines]))
    fit = fitted(config, spread=False, labelled=read_labelled(Path("pairs.csv")))
    assert {one.kind for one in fit.evidence} == {"pairs"}
    assert fit.weights.weights["engaged_reach"].learnt_from == "pairs"


def test_features_alone_need_no_population(config: Path) -> None:
    opened, loaded = open_config(config, emit=silent)
    features = {"mentions": ("mentions",), "endorsements": ("lists",)}
    wanted = Wanted(name="ours", version="1", features=features, penalty=0.001)
    weights = fit_features(resolve(opened, loaded), read_labelled(write_pairs()), wanted, emit=silent).weights.weights
    assert weights["endorsements"].weight / weights["mentions"].weight == pytest.approx(2.0, rel=0.3)


def test_features_that_are_not_mapped_are_told(config: Path) -> None:
    with pytest.raises(UsageError, match=r"it is not said what the columns of pairs\.csv count"):
        fitted(config, cuts=("75%",), labelled=read_labelled(write_pairs()))


def test_a_limit_of_a_metric_that_there_is_not_is_told(config: Path) -> None:
    with pytest.raises(UsageError, match="the model has no metric 'fame'"):
        fitted(config, cuts=("75%",), limits=Limits(at_most={"fame": 0.1}))


def test_few_people_are_too_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KleosError, match="the data are too few to fit to"):
        fitted(population(people=12, size=600), cuts=("75%",))


def test_a_population_without_times_has_no_next_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NoDataError, match="has a time of its own"):
        fitted(population(times=False))


def test_weights_of_the_configuration_are_not_fitted_over(config: Path) -> None:
    config.write_text(CONFIG + "[metrics.momentum]\nweight = 2\n")
    with pytest.raises(UsageError, match="fitting begins with the model's own weights"):
        fitted(config, cuts=("75%",))
