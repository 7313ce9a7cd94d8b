"""The difference of two scores, and whether it is more than noise.

Each score comes with a 90 % interval of its own (`kleos.scoring.interval`). The interval of their difference follows from both by the
method of variance estimates recovery (MOVER: Zou & Donner, Statistics in Medicine 27, 2008), which keeps what is lopsided lopsided. With
scores a, b and intervals [l, u]:

    from  a − b − √((a − l_a)² + (u_b − b)²)   to   a − b + √((u_a − a)² + (b − l_b)²)

Two people can be told apart where this interval does not hold 0. The formula takes the two for independent. Where the same actors react to
both, their scores rise and fall together, the true interval of the difference is narrower, and the rule errs on the side of saying nothing.
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Difference", "Interval", "difference"]

Interval = tuple[float, float]


class Difference(NamedTuple):
    """What one score is more than another."""

    points: float
    interval: Interval | None
    """90 %; None where one of the two has no interval, because too few people reacted."""

    @property
    def told_apart(self) -> bool | None:
        """Whether the difference is more than noise; None where nobody can tell."""
        if self.interval is None:
            return None
        low, high = self.interval
        return low > 0 or high < 0


def difference(score: float, interval: Interval | None, other: float, other_interval: Interval | None) -> Difference:
    """Return what `score` is more than `other`; an interval holds its score."""
    points = score - other
    if interval is None or other_interval is None:
        return Difference(points, None)
    below = math.hypot(score - interval[0], other_interval[1] - other)
    above = math.hypot(interval[1] - score, other - other_interval[0])
    return Difference(points, (points - below, points + above))
