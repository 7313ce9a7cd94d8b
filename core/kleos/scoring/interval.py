"""How sure a score is: a bootstrap over actors."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.kernel.layout import Clock, Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.kernel.resample import draw
from kleos.scoring.dispersion import bias, crowding_by_days, sampling_deviation
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import Resolved
from kleos.scoring.strength import NetworkStrength, Scores, measure

__all__ = ["FEWEST_ACTORS", "REPLICATES", "TAIL", "Z", "Stretched", "intervals", "lifted", "stretched"]

REPLICATES = 200
FEWEST_ACTORS = 5
"""With fewer distinct actors there is no interval: too few to tell."""
FEW = 4.0
"""So few people on a network make the variance twice as large as the replicates have it: a handful tells little of how people come."""
TAIL = 0.05
Z = 1.6448536269514722
"""The 95th percentile of the normal distribution: 5 % lie beyond it on either side."""


def intervals(
    tables: Sequence[tuple[Reactions, Influence]],
    scores: Scores,
    clock: Clock,
    resolved: Resolved,
    *,
    threads: int = 1,
    found: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return float64[P, 2]: the 90 % interval of each score, NaN where fewer than 5 distinct actors reacted.

    Each replicate draws every actor Poisson(1) times, from a hash of (network, actor as stored, replicate); the anonymous surplus of an
    (item, kind) is one block. Drawing with repetition makes people fewer, so the replicates are shifted in strength until they lie about
    what a sample of this size stands for; and people do not come one by one, so they are stretched by the root of the dispersion. The same
    data give the same interval, whatever their order and the number of threads.

    `found` is float64[N, R, P], what the replicates found, where `kleos.kernel.replicates` has made them all at once.
    """
    people = len(scores.score)
    if found is None:
        found = _replicates(tables, people, clock, resolved, threads)
    logs = np.full((len(tables), REPLICATES * people), -np.inf)
    middle = np.full((len(tables), people), -np.inf)
    for n, ((reactions, _), network) in enumerate(zip(tables, scores.networks, strict=True)):
        drawn = stretched(found[n], reactions, network, clock)
        logs[n] = log_odds(drawn.strength.ravel(), network.form.table)
        middle[n] = log_odds(drawn.centre, network.form.table)
    log_rho = np.array([network.form.log_rho for network in scores.networks], dtype=np.float64)
    total = combine(logs, log_rho).reshape(REPLICATES, people)
    total -= 2 * lifted(total, combine(middle, log_rho))
    spread = score(total.ravel(), resolved.curve).reshape(REPLICATES, people)
    low, high = np.quantile(spread, [TAIL, 1 - TAIL], axis=0)
    bounds = np.stack([np.minimum(low, scores.score), np.maximum(high, scores.score)], axis=1)
    bounds[scores.actors < FEWEST_ACTORS] = np.nan
    return bounds


@frozen(eq=False)
class Stretched:
    """What the replicates of one network stand for."""

    centre: NDArray[np.float64]
    """float64[P]: what the strength would be on average."""
    apart: NDArray[np.float64]
    """float64[P]: by how much replicates were stretched."""
    strength: NDArray[np.float64]
    """float64[R, P] ≥ 0."""


def stretched(found: NDArray[np.float64], reactions: Reactions, network: NetworkStrength, clock: Clock) -> Stretched:
    """Move and stretch the strengths that replicates found (float64[R, P]), as `intervals` says."""
    dispersion = crowding_by_days(reactions, network.folded, clock)
    centre = network.strength + bias(network) * dispersion
    apart = np.sqrt(dispersion * (1.0 + FEW / np.maximum(network.folded.people[:, -1], 1)))
    spread = _widened(found - np.median(found, axis=0), network) * apart
    return Stretched(centre, apart, np.where(network.strength > 0, np.maximum(centre + spread, 0.0), 0.0))


def lifted(total: NDArray[np.float64], middle: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[P]: by how much the log-odds of several networks together (float64[R, P]) lie above those of their middles.

    Odds add up, and of several unsure ones the luckiest counts most. So it is with what was found, too: hence twice.
    """
    typical = np.median(total, axis=0)
    known = np.isfinite(typical) & np.isfinite(middle)
    return np.subtract(typical, middle, out=np.zeros_like(middle), where=known)


def _replicates(
    tables: Sequence[tuple[Reactions, Influence]], people: int, clock: Clock, resolved: Resolved, threads: int
) -> NDArray[np.float64]:
    """Return float64[N, R, P]: the strength that each replicate finds."""
    found = np.zeros((len(tables), REPLICATES, people))

    def replicate(r: int) -> None:
        for n, (reactions, influence) in enumerate(tables):
            blocks = reactions.anonymous
            drawn = blocks._replace(reactions=blocks.reactions * draw(reactions.block_hashes, r))
            resampled = attrs.evolve(reactions, anonymous=drawn)
            found[n, r] = measure(resampled, influence, clock, resolved, drawn=draw(reactions.hashes, r)).strength

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(replicate, range(REPLICATES)))
    return found


def _widened(centred: NDArray[np.float64], network: NetworkStrength) -> NDArray[np.float64]:
    """Return replicates (float64[R, P]) at least as far apart as so few actors allow.

    Of crowds without names the largest alone counts as so many people, which hides in the replicates how few they may be.
    """
    low, high = np.quantile(centred, [TAIL, 1 - TAIL], axis=0)
    least = 2 * Z * sampling_deviation(network)
    apart = high - low
    times: NDArray[np.float64] = np.maximum(1.0, np.divide(least, apart, out=np.ones_like(apart), where=apart > 0))
    return centred * times
