"""Why a score changed: step by step, network by network, metric by metric, and the items and people behind each step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step as Following
from kleos.cli.render.explanation.digits import hundredths_text, score_hundredths, signed_text, split_signed
from kleos.cli.render.explanation.sources import item_label
from kleos.cli.render.layout import fit, hanging, held, paragraph
from kleos.cli.render.report import WIDEST, model_text, moment, next_step
from kleos.insight.explaining.change import Change, MetricChange, NetworkChange, Standing, Step, moved
from kleos.report.words import amount, clean, span, unit_for

__all__ = ["change_report", "steps_section"]

NARROWEST = 40
POINTS = 8
"""Cells of signed points, and two blanks."""
SEEN = 0.005
"""Points of difference that two decimals show."""
NO_NAME = "people without a name"
_READING = (
    "Each step scores again with nothing else changed, and is credited to what moved: numbers below a number add up to it. "
    "Where many things move, each matters the less for the others."
)


def change_report(change: Change, *, width: int, top: int | None, following: Sequence[Following] = ()) -> list[RenderableType]:
    """Return the parts of a change for a terminal of `width` columns; `top` is how many items and people each list names, None: all."""
    width = max(NARROWEST, min(width, WIDEST))
    before, after = score_hundredths(change.before.score), score_hundredths(change.after.score)
    name = Text.assemble((clean(change.name), "bold"))
    if change.name != change.person:
        name.append(f"  {clean(change.person)}", style="dim")
    return [
        Text(),
        name,
        Text(),
        Text.assemble((f"{hundredths_text(before):>{POINTS - 2}}", "bold cyan"), f"  on {moment(change.before.as_of)}"),
        *steps_section(change.steps, after - before, width=width, top=top, end=_end(after, change.after)),
        paragraph(_READING, width, style="dim"),
        Text(),
        *_recorded(change, width),
        hanging("window", span(change.window), width, room=8, label_style="bold"),
        hanging("model", _models(change), width, room=8, label_style="bold"),
        *next_step(following, width),
    ]


def steps_section(steps: Sequence[Step], total: int, *, width: int, top: int | None, end: Sequence[RenderableType]) -> list[RenderableType]:
    """Return the sum of the steps, which is `total` hundredths, then `end`, then each step taken apart."""
    numbers = split_signed([step.points for step in steps], total)
    lines: list[RenderableType] = []
    for step, number in zip(steps, numbers, strict=True):
        lines.append(Text.assemble((f"{signed_text(number):>{POINTS - 2}}", "bold"), f"  {step.title}"))
    lines += [*end, Text()]
    for step, number in zip(steps, numbers, strict=True):
        if step.networks and (number or step.points):
            lines += _step(step, number, width, top)
    return lines


def _end(shown: int, after: Standing) -> list[RenderableType]:
    return [Text.assemble((f"{hundredths_text(shown):>{POINTS - 2}}", "bold cyan"), f"  on {moment(after.as_of)}")]


def _step(step: Step, shown: int, width: int, top: int | None) -> list[RenderableType]:
    lines: list[RenderableType] = [Text.assemble((f"{signed_text(shown):>{POINTS - 2}}  {step.title}", "bold"))]
    networks = sorted(step.networks, key=lambda network: -abs(network.points))
    for network, number in zip(networks, split_signed([network.points for network in networks], shown), strict=True):
        if number or network.reactions:
            lines += _network(network, number, width, top)
    return [*lines, Text()]


def _network(network: NetworkChange, shown: int, width: int, top: int | None) -> list[RenderableType]:
    kinds = ", ".join(held(f"{clean(kind)} {number:,}") for kind, number in network.reactions.items())
    mark = "" if network.calibrated else " ~"
    label = f"  {signed_text(shown):>{POINTS - 2}}  "
    lines: list[RenderableType] = [
        hanging(label, f"{clean(network.name)}{mark}{f': {kinds}' if kinds else ''}", width, room=POINTS + 2, label_style="bold")
    ]
    metrics = sorted(network.metrics, key=lambda metric: -abs(metric.points))
    for metric, number in zip(metrics, split_signed([metric.points for metric in metrics], shown), strict=True):
        if number or top is None:
            lines.append(_metric(metric, number, width))
    return [*lines, *_sources(network, shown, width, top)]


def _metric(metric: MetricChange, shown: int, width: int) -> Text:
    value = f"{amount(metric.before)} → {amount(metric.after)} {unit_for(metric.after, metric.unit)}"
    line = Text.assemble((f"    {signed_text(shown):>{POINTS - 2}}", "bold"), "  ", (clean(metric.title), "cyan"), f"  {value}")
    line.truncate(width, overflow="ellipsis")
    return line


def _sources(network: NetworkChange, shown: int, width: int, top: int | None) -> list[Text]:
    """Return the items and the people that moved the points of a network most; both lists add up to them."""
    shares = network.shares
    if not shown or not len(shares.points):
        return []
    whole = network.points - math.fsum(shares.points.tolist())
    items = [(points, item_label(network, code)) for code, points in moved(shares.item, shares.points)]
    people = [(points, _person(network, code)) for code, points in moved(shares.actor, shares.points)]
    lists = [["by item", *_rows(items, "items", whole, shown, top)], ["by person", *_rows(people, "people", whole, shown, top)]]
    indent = 6
    room = max(cell_len(line) for line in lists[0]) + 3
    if width - indent - room < POINTS + len("someone 01234567"):
        return [Text(f"{' ' * indent}{_cut(line, width - indent)}", style="dim") for lines in lists for line in lines]
    laid = []
    for one, other in zip_longest(*lists, fillvalue=""):
        text = f"{' ' * indent}{fit(one, room) if other else one}{_cut(other, width - indent - room)}"
        laid.append(Text(text.rstrip(), style="dim"))
    return laid


def _cut(line: str, room: int) -> str:
    return line if cell_len(line) <= room else fit(line, room)


def _rows(ranking: Sequence[tuple[float, str]], noun: str, whole: float, shown: int, top: int | None) -> list[str]:
    """Return the rows of a list; `whole` are the points of metrics that lead to nobody."""
    first = ranking if top is None or len(ranking) == top + 1 else ranking[:top]
    others = ranking[len(first) :]
    # Equal parts differ in their last bits; rounded, the earlier of them gains.
    parts = [*(points for points, _ in first), math.fsum(points for points, _ in others), whole]
    numbers = split_signed([round(part, 12) for part in parts], shown)
    words = [*(label for _, label in first), f"{len(others):,} {'more ' if first else ''}{unit_for(len(others), noun)}", "computed metrics"]
    return [
        f"{signed_text(number):>{POINTS - 2}}  {label}"
        for place, (number, label) in enumerate(zip(numbers, words, strict=True))
        # Rows of 0.00 tell nothing.
        if number or (top is None and place < len(first))
    ]


def _person(network: NetworkChange, code: int) -> str:
    return NO_NAME if code < 0 else _called(network.actors[code])


def _called(actor: str) -> str:
    """Return the beginning of a pseudonym, or the name of somebody who is only supposed."""
    return clean(actor) if " " in actor else f"someone {actor[:8]}"


def _recorded(change: Change, width: int) -> list[RenderableType]:
    """Say what was recorded on the two days, where another model made it or the data of today give something else."""
    lines: list[RenderableType] = []
    for standing in (change.before, change.after):
        past = standing.recorded
        if past is None:
            continue
        words = f"As of {moment(past.as_of)} a run recorded {hundredths_text(score_hundredths(past.score))}"
        if past.unusable:
            words += f" with another model ({model_text(past.model)}), which does not score it here: {past.unusable}"
            words += ". Both dates are scored with the model of now; --model-before FILE brings the model of then"
        elif past.model.digest != standing.model.digest:
            words += f" with another model ({model_text(past.model)})"
        elif abs(past.score - standing.score) < SEEN:
            continue
        elif past.as_of == standing.as_of:
            words += "; what the store has learnt since makes the difference"
        lines.append(paragraph(f"{words}.", width))
    return [*lines, Text()] if lines else []


def _models(change: Change) -> str:
    if change.before.model == change.after.model:
        return model_text(change.after.model)
    return f"{model_text(change.before.model)}, then {model_text(change.after.model)}"
