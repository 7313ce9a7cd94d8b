"""Everybody's score, part by part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.odds import combine, score
from kleos.pipeline.populations.journal import Journal
from kleos.pipeline.populations.opened import Opened
from kleos.scoring.accounts import people_of
from kleos.scoring.parted import Placed, each_part_weighed
from kleos.scoring.spread import bounds_of, deviation

__all__ = ["Piece", "score_others", "score_parts"]


class Piece(NamedTuple):
    """The scores of the P people of one part who are to be scored."""

    code: NDArray[np.int64]
    """int64[P]: the people's numbers."""
    score: NDArray[np.float64]
    """float64[P]."""
    odds: NDArray[np.float64]
    """float64[P]."""
    actors: NDArray[np.int64]
    """int64[P]: distinct actors."""
    bounds: NDArray[np.float64]
    """float64[P, 2]: the 90 % interval, NaN where too few reacted."""
    metrics: NDArray[np.float64]
    """float64[P, M], summed over networks: unweighted where a person would count; float64[P, 0] where they are not wanted."""
    broken: dict[tuple[str, str], str]
    """(metric, network) → why the metric's own function failed."""


def score_parts(opened: Opened, q: NDArray[np.float64], journal: Journal, *, metrics: bool) -> Iterator[Piece]:
    """Yield the scores of every part, in no order; with `metrics`, those too.

    Parts that the journal has are read from there, and the others written to it.
    """
    done = journal.parts()
    for part in done:
        yield Piece(**journal.read_part(part))
    yield from score_others(opened, q, journal, done, metrics=metrics)


def score_others(opened: Opened, q: NDArray[np.float64], journal: Journal, skip: Collection[int], *, metrics: bool) -> Iterator[Piece]:
    """Yield the scores of every part that is not in `skip`, in no order, and write them to the journal."""
    forms, resolved, blocks = opened.forms, opened.resolved, opened.blocks
    log_rho = np.array([form.log_rho for form in forms], dtype=np.float64)

    def use(part: int, placed: list[Placed]) -> Piece:
        people = people_of(part, blocks)
        shape = (len(forms), people)
        strength, spread, logs = np.zeros(shape), np.zeros(shape), np.full(shape, -np.inf)
        actors = np.zeros(people, dtype=np.int64)
        natural = np.zeros((people, len(resolved.metrics) if metrics else 0))
        broken = {}
        for network, person, found in placed:
            strength[network, person] = found.strength
            spread[network, person] = deviation(found)
            logs[network, person] = found.log_odds
            actors[person] += found.folded.people[:, -1]
            if metrics:
                natural[person] += np.where(resolved.counted, found.plain, found.metrics)
            broken.update({(metric, forms[network].network.name): reason for metric, reason in found.broken.items()})
        total = combine(logs, log_rho)
        bounds = bounds_of(strength, spread, forms, actors, resolved)
        code = np.arange(people, dtype=np.int64) << blocks.bits | part
        chosen = slice(None) if opened.wanted is None else opened.wanted[code]
        piece = Piece(
            code[chosen],
            score(total, resolved.curve)[chosen],
            np.exp(total)[chosen],
            actors[chosen],
            bounds[chosen],
            natural[chosen],
            broken,
        )
        journal.write_part(part, piece._asdict())
        return piece

    yield from each_part_weighed(
        blocks, opened.accounts, q, forms=forms, clock=opened.clock, resolved=resolved, use=use, plain=metrics, skip=skip
    )
