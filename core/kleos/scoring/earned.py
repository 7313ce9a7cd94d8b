"""What actors of a population weigh: the attention that they receive themselves, passed on round by round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.parts import receive
from kleos.kernel.records import Records
from kleos.scoring.accounts import Accounts, Parts, people_of
from kleos.scoring.influence import earned_share, outranked_by_audience
from kleos.scoring.prolific import voices
from kleos.scoring.resolved import NetworkForm, Resolved

__all__ = ["earned_influence"]

STRETCH = 1 << 16
"""Accounts that are looked at together: what is made of them on the way stays within the processor's cache."""


def earned_influence(
    parts: Parts, accounts: Accounts, forms: Sequence[NetworkForm], resolved: Resolved
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return float64[A], the table q of a `[population]` run, and float64[n, P], the attention that it was made of in the last round.

    An account's attention is shared among all whom it reacts to, weighed by its own influence; q is the share of the reference population
    that receives less attention, where that is more than what is known of the account without it: the share outranked by its told
    audience, else the unknown's. A fixed number of rounds from a cold start, in fixed point: the same rows and model give the same table
    whatever their order and the number of threads. At the end q is lowered for those who react to very many (`kleos.scoring.prolific`).
    """
    rules = resolved.model.influence
    known = np.full(len(accounts), rules.unknown)
    if accounts.audience is not None:
        for form, first, last in zip(forms, accounts.start[:-1], accounts.start[1:], strict=True):
            known[first:last] = outranked_by_audience(accounts.audience[first:last], form, rules)
    # As fine a unit as leaves room for everybody's whole attention at once, however heavy: w is at most 1 / unknown.
    unit = 1 << max(20, 59 - int(np.count_nonzero(accounts.given)).bit_length() - int(np.ceil(-np.log2(rules.unknown))))
    # Memory is taken once and used in every round: what is new costs more than the work on it.
    of_each = unit / rules.unknown / np.maximum(accounts.given, 1)
    share = np.empty(len(accounts), dtype=np.int64)
    q = known.copy()
    received = np.zeros((len(forms), parts.people))

    def work(part: int, records: Records, spans: NDArray[np.int64]) -> None:
        people = people_of(part, parts)
        found = np.empty(len(forms) * people, dtype=np.int64)
        receive(records, spans, people, share, found)
        received[:, part :: 1 << parts.bits] = found.reshape(len(forms), people) / unit

    for turn in range(rules.iterations):
        for first in range(0, len(accounts), STRETCH):
            mine = slice(first, first + STRETCH)
            share[mine] = np.rint(q[mine] * of_each[mine])
        for _ in parts.each(work, f"influence, round {turn + 1} of {rules.iterations}"):
            pass
        for n, form in enumerate(forms):
            for first in range(int(accounts.start[n]), int(accounts.start[n + 1]), STRETCH):
                mine = slice(first, min(first + STRETCH, int(accounts.start[n + 1])))
                np.maximum(known[mine], earned_share(_received(received[n], accounts, mine, n), form), out=q[mine])
    return q * voices(parts, accounts, rules.prolific), received


def _received(received: NDArray[np.float64], accounts: Accounts, mine: slice, network: int) -> NDArray[np.float64]:
    """Return the attention that some accounts of a network receive: that of the people (float64[P]) who hold them, 0 for the others."""
    if accounts.holder is None:
        begin = int(accounts.start[network])
        return received[mine.start - begin : mine.stop - begin]
    holder = accounts.holder[mine]
    return np.where(holder < 0, 0.0, received[holder])
