"""A model, laid out for the pass of `kleos.kernel.scores`: what every factor adds to, and the curves from strength to score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.aggregate import Form
from kleos.kernel.approximate import LN_2
from kleos.kernel.knots import Knots, index_knots
from kleos.kernel.odds import LOG_ODDS_LIMIT, Curve, Table

__all__ = ["BATCH", "SPREAD", "Weighing", "weighing"]

BATCH = 32
"""People whose metrics stand side by side: enough for vector instructions, few enough for the first cache."""
SPREAD = 16
"""Factors without a term add nothing to so many places in turn: if it were one, each would wait for the one before."""
SHORT = 1 << 16
"""Slots below this are kept in two bytes, so that those of thousands of factors stay in the first cache."""


class Weighing(NamedTuple):
    """The factors of N networks by their global column, and the way from M metrics to the score. Lengths: F columns, T terms.

    The scratch of the pass holds a batch of people: metric m of network n of the batch's person b stands at (m · N + n) · BATCH + b.
    """

    offset: NDArray[np.int64]
    """int64[N + 1]: factor f of network n has the column ``offset[n] + f``."""
    computed: NDArray[np.int64]
    """int64[N, M]: the column of a metric that is computed and not made of terms; −1 for the others."""
    slot: NDArray[Any]
    """uint16[F + 1] or uint32[F + 1]: where a factor of one term is added, for the batch's first person; others add nothing somewhere."""
    weight: NDArray[np.float32]
    """float32[F + 1]: the term's weight over its metric's scale; 0 for factors without a term, or of several. The last is not a number:
    columns that do not exist end there, and show."""
    several: NDArray[np.bool_]
    """bool[F]: whether the factor has more than one term; bool[0] if none has."""
    start: NDArray[np.int64]
    """int64[F + 1]: the terms of column f are ``start[f]:start[f + 1]``."""
    term_slot: NDArray[np.int64]
    """int64[T]."""
    term_weight: NDArray[np.float32]
    """float32[T]."""
    gain: NDArray[np.float32]
    """float32[M, N]: v · log 2."""
    value: NDArray[np.float64]
    """float64[N, M]: v."""
    scale: NDArray[np.float64]
    """float64[N, M]: s."""
    odds: Knots
    """float32: strength → log-odds; networks with the same table share a curve, which is then in the cache for all."""
    table: NDArray[np.int64]
    """int64[N]: the number of the network's curve."""
    log_rho: NDArray[np.float32]
    """float32[N]."""
    score: Knots
    """float64: log-odds → score."""
    curve: Curve
    """The same, for its tails."""


def weighing(forms: Sequence[Form], sizes: Sequence[int], tables: Sequence[Table], log_rho: Sequence[float], curve: Curve) -> Weighing:
    """Lay out N networks: their forms, numbers of factors, odds tables and log ρ, and the score curve.

    Columns are numbered network by network; after the last network's come those of metrics that are computed: to the pass they are factors
    of one term. Raises ValueError for networks that differ in their number of metrics.
    """
    networks = len(forms)
    metrics = len(forms[0].scale) if forms else 0
    if any(len(form.scale) != metrics for form in forms):
        raise ValueError(f"expected equally many metrics in all networks, found {[len(form.scale) for form in forms]}")
    offset = np.cumsum([0, *sizes]).astype(np.int64)
    computed = np.full((networks, metrics), -1, dtype=np.int64)
    columns = int(offset[-1])
    column, place, weight = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for n, form in enumerate(forms):
        metric = np.repeat(np.arange(metrics), np.diff(form.start))
        made = ~form.computed[metric]
        (given,) = np.nonzero(form.computed)
        computed[n, given] = columns + np.arange(len(given))
        columns += len(given)
        column += [offset[n] + form.factor[made], computed[n, given]]
        place += [metric[made] * networks + n, given * networks + n]
        weight += [form.weight[made] / form.scale[metric[made]], 1.0 / form.scale[given]]
    of_column = np.argsort(np.concatenate(column), kind="stable")
    first = np.searchsorted(np.concatenate(column)[of_column], np.arange(columns + 1))
    term_slot = (np.concatenate(place) * BATCH)[of_column]
    term_weight = np.concatenate(weight)[of_column].astype(np.float32)
    nothing = metrics * networks * BATCH
    several = np.diff(first) > 1
    (single,) = np.nonzero(np.diff(first) == 1)
    slot = nothing + np.arange(columns + 1) % SPREAD
    slot[single] = term_slot[first[single]]
    slot[columns] = nothing + SPREAD + BATCH
    times = np.zeros(columns + 1, dtype=np.float32)
    times[single] = term_weight[first[single]]
    times[columns] = np.nan
    value = np.array([form.value for form in forms]).reshape(networks, metrics)
    curves = {(table.strength.tobytes(), table.log_odds.tobytes()): _below_the_limit(table) for table in tables}
    places = {key: number for number, key in enumerate(curves)}
    return Weighing(
        offset=offset,
        computed=computed,
        slot=slot.astype(np.uint16 if slot[columns] < SHORT else np.uint32),
        weight=times,
        several=several if several.any() else several[:0],
        start=first.astype(np.int64),
        term_slot=term_slot,
        term_weight=term_weight,
        gain=np.ascontiguousarray(value.T * LN_2, dtype=np.float32),
        value=value,
        scale=np.array([form.scale for form in forms]).reshape(networks, metrics),
        odds=index_knots([*curves.values()], np.float32),
        table=np.array([places[table.strength.tobytes(), table.log_odds.tobytes()] for table in tables], dtype=np.int64),
        log_rho=np.array(log_rho, dtype=np.float32),
        score=index_knots([(curve.log_odds, curve.score)], np.float64),
        curve=curve,
    )


def _below_the_limit(table: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a table's knots; where even the first lies beyond the limit of log-odds, knots on the line of odds through the origin."""
    x, y = table.strength, table.log_odds
    if y[0] <= LOG_ODDS_LIMIT:
        return x, y
    return np.array([x[0] * np.exp(max(LOG_ODDS_LIMIT - y[0], -60.0)), x[-1]]), np.array([LOG_ODDS_LIMIT, LOG_ODDS_LIMIT])
