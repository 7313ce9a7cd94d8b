"""Attacks as a table: points gained in both kinds of run, and whether the bounds hold."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.cli.render.report import WIDEST, model_text, next_step
from kleos.cli.render.table import table
from kleos.insight.attacking.outcome import Left, Outcome, Points, Tried
from kleos.report.words import clean, count_of, listed, span

__all__ = ["attack_report"]

_HEADINGS = ("population", "people", "bound", "", "attack")


def attack_report(tried: Tried, *, width: int, following: Sequence[Step] = ()) -> list[RenderableType]:
    """Return the parts of the report for a terminal of `width` columns."""
    width = min(width, WIDEST)
    rows = {
        "targets": f"{tried.targets} people of about the mean score ({tried.lowest:.1f} to {tried.highest:.1f}) among "
        f"{count_of(tried.size, 'people')}: {clean(tried.population)}, over {span(tried.window)}",
        "attackers": f"give the kind of reaction that pays most here: {clean(tried.kind)}",
        "columns": "points that the median target gained and, in brackets, the most; in a [population] run and in a [people] run. "
        "A loss has a minus",
        "model": model_text(tried.model),
    }
    room = max(map(len, rows)) + 2
    return [
        Text(),
        *table(_HEADINGS, [_row(outcome) for outcome in tried.outcomes], width=width, right=(0, 1, 2)),
        Text(),
        *(hanging(label, text, width, room=room, label_style="bold") for label, text in rows.items()),
        Text(),
        _verdict(tried, width),
        *next_step(following, width),
    ]


def _row(outcome: Outcome) -> tuple[str, ...]:
    sign = -1.0 if outcome.lost else 1.0
    kept = {None: "", True: "held", False: "BROKEN"}[outcome.holds]
    bound = "" if outcome.bound is None else f"{sign * outcome.bound + 0.0:.0f}".replace("-", "−")
    later = f"; of the odds gained are left: {', '.join(map(_left, outcome.left))}" if outcome.left else ""
    return (_points(outcome.population, sign), _points(outcome.people, sign), bound, kept, outcome.title + later)


def _points(points: Points | None, sign: float) -> str:
    return "" if points is None else f"{_signed(sign * points.median)} ({_signed(sign * points.most)})"


def _signed(points: float) -> str:
    return f"{round(points, 1) + 0.0:.1f}".replace("-", "−")  # adding 0 takes the sign from a negative nought


def _left(left: Left) -> str:
    allowed = "" if left.bound is None else held(f" (at most {100 * left.bound:.0f} %)")
    return held(f"{100 * left.share:.0f} % after {left.days:.0f} days") + allowed


def _verdict(tried: Tried, width: int) -> Text:
    bounded = sum(outcome.holds is not None for outcome in tried.outcomes)
    if tried.broken:
        names = listed(list(dict.fromkeys(outcome.attack for outcome in tried.broken)))
        return paragraph(f"{len(tried.broken)} of {bounded} bounds are broken: {names}.", width, style="bold red")
    return paragraph(f"All {bounded} bounds hold. What has none is told, not promised.", width, style="bold")
