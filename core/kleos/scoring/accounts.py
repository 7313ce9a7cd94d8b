"""A population as the rest of this room reads it: rows dealt to parts, and the accounts that act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.kernel.layout import MAX_KINDS
from kleos.kernel.records import Records
from kleos.scoring.resolved import NetworkForm

__all__ = ["Accounts", "Parts", "kinds_scored", "people_of"]

Result = TypeVar("Result")


class Parts(Protocol):
    """The rows of a population, dealt to 2^bits parts by the last bits of the person's number (`kleos.kernel.records.deal`)."""

    @property
    def people(self) -> int:
        """P: people are numbered 0..P−1."""

    @property
    def bits(self) -> int:
        """There are 2^bits parts."""

    def each(self, work: Callable[[int, Records, NDArray[np.int64]], Result], task: str, skip: Collection[int] = ()) -> Iterator[Result]:
        """Call `work` with (part, records, spans) for every part, from several threads; yield what it returns, in no order.

        `task` names the pass, for whoever is told of its progress; parts in `skip` are left out.
        """


@frozen(kw_only=True, eq=False)
class Accounts:
    """The accounts that act, of all networks in one numbering: those of network n are ``start[n]:start[n + 1]``."""

    start: NDArray[np.int64]
    """int64[n + 1]."""
    audience: NDArray[np.float64] | None
    """float64[A]: the newest told number of followers, NaN where none was told; None where nobody's was."""
    holder: NDArray[np.int64] | None
    """int64[A]: the person behind an account, −1 for one who is not scored; None where account and person have the same number."""
    given: NDArray[np.int64]
    """int64[A]: all scored reactions that the account gave within the window."""

    def __len__(self) -> int:
        return int(self.start[-1])


def people_of(part: int, parts: Parts) -> int:
    """Return how many people a part has; the number of person p of it is p · 2^bits + part."""
    return (parts.people - part + (1 << parts.bits) - 1) >> parts.bits


def kinds_scored(forms: Sequence[NetworkForm]) -> NDArray[np.bool_]:
    """Return bool[n, 62]: which kinds count, by network."""
    scored = np.zeros((len(forms), MAX_KINDS), dtype=np.bool_)
    for n, form in enumerate(forms):
        scored[n, : len(form.in_any)] = form.in_any
    return scored
