"""The checks of metrics. Those made of terms keep most of it by construction; a function of one's own has to be tried."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.config import Config
from kleos.contract import Factors, Metric, Term
from kleos.events import silent
from kleos.insight.explaining.asking import explain_person
from kleos.plugins import Loaded
from kleos.scoring.result import PersonScore
from kleos.testing.runs import NOW, OTHER, PERSON, REACH, configure, given_reactions, loaded_with, scored, scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError, NotCheckedError

__all__ = [
    "metrics_add_up",
    "metrics_are_about_others",
    "metrics_are_bounded",
    "metrics_are_documented",
    "metrics_are_monotone",
    "metrics_are_order_free",
]

_PEOPLE = 16
_NO_LESS = 1e-9


def metrics_are_documented(subject: Subject) -> None:
    """Each says what it counts, in what unit, and where the definition comes from."""
    for metric in subject.metrics:
        for name in ("title", "family", "unit", "definition", "source"):
            if not getattr(metric, name).strip():
                raise BrokenContractError(f"metric {metric.name}: {name} is empty", f"write it: {_MEANT[name]}")


_MEANT = {
    "title": "what people call the metric",
    "family": 'which question it answers, such as "who responds"',
    "unit": 'what is counted, plural: "people"',
    "definition": "one sentence that a person understands",
    "source": "the paper, book or page that the definition comes from, or that it is your own",
}


def metrics_are_monotone(subject: Subject) -> None:
    """A factor that grows never lowers a metric."""
    for metric, compute in _computed(subject):
        columns = _Columns(1)
        before = _values(metric, compute, columns)
        for selector in sorted(columns.asked):
            for more in (1.0, 1000.0):
                after = _values(metric, compute, _Columns(1, raised=(selector, more)))
                lower = np.flatnonzero(after < before - _NO_LESS * np.abs(before))
                if len(lower):
                    raise BrokenContractError(
                        f"metric {metric.name}: {before[lower[0]]} falls to {after[lower[0]]} when {selector} grows by {more}",
                        "one more reaction must never lower a metric: add factors up, and never divide by one or take one away",
                    )


def metrics_are_order_free(subject: Subject) -> None:
    """A person's value does not depend on who else is scored, nor in which order."""
    for metric, compute in _computed(subject):
        values = _values(metric, compute, _Columns(1))
        turned = _values(metric, compute, _Columns(1, order=slice(None, None, -1)))
        fewer = _values(metric, compute, _Columns(1, order=slice(0, 3)))
        if not (np.allclose(turned[::-1], values) and np.allclose(fewer, values[:3])):
            raise BrokenContractError(
                f"metric {metric.name}: the same person has another value in other company, or in another order",
                "compute every person's value from that person's factors alone: no sums, ranks or maxima over people",
            )


def metrics_are_bounded(subject: Subject) -> None:
    """Nobody's reactions, and a great many, still give finite numbers of at least 0."""
    for metric, compute in _computed(subject):
        for times in (0.0, 1.0, 1e9):
            values = _values(metric, compute, _Columns(times))
            if not np.all(np.isfinite(values)) or np.any(values < 0):
                raise BrokenContractError(
                    f"metric {metric.name}: {values.min()} to {values.max()} where the factors are {'all 0' if not times else 'large'}",
                    "return finite numbers of at least 0 for everybody: people without reactions have 0 in every factor (log1p, not log)",
                )


def metrics_are_about_others(subject: Subject) -> None:
    """What the person does themselves, views and followers change no metric."""
    try:
        with _run(subject) as run, _run(subject) as again, _run(subject, and_what_never_counts=True) as other:
            before, same, after = run.person.metrics, again.person.metrics, other.person.metrics
    except BrokenContractError as error:
        raise NotCheckedError("a metric fails in a run: see the check metrics_add_up") from error
    if before != same:
        raise NotCheckedError("a metric has another value in every run: see the check metrics_add_up")
    for name in (metric.name for metric in subject.metrics):
        if (before[name].value, before[name].points) != (after[name].value, after[name].points):
            raise BrokenContractError(
                f"metric {name}: {before[name].value} becomes {after[name].value} with views, followers and reactions of the person's own",
                "count reactions that others gave: the kinds in any, or of the roles LIKE, REPLY, SHARE, MENTION and ENDORSE",
            )


def metrics_add_up(subject: Subject) -> None:
    """In a run each metric gives a value, and the points of all metrics are the score, also when it is explained."""
    with _run(subject) as run:
        points = sum(part.points for part in run.person.metrics.values())
        explanation = explain_person(run.config, run.loaded, PERSON, emit=silent, now=NOW)
        explained = sum(part.points for part in explanation.table())
    names, gained = ", ".join(metric.name for metric in subject.metrics), run.person.score - 1
    if not (math.isclose(points, gained, abs_tol=_NO_LESS) and math.isclose(explained, gained, abs_tol=_NO_LESS)):
        raise BrokenContractError(
            f"the points of {names} are {points}, explained they are {explained}, and the score is 1 + {gained}",
            "compute the same value every time: a metric keeps nothing between calls",
        )


@frozen
class _Run:
    """A run with one person, and all metrics of the plugin weighed."""

    config: Config
    loaded: Loaded
    person: PersonScore


@contextmanager
def _run(subject: Subject, *, and_what_never_counts: bool = False) -> Iterator[_Run]:
    """Run in a folder that stays as long as the context; raises `BrokenContractError` where a metric fails in it."""
    metrics = {metric.name: metric for metric in subject.metrics}
    with scratch() as folder:
        loaded = loaded_with(Loaded({}, metrics, subject.loaded.origins), networks=[OTHER], metrics=[REACH])
        table = given_reactions(folder, NOW, and_what_never_counts=and_what_never_counts)
        sources = {OTHER.name: {"interactions": table}}
        config = configure([OTHER], folder, sources, accounts={OTHER.name: [PERSON]}, metrics=metrics, as_of=NOW)
        result = scored(config, loaded)
        for fault in result.faults:
            if fault.stage == "score":
                raise BrokenContractError(
                    f"metric {fault.plugin}: in a run with one person {fault.error}",
                    "return float64[people], one number for each person, even for one: an array as long as any factor's column",
                )
        yield _Run(config, loaded, result.people[0])


def _computed(subject: Subject) -> Iterator[tuple[Metric, Callable[[Factors], Any]]]:
    for metric in subject.metrics:
        if metric.compute is not None:
            yield metric, metric.compute


def _values(metric: Metric, compute: Callable[[Factors], Any], columns: _Columns) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):
        try:
            values = np.asarray(compute(columns), dtype=np.float64)
        except Exception as error:
            raise NotCheckedError(f"{metric.name} fails: see the check metrics_add_up") from error
    if values.shape != (len(columns),):
        raise NotCheckedError(f"{metric.name} has another shape: see the check metrics_add_up")
    return values


class _Columns:
    """Invented factors of some people, the same for the same selector; `asked` tells which were used."""

    def __init__(self, times: float, *, raised: tuple[str, float] = ("", 0.0), order: slice = slice(None)) -> None:
        self._times = times
        self._raised = raised
        self._order = order
        self.asked: set[str] = set()

    def __len__(self) -> int:
        return len(range(_PEOPLE)[self._order])

    def __getitem__(self, selector: str) -> NDArray[np.float64]:
        Term(selector)
        self.asked.add(selector)
        dice = np.random.default_rng(zlib.crc32(selector.encode()))
        column = self._times * dice.integers(1, 60, _PEOPLE).astype(np.float64)
        if selector == self._raised[0]:
            column += self._raised[1]
        return column[self._order].copy()
