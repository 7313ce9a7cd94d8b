"""How many reactions there are as of any day, and where they went: `kleos.scoring.reactions.count_rows` for a whole span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.pipeline.backfill.rows import UNTIMED, Rows
from kleos.scoring.reactions import AGE_SOURCES, Tallied
from kleos.scoring.resolved import NetworkForm

__all__ = ["Counts", "counts_of"]


@frozen(eq=False)
class Counts:
    """A network's reactions by cell: one cell for each (person, kind) that has any."""

    network: str
    cells: Sequence[tuple[str, str]]
    """(person, kind), by text."""
    start: NDArray[np.int64]
    """int64[C]: where each cell's rows begin."""
    rows: Rows
    """By cell; `actor` is −1 for those without a name."""

    def day(self, as_of: int, window: int) -> list[Tallied]:
        """Return the counts as of a time (unix µs) over a window (µs)."""
        if not self.cells:
            return []
        age = self.rows.ages(as_of, window)
        inside = (age >= 0) & (age <= window)
        columns = {
            "imported": self._sum(np.ones(len(age), dtype=np.bool_)),
            "outside_window": self._sum(age > window),
            "after_as_of": self._sum(age < 0),
            "named": self._sum(inside & (self.rows.actor >= 0)),
        }
        ages = [self._sum(inside & (self.rows.source == source)) for source in range(UNTIMED + 1)]
        return [
            Tallied(
                person=person,
                network=self.network,
                kind=kind,
                ages={source: sums[place] for source, sums in zip(AGE_SOURCES, ages, strict=True)},
                **{name: sums[place] for name, sums in columns.items()},
            )
            for place, (person, kind) in enumerate(self.cells)
        ]

    def _sum(self, which: NDArray[np.bool_]) -> list[int]:
        sums: list[int] = np.add.reduceat(np.where(which, self.rows.count, 0), self.start).tolist()
        return sums


def counts_of(form: NetworkForm, people: Sequence[str], named: Rows, anonymous: Rows) -> Counts:
    """Return the counts of both sorts of rows together."""
    nobody = np.full(len(anonymous.person), -1, dtype=np.int32)
    whole = Rows(
        *(
            np.concatenate([ours, theirs])
            for ours, theirs in zip(named.columns(), (*anonymous.columns()[:2], nobody, *anonymous.columns()[3:]), strict=True)
        )
    )
    kinds = len(form.kinds)
    cell = whole.person.astype(np.int64) * kinds + whole.kind
    order = np.argsort(cell, kind="stable")
    found, start = np.unique(cell[order], return_index=True)
    cells = [(people[number // kinds], form.kinds[number % kinds]) for number in found.tolist()]
    return Counts(form.network.name, cells, start.astype(np.int64), whole.chosen(order))
