"""How sure a predicted change is: a bootstrap over actors (Poisson(1), as in `kleos.scoring.interval`) of both scores together.

A replicate draws every actor as often before as after the change, so that what both have in common does not blur the difference. People
who are only supposed are drawn like all others: it is not sure that they come. So what can only raise a score has no loss in its interval.

The score before is drawn as its own interval has it, moved and stretched for people who come in crowds; what the change adds to its
strength is stretched by as much as the fuller of both networks.
"""

from __future__ import annotations

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kleos.kernel.layout import Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.kernel.resample import draw
from kleos.pipeline.prepare import Prepared
from kleos.scoring.interval import FEWEST_ACTORS, REPLICATES, TAIL, Stretched, intervals, lifted, stretched
from kleos.scoring.reactions import Reactions
from kleos.scoring.strength import NetworkStrength, measure

__all__ = ["Certainty"]

NOWHERE = np.zeros((REPLICATES, 1))


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
        was, is_ = self._drawings(before), self._drawings(after)
        drawn = {name: _together(was.get(name), is_.get(name)) for name in {**was, **is_}}
        fuller, side = (after, 1) if after.scores.actors[0] >= before.scores.actors[0] else (before, 0)
        less = 2 * _lift({name: pair[side] for name, pair in drawn.items()}, was if fuller is before else is_)
        first, second = (
            score(_odds({name: pair[k] for name, pair in drawn.items()}, was | is_) - less, fuller.resolved.curve) for k in (0, 1)
        )
        change = float(after.scores.score[0] - before.scores.score[0])
        low, high = np.quantile(second - first, [TAIL, 1 - TAIL]).tolist()
        return min(low, change), max(high, change)

    def _drawings(self, prepared: Prepared) -> dict[str, _Drawing]:
        """Return what the replicates find, by the networks where anybody reacted."""
        drawings = {}
        for (reactions, influence), network in zip(prepared.tables, prepared.scores.networks, strict=True):
            if network.strength[0] > 0:
                found = self._strengths(prepared, reactions, influence)
                drawings[network.form.network.name] = _Drawing(network, found, stretched(found, reactions, network, prepared.clock))
        return drawings

    def _strengths(self, prepared: Prepared, reactions: Reactions, influence: Influence) -> NDArray[np.float64]:
        """Return float64[R, 1], the strength that each replicate finds in one network."""
        known = self._drawn.get(id(reactions))
        if known is not None:
            return known[1]
        found = np.zeros((REPLICATES, 1))
        blocks = reactions.anonymous
        for r in range(REPLICATES):
            drawn = blocks._replace(reactions=blocks.reactions * draw(reactions.block_hashes, r))
            resampled = attrs.evolve(reactions, anonymous=drawn)
            found[r] = measure(resampled, influence, prepared.clock, prepared.resolved, drawn=draw(reactions.hashes, r)).strength
        # The reactions are kept beside, so that their identity is not given to others.
        self._drawn[id(reactions)] = (reactions, found)
        return found


@frozen(eq=False)
class _Drawing:
    """One network of a score."""

    network: NetworkStrength
    found: NDArray[np.float64]
    """float64[R, 1]: what the replicates find."""
    stretched: Stretched

    @property
    def people(self) -> int:
        """Distinct actors."""
        return int(self.network.folded.people[0, -1])


def _together(was: _Drawing | None, now: _Drawing | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the strength (float64[R, 1]) of one network before and after, in the same replicates."""
    if was is None or now is None:
        return (was.stretched.strength if was else NOWHERE), (now.stretched.strength if now else NOWHERE)
    apart = max(was, now, key=lambda one: one.people).stretched.apart
    moved = now.found - was.found
    change = now.network.strength - was.network.strength + (moved - np.median(moved, axis=0)) * apart
    # In whatever numbers people come: where no replicate loses, there is no loss, and where none gains, no gain.
    change = np.clip(change, 0.0 if moved.min() >= 0 else -np.inf, 0.0 if moved.max() <= 0 else np.inf)
    return was.stretched.strength, np.maximum(was.stretched.strength + change, 0.0)


def _odds(drawn: dict[str, NDArray[np.float64]], drawings: dict[str, _Drawing]) -> NDArray[np.float64]:
    """Return float64[R], the log-odds of all networks together."""
    forms = [drawings[name].network.form for name in drawn]
    logs = np.array([log_odds(strength[:, 0], form.table) for strength, form in zip(drawn.values(), forms, strict=True)])
    total: NDArray[np.float64] = combine(logs.reshape(len(forms), REPLICATES), np.array([form.log_rho for form in forms]))
    return total


def _lift(drawn: dict[str, NDArray[np.float64]], drawings: dict[str, _Drawing]) -> float:
    """Return by how much several networks together lie above their middles, as for the interval of a score."""
    here = {name: strength for name, strength in drawn.items() if name in drawings}
    forms = [drawings[name].network.form for name in here]
    middle = np.array([log_odds(drawings[name].stretched.centre, drawings[name].network.form.table) for name in here])
    return float(lifted(_odds(here, drawings)[:, None], combine(middle, np.array([form.log_rho for form in forms])))[0])
