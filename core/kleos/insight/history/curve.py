"""A person's recorded curve, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from attrs import frozen

from kleos.scoring.result import ModelId

__all__ = ["Change", "History", "Marker", "Point", "Sort", "letters", "stretches"]

Sort = Literal["model", "source", "coverage"]

TORN = timedelta(days=8)
"""Points this far apart are not joined when they are drawn: nobody knows what was between them."""


@frozen(kw_only=True)
class Point:
    """A score as it was recorded on one day with one model."""

    day: date
    as_of: datetime
    score: float
    interval: tuple[float, float] | None
    """90 %; None where there were too few actors."""
    percentile: float
    model: ModelId
    networks: Sequence[str] = ()
    """The networks that the coverage names."""
    actors: float | None = None
    """Share (0..1) of the scored reactions whose actor is known; None without any."""
    times: float | None = None
    """Share (0..1) of the scored reactions with a time of their own."""


@frozen(kw_only=True)
class Marker:
    """A day from which the curve rests on something else than before."""

    day: date
    sort: Sort
    text: str
    """What changed, as a part of a sentence."""


@frozen(kw_only=True)
class Change:
    """How far the score came since a record of the same model."""

    points: float
    since: date


@frozen(kw_only=True)
class History:
    """Everything that was recorded of a person in a stretch of days."""

    person: str
    name: str
    line: Sequence[Point]
    """One point a day, by day: of the newest model where it has one, else of the model that was in use."""
    others: Sequence[Point]
    """What other models say about the same days, by (model digest, day): side by side, never mixed into the line."""
    markers: Sequence[Marker]
    changes: Mapping[str, Change | None]
    """For a day, week, month and quarter (90 days) up to the last point of the line; None where no record of its model is old enough."""


def stretches(points: Sequence[Point]) -> list[list[Point]]:
    """Cut points, given by day, into the stretches that a line may join: of one model, and without a gap of more than a week."""
    found: list[list[Point]] = []
    for point in points:
        before = found[-1][-1] if found else None
        if before is not None and before.model.digest == point.model.digest and timedelta(0) < point.day - before.day < TORN:
            found[-1].append(point)
        else:
            found.append([point])
    return found


def letters(markers: Sequence[Marker]) -> dict[date, str]:
    """Return the letter by which a drawing and its reader know each day with markers: a, b, …, z, aa, ab, …"""
    names: dict[date, str] = {}
    for marker in markers:
        if marker.day not in names:
            names[marker.day] = _name(len(names))
    return names


def _name(number: int) -> str:
    first, letter = divmod(number, 26)
    return (_name(first - 1) if first else "") + chr(ord("a") + letter)
