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
from kleos.kernel.odds import Table, log_odds
from kleos.pipeline.populations.given import calculator
from kleos.pipeline.populations.opening import Opened, open_population
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.calibrate import REFERENCE_ACTORS, common_rho, odds_table
from kleos.scoring.earned import earned_influence
from kleos.scoring.model import EVERY_OTHER, Model, OddsTable, Reference
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.scoring.resolved import NetworkForm
from kleos.store import to_micros

__all__ = ["calibrate"]

ROUNDS = 30
"""The curves decide the influence of actors, and that the curves: rounds go on until the curves stand still, at most this many."""
STILL = 1e-5


def calibrate(
    config: Config, loaded: Loaded, *, emit: Emit, now: datetime, name: str, version: str, reference: str, others: str | None = None
) -> Model:
    """Return the run's model with curves from the table of `[population]`: for each of its networks the odds table and the attention.

    Where people have accounts on several of them, ρ tells how the networks compare (`kleos.scoring.calibrate.common_rho`). `reference`
    names the population in words; the curves of the network `others` also serve all that the model does not know. Weights and the score
    curve stay. Raises `UsageError` without a `[population]`, or without `others` in it, `KleosError` for a network with too few accounts
    of at least 5 distinct actors.
    """
    if config.population is None:
        raise UsageError("calibrating needs a population", where=str(config.where or ""), hint="add [population] with interactions")
    if config.metric_weights or config.factor_weights:
        raise UsageError("calibrating takes the model's own weights", where="metrics", hint="write them into a model file instead")
    with calculator(config.population, workers(config)) as (connection, folder):
        opened, _ = open_population(
            config, attrs.evolve(config.population, out=None), loaded, connection, folder, emit=emit, now=to_micros(now)
        )
        names = [form.network.name for form in opened.forms]
        if others is not None and others not in names:
            raise UsageError(f"the population has no network {others!r}", where="--others", hint=f"it has {', '.join(names)}")
        model = attrs.evolve(opened.resolved.model, name=name, version=version)
        for done in range(ROUNDS):
            emit(Progress(task="calibrating", done=done, total=ROUNDS, unit="rounds"))
            opened = opened.with_resolved(opened.resolved.with_model(model))
            networks = dict(model.networks)
            moved = 0.0
            reference_people = _reference(opened)
            for form, members, actors in zip(opened.forms, reference_people, _actors(opened), strict=True):
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
    networks = dict(model.networks)
    for key, rho in zip(names, _rho(model, names, reference_people), strict=True):
        networks[key] = attrs.evolve(networks[key], rho=rho)
    if others is not None:
        lent = networks[others]
        networks[EVERY_OTHER] = attrs.evolve(
            networks[EVERY_OTHER], odds=lent.odds, earned=lent.earned, attention=lent.attention, reference=lent.reference
        )
    return attrs.evolve(model, networks=networks)


class _Members(NamedTuple):
    """A network's reference population."""

    strength: NDArray[np.float64]
    received: NDArray[np.float64]
    """Attention, in whole attentions of unknown actors."""
    person: NDArray[np.int64]
    """Who they are, in the numbering of all networks."""


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
    found = []
    for n in range(len(opened.forms)):
        person = np.concatenate([nobody, *people[n]])
        found.append(_Members(np.concatenate([np.zeros(0), *strengths[n]]), received[n, person], person))
    return found


def _rho(model: Model, names: list[str], members: list[_Members]) -> list[float]:
    """Return how the networks compare by the people whom they have in common; their curves are the model's."""
    if len(names) < 2:
        return [1.0] * len(names)
    everybody, place = np.unique(np.concatenate([one.person for one in members]), return_inverse=True)
    logs = np.full((len(names), len(everybody)), np.nan)
    first = 0
    for n, one in enumerate(members):
        table = model.networks[names[n]].odds
        here = place[first : first + len(one.person)]
        logs[n, here] = log_odds(one.strength, Table(np.array(table.strength), np.array(table.log_odds)))
        first += len(one.person)
    return [round(rho, 4) for rho in common_rho(logs).tolist()]


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
