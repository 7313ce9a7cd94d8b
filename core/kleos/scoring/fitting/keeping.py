"""Shares brought within limits: those beyond one are set to it, the others are stretched alike."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.errors import UsageError
from kleos.scoring.fitting.limits import Limits

__all__ = ["keep"]

ROUNDS = 100
HALVINGS = 60
TINY = 1e-12


def keep(limits: Limits, shares: Mapping[str, float], scale: Mapping[str, float]) -> dict[str, float]:
    """Return shares that add up to 1 and keep the limits, as near to these in proportion as can be.

    Raises `UsageError` for limits that cannot all hold. Shares that keep them already come back as they are.
    """
    low = {metric: limits.at_least.get(metric, 0.0) for metric in shares}
    high = {metric: limits.at_most.get(metric, 1.0) for metric in shares}
    pairs = [pair for pair in limits.outweighed if pair.metric in shares]
    for pair in pairs:
        if pair.by in shares:
            low[pair.by] = max(low[pair.by], low[pair.metric] / pair.most(1.0, scale))
        high[pair.metric] = min(high[pair.metric], pair.most(high.get(pair.by, 0.0), scale))
    _check(low, high)
    total = sum(shares.values())
    found = {metric: share / total if total > 0 else 1.0 / len(shares) for metric, share in shares.items()}
    for _ in pairs:
        kept = _between(found, low, high)
        over = [pair for pair in pairs if kept[pair.metric] > pair.most(kept.get(pair.by, 0.0), scale) + TINY]
        if not over:
            break
        # The less `metric` has, the more is left for `by`: where they meet is found by halving.
        pair = over[0]
        least = max(low[pair.metric], 1.0 - sum(share for metric, share in high.items() if metric != pair.metric))
        most = kept[pair.metric]
        for _ in range(HALVINGS):
            middle = (least + most) / 2
            tried = _between(found, low, high | {pair.metric: middle})
            if tried[pair.metric] > pair.most(tried.get(pair.by, 0.0), scale):
                most = middle
            else:
                least = middle
        high[pair.metric] = least
        # What comes after may give `by` more, never less; so each pair is mended once.
    return _between(found, low, high)


def _check(low: Mapping[str, float], high: Mapping[str, float]) -> None:
    wrong = [f"{metric} (at least {low[metric]:.3g}, at most {high[metric]:.3g})" for metric in low if low[metric] > high[metric] + TINY]
    if wrong or sum(low.values()) > 1 + TINY or sum(high.values()) < 1 - TINY:
        raise UsageError(
            f"the limits of {', '.join(wrong) or 'the metrics'} cannot all hold: the shares have to add up to 1",
            where="--at-least, --at-most",
            hint="widen one of them; docs/model-card.md tells which limits every fitted model keeps",
        )


def _between(shares: Mapping[str, float], low: Mapping[str, float], high: Mapping[str, float]) -> dict[str, float]:
    """Return shares that lie between `low` and `high` and add up to 1."""
    fixed: dict[str, float] = {}
    for _ in range(ROUNDS):
        free = [metric for metric in shares if metric not in fixed]
        room, has = 1.0 - sum(fixed.values()), sum(shares[metric] for metric in free)
        spread = {metric: shares[metric] / has * room if has > 0 else room / len(free) for metric in free}
        over = {metric: high[metric] for metric in free if spread[metric] > high[metric]}
        under = {metric: low[metric] for metric in free if spread[metric] < low[metric]}
        # First whichever side is off by more, since that moves the rest to the other side.
        excess = sum(spread[metric] - limit for metric, limit in over.items())
        lack = sum(limit - spread[metric] for metric, limit in under.items())
        if not over and not under:
            return {metric: fixed.get(metric, spread.get(metric, 0.0)) for metric in shares}
        fixed |= over if excess >= lack else under
    raise AssertionError("every round fixes a metric")
