"""A model's curves, made anew from a population of the user's own."""

from __future__ import annotations

from datetime import datetime

import attrs
import numpy as np

from kleos.config import Config
from kleos.errors import KleosError, UsageError
from kleos.events import Emit, Progress
from kleos.pipeline.given import calculator
from kleos.pipeline.populations import PopulationTables, open_population, weigh_population
from kleos.pipeline.workers import workers
from kleos.plugins import Loaded
from kleos.scoring.calibrate import REFERENCE_ACTORS, odds_table
from kleos.scoring.model import Model, NetworkModel, OddsTable, Reference
from kleos.scoring.reactions import Reactions

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
    threads = workers(config)
    with calculator(config.population, threads) as connection:
        opened = open_population(config, config.population, loaded, connection, emit=emit, now=now)
    model = attrs.evolve(opened.resolved.model, name=name, version=version)
    opened = _with_model(opened, model)
    for done in range(ROUNDS):
        emit(Progress(task="calibrating", done=done, total=ROUNDS, unit="rounds"))
        _, strengths = weigh_population(opened, emit=emit, threads=threads)
        networks = dict(opened.resolved.model.networks)
        moved = 0.0
        for table, strength in zip(opened.tables, strengths, strict=True):
            members = strength.strength[strength.folded.people[:, -1] >= REFERENCE_ACTORS]
            odds = _odds(table, members)
            network = table.form.network.name
            moved = max(moved, _distance(networks.get(network), odds))
            known, _ = model.network(network)
            networks[network] = attrs.evolve(
                known,
                odds=odds,
                attention=_attention(table),
                reference=Reference(name=reference, size=len(members), window=f"{opened.window // 1_000_000}s"),
            )
        opened = _with_model(opened, attrs.evolve(opened.resolved.model, networks=networks))
        if moved < STILL:
            break
    emit(Progress(task="calibrating", done=ROUNDS, total=ROUNDS, unit="rounds", finished=True))
    return opened.resolved.model


def _odds(table: Reactions, members: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> OddsTable:
    try:
        return odds_table(members)
    except KleosError as error:
        raise KleosError(error.message, where=table.form.network.name, hint=error.hint) from None


def _attention(table: Reactions) -> float:
    """Return the mean number of scored reactions that an actor of the network gives in the window."""
    scored = table.form.in_any[table.named.kind]
    actors = len(np.unique(table.named.actor[scored]))
    return round(float(table.named.reactions[scored].sum()) / max(1, actors), 3)


def _distance(known: NetworkModel | None, odds: OddsTable) -> float:
    """Return how far the knots of two tables lie apart."""
    if known is None or len(known.odds.strength) != len(odds.strength):
        return float("inf")
    return max(abs(a - b) for a, b in zip(known.odds.strength, odds.strength, strict=True))


def _with_model(opened: PopulationTables, model: Model) -> PopulationTables:
    """Return the same population, to be weighed by another model."""
    resolved = opened.resolved.with_model(model)
    tables = [attrs.evolve(table, form=resolved.form(table.form.network)) for table in opened.tables]
    return attrs.evolve(opened, tables=tables, resolved=resolved, clock=resolved.clock(opened.window))
