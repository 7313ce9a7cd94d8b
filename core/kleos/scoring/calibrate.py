"""Curves from a reference population: the odds table of a network, how networks compare, and the score curve of a model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kleos.errors import KleosError
from kleos.kernel.odds import LOG_ODDS_LIMIT
from kleos.scoring.model import OddsTable, ScoreCurve

__all__ = ["FEWEST_ACCOUNTS", "FEWEST_IN_COMMON", "REFERENCE_ACTORS", "common_rho", "odds_table", "score_curve"]

REFERENCE_ACTORS = 5
"""A reference population holds the accounts with at least this many distinct actors in the window."""
FEWEST_ACCOUNTS = 200
"""Fewer accounts than this do not make a curve."""
FEWEST_IN_COMMON = 50
"""Fewer people on both of two networks do not tell how these compare."""
TAIL = 0.05
BODY = np.linspace(0.005, 1.0 - TAIL, 95)
"""Ranks of the knots over the body of the population; the tail has knots at every halving of the rest.

Knots that lie closer, where accounts are few and far apart, would take chance for steps in the curve.
"""


def odds_table(strength: NDArray[np.float64]) -> OddsTable:
    """Return the odds table of a reference population, from the strengths of its members (float64[R], any order).

    Knots stand at quantiles of the strength, against the log-odds of their rank, so that over this population the share outranked is
    uniform and the score has the distribution that the curve promises. The outermost knot leaves ten members beyond it: the tail that
    follows it should not hang on one account. Raises `KleosError` for fewer than 200 members.
    """
    members = len(strength)
    if members < FEWEST_ACCOUNTS:
        raise KleosError(
            f"expected at least {FEWEST_ACCOUNTS} accounts with {REFERENCE_ACTORS} distinct actors or more, found {members}",
            hint="calibrate on a larger population, or score with a model that is calibrated already",
        )
    halvings = 1.0 - TAIL * 0.5 ** np.arange(1, max(1, int(np.log2(members * TAIL / 10))) + 1)
    ranks = np.concatenate([BODY, halvings])
    knots = np.round(np.quantile(strength, ranks), 5)  # as the file will tell them: strengths that read alike are equal
    logs = np.log(ranks / (1.0 - ranks))
    # Equal strengths share one knot: the middle of their ranks.
    distinct, place = np.unique(knots, return_inverse=True)
    if len(distinct) < 2:
        raise KleosError(
            f"expected accounts of different strength, found {members} of one and the same",
            hint="calibrate on reactions as they are, not on one of a kind for everybody",
        )
    mean = np.bincount(place, weights=logs) / np.bincount(place)
    return OddsTable(strength=_readable(distinct), log_odds=_readable(mean))


def common_rho(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return float64[N], ρ of every network, from the log-odds of people who are on several of them (float64[N, P], NaN: not there).

    An account's odds are of outranking the accounts of its own network. Whoever has accounts on two tells how these compare: ρ makes the
    odds of the same people agree, in the mean of their logarithms, as common persons equate two tests (Kolen & Brennan, *Test Equating*).
    The network with most accounts keeps ρ = 1, and so does one that has too few people in common with it, directly or over others.
    """
    networks = len(log_odds)
    there = ~np.isnan(log_odds)
    anchor = int(there.sum(axis=1).argmax()) if networks else 0
    pairs = [(a, b, int((there[a] & there[b]).sum())) for a in range(networks) for b in range(a)]
    rows, values, linked = [], [], {anchor}
    for a, b, people in pairs:
        if people >= FEWEST_IN_COMMON:
            both = there[a] & there[b]
            row = np.zeros(networks)
            row[a], row[b] = 1.0, -1.0
            rows.append(row * np.sqrt(people))
            values.append(float((log_odds[b, both] - log_odds[a, both]).mean()) * np.sqrt(people))
    for _ in range(networks):
        linked |= {one for a, b, people in pairs if people >= FEWEST_IN_COMMON and {a, b} & linked for one in (a, b)}
    logs = np.zeros(networks)
    free = sorted(linked - {anchor})
    if free:
        logs[free] = np.linalg.lstsq(np.array(rows)[:, free], np.array(values), rcond=None)[0]
    return np.exp(logs)


def score_curve(a: float, b: float) -> ScoreCurve:
    """Tabulate 1 + 99 · BetaQuantile(odds / (1 + odds); a, b) over log-odds −16 to 24, eight knots a unit; needs SciPy.

    Linear interpolation between these knots is off by less than 0.004 points.
    """
    from scipy.stats import beta

    logs = np.arange(-16, 24 + 1 / 16, 1 / 8)
    assert logs[-1] < LOG_ODDS_LIMIT
    # The survival function in the upper half: 1 − F would lose its digits.
    upper = beta.isf(1 / (1 + np.exp(logs)), a, b)
    lower = beta.ppf(np.exp(logs) / (1 + np.exp(logs)), a, b)
    return ScoreCurve(a=a, b=b, log_odds=logs.tolist(), score=[round(x, 6) for x in (1 + 99 * np.where(logs > 0, upper, lower)).tolist()])


def _readable(values: NDArray[np.float64]) -> list[float]:
    """Five decimals are more than any population supports."""
    rounded: list[float] = np.round(values, 5).tolist()
    return rounded
