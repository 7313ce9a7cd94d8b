"""One network's reactions within the window, as plain rows."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

__all__ = ["Reaction", "World"]


@frozen
class Reaction:
    """What one row says."""

    person: int
    kind: int
    actor: int | None
    """None: anonymous."""
    item: int | None
    age: int
    """Microseconds."""
    reactions: int = 1


@frozen(kw_only=True)
class World:
    """The rows of one network, and what is known about its actors."""

    rows: Sequence[Reaction]
    people: int
    in_any: Sequence[bool]
    """For each kind, whether it belongs to `any`."""
    q: Sequence[float]
    """For each actor, 0 < q ≤ 1."""
    given: Sequence[float]
    """For each actor, all that they gave on the network; 0: not known."""
    window: int
    unknown: float = 0.5
    attention: float = 2.0
    drawn: Sequence[int] | None = None
    """For each actor, how often a bootstrap replicate drew them; None: there is no replicate."""

    @property
    def any(self) -> int:
        """The slot of all kinds together."""
        return len(self.in_any)

    @property
    def slots(self) -> range:
        """The kinds, then `any`."""
        return range(len(self.in_any) + 1)

    def of(self, person: int, slot: int) -> list[Reaction]:
        """Return a person's rows in one slot."""
        return [row for row in self.rows if row.person == person and (self.in_any[row.kind] if slot == self.any else row.kind == slot)]
