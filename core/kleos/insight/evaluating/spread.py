"""Spread: does the score foretell who is reacted to next, and better than plain counts do?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.events import Progress
from kleos.insight.evaluating.baselines import baselines
from kleos.insight.evaluating.cuts import Cut, lasting
from kleos.insight.evaluating.gathered import Gathered
from kleos.insight.evaluating.measures import kendall, ndcg_at, spearman
from kleos.insight.evaluating.rows import received
from kleos.scoring.resolved import Resolved
from kleos.scoring.result import ModelId
from kleos.store import from_micros

__all__ = ["FREQUENT", "MEASURES", "OURS", "Measured", "SpreadResult", "Window", "leave_one_out", "measured", "spread"]

FREQUENT = 5
"""Rank correlation is also told over the candidates with at least so many reactions before the cut: below that it is mostly chance."""
HEAD = 100
OURS = "kleos"
"""What the score is called among the baselines."""
MEASURES = ("spearman", "kendall", "spearman_frequent", "kendall_frequent", "ndcg")


@frozen(kw_only=True)
class Measured:
    """How well one way to rank the candidates foretells the next window. NaN where there is nothing to tell."""

    name: str
    spearman: float
    """Over all candidates."""
    kendall: float
    spearman_frequent: float
    """Over the candidates with at least 5 reactions before the cut."""
    kendall_frequent: float
    ndcg: float
    """NDCG@100 over all candidates, with the gain log(1 + reactions)."""


@frozen(kw_only=True)
class Window:
    """One cut. Candidates are all who received a reaction in the window before it."""

    cut: Cut
    window: int
    """µs before the cut that were scored."""
    candidates: int
    frequent: int
    """Candidates with at least 5 reactions."""
    lasting: int
    """Candidates to whom somebody reacted in the next window, too."""
    before: int
    """Reactions in the window before the cut."""
    after: int
    """Reactions in the next window, to candidates and to others."""
    to_others: int
    """Those of them to people who are no candidates, whom no ranking could have named."""
    ours: Measured
    baselines: Sequence[Measured]

    @property
    def title(self) -> str:
        """What a window is called: "3 days to 2012-07-04 00:02 UTC, next 1 day"."""
        return f"{lasting(self.window)} to {from_micros(self.cut.at):%Y-%m-%d %H:%M} UTC, next {lasting(self.cut.horizon)}"

    def best(self, measure: str) -> Measured:
        """Return the baseline that is best in a measure of `MEASURES`."""
        return max(self.baselines, key=lambda one: _or_least(getattr(one, measure)))

    def times_best(self, measure: str) -> float:
        """Return how many times the best single baseline's value ours is."""
        best = float(getattr(self.best(measure), measure))
        return float(getattr(self.ours, measure)) / best if best > 0 else float("nan")


@frozen(kw_only=True)
class SpreadResult:
    """What came of foretelling every window."""

    model: ModelId
    windows: Sequence[Window]
    untimed: int
    """Reactions without a time of their own, which were left out."""
    seed: int


def spread(found: Gathered, cuts: Sequence[Cut], *, resolved: Resolved | None = None, seed: int = 0) -> SpreadResult:
    """Score everybody at each cut by `resolved`, or else the configuration's model, and compare with what came next.

    All baselines are computed from the same rows for the same candidates. Emits progress.
    """
    model = found.resolved if resolved is None else resolved
    windows = []
    for done, cut in enumerate(cuts):
        found.emit(Progress(task="windows", done=done, total=len(cuts), unit="windows"))
        windows.append(_window(found, cut, model, seed))
    found.emit(Progress(task="windows", done=len(cuts), total=len(cuts), unit="windows", finished=True))
    return SpreadResult(model=model.id, windows=windows, untimed=found.untimed, seed=seed)


def leave_one_out(
    found: Gathered, cuts: Sequence[Cut], fit: Callable[[Sequence[Cut]], Resolved], *, seed: int = 0
) -> Sequence[tuple[ModelId, Window]]:
    """Foretell each window by the model that `fit` learns from all the other cuts; returns the models and what came of them.

    Cuts whose windows overlap share reactions: what is learnt from one helps to foretell the other.
    """
    results = []
    for cut in cuts:
        model = fit([other for other in cuts if other != cut])
        results.append((model.id, spread(found, [cut], resolved=model, seed=seed).windows[0]))
    return results


def measured(name: str, values: NDArray[np.float64], before: NDArray[np.int64], after: NDArray[np.int64]) -> Measured:
    """Measure a column of the C candidates (float64[C]) against the reactions that they received before and after (int64[C])."""
    frequent = before >= FREQUENT
    return Measured(
        name=name,
        spearman=spearman(values, after),
        kendall=kendall(values, after),
        spearman_frequent=spearman(values[frequent], after[frequent]),
        kendall_frequent=kendall(values[frequent], after[frequent]),
        ndcg=ndcg_at(values, after, HEAD),
    )


def _window(found: Gathered, cut: Cut, model: Resolved, seed: int) -> Window:
    window = found.window(cut.at)
    # A score takes in the edge of its window: ages run from 0 at the last microsecond before the cut to the window's length.
    known = found.rows.between(cut.at - 1 - window, cut.at)
    next_ = found.rows.between(cut.at, cut.at + cut.horizon)
    before, after = received(known), received(next_)
    candidate = before > 0
    columns: Mapping[str, NDArray[np.float64]] = {
        name: column() for name, column in baselines(known, until=cut.at - 1, window=window, seed=seed).items()
    }
    ours = found.standing(found.at(cut.at, window, model)).odds
    return Window(
        cut=cut,
        window=window,
        candidates=int(candidate.sum()),
        frequent=int((before >= FREQUENT).sum()),
        lasting=int((candidate & (after > 0)).sum()),
        before=int(before.sum()),
        after=int(after.sum()),
        to_others=int(after[~candidate].sum()),
        ours=measured(OURS, ours[candidate], before[candidate], after[candidate]),
        baselines=[measured(name, column[candidate], before[candidate], after[candidate]) for name, column in columns.items()],
    )


def _or_least(value: float) -> float:
    return -math.inf if math.isnan(value) else value
