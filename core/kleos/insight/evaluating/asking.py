"""All three questions, asked of a configuration: nothing is recorded, nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.config import Config
from kleos.errors import NoDataError, UsageError
from kleos.events import Emit, Note
from kleos.insight.evaluating.baselines import baselines
from kleos.insight.evaluating.calibration import Calibrated, calibration
from kleos.insight.evaluating.cuts import cuts_of, lasting
from kleos.insight.evaluating.features import AGAINST, OPTION, parse_features
from kleos.insight.evaluating.gathered import Gathered, gathered
from kleos.insight.evaluating.judging import find, pairs_by_features, pairs_by_scores
from kleos.insight.evaluating.labelled import Labelled
from kleos.insight.evaluating.pairs import PairsResult
from kleos.insight.evaluating.spread import SpreadResult, spread
from kleos.pipeline.populations.opening import Opened
from kleos.pipeline.prepare import Prepared, prepare, resolve
from kleos.plugins import Loaded
from kleos.scoring.result import ModelId
from kleos.store import Store, connect, from_micros, to_micros

__all__ = ["Asked", "Evaluation", "evaluate_config", "evaluate_people", "evaluate_population"]


@frozen(kw_only=True)
class Asked:
    """What is to be found out."""

    questions: Sequence[str] = ()
    """Of spread, pairs and calibration; none: all for which there are data."""
    cuts: Sequence[str] = ()
    horizons: Sequence[str] = ()
    """As `kleos.insight.evaluating.cuts.cuts_of` reads them."""
    labelled: Labelled | None = None
    """For the question of pairs."""
    features: Sequence[str] = ()
    """As `kleos.insight.evaluating.features.parse_features` reads them."""
    against: Sequence[Sequence[str]] = ()
    """Columns of `labelled` whose sums are baselines that the score is compared with."""
    seed: int = 0

    def asks(self, question: str) -> bool:
        """Whether a question is asked."""
        return not self.questions or question in self.questions


@frozen(kw_only=True)
class Evaluation:
    """The answers; None or nothing where it was not asked."""

    model: ModelId
    source: str = ""
    """What was scored: the tables' names; empty where nothing was, but what a table of pairs tells."""
    spread: SpreadResult | None = None
    pairs: PairsResult | None = None
    calibration: Sequence[Calibrated] = ()


def evaluate_config(config: Config, loaded: Loaded, asked: Asked, *, emit: Emit, now: datetime) -> Evaluation:
    """Answer from the configuration's `[population]`, or its `[people]`, or from a table of pairs with features alone.

    Raises `UsageError` where there is nothing to answer from, `NoDataError`, `ModelError`, and `StoreError` where there is no store yet.
    """
    labelled = asked.labelled if asked.asks("pairs") else None
    accounts = labelled if labelled is not None and not labelled.features else None
    if accounts is not None and (asked.features or asked.against):
        where = OPTION if asked.features else AGAINST
        raise UsageError(f"{accounts.source} names accounts, and has no columns A_… and B_…", where=where, hint="leave it out")
    judged = None
    if labelled is not None and accounts is None:
        judged = pairs_by_features(
            labelled, parse_features(asked.features), resolve(config, loaded), against=asked.against, seed=asked.seed
        )
    if config.population is not None and (accounts is not None or asked.asks("spread") or asked.asks("calibration")):
        answers = evaluate_population(config, loaded, attrs.evolve(asked, labelled=accounts), emit=emit, now=now)
        return attrs.evolve(answers, pairs=judged or answers.pairs)
    if set(asked.questions) & {"spread", "calibration"} or labelled is None:
        raise UsageError(
            "spread and calibration are measured on a population, and there is none",
            where=str(config.where or ""),
            hint="add a table [population] with interactions; or judge by pairs: --pairs FILE",
        )
    if accounts is not None:
        return evaluate_people(config, loaded, accounts, emit=emit, now=now, seed=asked.seed)
    assert judged is not None
    return Evaluation(model=judged.model, pairs=judged)


