"""Limits set by reason: what share of all weight a metric has at least, and at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kleos.errors import UsageError

__all__ = ["NO_LIMITS", "Limits"]

ROUNDS = 100


def _shares(instance: object, attribute: object, value: Mapping[str, float]) -> None:
    for metric, share in value.items():
        if not 0 <= share <= 1:
            raise ValueError(f"expected a share from 0 to 1 for {metric}, found {share!r}")


@frozen(kw_only=True)
class Limits:
    """Shares from 0 to 1 by metric; a metric that is not named may have any."""

    at_least: Mapping[str, float] = field(factory=dict, validator=_shares)
    at_most: Mapping[str, float] = field(factory=dict, validator=_shares)

    def rows(self, metrics: Sequence[str], rest: float) -> NDArray[np.float64]:
        """Return float64[L, K], rows r that weights v of these metrics keep if r · v ≥ 0; the other metrics have the share `rest`."""
        found = []
        for shares, sign in ((self.at_least, 1.0), (self.at_most, -1.0)):
            for metric, share in shares.items():
                if metric in metrics:
                    row = np.full(len(metrics), -sign * share / max(1.0 - rest, 1e-9))
                    row[metrics.index(metric)] += sign
                    found.append(row)
        return np.array(found).reshape(len(found), len(metrics))

    def keep(self, shares: Mapping[str, float]) -> dict[str, float]:
        """Return shares that add up to 1 and keep the limits: those beyond one are set to it, the others are stretched alike.

        Raises `UsageError` for limits that cannot all hold.
        """
        low = {metric: self.at_least.get(metric, 0.0) for metric in shares}
        high = {metric: self.at_most.get(metric, 1.0) for metric in shares}
        wrong = [metric for metric in shares if low[metric] > high[metric]]
        if wrong or sum(low.values()) > 1 or sum(high.values()) < 1:
            raise UsageError(
                f"the limits of {', '.join(wrong) or 'the metrics'} cannot all hold: the shares have to add up to 1",
                where="--at-least, --at-most",
                hint="widen one of them",
            )
        total = sum(shares.values())
        found = {metric: share / total if total > 0 else 1.0 / len(shares) for metric, share in shares.items()}
        fixed: dict[str, float] = {}
        for _ in range(ROUNDS):
            free = [metric for metric in found if metric not in fixed]
            room, has = 1.0 - sum(fixed.values()), sum(found[metric] for metric in free)
            spread = {metric: found[metric] / has * room if has > 0 else room / len(free) for metric in free}
            over = {metric: high[metric] for metric in free if spread[metric] > high[metric]}
            under = {metric: low[metric] for metric in free if spread[metric] < low[metric]}
            # First whichever side is off by more, since that moves the rest to the other side.
            excess = sum(spread[metric] - limit for metric, limit in over.items())
            lack = sum(limit - spread[metric] for metric, limit in under.items())
            if not over and not under:
                return {metric: fixed.get(metric, spread.get(metric, 0.0)) for metric in shares}
            fixed |= over if excess >= lack else under
        raise AssertionError("every round fixes a metric")


NO_LIMITS = Limits()
