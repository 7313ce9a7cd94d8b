"""A population's reactions as columns of whole numbers, and the two sides of a cut."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Rows", "received"]


@frozen(kw_only=True, eq=False)
class Rows:
    """N reactions of others among people numbered 0..P−1, of kinds that count."""

    people: int
    """P: everybody who received or gave a reaction."""
    person: NDArray[np.int64]
    """int64[N]: who received it."""
    actor: NDArray[np.int64]
    """int64[N]: who gave it; −1 where the network names nobody."""
    time: NDArray[np.int64]
    """int64[N], µs."""
    count: NDArray[np.int64]
    """int64[N], ≥ 1: how many at once."""

    def __len__(self) -> int:
        return len(self.person)

    def between(self, begin: int, end: int) -> Rows:
        """Return the reactions of the times begin ≤ t < end (µs)."""
        chosen = (self.time >= begin) & (self.time < end)
        return Rows(
            people=self.people, person=self.person[chosen], actor=self.actor[chosen], time=self.time[chosen], count=self.count[chosen]
        )


def received(rows: Rows) -> NDArray[np.int64]:
    """Return int64[P]: how many reactions everybody received."""
    total = np.zeros(rows.people, dtype=np.int64)
    np.add.at(total, rows.person, rows.count)
    return total
