"""What an attack was worth."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from kleos.scoring.result import ModelId

__all__ = ["Left", "Outcome", "Points", "Tried"]


@frozen
class Points:
    """Points that the targets gained, or lost where the outcome says so."""

    median: float
    most: float


@frozen
class Left:
    """What is left of a gain in odds some days after it was made, with nothing new since."""

    days: float
    share: float
    """0..1, of the target with whom most is left."""
    bound: float | None = None
    """The largest share allowed; None: reported only."""


@frozen(kw_only=True)
class Outcome:
    """One attack on all targets, scored as both kinds of run score."""

    attack: str
    """One word."""
    title: str
    """What was done, in words."""
    population: Points
    """As a `[population]` run scores: it knows everybody's attention."""
    people: Points | None
    """As a `[people]` run scores: it knows of actors what they tell. None where the attack needs a population."""
    bound: float | None = None
    """Points that are not to be exceeded with any target; None: reported only."""
    everywhere: bool = True
    """Whether the bound is for both kinds of run, or for a population alone."""
    lost: bool = False
    """Whether the points are losses."""
    left: Sequence[Left] = ()

    @property
    def holds(self) -> bool | None:
        """Whether the bounds are kept; None without any."""
        limited = [] if self.bound is None else [self.population, *([self.people] if self.people and self.everywhere else [])]
        kept = [points.most <= self.bound for points in limited if self.bound is not None]
        kept += [left.share <= left.bound for left in self.left if left.bound is not None]
        return all(kept) if kept else None


@frozen(kw_only=True)
class Tried:
    """All attacks on one population."""

    population: str
    """Where it comes from, in words."""
    size: int
    """People."""
    model: ModelId
    window: float
    """Seconds."""
    targets: int
    lowest: float
    """The lowest score among the targets before the attacks."""
    highest: float
    kind: str
    """The kind of reaction that the attackers gave: of all, the one that pays most."""
    outcomes: Sequence[Outcome]

    @property
    def broken(self) -> Sequence[Outcome]:
        """Those whose bounds are not kept."""
        return [outcome for outcome in self.outcomes if outcome.holds is False]
