"""The chart of metrics among people of similar reach: where on the way from the least to the most of them somebody stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kleos.report.page import MetricRow
from kleos.report.rows import BROAD, rows
from kleos.report.theme import ACCENT, PAPER, QUIET, SOFT, load_altair
from kleos.report.words import clean, count_of

__all__ = ["placed_chart"]

LABEL, NARROW_LABEL = 160, 132
FIGURES, NARROW_FIGURES = 118, 92


def placed_chart(metrics: Sequence[MetricRow], width: int) -> Any:
    """Return an Altair chart with a row for each metric, `width` pixels wide: a dot from 0 (all have more) to 100 (all have less).

    A metric of which the others have nothing has no dot.
    """
    altair = load_altair()

    values = [
        {"label": clean(row.title), "shown": count_of(row.value, row.unit), "rank": None if row.typical is None else row.typical.rank}
        for row in metrics
    ]
    broad = width >= BROAD
    frame = rows(values, width=width, label=LABEL if broad else NARROW_LABEL, figures=FIGURES if broad else NARROW_FIGURES)
    quarter = (frame.end - frame.start) / 4
    half = {"x": altair.XValue(frame.start + quarter), "x2": altair.X2Value(frame.end - quarter)}
    middle = frame.base.mark_tick(color=QUIET, thickness=1, orient="vertical", size=12)
    dot = frame.base.mark_circle(color=ACCENT, size=110, opacity=1, stroke=PAPER, strokeWidth=1.5)
    return frame.chart(
        frame.base.mark_bar(color=SOFT).encode(**half),
        middle.encode(x=altair.XValue((frame.start + frame.end) / 2)),
        dot.transform_filter("datum.rank != null").encode(x=frame.along("rank", 0, 100)),
    )
