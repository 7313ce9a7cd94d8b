"""How sure a score is: a bootstrap over actors."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
from numpy.typing import NDArray

from kleos.kernel.layout import Clock, Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.kernel.resample import draw
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import Resolved
from kleos.scoring.strength import Scores, measure

__all__ = ["FEWEST_ACTORS", "REPLICATES", "intervals"]

REPLICATES = 200
FEWEST_ACTORS = 5
"""With fewer distinct actors there is no interval: too few to tell."""
TAIL = 0.05


def intervals(
    tables: Sequence[tuple[Reactions, Influence]],
    scores: Scores,
    clock: Clock,
    resolved: Resolved,
    *,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Return float64[P, 2]: the 90 % interval of each score, NaN where fewer than 5 distinct actors reacted.

    Each replicate draws every actor Poisson(1) times, from a hash of (network, actor as stored, replicate); the anonymous surplus of an
    (item, kind) is one block. Drawing with repetition makes people fewer, so the replicates are shifted in strength: their median is the
    strength found. The same data give the same interval, whatever their order and the number of threads.
    """
    people = len(scores.score)
    # The strength that each replicate finds: float64[N, R, P].
    found = np.zeros((len(tables), REPLICATES, people))

    def replicate(r: int) -> None:
        for n, (reactions, influence) in enumerate(tables):
            blocks = reactions.anonymous
            drawn = blocks._replace(reactions=blocks.reactions * draw(reactions.block_hashes, r))
            resampled = attrs.evolve(reactions, anonymous=drawn)
            found[n, r] = measure(resampled, influence, clock, resolved, drawn=draw(reactions.hashes, r)).strength

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(replicate, range(REPLICATES)))
    logs = np.full((len(tables), REPLICATES * people), -np.inf)
    for n, network in enumerate(scores.networks):
        shifted = found[n] - np.median(found[n], axis=0) + network.strength
        shifted = np.where(network.strength > 0, np.maximum(shifted, 0.0), 0.0)
        logs[n] = log_odds(shifted.ravel(), network.form.table)
    log_rho = np.array([network.form.log_rho for network in scores.networks], dtype=np.float64)
    spread = score(combine(logs, log_rho), resolved.curve).reshape(REPLICATES, people)
    low, high = np.quantile(spread, [TAIL, 1 - TAIL], axis=0)
    bounds = np.stack([np.minimum(low, scores.score), np.maximum(high, scores.score)], axis=1)
    bounds[scores.actors < FEWEST_ACTORS] = np.nan
    return bounds
