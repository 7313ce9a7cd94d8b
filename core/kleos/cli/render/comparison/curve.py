"""Curves of letters: each person's scores, day by day, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import fit, hanging, paragraph
from kleos.insight.comparing.compare import Compared
from kleos.report.digits import score_text, signed
from kleos.report.words import clean

__all__ = ["curves_section"]

_BLOCKS = "▁▂▃▄▅▆▇█"
_DIGITS = "12345678"
_GAP = "·"
_WIDEST = 60
_WIDEST_NAME = 20
_LEAST_SPAN = 1.0
"""Points that the scale spans at least: less is no movement."""


def curves_section(people: Sequence[Compared], width: int, *, plain: bool) -> list[RenderableType]:
    """Return a line for each person with a score, as many cells as there are days, or fewer; nothing where nobody has two days.

    `plain` draws with the digits 1 to 8, for streams that have no blocks.
    """
    people = [person for person in people if person.curve]
    if all(len(person.curve) < 2 for person in people):
        return []
    days = [day for person in people for day, _ in person.curve]
    scores = [score for person in people for _, score in person.curve]
    first, last, low, high = min(days), max(days), min(scores), max(scores)
    name = min(_WIDEST_NAME, max(cell_len(clean(person.name)) for person in people))
    ends = [_ends(person.curve) for person in people]
    cells = max(0, min(_WIDEST, (last - first).days + 1, width - (2 + name + 2 + 2 + max(map(len, ends)))))
    scale = f"{first} to {last}, on one scale from {score_text(low)} to {score_text(high)}"
    lines: list[RenderableType] = [hanging("curve", scale, width, room=7, label_style="bold", style="dim")]
    for person, told in zip(people, ends, strict=True):
        placed = [
            ((day - first).days / ((last - first).days + 1), (score - low) / max(high - low, _LEAST_SPAN)) for day, score in person.curve
        ]
        levels = _levels(placed, cells)
        drawn = "".join(_GAP if level is None else (_DIGITS if plain else _BLOCKS)[level] for level in levels)
        lines.append(Text.assemble(f"  {fit(clean(person.name), name)}  ", (drawn, "cyan"), f"  {told}"))
    if any(_GAP in str(line) for line in lines[1:]):
        lines.append(paragraph(f"{_GAP} no score recorded", width, indent=2, style="dim"))
    return [*lines, Text()]


def _ends(curve: Sequence[tuple[date, float]]) -> str:
    (_, before), (_, after) = curve[0], curve[-1]
    return f"{score_text(before)} to {score_text(after)} ({signed(after - before)})" if len(curve) > 1 else score_text(after)


def _levels(curve: Sequence[tuple[float, float]], cells: int) -> list[int | None]:
    """Return 0..7 for each cell, of the last score that falls into it; None where none does. The curve is (0..1, 0..1), by time."""
    levels: list[int | None] = [None] * cells
    for time, score in curve:
        # Times are quotients of whole days: a cell must not lose its own for want of a last bit.
        if cells:
            levels[int(time * cells + 1e-9)] = min(7, int(score * 8))
    return levels
