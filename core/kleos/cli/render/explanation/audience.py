"""The audience: who gives most, and whom they give to, as far as the data know."""

from __future__ import annotations

import math

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.explanation.digits import hundredths_text, split_hundredths
from kleos.cli.render.explanation.moments import given, person_text
from kleos.cli.render.explanation.sources import NO_NAME, POINTS
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.insight.explaining.audience import Audience, Giver
from kleos.report.words import clean, count_of, listed, unit_for

__all__ = ["audience_section"]


def audience_section(audience: Audience, *, shown: int, points: float, width: int, top: int | None) -> list[RenderableType]:
    """Return the `top` people (None: all there are), and the rest; they add up to `shown` hundredths, `points` unrounded."""
    if not shown:
        return []
    some = audience.givers if top is None else audience.givers[:top]
    rest = audience.points - math.fsum(giver.points for giver in some)
    whole = points - audience.points - audience.unnamed_points
    parts = [*(giver.points for giver in some), max(rest, 0.0), audience.unnamed_points, max(whole, 0.0)]
    numbers = split_hundredths(parts, shown)
    lines: list[RenderableType] = [Text("the audience: who gives most", style="bold")]
    for giver, own in zip(some, numbers, strict=False):
        lines += _giver(giver, own, width)
    more = audience.people - len(some)
    words = (f"{more:,} {'more ' if some else ''}{unit_for(more, 'people')}", NO_NAME, "computed metrics")
    for number, word in zip(numbers[len(some) :], words, strict=True):
        if number:
            lines.append(hanging(f"  {hundredths_text(number):>5}", word, width, room=2 + POINTS, label_style="dim", style="dim"))
    if audience.gives:
        told = [held(f"{clean(one.person)} ({count_of(one.reactions, 'reactions')}, {clean(one.network)})") for one in audience.gives]
        lines.append(paragraph(f"Within this configuration, gives to {listed(told)}.", width, indent=2))
    return [*lines, Text()]


def _giver(giver: Giver, shown: int, width: int) -> list[Text]:
    followers = held(count_of(giver.followers, "followers")) if giver.followers is not None else "followers not told"
    head = Text.assemble(
        (f"  {hundredths_text(shown):>5}", "bold"), f"  {person_text(giver.actor, giver.person)}", (f"  {clean(giver.network)}", "dim")
    )
    head.truncate(width, overflow="ellipsis")
    others = [held(f"{clean(person)} ({number:,})") for person, number in giver.others.items()]
    also = f"; also to {listed(others)}" if others else ""
    return [head, paragraph(f"{given(giver.received)}; {followers}{also}", width, indent=2 + POINTS, style="dim")]
