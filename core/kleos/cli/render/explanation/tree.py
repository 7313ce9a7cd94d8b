"""The points of a network: metric by metric, factor by factor, down to items and people. Numbers below a number add up to it."""

from __future__ import annotations

import math
from collections.abc import Collection

from attrs import field, frozen
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.explanation.digits import hundredths_text, split_hundredths
from kleos.cli.render.explanation.sources import POINTS, Amount, only, sources
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.insight.explaining.explanation import FactorShare, MetricShare, NetworkShare
from kleos.report.words import amount, clean, count_of, listed, unit_for

__all__ = ["Frame", "network_tree"]

WORDS = {
    "count": "every reaction",
    "acts": "once for each person and item",
    "actors": "each person once",
    "saturated": "each person once, repeats fading",
    "decayed": "each person once, fading with age",
    "recent": "each person once, fading fast with age",
    "prestige": "each person's influence",
    "share_of_attention": "each person's share of attention",
    "returning": "people who came back in another week",
    "days": "each day once",
    "actor_days": "once for each person and day",
    "items": "each item once",
    "peak": "the item with the most people",
    "h_index": "h items with h people each",
}
"""What an aggregation counts; one that is not here is told by its name alone."""

_COMPUTED = "computed metrics"


@frozen
class Frame:
    """How an explanation is laid out, and what it has said so far."""

    width: int
    top: int | None
    """How many items and people each list names; None: all of them, and metrics without points too."""
    defined: set[str] = field(factory=set)
    """Metrics that need no second definition."""


def network_tree(network: NetworkShare, shown: int, frame: Frame) -> list[RenderableType]:
    """Return a network's block; `shown` are its points in hundredths."""
    lines: list[RenderableType] = [_title(network, shown, frame.width)]
    if not network.points and frame.top is not None:
        return [*lines, Text()]
    whole = math.fsum(metric.points for metric in network.metrics if metric.computed)
    beside = [Amount(_COMPUTED, whole)] if whole else []
    shares = network.shares
    told = [] if beside else only(shares, network)
    if shown and len(shares.points):
        lines += sources(shares, network, shown, width=frame.width, indent=2, top=frame.top, beside=beside)
    order = sorted(network.metrics, key=lambda metric: -metric.points)
    points = dict(zip(order, split_hundredths([metric.points for metric in order], shown), strict=True))
    for metric in order:
        if frame.top is None or points[metric]:
            lines += [Text(), *_metric(metric, network, points[metric], frame, told)]
    silent = [held(clean(metric.title)) for metric in order if not points[metric]]
    if silent and frame.top is not None:
        lines += [Text(), hanging(f"  {hundredths_text(0):>5}", listed(silent), frame.width, room=2 + POINTS, style="dim")]
    return [*lines, Text()]


def _title(network: NetworkShare, shown: int, width: int) -> Text:
    title = Text(f"{hundredths_text(shown):>5}  {clean(network.name)}  ", style="bold")
    reactions = count_of(network.interactions, "reactions")
    title.append(f"{reactions} scored{'' if network.calibrated else ', not calibrated ~'}", style="not bold dim")
    title.truncate(width, overflow="ellipsis")
    return title


def _metric(metric: MetricShare, network: NetworkShare, shown: int, frame: Frame, told: Collection[str]) -> list[Text]:
    value = f"{amount(metric.value)} {unit_for(metric.value, metric.unit)}"
    head = Text.assemble((f"  {hundredths_text(shown):>5}", "bold"), "  ", (clean(metric.title), "cyan"), f"  {value}")
    head.truncate(frame.width, overflow="ellipsis")
    lines = [head]
    if metric.definition and metric.name not in frame.defined:
        frame.defined.add(metric.name)
        lines.append(paragraph(clean(metric.definition), frame.width, indent=2 + POINTS, style="dim"))
    if metric.computed:
        words = "computed by a function of its own: not led back to items and people"
        return [*lines, paragraph(words, frame.width, indent=2 + POINTS, style="dim")]
    factors = [factor for factor in metric.factors if factor.points > 0 or frame.top is None]
    for factor, points in zip(factors, split_hundredths([factor.points for factor in factors], shown), strict=True):
        lines.append(_factor(factor, points, frame.width))
        if points or (frame.top is None and len(factor.shares.points)):
            lines += sources(factor.shares, network, points, width=frame.width, indent=6, top=frame.top, told=told)
    return lines


def _factor(factor: FactorShare, shown: int, width: int) -> Text:
    often = "" if factor.weight == 1 else f"{factor.weight:g} × "
    words = ", ".join(filter(None, [clean(factor.title) or "all kinds", WORDS.get(factor.aggregation)]))
    text = f"{often}{factor.name} = {amount(factor.value)} ({words})"
    return hanging(f"    {hundredths_text(shown):>5}", text, width, room=4 + POINTS, style="dim")
