"""Where the ground under a curve changed: its model, its sources, its coverage."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kleos.insight.history.curve import Marker, Point
from kleos.scoring.result import ModelId

__all__ = ["markers_of"]

JUMP = 0.15
"""The share of reactions whose actor or time is known moves by less than this from day to day, unless an import brought another sort of
data."""


def markers_of(line: Sequence[Point], both: Mapping[tuple[date, str], Point]) -> list[Marker]:
    """Return the markers of a line of points, by day; `both` finds every recorded point by its day and its model's digest."""
    return [marker for before, after in itertools.pairwise(line) for marker in _between(before, after, both)]


def _between(before: Point, after: Point, both: Mapping[tuple[date, str], Point]) -> Iterator[Marker]:
    if before.model.digest != after.model.digest:
        yield Marker(day=after.day, sort="model", text=_model_text(before, after, both))
    came = [network for network in after.networks if network not in before.networks]
    went = [network for network in before.networks if network not in after.networks]
    moved = [f"{network} came" for network in came] + [f"{network} went" for network in went]
    if moved:
        yield Marker(day=after.day, sort="source", text=", ".join(moved))
    for word, old, new in (("name who reacted", before.actors, after.actors), ("have a time of their own", before.times, after.times)):
        if old is not None and new is not None and abs(new - old) >= JUMP:
            yield Marker(day=after.day, sort="coverage", text=f"{old * 100:.0f} % of the reactions {word}, then {new * 100:.0f} %")


def _model_text(before: Point, after: Point, both: Mapping[tuple[date, str], Point]) -> str:
    """Name both models; where both were recorded for one of the two days, say what the change of the model alone did."""
    text = f"{_name(before.model, after.model)} became {_name(after.model, before.model)}"
    for day, old, new in (
        (after.day, both.get((after.day, before.model.digest)), after),
        (before.day, before, both.get((before.day, after.model.digest))),
    ):
        if old is not None and new is not None:
            tenths = round((new.score - old.score) * 10)
            sign = "+" if tenths > 0 else "−" if tenths < 0 else "±"
            return f"{text}, which alone moved the score by {sign}{abs(tenths) / 10:.1f} on {day}"
    return text


def _name(model: ModelId, other: ModelId) -> str:
    """Return a model's name and version, and the beginning of its digest where these do not tell it from the other."""
    name = f"{model.name} {model.version}"
    return name if (model.name, model.version) != (other.name, other.version) else f"{name} ({model.digest[:8]})"
