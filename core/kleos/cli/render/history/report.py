"""A curve for a terminal: where the score stands, how far it came, the chart, and what its letters mean."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.history.chart import chart
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.cli.render.report import WIDEST, next_step
from kleos.insight.history.curve import History, Point, letters
from kleos.report.digits import score_text, signed
from kleos.report.words import clean, count_of, listed

__all__ = ["history_report"]

NARROWEST = 40
SPANS = {"day": "a day", "week": "a week", "month": "a month", "quarter": "90 days"}


def history_report(history: History, *, width: int, plain: bool = False, following: Sequence[Step] = ()) -> list[RenderableType]:
    """Return the parts of a history of at least one day, for a terminal of `width` columns; `plain` draws in ASCII."""
    width = max(NARROWEST, min(width, WIDEST))
    last = history.line[-1]
    name = Text.assemble((clean(history.name), "bold"))
    if history.name != history.person:
        name.append(f"  {clean(history.person)}", style="dim")
    return [
        Text(),
        name,
        Text(),
        hanging(f"  {score_text(last.score)}", _standing(last), width, room=9, label_style="bold cyan"),
        hanging("", _changes(history), width, room=9),
        Text(),
        *chart(history, width, plain=plain),
        Text(),
        *_legend(history, width),
        paragraph(_extent(history), width, style="dim"),
        *next_step(following, width),
    ]


def _standing(point: Point) -> str:
    interval = point.interval and held(f"90 % interval {score_text(point.interval[0])} to {score_text(point.interval[1])}")
    return f"{held(f'on {point.day}')}, {interval or 'too few people to tell how sure this is'}"


def _changes(history: History) -> str:
    told = [held(f"{signed(change.points)} in {SPANS[name]}") for name, change in history.changes.items() if change is not None]
    return listed(told) if told else "no earlier day of this model to compare with"


def _legend(history: History, width: int) -> list[RenderableType]:
    named = letters(history.markers)
    lines: list[RenderableType] = [
        hanging(f"  {named[marker.day]}  {marker.day}", clean(marker.text), width, room=17, label_style="bold")
        for marker in history.markers
    ]
    return [*lines, Text()] if lines else []


def _extent(history: History) -> str:
    """Say how much is shown, its highest and its lowest, and what the shades mean."""
    line = history.line
    best, least = max(line, key=lambda point: point.score), min(line, key=lambda point: point.score)
    parts = [f"{count_of(len(line), 'days')} recorded"]
    if len(line) > 1:
        parts.append(f"highest {score_text(best.score)} on {best.day}")
        parts.append(f"lowest {score_text(least.score)} on {least.day}")
    if any(point.interval for point in line):
        parts.append("shaded: the 90 % interval")
    if history.others:
        models = dict.fromkeys((point.model.name, point.model.version, point.model.digest[:8]) for point in history.others)
        said = listed([f"{clean(name)} {clean(version)} ({digest})" for name, version, digest in models])
        parts.append(f"thin: what {said} said")
    return " · ".join(held(part) for part in parts)
