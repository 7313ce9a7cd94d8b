"""A person's page and the roster's, each one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kleos.insight.history.curve import letters
from kleos.report.bars import Bar, bars_chart, moves_chart
from kleos.report.curve import curve_chart
from kleos.report.digits import score_text, signed, split_tenths
from kleos.report.figure import Figure, draw_figure
from kleos.report.page import Cause, Family, Move, Page
from kleos.report.placed import placed_chart
from kleos.report.render import render, shown_points
from kleos.report.resting import resting
from kleos.report.scale import scale_chart
from kleos.report.words import clean, listed

__all__ = ["person_page"]

CAUSES = {"aged_out": "Aged out", "grew_older": "Grew older", "arrived": "Arrived", "audiences": "Audiences", "model": "The model"}
"""What causes are called where there is little room."""
SINCE = {"day": "in a day", "week": "in a week", "month": "in a month", "quarter": "in 90 days"}


def person_page(page: Page, *, index: str | None = None) -> str:
    """Return a person's page as HTML; `index` is the address of the roster's, if there is one."""
    score = page.standing.score
    networks = shown_points({row.name: row.points for row in page.networks}, score)
    metrics = shown_points({row.name: row.points for family in page.families for row in family.metrics}, score)
    return render(
        "person.html.jinja",
        page=page,
        index=index,
        changes=[(change.points, SINCE[name]) for name, change in page.standing.changes.items() if change is not None],
        marks=[
            (letter, day, [mark.text for mark in page.history.markers if mark.day == day])
            for day, letter in letters(page.history.markers).items()
        ],
        causes=_causes(page.move) if page.move else [],
        network_points=networks,
        metric_points=metrics,
        coverage=resting(page.coverage),
        figures={
            "scale": _scale(page),
            "curve": _curve(page),
            "move": _move(page.move) if page.move else None,
            "networks": _networks(page, networks) if page.networks else None,
            "families": [_family(page, place, family, metrics) for place, family in enumerate(page.families)],
        },
    )


def _scale(page: Page) -> Figure:
    standing = page.standing
    sure = f", 90 % interval {score_text(standing.interval[0])} to {score_text(standing.interval[1])}" if standing.interval else ""
    return draw_figure(
        lambda width: scale_chart(standing.score, standing.interval, width),
        name="scale",
        title="The score on the scale from 1 to 100",
        description=f"{score_text(standing.score)}{sure}. The mean of the reference population is 40, and 63 begins its top 5 %.",
    )


def _curve(page: Page) -> Figure:
    line = page.history.line
    scores = [point.score for point in line]
    return draw_figure(
        lambda width: curve_chart(line, page.history.markers, others=page.history.others, width=width, height=200 if width > 480 else 160),
        name="curve",
        title="The score from day to day",
        description=f"From {score_text(scores[0])} on {line[0].day} to {score_text(scores[-1])} on {line[-1].day}; "
        f"the lowest is {score_text(min(scores))}, the highest {score_text(max(scores))}.",
    )


def _causes(move: Move) -> list[tuple[Cause, str]]:
    """Return the causes with their points in digits, which add up to the change as it is shown; those of nothing are left out."""
    shown = split_tenths([cause.points for cause in move.causes], round((move.after - move.before) * 10))
    return [(cause, signed(tenths / 10)) for cause, tenths in zip(move.causes, shown, strict=True) if cause.points or cause.reactions]


def _move(move: Move) -> Figure:
    rows = [Bar(CAUSES.get(cause.name, cause.title), cause.points, shown) for cause, shown in _causes(move)]
    return draw_figure(lambda width: moves_chart(rows, width), name="move", title="What moved the score", description=f"{_told(rows)}.")


def _networks(page: Page, points: Mapping[str, str]) -> Figure:
    rows = [Bar(clean(row.title) + ("" if row.calibrated else " ~"), row.points, points[row.name], row.calibrated) for row in page.networks]
    return draw_figure(
        lambda width: bars_chart(rows, width),
        name="share",
        title="Points per network",
        description=f"{_told(rows)}.",
    )


def _family(page: Page, place: int, family: Family, points: Mapping[str, str]) -> Figure:
    name = f"metrics-{place + 1}"
    if any(row.typical for row in family.metrics):
        told = [f"{clean(row.title)} {row.typical.rank:.0f}" for row in family.metrics if row.typical]
        return draw_figure(
            lambda width: placed_chart(family.metrics, width),
            name=name,
            title=f"{clean(family.title).capitalize()}, among people of similar reach",
            description=f"From 0, all of them have more, to 100, all of them have less: {listed(told)}.",
        )
    most = max(row.points for found in page.families for row in found.metrics)
    rows = [Bar(clean(row.title), row.points, points[row.name]) for row in family.metrics]
    return draw_figure(
        lambda width: bars_chart(rows, width, most=most), name=name, title=f"Points: {clean(family.title)}", description=f"{_told(rows)}."
    )


def _told(rows: Sequence[Bar]) -> str:
    return listed([f"{row.label} {row.shown}" for row in rows])
