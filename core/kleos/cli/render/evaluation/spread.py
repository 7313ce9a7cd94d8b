"""Spread in a terminal: a table for each window, and one line for each in comparison with the best baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.evaluation.figures import share, times
from kleos.cli.render.layout import held, paragraph
from kleos.report.words import amount, count_of

if TYPE_CHECKING:
    from kleos.insight.evaluating.spread import Measured, SpreadResult, Window

__all__ = ["spread_part"]

_COMPARED = "kleos / best baseline"
_COLUMNS = (
    ("ndcg", "NDCG", "@100", 8),
    ("spearman_frequent", "at least 5", "Spearman", 12),
    ("kendall_frequent", "reactions", "Kendall", 10),
    ("spearman", "all", "Spearman", 11),
    ("kendall", "", "Kendall", 9),
)
"""Measure, two lines of heading, cells."""


def spread_part(spread: SpreadResult, width: int) -> list[RenderableType]:
    """Return spread as a part of a report."""
    lines: list[RenderableType] = [
        Text.assemble(("spread", "bold"), "  Does the score foretell who is reacted to next?"),
        Text(),
    ]
    for window in spread.windows:
        lines += _window(window, width)
    about = (
        "NDCG@100: the order of the first hundred, by log(1 + reactions in the next window). Spearman, Kendall: agreement of the whole "
        "order, among those with at least 5 reactions before and among all. "
        f"{held('* the best baseline.')}"
    )
    if spread.untimed:
        about += f" Left out: {count_of(spread.untimed, 'reactions')} without a time of their own, which may lie on either side."
    return [*lines, paragraph(about, width, style="dim"), Text()]


def _window(window: Window, width: int) -> list[RenderableType]:
    told = (
        f"{count_of(window.before, 'reactions')} to {count_of(window.candidates, 'people')}, {amount(window.frequent)} of them with at "
        f"least 5. Then {amount(window.after)}: to {amount(window.lasting)} of these people"
    )
    others = f", and {amount(window.to_others)} of the reactions to others." if window.to_others else "."
    names = [window.ours.name, *(baseline.name for baseline in window.baselines), _COMPARED]
    room = max(map(len, names)) + 2

    def line(name: str, cells: Sequence[str], style: str) -> Text:
        fitted = (cell.rjust(size) for cell, (*_, size) in zip(cells, _COLUMNS, strict=True))
        return Text(f"  {name:{room}}{''.join(fitted)}".rstrip(), style=style)

    def row(measured: Measured, style: str) -> Text:
        cells = []
        for measure, *_ in _COLUMNS:
            value = getattr(measured, measure)
            cells.append(share(value) + ("*" if window.best(measure) is measured and not math.isnan(value) else " "))
        return line(measured.name, cells, style)

    return [
        Text(f"  {window.title}", style="bold"),
        paragraph(told + others, width, indent=2),
        Text(),
        *(line("", [f"{heading[place]} " for heading in _COLUMNS], "dim") for place in (1, 2)),
        row(window.ours, "bold cyan"),
        *(row(baseline, "") for baseline in window.baselines),
        line(_COMPARED, [times(window.times_best(measure)) for measure, *_ in _COLUMNS], "bold"),
        Text(),
    ]
