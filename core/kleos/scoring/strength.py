"""Reactions and influence → strengths, odds and scores, and the parts that every score is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import Factors, Term
from kleos.kernel.aggregate import Form, add_up, aggregate
from kleos.kernel.fold import fold
from kleos.kernel.layout import Asked, Clock, Folded, Influence
from kleos.kernel.odds import combine, log_odds, score
from kleos.scoring.reactions import Reactions
from kleos.scoring.resolved import NetworkForm, Resolved, places

__all__ = ["NetworkStrength", "Scores", "measure", "score_networks", "weigh"]


@frozen(kw_only=True, eq=False)
class NetworkStrength:
    """One network's numbers for P people and M metrics."""

    form: NetworkForm
    folded: Folded | Asked
    metrics: NDArray[np.float64]
    """float64[P, M]: m_k, weighted by the actors' influence."""
    plain: NDArray[np.float64]
    """float64[P, M]: the same with everybody weighing 1, of meaning for those that a person would count (`Resolved.counted`);
    float64[0, M] where the fold did not count it: of a bootstrap replicate, or if not asked to."""
    strength: NDArray[np.float64]
    """float64[P]: S = Σ v · log1p(m / s)."""
    log_odds: NDArray[np.float64]
    """float64[P], −inf for nobody."""
    broken: Mapping[str, str]
    """Metrics whose own function failed, with the reason; their column is 0, and the rest of the score stands."""


@frozen(kw_only=True, eq=False)
class Scores:
    """The scores of P people over N networks, with their parts."""

    networks: Sequence[NetworkStrength]
    log_odds: NDArray[np.float64]
    """float64[P]: of all networks together."""
    score: NDArray[np.float64]
    """float64[P], 1 ≤ score < 100."""
    network_points: NDArray[np.float64]
    """float64[N, P]: (score − 1) · ρ_n · o_n / o; sums to score − 1 over networks."""
    metric_points: NDArray[np.float64]
    """float64[N, P, M]: each network's points shared by v · log1p(m / s) / S."""

    @property
    def actors(self) -> NDArray[np.int64]:
        """int64[P]: the plain number of distinct actors, over all networks."""
        return sum((network.folded.people[:, -1] for network in self.networks), np.zeros(len(self.score), dtype=np.int64))

    @property
    def percentile(self) -> NDArray[np.float64]:
        """float64[P]: 100 · F, the share of the model's reference population that ranks lower."""
        # Two forms of the same function, so that neither exponential overflows.
        small = np.exp(-np.abs(self.log_odds))
        share: NDArray[np.float64] = 100.0 * np.where(self.log_odds > 0, 1.0 / (1.0 + small), small / (1.0 + small))
        return share


def measure(
    reactions: Reactions,
    influence: Influence,
    clock: Clock,
    resolved: Resolved,
    *,
    threads: int = 1,
    drawn: NDArray[np.int64] | None = None,
) -> NetworkStrength:
    """Fold one network's reactions and aggregate them; `drawn` as in `kleos.kernel.fold.fold`."""
    form = reactions.form
    folded = fold(reactions.named, reactions.anonymous, influence, clock, form.in_any, threads=threads, drawn=drawn)
    return weigh(folded, form, resolved)


def weigh(folded: Folded | Asked, form: NetworkForm, resolved: Resolved, terms: Form | None = None) -> NetworkStrength:
    """Aggregate factors into metrics, strength and log-odds.

    `terms` are those of the form, by the columns of `folded` where these are not all factors.
    """
    terms = terms or form.form
    people = len(folded.values)
    factors = folded.values.reshape(people, -1)
    metrics = np.zeros((people, len(resolved.metrics)))
    broken = {}
    for place, metric in enumerate(resolved.metrics):
        if metric.compute is not None:
            try:
                metrics[:, place] = _computed(metric.compute, _Columns(form, factors), people)
            except Exception as error:  # a plugin may raise anything
                broken[metric.name] = f"compute failed with {type(error).__name__}: {error}"
    plain = np.zeros((len(folded.plain), len(resolved.metrics)))
    add_up(folded.plain.reshape(len(plain), factors.shape[1]), terms, plain)
    strength = np.zeros(people)
    aggregate(factors, terms, metrics, strength)
    logs = log_odds(strength, form.table)
    return NetworkStrength(form=form, folded=folded, metrics=metrics, plain=plain, strength=strength, log_odds=logs, broken=broken)


def score_networks(networks: Sequence[NetworkStrength], resolved: Resolved, people: int) -> Scores:
    """Add up the odds of all networks, and share the score among networks and metrics."""
    logs = np.array([network.log_odds for network in networks]).reshape(len(networks), people)
    log_rho = np.array([network.form.log_rho for network in networks], dtype=np.float64)
    total = combine(logs, log_rho)
    scores = score(total, resolved.curve)
    # Without reactions the total is −inf and there is nothing to share: the finite stand-in keeps −inf − −inf out.
    finite = np.where(np.isneginf(total), 0.0, total)
    shares = np.exp(logs + log_rho[:, None] - finite)
    shares /= np.maximum(shares.sum(axis=0), np.finfo(np.float64).tiny)  # where the odds are cut, the shares still add up to one
    network_points = (scores - 1.0) * shares
    metric_points = np.zeros((len(networks), people, len(resolved.metrics)))
    for n, network in enumerate(networks):
        parts = network.form.form.value * np.log1p(network.metrics / network.form.form.scale)
        sums = parts.sum(axis=1, keepdims=True)
        metric_points[n] = network_points[n][:, None] * np.divide(parts, sums, out=np.zeros_like(parts), where=sums > 0)
    return Scores(networks=networks, log_odds=total, score=scores, network_points=network_points, metric_points=metric_points)


class _Columns:
    """The factors of one network by selector: what `Metric.compute` is given."""

    def __init__(self, form: NetworkForm, factors: NDArray[np.float64]) -> None:
        self._form = form
        self._factors = factors

    def __getitem__(self, selector: str) -> NDArray[np.float64]:
        column = np.zeros(len(self._factors))
        for place, weight in places(Term(selector), self._form.network):
            column += weight * self._factors[:, place]
        return column


def _computed(compute: Callable[[Factors], object], columns: Factors, people: int) -> NDArray[np.float64]:
    """Call a metric's own function, and trust nothing that it returns."""
    values = np.asarray(compute(columns), dtype=np.float64)
    if values.shape != (people,) or not np.all(np.isfinite(values)) or np.any(values < 0):
        raise ValueError(f"expected {people} finite numbers of at least 0, found {values!r}")
    return values
