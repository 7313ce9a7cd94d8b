"""What a score would be if something were otherwise: plain values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from kleos.insight.explaining.change import Step, Way
from kleos.scoring.result import ModelId

__all__ = ["ADDED", "TAKEN", "Addition", "Outlook", "Simulation", "Taken"]

TAKEN = Way(name="taken", title="taken away", direction=-1)
ADDED = Way(name="added", title="added", direction=1)


@frozen(kw_only=True)
class Taken:
    """What was left out of the data."""

    what: str
    """network, actor or item."""
    value: str
    """As it stands in the store."""
    reactions: int
    """Scored reactions that it gave."""


@frozen(kw_only=True)
class Addition:
    """Reactions that were added, evenly over time, the people by turns."""

    text: str
    """As it was asked for."""
    network: str
    network_title: str
    kind: str
    kind_title: str
    number: int
    people: int
    """Whom nobody has met yet."""
    followers: int | None
    """Of each of them; None: not known."""
    posts: int | None
    """New posts that the reactions are to; None: to no post in particular, so that nothing is assumed about posts."""
    span: int
    """µs up to `as_of`."""


@frozen(kw_only=True)
class Outlook:
    """A score with its certainty."""

    score: float
    interval: tuple[float, float] | None
    """90 %; None with fewer than 5 actors."""


@frozen(kw_only=True, eq=False)
class Simulation:
    """A score as it is, and as it would be."""

    person: str
    name: str
    as_of: datetime
    as_of_reason: str
    window: float
    """Seconds."""
    model: ModelId
    before: Outlook
    after: Outlook
    interval: tuple[float, float] | None
    """90 % of the change: both scores are drawn together, so it is narrower than their own intervals suggest. None as there."""
    taken: Sequence[Taken]
    added: Sequence[Addition]
    steps: Sequence[Step]
    """`TAKEN`, then `ADDED`, as far as asked for; their points sum to `points`."""

    @property
    def points(self) -> float:
        """The change."""
        return self.after.score - self.before.score
