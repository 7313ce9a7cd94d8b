"""What was known of everybody at a cut, and what came next: evidence from the spread of a population's reactions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.insight.evaluating.cuts import Cut
from kleos.insight.evaluating.gathered import Gathered
from kleos.insight.evaluating.rows import received
from kleos.pipeline.populations.opening import Opened
from kleos.scoring.calibrate import REFERENCE_ACTORS
from kleos.scoring.earned import earned_influence
from kleos.scoring.fitting.comparisons import Comparisons, draw_comparisons
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.store import from_micros

__all__ = ["Columns", "columns_of", "compare_windows"]


@frozen(kw_only=True, eq=False)
class Columns:
    """Everybody's numbers in one network; P people."""

    network: str
    metrics: NDArray[np.float64]
    """float64[P, M], weighed by the actors' influence, in the order of the model's metrics."""
    actors: NDArray[np.int64]
    """int64[P]: distinct actors."""


def compare_windows(found: Gathered, cut: Cut, *, number: int, seed: int) -> list[Comparisons]:
    """Return comparisons of who received more next, one for each network: of people with at least 5 distinct actors there before the cut.

    `number` is how many pairs are drawn for each network; what came next is counted over all networks, as the score is told for all.
    """
    metrics = tuple(metric.name for metric in found.resolved.metrics)
    known = columns_of(found.at(cut.at, found.window(cut.at)))
    after = received(found.rows.between(cut.at, cut.at + cut.horizon)).astype(np.float64)
    compared = []
    for one in known:
        chosen = np.flatnonzero(one.actors >= REFERENCE_ACTORS)
        values, outcome = one.metrics[chosen], after[chosen]
        name = f"{one.network} from {from_micros(cut.at):%Y-%m-%d %H:%M} UTC on"
        compared.append(draw_comparisons(name, metrics, values, outcome, chosen, number=number, seed=seed))
    return compared


def columns_of(opened: Opened) -> list[Columns]:
    """Return everybody's metrics by network."""
    q, _ = earned_influence(opened.blocks, opened.accounts, opened.forms, opened.resolved)
    people = opened.blocks.people
    found = [
        Columns(
            network=form.network.name,
            metrics=np.zeros((people, len(opened.resolved.metrics))),
            actors=np.zeros(people, dtype=np.int64),
        )
        for form in opened.forms
    ]
    for _ in each_part_weighed(
        opened.blocks,
        opened.accounts,
        q,
        forms=opened.forms,
        clock=opened.clock,
        resolved=opened.resolved,
        use=_putting(found, opened.blocks.bits),
    ):
        pass
    return found


def _putting(found: list[Columns], bits: int) -> Callable[[int, list[Placed]], None]:
    """Return what puts the people of a part into their rows; parts have no person in common, so that threads need no lock."""

    def use(part: int, placed: list[Placed]) -> None:
        for network, person, strength, *_ in placed:
            code = person.astype(np.int64) << bits | part
            found[network].metrics[code] = strength.metrics
            found[network].actors[code] = strength.folded.people[:, -1]

    return use
