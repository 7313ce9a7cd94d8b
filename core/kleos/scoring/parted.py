"""A population in parts: everybody's influence, then everybody's strength, part by part in memory that is used again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import AGGREGATIONS
from kleos.kernel.arrange import Desk, new_desk
from kleos.kernel.fold import new_folded
from kleos.kernel.layout import MAX_KINDS, Clock, Folded
from kleos.kernel.parts import fold_part, receive
from kleos.kernel.records import Records
from kleos.kernel.scratch import CHEAP, Scratch, new_scratch
from kleos.kernel.staging import Staged, new_staged, stage
from kleos.scoring.influence import earned_share, outranked_by_audience
from kleos.scoring.prolific import voices
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.strength import NetworkStrength, weigh

__all__ = ["Accounts", "Parts", "Placed", "asked_whole", "each_part_weighed", "earned_influence", "kinds_scored", "people_of"]

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


class Placed(NamedTuple):
    """One network's strengths within a part. The arrays are used again for the next part: take out what is to be kept."""

    network: int
    person: NDArray[np.int32]
    """int32[G]: numbers within the part, increasing."""
    strength: NetworkStrength
    """Of these G people; of each kind's factors only those that some metric is made of."""


def people_of(part: int, parts: Parts) -> int:
    """Return how many people a part has; the number of person p of it is p · 2^bits + part."""
    return (parts.people - part + (1 << parts.bits) - 1) >> parts.bits


def kinds_scored(forms: Sequence[NetworkForm]) -> NDArray[np.bool_]:
    """Return bool[n, 62]: which kinds count, by network."""
    scored = np.zeros((len(forms), MAX_KINDS), dtype=np.bool_)
    for n, form in enumerate(forms):
        scored[n, : len(form.in_any)] = form.in_any
    return scored


def asked_whole(form: NetworkForm) -> NDArray[np.bool_]:
    """Return bool[K + 1]: the slots of which some metric asks more than what is cheap; a metric's own function may ask anything."""
    if form.form.computed.any():
        return np.ones(len(form.in_any) + 1, dtype=np.bool_)
    slot, aggregation = np.divmod(form.form.factor, len(AGGREGATIONS))
    asked = np.zeros(len(form.in_any) + 1, dtype=np.bool_)
    asked[slot[~np.isin(aggregation, CHEAP)]] = True
    return asked


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
    scored = kinds_scored(forms)
    # As fine a unit as leaves room for everybody's whole attention at once.
    unit = 1 << max(20, 58 - int(np.count_nonzero(accounts.given)).bit_length())
    given = np.maximum(accounts.given, 1)
    q = known
    received = np.zeros((len(forms), parts.people))
    for turn in range(rules.iterations):
        share = np.rint(q / rules.unknown * (unit / given)).astype(np.int64)

        def work(
            part: int, records: Records, spans: NDArray[np.int64], share: NDArray[np.int64] = share, to: NDArray[np.float64] = received
        ) -> None:
            people = people_of(part, parts)
            found = np.empty(len(forms) * people, dtype=np.int64)
            receive(records, spans, people, scored, share, found)
            to[:, part :: 1 << parts.bits] = found.reshape(len(forms), people) / unit

        for _ in parts.each(work, f"influence, round {turn + 1} of {rules.iterations}"):
            pass
        q = known.copy()
        for n, form in enumerate(forms):
            mine = slice(accounts.start[n], accounts.start[n + 1])
            share_outranked = earned_share(received[n], form)
            if accounts.holder is None:
                q[mine] = np.maximum(known[mine], share_outranked[: mine.stop - mine.start])
            else:
                q[mine] = np.maximum(known[mine], np.append(share_outranked, 0.0)[accounts.holder[mine]])  # −1 takes the 0 at the end
    return q * voices(parts, accounts, scored, rules.prolific), received


def each_part_weighed(
    parts: Parts,
    accounts: Accounts,
    q: NDArray[np.float64],
    *,
    forms: Sequence[NetworkForm],
    clock: Clock,
    resolved: Resolved,
    use: Callable[[int, list[Placed]], Result],
    plain: bool = False,
    skip: Collection[int] = (),
) -> Iterator[Result]:
    """Fold and weigh every part, and yield what `use` makes of it: it is called with the part and its networks, from several threads.

    With `plain`, what a person would count is also counted with everybody weighing 1. Parts in `skip` are left out.
    """
    rooms = threading.local()
    given = accounts.given.astype(np.float64)
    widest = max((len(form.in_any) for form in forms), default=1)
    whole = [asked_whole(form) for form in forms]

    def work(part: int, records: Records, spans: NDArray[np.int64]) -> Result:
        people = people_of(part, parts)
        room = rooms.__dict__.setdefault("room", _Room())
        staged = room.staged(int((spans[:, 1] - spans[:, 0]).sum()), people, len(forms))
        stage(records, spans, people, len(forms), q, given, staged)
        groups = np.diff(staged.first[: len(forms) * people + 1])
        desk, scratch = room.desk(int(groups.max(initial=1)), widest, plain)
        placed = []
        for n, form in enumerate(forms):
            size = int(np.count_nonzero(groups[n * people : (n + 1) * people]))
            if not size:
                continue
            folded, person = room.folded(n, size, len(form.in_any), plain), np.empty(size, dtype=np.int32)
            unknown = resolved.model.influence.unknown
            # Arrays of this thread's own: threads that share one wait for each other to count its references.
            in_any, asked = form.in_any.copy(), whole[n].copy()
            fold_part(n, people, staged, unknown, form.attention, clock, in_any, asked, desk, scratch, folded, person)
            placed.append(Placed(n, person, weigh(folded, form, resolved)))
        return use(part, placed)

    yield from parts.each(work, "scoring", skip)


class _Room:
    """One thread's working memory: allocated when it is first needed, made larger where a part needs more, and never given back."""

    def __init__(self) -> None:
        self._staged: tuple[int, int, Staged] | None = None
        self._desk: tuple[int, Desk, Scratch] | None = None
        self._folded: dict[int, tuple[int, Folded]] = {}

    def staged(self, rows: int, people: int, networks: int) -> Staged:
        if self._staged is None or self._staged[0] < rows or self._staged[1] < people:
            larger = rows + rows // 4 + 1
            self._staged = (larger, people, new_staged(larger, people, networks))
        return self._staged[2]

    def desk(self, rows: int, kinds: int, plain: bool) -> tuple[Desk, Scratch]:
        if self._desk is None or self._desk[0] < rows:
            larger = rows + rows // 4 + 1
            self._desk = (larger, new_desk(larger), new_scratch(kinds + 1, larger, larger, plain=plain))
        return self._desk[1:]

    def folded(self, which: int, groups: int, kinds: int, plain: bool) -> Folded:
        found = self._folded.get(which)
        if found is None or found[0] < groups:
            larger = groups + groups // 4 + 1
            found = self._folded[which] = (larger, new_folded(larger, kinds, plain=plain))
        whole = found[1]
        return Folded(whole.values[:groups], whole.people[:groups], whole.squares[:groups], whole.plain[:groups])
