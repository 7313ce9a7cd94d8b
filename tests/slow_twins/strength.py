"""The slow twins of everything after the fold: factors → metrics → strength → odds → score, and the bootstrap's draws."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, inf, log, log1p

from attrs import frozen

__all__ = ["LOG_ODDS_LIMIT", "MetricForm", "between", "combine", "draw", "log_odds", "metric", "score", "strength"]

LOG_ODDS_LIMIT = 40.0
Knots = Sequence[tuple[float, float]]


@frozen
class MetricForm:
    """A metric as the engine is given it."""

    terms: Sequence[tuple[int, float]]
    """(factor, weight); empty for a metric that is computed elsewhere."""
    scale: float
    value: float


def metric(form: MetricForm, factors: Sequence[float]) -> float:
    """m = Σ weight · factor."""
    return sum(weight * factors[factor] for factor, weight in form.terms)


def strength(forms: Sequence[MetricForm], metrics: Sequence[float]) -> float:
    """S = Σ v · log1p(m / s)."""
    return sum(form.value * log1p(m / form.scale) for form, m in zip(forms, metrics, strict=True))


def log_odds(s: float, table: Knots) -> float:
    """Log-odds of a strength: a line of odds through the origin, straight lines between knots, the last line goes on; at most 40."""
    (first, at_first), (last, at_last) = table[0], table[-1]
    before_last, at_before_last = table[-2]
    if s <= 0:
        return -inf
    if s < first:
        return min(at_first + log(s / first), LOG_ODDS_LIMIT)
    if s >= last:
        return min(at_last + (s - last) * (at_last - at_before_last) / (last - before_last), LOG_ODDS_LIMIT)
    return min(between(s, table), LOG_ODDS_LIMIT)


def combine(logs: Sequence[float], rhos: Sequence[float]) -> float:
    """Log Σ ρ · o over networks; at most 40."""
    largest = max(logs, default=-inf)
    if largest == -inf:
        return -inf
    return min(largest + log(sum(rho * exp(one - largest) for one, rho in zip(logs, rhos, strict=True))), LOG_ODDS_LIMIT)


def score(logs: float, curve: Knots, a: float, b: float) -> float:
    """Score of log-odds: straight lines between knots, F^(1/a) below them and 1 − (1 − F)^(1/b) above; 1 without any odds."""
    (first, at_first), (last, at_last) = curve[0], curve[-1]
    if logs == -inf:
        return 1.0
    if logs < first:
        return 1 + (at_first - 1) * exp((logs - first) / a)
    if logs >= last:
        return 100 - (100 - at_last) * exp(-(logs - last) / b)
    return between(logs, curve)


def between(x: float, knots: Knots) -> float:
    """Interpolate along a straight line between the two knots around x."""
    for (left, low), (right, high) in pairwise(knots):
        if left <= x < right:
            return low + (high - low) * (x - left) / (right - left)
    raise ValueError(f"{x} is not between the knots")


def draw(hashed: int, replicate: int) -> int:
    """Poisson(1) by inversion, from a number of 53 bits that splitmix64 makes of the hash and the replicate; at most 9."""
    z = (hashed + (replicate + 1) * 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    uniform = ((z ^ (z >> 31)) >> 11) / 2**53
    times, chance, reached = 0, exp(-1), exp(-1)
    while uniform >= reached and times < 9:
        times += 1
        chance /= times
        reached += chance
    return times
