"""A population's strength, part by part, in memory that is used again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kleos.kernel.arrange import Desk, new_desk
from kleos.kernel.fold import new_asked, new_folded
from kleos.kernel.layout import WIDTH, Asked, Clock, Folded
from kleos.kernel.parts import fold_part
from kleos.kernel.records import Records
from kleos.kernel.scratch import CHEAP, Scratch, new_scratch
from kleos.kernel.staging import Staged, new_staged, stage
from kleos.scoring.accounts import Accounts, Parts, people_of
from kleos.scoring.resolved import NetworkForm, Resolved
from kleos.scoring.strength import NetworkStrength, weigh

__all__ = ["Placed", "asked_columns", "asked_whole", "each_part_weighed"]

Result = TypeVar("Result")


class Placed(NamedTuple):
    """One network's strengths within a part. The arrays are used again for the next part: take out what is to be kept."""

    network: int
    person: NDArray[np.int32]
    """int32[G]: numbers within the part, increasing."""
    strength: NetworkStrength
    """Of these G people; of each kind's factors only those that some metric is made of."""


def asked_whole(form: NetworkForm) -> NDArray[np.bool_]:
    """Return bool[K + 1]: the slots of which some metric asks more than what is cheap; a metric's own function may ask anything."""
    if form.form.computed.any():
        return np.ones(len(form.in_any) + 1, dtype=np.bool_)
    slot, aggregation = np.divmod(form.form.factor, WIDTH)
    asked = np.zeros(len(form.in_any) + 1, dtype=np.bool_)
    asked[slot[~np.isin(aggregation, CHEAP)]] = True
    return asked


def asked_columns(form: NetworkForm) -> NDArray[np.int64]:
    """Return int64[C], the factors that a population is asked for: those that some metric is made of, and at the end all of `any`."""
    of_kinds = len(form.in_any) * WIDTH
    asked = np.arange(of_kinds) if form.form.computed.any() else np.unique(form.form.factor[form.form.factor < of_kinds])
    return np.concatenate([asked, np.arange(of_kinds, of_kinds + WIDTH)])


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
    given, unknown = accounts.given.astype(np.float64), resolved.model.influence.unknown
    widest = max((len(form.in_any) for form in forms), default=1)
    whole = [asked_whole(form) for form in forms]
    columns = [asked_columns(form) for form in forms]
    terms = [form.form._replace(factor=np.searchsorted(asked, form.form.factor)) for form, asked in zip(forms, columns, strict=True)]

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
            one, asked = room.folded(n, len(form.in_any), size, len(columns[n]), plain)
            person = np.empty(size, dtype=np.int32)
            rules = unknown, form.attention, clock, form.in_any, whole[n], columns[n]
            fold_part(n, people, staged, *rules, desk, scratch, one, asked, person)
            placed.append(Placed(n, person, weigh(asked, form, resolved, terms[n])))
        return use(part, placed)

    yield from parts.each(work, "scoring", skip)


class _Room:
    """One thread's working memory: allocated when it is first needed, made larger where a part needs more, and never given back."""

    def __init__(self) -> None:
        self._staged: tuple[int, int, Staged] | None = None
        self._desk: tuple[int, Desk, Scratch] | None = None
        self._folded: dict[int, tuple[int, Folded, Asked]] = {}

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

    def folded(self, which: int, kinds: int, groups: int, columns: int, plain: bool) -> tuple[Folded, Asked]:
        found = self._folded.get(which)
        if found is None or found[0] < groups:
            larger = groups + groups // 4 + 1
            found = self._folded[which] = (larger, new_folded(1, kinds, plain=plain), new_asked(larger, columns, plain=plain))
        _, one, all_ = found
        return one, Asked(all_.values[:groups], all_.people[:groups], all_.squares[:groups], all_.plain[:groups])
