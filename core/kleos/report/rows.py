"""What charts of rows have in common: a name on the left, a track in the middle, a number on the right.

Values are given to Altair as its own classes: a plain dictionary costs it milliseconds to find out what it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from kleos.report.theme import INK, QUIET, RULE, load_altair

__all__ = ["BROAD", "Rows", "rows"]

ROW = 30
"""Pixels of a row; bars take two fifths of them."""
BROAD = 480
"""Pixels from which a chart is not a phone's."""
LETTERS = 13


@frozen
class Rows:
    """The frame of a chart of rows."""

    base: Any
    """An Altair chart of the rows, to make marks of."""
    start: float
    """Where the track begins and ends, in pixels."""
    end: float
    width: int
    height: int

    def along(self, field: str, low: float, high: float) -> Any:
        """Return the channel that places a field of the values on the track, which goes from `low` to `high`."""
        altair = load_altair()

        return altair.X(f"{field}:Q", axis=None, scale=altair.Scale(domain=[low, high], range=[self.start, self.end], nice=False))

    def chart(self, *marks: Any, thin: bool = False) -> Any:
        """Return the chart: track, marks, names and numbers."""
        altair = load_altair()

        ends = {"x": altair.XValue(self.start), "x2": altair.X2Value(self.end)}
        track = self.base.mark_rule(color=RULE) if thin else self.base.mark_bar(color=RULE)
        name = self.base.mark_text(align="left", baseline="middle", color=INK, limit=self.start - 12, fontSize=LETTERS)
        number = self.base.mark_text(align="right", baseline="middle", color=QUIET, limit=self.width - self.end - 4, fontSize=LETTERS)
        layers = [
            track.encode(**ends),
            *marks,
            name.encode(x=altair.XValue(0), text=altair.Text("label:N")),
            number.encode(x=altair.XValue(self.width), text=altair.Text("shown:N")),
        ]
        return altair.layer(*layers).properties(width=self.width, height=self.height, padding=0)


def rows(values: Sequence[Mapping[str, Any]], *, width: int, label: int, figures: int) -> Rows:
    """Return the frame of a chart `width` pixels wide; every value has a ``label`` and, in digits, what is ``shown`` beside it.

    `label` and `figures` are the pixels for them.
    """
    altair = load_altair()

    places = altair.Y("place:O", axis=None, scale=altair.Scale(paddingInner=0.6, paddingOuter=0.3))
    numbered = [{"place": place, **value} for place, value in enumerate(values)]
    base = altair.Chart(altair.InlineData(values=numbered)).encode(y=places)
    return Rows(base, label, width - figures, width, ROW * len(values))
