"""The chart of a curve: the score from day to day, its interval as a band, other models beside it, and marks where its ground changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from kleos.insight.history.curve import Marker, Point, letters, stretches
from kleos.report.theme import ACCENT, INK, PAPER, QUIET, SOFT, settings

__all__ = ["curve_chart", "curve_png"]

HEIGHT = 220
LEAST = 4.0
"""Points that the vertical axis shows at least, so that noise is not drawn as a mountain."""


def curve_chart(
    points: Sequence[Point], markers: Sequence[Marker] = (), *, others: Sequence[Point] = (), width: int, height: int = HEIGHT
) -> Any:
    """Return an Altair chart of at least one point, `width` pixels wide, in the colours of `kleos.report.theme`.

    `others` are what other models say, in thin grey lines. Markers stand as dashed lines with the letters that
    `kleos.insight.history.curve.letters` gives them; their texts are for the reader to find beside the chart.
    """
    import altair

    scale = altair.Scale(domain=_domain(points, others), nice=False, zero=False)
    days = altair.X(
        "day:T",
        scale=altair.Scale(type="utc"),
        axis=altair.Axis(
            title=None, grid=False, tickCount=max(2, width // 110), labelFlush=True, format=_format(points), labelOverlap=True
        ),
    )
    height_of = altair.Y("score:Q", scale=scale, axis=altair.Axis(title=None, tickCount=5, domain=False, ticks=False))
    own = altair.Chart({"values": [*_rows(points, "line")]})
    band = (
        own.transform_filter("datum.low != null")
        .mark_area(color=SOFT, opacity=1)
        .encode(x=days, y=altair.Y("low:Q", scale=scale), y2="high:Q", detail="piece:N")
    )
    line = own.mark_line(color=ACCENT, strokeWidth=2, strokeJoin="round").encode(x=days, y=height_of, detail="piece:N")
    # A day on its own makes no line.
    alone = own.transform_filter("datum.alone").mark_circle(color=ACCENT, size=28, opacity=1).encode(x=days, y=height_of)
    last = (
        own.transform_filter("datum.last")
        .mark_circle(color=ACCENT, size=90, opacity=1, stroke=PAPER, strokeWidth=1.5)
        .encode(x=days, y=height_of)
    )
    layers = [band]
    if others:
        beside = altair.Chart({"values": [*_rows(others, "other")]})
        layers.append(beside.mark_line(color=QUIET, strokeWidth=1.2).encode(x=days, y=height_of, detail="piece:N"))
        layers.append(beside.transform_filter("datum.alone").mark_circle(color=QUIET, size=16, opacity=1).encode(x=days, y=height_of))
    if markers:
        marks = altair.Chart({"values": [{"day": day.isoformat(), "letter": letter} for day, letter in letters(markers).items()]})
        layers.append(marks.mark_rule(color=QUIET, strokeDash=[2, 3]).encode(x=days))
        layers.append(marks.mark_text(color=INK, baseline="bottom", fontSize=12, dy=-3).encode(x=days, y=altair.value(0), text="letter:N"))
    return altair.layer(*layers, line, alone, last).properties(width=width - 42, height=height)


def curve_png(chart: Any, title: str, *, scale: float = 2.0) -> bytes:
    """Return an Altair chart as a picture of its own on paper, under a title; `scale` times as many pixels as the chart has."""
    import altair
    import vl_convert

    specification = chart.properties(
        title=altair.TitleParams(title, anchor="start", color=INK, fontSize=15, fontWeight="normal", offset=22)
    ).to_dict()
    specification["config"] = settings() | {"background": PAPER, "padding": 18}
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    png: bytes = vl_convert.vegalite_to_png(specification, vl_version=version, scale=scale)
    return png


def _rows(points: Sequence[Point], sort: str) -> Iterator[dict[str, Any]]:
    """Give each stretch of points that can be joined a name of its own."""
    for number, stretch in enumerate(stretches(points)):
        for point in stretch:
            yield {
                "day": point.day.isoformat(),
                "score": point.score,
                "low": point.interval[0] if point.interval else None,
                "high": point.interval[1] if point.interval else None,
                "piece": f"{sort}{number}",
                "alone": len(stretch) == 1,
                "last": point is points[-1],
            }


def _domain(points: Sequence[Point], others: Sequence[Point]) -> list[float]:
    """Return the ends of the vertical axis: all that is drawn, with a little air."""
    seen = [value for point in points for value in (point.score, *(point.interval or ()))] + [point.score for point in others]
    low, high = min(seen), max(seen)
    middle, half = (low + high) / 2, max(high - low, LEAST) / 2 * 1.08
    return [max(1.0, middle - half), min(100.0, middle + half)]


def _format(points: Sequence[Point]) -> str:
    return "%-d %b" if points[-1].day - points[0].day < timedelta(days=300) else "%b %Y"
