"""Advice: what would raise a score, by how much, and how sure that is. Plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from attrs import frozen

__all__ = ["NOTE", "Advice", "Advising", "Sort"]

Sort = Literal["quality", "influencers", "networks"]
"""Other reactions of people who are there; people with many followers; a network where nobody reacts yet."""

NOTE = "None of this asks you to post more: how much you post does not count, only what others make of it."


@frozen(kw_only=True)
class Advice:
    """One change, and what it would do."""

    sort: Sort
    network: str
    title: str
    """What people call the network."""
    kind: str
    """The reaction that it is about."""
    people: int
    """How many would have to react, once each."""
    familiar: int
    """How many of them react to the person already."""
    followers: int | None
    """Of each of them; None: not known."""
    score: float
    """What the score would be."""
    points: float
    """The gain."""
    interval: tuple[float, float] | None
    """90 % of the gain; None with fewer than 5 actors."""
    alike: Sequence[str]
    """What people call other networks where the same would gain the same."""
    sentence: str
    """All of this in plain words."""


@frozen(kw_only=True, eq=False)
class Advising:
    """What would raise a person's score most, measured by the same effort."""

    person: str
    name: str
    as_of: datetime
    score: float
    people: int
    """The effort: so many people who react once each; of influential ones a fifth."""
    span: float
    """Seconds: so long do they take."""
    advice: Sequence[Advice]
    """The largest gain first."""
    note: str = NOTE
    """To be told with any of it."""
