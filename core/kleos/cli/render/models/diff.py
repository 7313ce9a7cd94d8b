"""What ``kleos model diff`` shows: what differs between two models, and who moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.render.table import table
from kleos.report.words import clean

if TYPE_CHECKING:
    from kleos.insight.comparing_models.changes import ModelChanges, WeightChange
    from kleos.insight.comparing_models.moves import Move, Moves

__all__ = ["diff_json", "diff_report"]

_NARROWEST = 40
_REASONS = 3
_READING = "The changes of a person's metrics add up to the change of the score."


def diff_report(changes: ModelChanges, moves: Moves | None, *, width: int, following: Sequence[Step]) -> list[RenderableType]:
    """Return what differs for a terminal of `width` columns; `moves` is None where nobody was scored."""
    width = max(_NARROWEST, min(width, WIDEST))
    before, after = changes.before, changes.after
    title = f"{clean(before.name)} {clean(before.version)} → {clean(after.name)} {clean(after.version)}"
    lines: list[RenderableType] = [Text(), Text(title, style="bold"), Text()]
    if not changes.any:
        lines += [paragraph("Nothing differs that a score is made of.", width), Text()]
    if changes.weights:
        headings = ("metric", "weight", "", "share of all weight", "", "")
        lines += [*table(headings, [_weight(one) for one in changes.weights], width=width, right=(1, 2, 3, 4)), Text()]
    for change in changes.others:
        lines.append(Text(clean(change.where), style="bold"))
        lines += [hanging(f"  {word}", clean(text), width, room=10) for word, text in (("before", change.before), ("after", change.after))]
    if changes.others:
        lines.append(Text())
    if moves is not None:
        lines += _moves(moves, width)
    return [*lines[:-1], *next_step(following, width)]  # which begins with a blank line


def diff_json(changes: ModelChanges, moves: Moves | None) -> dict[str, Any]:
    """Return what differs as plain values, numbers unrounded."""
    return {
        "schema": 1,
        "before": {"name": changes.before.name, "version": changes.before.version},
        "after": {"name": changes.after.name, "version": changes.after.version},
        "weights": [
            {
                "metric": one.metric,
                "network": one.network or None,
                "before": attrs.asdict(one.before),
                "after": attrs.asdict(one.after),
                "share_before": one.share_before,
                "share_after": one.share_after,
            }
            for one in changes.weights
        ],
        "others": [one._asdict() for one in changes.others],
        "moves": None
        if moves is None
        else {
            "size": moves.size,
            "mean": moves.mean,
            "distance": moves.distance,
            "order": None if moves.order != moves.order else moves.order,
            "people": [{**one._asdict(), "change": one.change} for one in moves.people],
        },
    }


def _weight(one: WeightChange) -> tuple[str, ...]:
    metric = f"{clean(one.network)}: {clean(one.metric)}" if one.network else clean(one.metric)
    scale = "" if one.before.scale == one.after.scale else f"scale {one.before.scale:g} → {one.after.scale:g}"
    weight = "→" if one.before.weight == one.after.weight else f"→ {one.after.weight:g}"
    return metric, f"{one.before.weight:g}", weight, f"{one.share_before:.1%}", f"→ {one.share_after:.1%}", scale


def _moves(moves: Moves, width: int) -> list[RenderableType]:
    people = "1 person" if moves.size == 1 else f"{moves.size:,} people"
    order = "" if moves.order != moves.order else f"; their order agrees to {moves.order:.3f} (Spearman)"
    text = f"{people} scored by both: {moves.distance:.1f} points apart on average, {_signed(moves.mean)} in the mean{order}."
    lines: list[RenderableType] = [Text("who moves, and why", style="bold"), paragraph(text, width)]
    if not moves.people:
        return [*lines, paragraph("Nobody moves.", width), Text()]
    rows = [(clean(move.name), f"{move.before:.1f}", f"{move.after:.1f}", _signed(move.change), _reasons(move)) for move in moves.people]
    lines += [Text(), *table(("person", "before", "after", "change", "by"), rows, width=width, right=(1, 2, 3))]
    return [*lines, paragraph(_READING, width, style="dim"), Text()]


def _reasons(move: Move) -> str:
    """Name the metrics that change most, and what the others sum up to."""
    told = [(metric, points) for metric, points in move.metrics.items() if abs(points) >= 0.05]
    words = [f"{clean(metric)} {_signed(points)}" for metric, points in told[:_REASONS]]
    rest = move.change - sum(points for _, points in told[:_REASONS])
    return ", ".join([*words, *([f"others {_signed(rest)}"] if abs(rest) >= 0.05 else [])])


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")
