"""A model's curves, made anew from a population of the user's own."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from kleos.config import Config
from kleos.errors import KleosError, UsageError
from kleos.events import Emit, Progress
from kleos.pipeline.populations.given import calculator
from kleos.pipeline.populations.opening import Opened, open_population
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.calibrate import REFERENCE_ACTORS, odds_table
from kleos.scoring.model import Model, OddsTable, Reference
from kleos.scoring.parted import Placed, each_part_weighed, earned_influence
from kleos.scoring.resolved import NetworkForm
from kleos.store import to_micros

__all__ = ["calibrate"]

ROUNDS = 30
"""The curves decide the influence of actors, and that the curves: rounds go on until the curves stand still, at most this many."""
STILL = 1e-5


def calibrate(config: Config, loaded: Loaded, *, emit: Emit, now: datetime, name: str, version: str, reference: str) -> Model:
    """Return the run's model with curves from the table of `[population]`: for each of its networks the odds table and the attention.

    `reference` names the population in words. Weights and the score curve stay. Raises `UsageError` without a `[population]`,
    `KleosError` for a network with too few accounts of at least 5 distinct actors.
    """
    if config.population is None:
        raise UsageError("calibrating needs a population", where=str(config.where or ""), hint="add [population] with interactions")
    if config.metric_weights or config.factor_weights:
        raise UsageError("calibrating takes the model's own weights", where="metrics", hint="write them into a model file instead")
    with calculator(config.population, workers(config)) as (connection, folder):
        opened, _ = open_population(
            config, attrs.evolve(config.population, out=None), loaded, connection, folder, emit=emit, now=to_micros(now)
        )
        model = attrs.evolve(opened.resolved.model, name=name, version=version)
        for done in range(ROUNDS):
            emit(Progress(task="calibrating", done=done, total=ROUNDS, unit="rounds"))
            opened = opened.with_resolved(opened.resolved.with_model(model))
            networks = dict(model.networks)
            moved = 0.0
            for form, members, actors in zip(opened.forms, _reference(opened), _actors(opened), strict=True):
                odds, earned = _odds(form, members.strength), _odds(form, np.log1p(members.received))
                known, own = model.network(form.network.name)
                moved = max(moved, _distance(known.odds, odds), _distance(known.earned, earned)) if own else float("inf")
                networks[form.network.name] = attrs.evolve(
                    known,
                    odds=odds,
                    earned=earned,
                    attention=actors,
                    reference=Reference(name=reference, size=len(members.strength), window=f"{opened.window // 1_000_000}s"),
                )
            model = attrs.evolve(model, networks=networks)
            if moved < STILL:
                break
        emit(Progress(task="calibrating", done=ROUNDS, total=ROUNDS, unit="rounds", finished=True))
    return model


class _Members(NamedTuple):
    """A network's reference population."""

    strength: NDArray[np.float64]
    received: NDArray[np.float64]
    """Attention, in whole attentions of unknown actors."""


def _reference(opened: Opened) -> list[_Members]:
    """Return the reference population of every network, weighed by the model as it stands."""
    q, received = earned_influence(opened.blocks, opened.accounts, opened.forms, opened.resolved)

    def use(part: int, placed: list[Placed]) -> list[tuple[int, NDArray[np.float64], NDArray[np.int64]]]:
        found = []
        for network, person, strength in placed:
            members = strength.folded.people[:, -1] >= REFERENCE_ACTORS
            found.append((network, strength.strength[members], person[members].astype(np.int64) << opened.blocks.bits | part))
        return found

    parts = each_part_weighed(opened.blocks, opened.accounts, q, forms=opened.forms, clock=opened.clock, resolved=opened.resolved, use=use)
    strengths: list[list[NDArray[np.float64]]] = [[] for _ in opened.forms]
    people: list[list[NDArray[np.int64]]] = [[] for _ in opened.forms]
    for network, strength, person in itertools.chain.from_iterable(parts):
        strengths[network].append(strength)
        people[network].append(person)
    nobody = np.zeros(0, dtype=np.int64)
    return [
        _Members(np.concatenate([np.zeros(0), *strengths[n]]), received[n, np.concatenate([nobody, *people[n]])])
        for n in range(len(opened.forms))
    ]


def _actors(opened: Opened) -> list[float]:
    """Return, for every network, the mean number of scored reactions that an actor gives in the window."""
    start, given = opened.accounts.start, opened.accounts.given
    own = [given[first:last] for first, last in itertools.pairwise(start)]
    return [round(float(numbers.sum()) / max(1, int(np.count_nonzero(numbers))), 3) for numbers in own]


def _odds(form: NetworkForm, members: NDArray[np.float64]) -> OddsTable:
    try:
        return odds_table(members)
    except KleosError as error:
        raise KleosError(error.message, where=form.network.name, hint=error.hint) from None


def _distance(known: OddsTable, odds: OddsTable) -> float:
    """Return how far the knots of two tables lie apart."""
    if len(known.strength) != len(odds.strength):
        return float("inf")
    return max(abs(a - b) for a, b in zip(known.strength, odds.strength, strict=True))
