"""Limits of weights: what share of all weight a metric has at least and at most, and what it may not outweigh."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

__all__ = ["NO_LIMITS", "Limits", "Outweighed", "Slack"]

LEEWAY = 1e-9
"""Of all weight: where nothing is left to choose, rounding alone must not break a limit."""


def _shares(instance: object, attribute: object, value: Mapping[str, float]) -> None:
    for metric, share in value.items():
        if not 0 <= share <= 1:
            raise ValueError(f"expected a share from 0 to 1 for {metric}, found {share!r}")


class Outweighed(NamedTuple):
    """So many units of `metric` add no more to the strength than a second unit of `by`: v·log(1 + units/s) ≤ v'·log((s' + 2)/(s' + 1))."""

    metric: str
    by: str
    units: float = 1.0

    def factors(self, scale: Mapping[str, float]) -> tuple[float, float]:
        """Return what the weights of `metric` and of `by` are multiplied by; a metric without a scale has 1."""
        of_by = scale.get(self.by, 1.0)
        return math.log1p(self.units / scale.get(self.metric, 1.0)), math.log1p(1.0 / (of_by + 1.0))

    def most(self, share: float, scale: Mapping[str, float]) -> float:
        """Return the largest share of `metric` beside this one of `by`."""
        one, second = self.factors(scale)
        return share * second / one


class Slack(NamedTuple):
    """How far a metric's share of all weight is from one of its limits."""

    metric: str
    limit: str
    """"at least", "at most" or "outweighed"."""
    share: float
    """The limit."""
    by: str
    """The metric that it may not outweigh; else empty."""
    slack: float
    """Below 0 where the limit is broken."""


@frozen(kw_only=True)
class Limits:
    """Shares from 0 to 1 by metric; a metric that is not named may have any."""

    at_least: Mapping[str, float] = field(factory=dict, validator=_shares)
    at_most: Mapping[str, float] = field(factory=dict, validator=_shares)
    outweighed: Sequence[Outweighed] = ()

    @property
    def metrics(self) -> frozenset[str]:
        """Every metric that a limit is about."""
        return frozenset([*self.at_least, *self.at_most, *(name for one in self.outweighed for name in (one.metric, one.by))])

    def and_also(self, other: Limits) -> Limits:
        """Return the limits that keep both."""
        least, most = dict(self.at_least), dict(self.at_most)
        for metric, share in other.at_least.items():
            least[metric] = max(share, least.get(metric, 0.0))
        for metric, share in other.at_most.items():
            most[metric] = min(share, most.get(metric, 1.0))
        return Limits(at_least=least, at_most=most, outweighed=tuple(dict.fromkeys([*self.outweighed, *other.outweighed])))

    def rows(
        self, new: Sequence[str], *, known: Mapping[str, float], rest: Mapping[str, float], scale: Mapping[str, float]
    ) -> NDArray[np.float64]:
        """Return float64[L, C], rows r that weights v keep if r · v ≥ 0.

        The columns are the metrics that are `new`, and where there are `known` weights, a last one that multiplies all of these. `rest`
        has the shares of all weight that other metrics have. A limit that the columns cannot keep whatever their weights is left out, so
        that it is kept at the cost of the rest.
        """
        columns = len(new) + bool(known)
        total = np.ones(columns)
        if known:
            total[-1] = sum(known.values())
        total /= max(1.0 - sum(rest.values()), 1e-9)  # all weight, that of the rest included

        def weight(metric: str) -> NDArray[np.float64]:
            row = np.zeros(columns)
            if metric in new:
                row[new.index(metric)] = 1.0
            elif metric in known:
                row[-1] = known[metric]
            else:
                row = rest.get(metric, 0.0) * total
            return row

        found = [weight(metric) - share * total for metric, share in self.at_least.items() if metric in new]
        found += [share * total - weight(metric) for metric, share in self.at_most.items() if metric in new]
        for pair in self.outweighed:
            if pair.metric in new or pair.by in new:
                one, second = pair.factors(scale)
                found.append(second * weight(pair.by) - one * weight(pair.metric))
        rows = np.array(found).reshape(len(found), columns) + LEEWAY * total
        return rows[(rows > 0).any(axis=1)]

    def slacks(self, shares: Mapping[str, float], scale: Mapping[str, float]) -> list[Slack]:
        """Return how far shares (which add up to 1) are from every limit; a metric that is not there has none."""
        found = [Slack(metric, "at least", share, "", shares.get(metric, 0.0) - share) for metric, share in self.at_least.items()]
        found += [Slack(metric, "at most", share, "", share - shares.get(metric, 0.0)) for metric, share in self.at_most.items()]
        for pair in self.outweighed:
            most = pair.most(shares.get(pair.by, 0.0), scale)
            found.append(Slack(pair.metric, "outweighed", most, pair.by, most - shares.get(pair.metric, 0.0)))
        return found


NO_LIMITS = Limits()
