"""The roster's page: everybody in one ranking, with a link to each one's own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

import numpy as np
from attrs import frozen

from kleos.insight.comparing.ranks import rank_ranges
from kleos.report.digits import score_text
from kleos.report.figure import Figure, draw_figure
from kleos.report.page import Page, Standing
from kleos.report.render import render
from kleos.report.rows import BROAD
from kleos.report.rows import rows as framed
from kleos.report.theme import ACCENT, PAPER, SOFT, load_altair
from kleos.report.words import clean, listed
from kleos.scoring.result import ModelId

__all__ = ["Entry", "Ranked", "ranked", "roster_page"]

DRAWN = 40
"""People that a chart holds without becoming wallpaper; the table has everybody."""
LABEL, NARROW_LABEL = 190, 118
FIGURES = 56


@frozen(kw_only=True)
class Entry:
    """Somebody of the roster, with the address of their page."""

    name: str
    file: str
    as_of: datetime
    standing: Standing
    model: ModelId

    @classmethod
    def of(cls, page: Page, file: str) -> Self:
        """Return what the roster's page says of a person."""
        return cls(name=page.name, file=file, as_of=page.as_of, standing=page.standing, model=page.reproduction.model)


@frozen
class Ranked:
    """Somebody in the ranking."""

    first: int
    last: int
    """The ranks that are possible, as far as the intervals tell people apart."""
    entry: Entry


def roster_page(entries: Sequence[Entry]) -> str:
    """Return the roster's page as HTML."""
    rows = ranked(entries)
    days = sorted({entry.as_of for entry in entries})
    return render(
        "index.html.jinja",
        rows=rows,
        figure=_figure(rows[:DRAWN]),
        first=days[0],
        last=days[-1],
        left_out=len(rows) - DRAWN,
        model=entries[0].model,
    )


def ranked(entries: Sequence[Entry]) -> list[Ranked]:
    """Return everybody, the highest score first. Who has no interval takes the place that the score alone gives."""
    order = sorted(entries, key=lambda entry: (-entry.standing.score, entry.name))
    bounds = [entry.standing.interval or (entry.standing.score, entry.standing.score) for entry in order]
    score = np.array([entry.standing.score for entry in order])
    ranks = rank_ranges(score, np.array([low for low, _ in bounds]), np.array([high for _, high in bounds]))
    return [Ranked(first, last, entry) for (first, last), entry in zip(ranks.tolist(), order, strict=True)]


def _figure(rows: Sequence[Ranked]) -> Figure:
    told = [f"{clean(row.entry.name)} {score_text(row.entry.standing.score)}" for row in rows]
    return draw_figure(
        lambda width: _chart(rows, width), name="ranking", title="Scores with their 90 % intervals", description=f"{listed(told)}."
    )


def _chart(rows: Sequence[Ranked], width: int) -> Any:
    altair = load_altair()

    values = []
    for row in rows:
        standing = row.entry.standing
        low, high = standing.interval or (standing.score, standing.score)
        shown = score_text(standing.score)
        values.append({"label": clean(row.entry.name), "score": standing.score, "shown": shown, "low": low, "high": high})
    frame = framed(values, width=width, label=LABEL if width >= BROAD else NARROW_LABEL, figures=FIGURES)
    sure = frame.base.mark_rule(color=SOFT, strokeWidth=8, strokeCap="round")
    dot = frame.base.mark_circle(color=ACCENT, size=110, opacity=1, stroke=PAPER, strokeWidth=1.5)
    return frame.chart(
        sure.encode(x=frame.along("low", 1, 100), x2=altair.X2("high:Q")), dot.encode(x=frame.along("score", 1, 100)), thin=True
    )
