"""Charts of points: a bar for each part of a score, and for each cause of a change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from kleos.report.rows import BROAD, rows
from kleos.report.theme import ACCENT, QUIET, SOFT, load_altair

__all__ = ["Bar", "bars_chart", "moves_chart"]

LABEL, NARROW_LABEL = 160, 132
FIGURES = 50


@frozen
class Bar:
    """A part with its points."""

    label: str
    points: float
    shown: str
    """The points in digits."""
    firm: bool = True
    """False: drawn open, since the number rests on less."""


def bars_chart(bars: Sequence[Bar], width: int, *, most: float | None = None) -> Any:
    """Return an Altair chart of bars, `width` pixels wide; `most` are the points of a full bar (default: the most of them)."""
    return _chart(bars, width, (0.0, most or _most(bars)), [bar.firm for bar in bars])


def moves_chart(bars: Sequence[Bar], width: int) -> Any:
    """Return an Altair chart of bars around a middle: to the right what raised a score; open and to the left what lowered it."""
    most = _most(bars)
    return _chart(bars, width, (-most, most), [bar.points > 0 for bar in bars])


def _most(bars: Sequence[Bar]) -> float:
    return max([*(abs(bar.points) for bar in bars), 1e-9])


def _chart(bars: Sequence[Bar], width: int, domain: tuple[float, float], filled: Sequence[bool]) -> Any:
    altair = load_altair()

    values = [
        {
            "label": bar.label,
            "points": bar.points,
            "shown": bar.shown,
            "fill": ACCENT if full else SOFT,
            "stroke": ACCENT if bar.points else "none",
        }
        for bar, full in zip(bars, filled, strict=True)
    ]
    frame = rows(values, width=width, label=LABEL if width >= BROAD else NARROW_LABEL, figures=FIGURES)
    marks = [
        frame.base.mark_bar(strokeWidth=1.2).encode(
            x=frame.along("points", *domain),
            x2=altair.X2Datum(0),
            fill=altair.Fill("fill:N", scale=None),
            stroke=altair.Stroke("stroke:N", scale=None),
        )
    ]
    if domain[0] < 0:
        middle = altair.Chart(altair.InlineData(values=[{}])).mark_rule(color=QUIET)
        marks.append(middle.encode(x=altair.XValue((frame.start + frame.end) / 2)))
    return frame.chart(*marks)