def evaluate_population(config: Config, loaded: Loaded, asked: Asked, *, emit: Emit, now: datetime) -> Evaluation:
    """Answer from the configuration's `[population]`, pairs of accounts included. Raises `UsageError`, `NoDataError` and `ModelError`."""
    with gathered(config, loaded, emit=emit, now=to_micros(now)) as found:
        foretold = _spread(found, asked) if _may_spread(found, asked) else None
        judged: PairsResult | None = None
        compared: Sequence[Calibrated] = ()
        if asked.labelled is not None or asked.asks("calibration"):
            whole = found.whole()
            judged = _pairs(found, whole, asked.labelled, asked.seed) if asked.labelled is not None else None
            compared = calibration(whole) if asked.asks("calibration") else ()
    assert config.population is not None
    return Evaluation(
        model=found.resolved.id,
        source=", ".join(path.name for path in config.population.interactions),
        spread=foretold,
        pairs=judged,
        calibration=compared,
    )


def evaluate_people(config: Config, loaded: Loaded, labelled: Labelled, *, emit: Emit, now: datetime, seed: int = 0) -> Evaluation:
    """Judge the configuration's `[people]`, scored by what the store holds, by pairs of their ids or accounts ("twitter:ada_makes").

    Raises `UsageError`, `NoDataError`, `ModelError`, and `StoreError` where there is no store yet.
    """
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        prepared = prepare(config, loaded, store, connection, now=now, emit=emit)
    place = {name: number for number, name in enumerate(prepared.people)}
    names = dict(place)
    for person in config.people.values():
        for network, accounts in person.accounts.items():
            names |= {f"{network}:{account}": place[person.id] for account in accounts}
    columns = {
        "reactions": _reactions(prepared, loaded, place),
        "distinct actors": prepared.scores.actors.astype(np.float64),
        "random": np.random.default_rng(seed).permutation(len(place)).astype(np.float64),
    }
    found = find(labelled, names, where="the configuration")
    judged = pairs_by_scores(found, prepared.scores.score, columns, model=prepared.resolved.id, seed=seed)
    return Evaluation(model=prepared.resolved.id, source="what was collected", pairs=judged)


def _may_spread(found: Gathered, asked: Asked) -> bool:
    """Tell whether spread is asked for and can be measured; raises `NoDataError` where it cannot and was asked for by name."""
    if not asked.asks("spread") or (len(found.rows) and found.first < found.last):
        return asked.asks("spread")
    if "spread" in asked.questions or asked.cuts or asked.horizons:
        raise NoDataError(
            "no two reactions in the table of [population] have times of their own that differ",
            where=str(found.config.where or ""),
            hint="what came before a cut and what after is told by the column time: [population] columns = { time = … }",
        )
    found.emit(Note(text="spread is not measured: no two reactions have times of their own that differ"))
    return False


def _spread(found: Gathered, asked: Asked) -> SpreadResult:
    window = found.config.run.window
    cuts = cuts_of(asked.cuts, asked.horizons, first=found.first, last=found.last, window=window)
    for cut in cuts:
        there = found.last + 1 - cut.at
        if there < 0.99 * cut.horizon:
            text = f"of the {lasting(cut.horizon)} after {from_micros(cut.at):%Y-%m-%d %H:%M} UTC, the data hold only {lasting(there)}"
            found.emit(Note(text=text))
    return spread(found, cuts, seed=asked.seed)


def _pairs(found: Gathered, whole: Opened, labelled: Labelled, seed: int) -> PairsResult:
    wanted = found.config.population
    assert wanted is not None
    names = {name: number for number, name in enumerate(found.names())}
    if wanted.network is not None:
        names |= {name.removeprefix(f"{wanted.network}:"): number for name, number in names.items()}
    known = found.rows.between(whole.as_of - whole.window, whole.as_of + 1)
    columns = {name: column() for name, column in baselines(known, until=whole.as_of, window=whole.window, seed=seed).items()}
    pairs = find(labelled, names, where="the population")
    return pairs_by_scores(pairs, found.standing(whole).score, columns, model=found.resolved.id, seed=seed)


def _reactions(prepared: Prepared, loaded: Loaded, place: dict[str, int]) -> NDArray[np.float64]:
    """Return how many reactions everybody received that were scored."""
    total = np.zeros(len(place))
    for row in prepared.counted:
        if loaded.networks[row.network].kinds[row.kind].role.in_any:
            total[place[row.person]] += row.imported - row.outside_window - row.after_as_of
    return total
