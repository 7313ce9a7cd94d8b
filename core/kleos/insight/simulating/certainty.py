"""How sure a predicted change is: a bootstrap over actors (Poisson(1), as in `kleos.scoring.interval`) of both scores together.

A replicate draws every actor as often before as after the change, so that what both have in common does not blur the difference. People
who are only supposed are drawn like all others: it is not sure that they come. So what can only raise a score has no loss in its interval.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kleos.kernel.layout import Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.kernel.resample import draw
from kleos.pipeline.prepare import Prepared
from kleos.scoring.interval import FEWEST_ACTORS, REPLICATES, TAIL, intervals
from kleos.scoring.reactions import Reactions
from kleos.scoring.strength import measure

__all__ = ["Certainty"]


@frozen(eq=False)
class Certainty:
    """Draws for one person's scores, who is alone in each `Prepared`; networks that several of these share are drawn once."""

    threads: int = 1
    _drawn: dict[int, tuple[Reactions, NDArray[np.float64]]] = field(factory=dict, init=False)

    def interval(self, prepared: Prepared) -> tuple[float, float] | None:
        """Return the 90 % interval of a score, as a run tells it."""
        low, high = intervals(prepared.tables, prepared.scores, prepared.clock, prepared.resolved, threads=self.threads)[0].tolist()
        return None if np.isnan(low) else (low, high)

    def of_change(self, before: Prepared, after: Prepared) -> tuple[float, float] | None:
        """Return the 90 % interval of the change of a score; None where neither score has 5 distinct actors."""
        if max(int(before.scores.actors[0]), int(after.scores.actors[0])) < FEWEST_ACTORS:
            return None
        change = float(after.scores.score[0] - before.scores.score[0])
        shifts = self._shifts(after) | self._shifts(before)
        low, high = np.quantile(self._scores(after, shifts) - self._scores(before, shifts), [TAIL, 1 - TAIL]).tolist()
        return min(low, change), max(high, change)

    def _shifts(self, prepared: Prepared) -> dict[str, float]:
        """Return by how much the replicates' strengths are too small, by network: drawing with repetition makes people fewer."""
        shifts = {}
        for (reactions, influence), network in zip(prepared.tables, prepared.scores.networks, strict=True):
            if network.strength[0] > 0:
                found = self._strengths(prepared, reactions, influence)
                shifts[network.form.network.name] = float(network.strength[0] - np.median(found))
        return shifts

    def _scores(self, prepared: Prepared, shifts: Mapping[str, float]) -> NDArray[np.float64]:
        """Return float64[R], the score of every replicate."""
        logs = np.full((len(prepared.tables), REPLICATES), -np.inf)
        for n, ((reactions, influence), network) in enumerate(zip(prepared.tables, prepared.scores.networks, strict=True)):
            if network.strength[0] > 0:
                found = self._strengths(prepared, reactions, influence) + shifts[network.form.network.name]
                logs[n] = log_odds(np.maximum(found, 0.0), network.form.table)
        log_rho = np.array([network.form.log_rho for network in prepared.scores.networks], dtype=np.float64)
        spread: NDArray[np.float64] = score(combine(logs, log_rho), prepared.resolved.curve)
        return spread

    def _strengths(self, prepared: Prepared, reactions: Reactions, influence: Influence) -> NDArray[np.float64]:
        """Return float64[R], the strength that each replicate finds in one network."""
        known = self._drawn.get(id(reactions))
        if known is not None:
            return known[1]
        found = np.zeros(REPLICATES)
        blocks = reactions.anonymous
        for r in range(REPLICATES):
            drawn = blocks._replace(reactions=blocks.reactions * draw(reactions.block_hashes, r))
            resampled = attrs.evolve(reactions, anonymous=drawn)
            strength = measure(resampled, influence, prepared.clock, prepared.resolved, drawn=draw(reactions.hashes, r)).strength
            found[r] = strength[0]
        # The reactions are kept beside, so that their identity is not given to others.
        self._drawn[id(reactions)] = (reactions, found)
        return found
