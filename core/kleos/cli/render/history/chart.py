"""The curve on a terminal: the line, its interval as a band, other models beside it, and letters where its ground changed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import date

from attrs import frozen
from rich.text import Text

from kleos.cli.render.history.canvas import ACROSS, DOWN, Canvas
from kleos.insight.history.curve import History, Point, letters, stretches

__all__ = ["chart"]

HEIGHT = 14
LEAST = 4.0
"""Points that the vertical axis shows at least, so that noise is not drawn as a mountain."""
MOST_LABELS = 6
_LINE, _OTHER, _BAND, _MARK = "bold cyan", "dim", "dim", "dim"


@frozen
class _Frame:
    """From days and scores to dots."""

    first: int
    days: int
    low: float
    high: float
    width: int
    """Cells."""
    height: int

    def x(self, day: date) -> float:
        return (self.width * ACROSS - 1) * (day.toordinal() - self.first) / max(1, self.days)

    def y(self, score: float) -> float:
        return (self.height * DOWN - 1) * (self.high - score) / (self.high - self.low)

    def row(self, score: float) -> int:
        return min(self.height - 1, max(0, round(self.y(score)) // DOWN))

    def column(self, day: date) -> int:
        return round(self.x(day)) // ACROSS


def chart(history: History, width: int, *, plain: bool = False) -> list[Text]:
    """Return the lines of a chart of `width` cells; `plain` uses nothing but ASCII."""
    ticks = _ticks(history)
    labels = {tick: f"{tick:g}" for tick in ticks}
    room = max(map(len, labels.values())) + 4
    days = [point.day for point in (*history.line, *history.others)]
    frame = _Frame(min(days).toordinal(), (max(days) - min(days)).days, *_ends(history, ticks), width=max(8, width - room), height=HEIGHT)
    canvas = Canvas(frame.width, frame.height, plain=plain)
    for stretch in stretches(history.line):
        _draw(canvas, frame, stretch, _LINE)
    for stretch in stretches(history.others):
        _draw(canvas, frame, stretch, _OTHER)
    for day in letters(history.markers):
        for row in range(frame.height):
            canvas.sign(frame.column(day), row, "┊", "|", _MARK)
    for stretch in stretches(history.line):
        _shade(canvas, frame, stretch)
    named = {frame.row(tick): label for tick, label in labels.items()}
    lines = []
    for number, drawn in enumerate(canvas.rows()):
        label = named.get(number)
        line = Text(f"  {label or '':>{room - 4}} {'┤' if label else '│'}", style="dim").append_text(drawn)
        line.rstrip()
        lines.append(line)
    return [*lines, _axis(history, frame, room), _dates(frame, room)]


def _draw(canvas: Canvas, frame: _Frame, points: Sequence[Point], style: str) -> None:
    dots = [(frame.x(point.day), frame.y(point.score)) for point in points]
    for start, end in itertools.pairwise(dots) if len(dots) > 1 else [(dots[0], dots[0])]:
        canvas.line(start, end, style)


def _shade(canvas: Canvas, frame: _Frame, points: Sequence[Point]) -> None:
    """Fill the interval, between two points as their line would run."""
    known = [(frame.column(point.day), point.interval) for point in points if point.interval is not None]
    for (start, before), (end, after) in itertools.pairwise([*known, *known[-1:]]):
        for column in range(start, end + 1):
            share = (column - start) / max(1, end - start)
            low, high = (a + (b - a) * share for a, b in zip(before, after, strict=True))
            for row in range(frame.row(high), frame.row(low) + 1):
                canvas.sign(column, row, "░", ".", _BAND)


def _axis(history: History, frame: _Frame, room: int) -> Text:
    cells = ["─"] * frame.width
    for day, letter in letters(history.markers).items():
        column = min(frame.column(day), frame.width - len(letter))
        cells[column : column + len(letter)] = letter
    text = Text(" " * (room - 2) + " └", style="dim")
    for cell in cells:
        text.append(cell, style="bold" if cell.isalpha() else "dim")
    return text


def _dates(frame: _Frame, room: int) -> Text:
    """Name the first and the last day, and one or two between them where there is room."""
    last = date.fromordinal(frame.first + frame.days)
    shown = f"{date.fromordinal(frame.first)}"
    for part in range(1, 3) if frame.width >= 60 else ():
        day = date.fromordinal(frame.first + frame.days * part // 3)
        start = frame.column(day) - 5
        if frame.days >= 12:
            shown = f"{shown:{start}}{day}"
    if frame.days:
        shown = f"{shown:{frame.width - 10}}{last}"
    return Text(" " * room + shown, style="dim")


def _seen(history: History) -> list[float]:
    own = [value for point in history.line for value in (point.score, *(point.interval or ()))]
    return own + [point.score for point in history.others]


def _ends(history: History, ticks: Sequence[float]) -> tuple[float, float]:
    seen = _seen(history)
    low, high = min(*seen, *ticks), max(*seen, *ticks)
    missing = max(0.0, LEAST - (high - low)) / 2
    return low - missing, high + missing


def _ticks(history: History) -> list[float]:
    """Return round numbers within what is drawn, at most `MOST_LABELS`."""
    seen = _seen(history)
    middle, half = (min(seen) + max(seen)) / 2, max(max(seen) - min(seen), LEAST) / 2
    low, high = middle - half, middle + half
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (high - low) / step <= MOST_LABELS - 1)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [float(number * step) for number in range(first, last + 1)]
