"""The scale from 1 to 100 with a score on it: the interval as a band, and what the numbers mean below."""

from __future__ import annotations

from typing import Any

from kleos.report.theme import ACCENT, PAPER, QUIET, RULE, SOFT, load_altair

__all__ = ["scale_chart"]

HEIGHT = 58
LINE = 14
"""Pixels from the top to the middle of the line."""
THICK = 8
MARKS = ((1, "1", "nobody reacted"), (40, "40", "mean"), (63, "63", "top 5 %"), (100, "100", ""))
"""What the reference population says about the numbers (`docs/score.md`)."""


def scale_chart(score: float, interval: tuple[float, float] | None, width: int) -> Any:
    """Return an Altair chart, `width` pixels wide."""
    altair = load_altair()

    edge = 9
    scale = altair.Scale(domain=[1, 100], range=[edge, width - edge], nice=False)

    def layer(**values: Any) -> Any:
        return altair.Chart(altair.InlineData(values=[values]))

    def band(low: float, high: float, colour: str) -> Any:
        return (
            layer(low=low, high=high)
            .mark_bar(color=colour, height=THICK, cornerRadius=THICK / 2)
            .encode(x=altair.X("low:Q", scale=scale, axis=None), x2=altair.X2("high:Q"), y=altair.YValue(LINE))
        )

    def word(at: float, text: str, down: int, colour: str) -> Any:
        align = "left" if at == 1 else "right" if at == 100 else "center"
        shift = -edge if align == "left" else edge if align == "right" else 0
        mark = layer(at=at, text=text).mark_text(align=align, baseline="top", color=colour, dx=shift)
        return mark.encode(x=altair.X("at:Q", scale=scale, axis=None), y=altair.YValue(down), text=altair.Text("text:N"))

    whole = layer().mark_bar(color=RULE, height=THICK, cornerRadius=THICK / 2)
    layers = [whole.encode(x=altair.XValue(0), x2=altair.X2Value(width), y=altair.YValue(LINE))]
    if interval is not None:
        layers.append(band(*interval, SOFT))
    layers.append(
        layer(at=score)
        .mark_circle(color=ACCENT, size=170, opacity=1, stroke=PAPER, strokeWidth=2)
        .encode(x=altair.X("at:Q", scale=scale, axis=None), y=altair.YValue(LINE))
    )
    for at, number, meaning in MARKS:
        layers.append(word(at, number, LINE + 14, QUIET))
        if meaning:
            layers.append(word(at, meaning, LINE + 29, QUIET))
    return altair.layer(*layers).properties(width=width, height=HEIGHT, padding=0)
