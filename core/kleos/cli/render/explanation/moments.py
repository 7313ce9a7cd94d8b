"""The moments: the items that earned most, with when, and from whom where that is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.explanation.digits import hundredths_text, split_hundredths
from kleos.cli.render.explanation.sources import NO_NAME, POINTS
from kleos.cli.render.layout import fit, hanging, held, paragraph
from kleos.insight.explaining.explanation import Explanation
from kleos.insight.explaining.gathered import Received
from kleos.insight.explaining.moments import Moment
from kleos.report.words import clean, count_of, listed

__all__ = ["given", "moments_section", "person_text"]


def moments_section(
    explanation: Explanation, moments: Sequence[Moment], *, shown: int, width: int, top: int | None, by_whom: bool
) -> list[RenderableType]:
    """Return the `top` items (None: all there are) over all networks, and the rest; they add up to `shown` hundredths.

    `by_whom` says whom the points of each are from.
    """
    if not shown:
        return []
    every = {(network.name, item) for network in explanation.networks for item in network.shares.item.tolist() if item >= 0}
    some = moments if top is None else moments[:top]
    of_items = math.fsum(_of_items(explanation))
    whole = math.fsum(metric.points for network in explanation.networks for metric in network.metrics if metric.computed)
    rest = of_items - math.fsum(moment.points for moment in some)
    nothing = math.fsum(network.points for network in explanation.networks) - of_items - whole
    points = split_hundredths([*(moment.points for moment in some), max(rest, 0.0), max(nothing, 0.0), whole], shown)
    lines: list[RenderableType] = [Text("the moments: what earned most", style="bold")]
    for moment, own in zip(some, points, strict=False):
        lines += _moment(moment, own, width, by_whom)
    more = len(every) - len(some)
    words = (f"{more:,} {'more ' if some else ''}{'item' if more == 1 else 'items'}", "reactions to no item", "computed metrics")
    for number, word in zip(points[len(some) :], words, strict=True):
        if number:
            lines.append(hanging(f"  {hundredths_text(number):>5}", word, width, room=2 + POINTS, label_style="dim", style="dim"))
    return [*lines, Text()]


def given(received: Received) -> str:
    """Return how many reactions of which kinds there were, and when."""
    kinds = ", ".join(held(f"{clean(kind)} {number:,}") for kind, number in received.kinds.items())
    days = [f"{time:%Y-%m-%d}" for time in (received.first, received.last) if time is not None]
    when = f"; {_span(days)}" if days else ""
    return f"{held(count_of(received.reactions, 'reactions'))}: {kinds}{when}"


def person_text(actor: str | None, person: str | None) -> str:
    """Return what to call somebody: the id in the configuration, the beginning of the pseudonym, or nobody."""
    if person is not None:
        return clean(person)
    return NO_NAME if actor is None else f"someone {actor[:8]}"


def _span(days: Sequence[str]) -> str:
    return f"on {days[0]}" if days[0] == days[-1] else f"{days[0]} to {days[-1]}"


def _of_items(explanation: Explanation) -> list[float]:
    return [
        points
        for network in explanation.networks
        for item, points in zip(network.shares.item.tolist(), network.shares.points.tolist(), strict=True)
        if item >= 0
    ]


def _moment(moment: Moment, shown: int, width: int, by_whom: bool) -> list[Text]:
    word = " ".join(clean(moment.item).split())
    address = clean(moment.url or "")
    published = f"  {_day(moment.published)}" if moment.published else ""
    tail = f"  {clean(moment.network)}{published}"
    room = max(8, width - 2 - POINTS - len(tail))
    # An address ends with the id, and half of one leads nowhere.
    if address and len(address) <= room:
        shown_as = Text(address, style=f"link {address}")
    else:
        shown_as = Text(word if len(word) <= room else fit(word, room))
    head = Text.assemble((f"  {hundredths_text(shown):>5}", "bold"), "  ", shown_as, (tail, "dim"))
    head.truncate(width, overflow="ellipsis")
    lines = [head, paragraph(given(moment.received), width, indent=2 + POINTS, style="dim")]
    if by_whom:
        names = [held(f"{person_text(by.actor, by.person)} {by.points:.2f}") for by in moment.by]
        lines.append(paragraph(f"from {listed(names)}", width, indent=2 + POINTS, style="dim"))
    return lines


def _day(time: datetime) -> str:
    return f"{time:%Y-%m-%d}"
