"""Reactions as columns, with times that no day has turned into ages yet."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import astuple, frozen
from numpy.typing import NDArray

from kleos.scoring.reactions import AGE_SOURCES

__all__ = ["UNTIMED", "Rows"]

UNTIMED = len(AGE_SOURCES) - 1
"""The source of an age that is not known."""


@frozen(eq=False)
class Rows:
    """Reactions of one sort in one network. N rows."""

    person: NDArray[np.int32]
    kind: NDArray[np.int16]
    actor: NDArray[np.int32]
    """Numbered over the whole span; of rows without a name, the number of their (person, kind, item)."""
    item: NDArray[np.int32]
    """Numbered over the whole span, one person's after the other's; −1: none."""
    moment: NDArray[np.int64]
    """µs; 0 where no time is known."""
    source: NDArray[np.int8]
    """What `moment` was taken from: a place in `AGE_SOURCES`."""
    count: NDArray[np.int64]

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return the columns in their order."""
        return astuple(self, recurse=False)

    def chosen(self, which: NDArray[Any]) -> Rows:
        """Return some of the rows."""
        return Rows(*(column[which] for column in self.columns()))

    def ages(self, as_of: int, window: int) -> NDArray[np.int64]:
        """Return int64[N]: a reaction without any time is taken to lie in the middle of the window."""
        return np.where(self.source == UNTIMED, window // 2, as_of - self.moment)

    def inside(self, age: NDArray[np.int64], window: int) -> NDArray[np.int64]:
        """Return the places of the rows that count, given their ages."""
        return np.flatnonzero((age >= 0) & (age <= window) & (self.count > 0))
