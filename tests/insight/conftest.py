"""What the tests of the insight room share: worlds of the slow twins, scored as the pipeline would score them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import attrs
import numpy as np
import pytest

from kleos.contract import Kind, Metric, Network, Role
from kleos.kernel.layout import Clock, Influence
from kleos.pipeline.prepare import Prepared
from kleos.scoring.model import Weight, load_model
from kleos.scoring.reactions import Reactions, Tallied
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.scoring.strength import measure, score_networks
from slow_twins.arrays import anonymous_of, named_of
from slow_twins.world import World

KIND_WEIGHTS = (1.0, 2.0, 0.5, 3.0)
ROLES = (Role.LIKE, Role.LIKE, Role.REPLY, Role.SHARE)


def network_of(world: World, name: str) -> Network:
    """Return a network with the world's kinds: k0, k1, …; what is not in `any` is a view."""
    kinds = {
        f"k{k}": Kind(role=ROLES[k] if scored else Role.VIEW, title=f"kind {k}", weight=KIND_WEIGHTS[k])
        for k, scored in enumerate(world.in_any)
    }
    return Network(name=name, title=name.title(), kinds=kinds, sources=())


def resolved_of(metrics: Sequence[Metric], weights: Mapping[str, Weight]) -> Resolved:
    """Return the shipped model with other metrics."""
    return resolve_model(attrs.evolve(load_model(), metrics=dict(weights)), {metric.name: metric for metric in metrics})


def reactions_of(world: World, network: Network, resolved: Resolved) -> tuple[Reactions, Influence]:
    """Return a world as `gather` would."""
    items = [len({row.item for row in world.rows if row.person == person} - {None}) for person in range(world.people)]
    anonymous = anonymous_of(world)
    reactions = Reactions(
        form=resolved.form(network),
        named=named_of(world),
        anonymous=anonymous,
        actors=[f"{actor:032x}" for actor in range(len(world.q))],
        items=[[f"item {item}" for item in range(number)] for number in items],
        audience=np.full(len(world.q), np.nan),
        hashes=np.zeros(len(world.q), dtype=np.uint64),
        block_hashes=np.zeros(len(anonymous.kind), dtype=np.uint64),
    )
    return reactions, Influence(
        np.array(world.q, dtype=np.float64), world.unknown, np.array(world.given, dtype=np.float64), world.attention
    )


def counted_of(world: World, network: Network) -> list[Tallied]:
    """Count a world's rows as `count_rows` would, if all of them have a time of their own."""
    every: Counter[tuple[int, int]] = Counter()
    named: Counter[tuple[int, int]] = Counter()
    for row in world.rows:
        every[row.person, row.kind] += row.reactions
        named[row.person, row.kind] += row.reactions if row.actor is not None else 0
    return [
        Tallied(
            person=f"p{person}",
            network=network.name,
            kind=f"k{kind}",
            imported=number,
            outside_window=0,
            after_as_of=0,
            named=named[person, kind],
            ages={"time": number, "item_time": 0, "captured": 0, "unknown": 0},
        )
        for (person, kind), number in sorted(every.items())
    ]


def prepared_of(worlds: Mapping[str, World], metrics: Sequence[Metric], weights: Mapping[str, Weight]) -> Prepared:
    """Return worlds of the same people, one for each network, as a scoring run leaves them; the people are p0, p1, …"""
    resolved = resolved_of(metrics, weights)
    window = next(iter(worlds.values())).window
    people = max(world.people for world in worlds.values())
    clock = Clock(window, window / 3, window / 16)
    networks = {name: network_of(world, name) for name, world in sorted(worlds.items())}
    tables = [reactions_of(attrs.evolve(worlds[name], people=people), network, resolved) for name, network in networks.items()]
    strengths = [measure(reactions, influence, clock, resolved) for reactions, influence in tables]
    return Prepared(
        people={f"p{person}": f"Person {person}" for person in range(people)},
        as_of=datetime(2026, 3, 31, tzinfo=UTC),
        as_of_reason="the newest time in the data",
        window=window,
        resolved=resolved,
        clock=clock,
        tables=tables,
        influence_digest="",
        scores=score_networks(strengths, resolved, people),
        counted=[row for name, network in networks.items() for row in counted_of(worlds[name], network)],
    )


@pytest.fixture(scope="session")
def reacted() -> Callable[[World], tuple[Reactions, Influence, Clock]]:
    """Return a function that puts a world into the arrays of a scoring run."""
    resolved = resolved_of((), {})

    def put(world: World) -> tuple[Reactions, Influence, Clock]:
        return *reactions_of(world, network_of(world, "pond"), resolved), Clock(world.window, world.window / 3, world.window / 16)

    return put


@pytest.fixture(scope="session")
def scored() -> Callable[[Mapping[str, World], Sequence[Metric], Mapping[str, Weight]], Prepared]:
    """Return `prepared_of`."""
    return prepared_of
