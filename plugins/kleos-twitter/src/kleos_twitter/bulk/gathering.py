"""The rows that a page gives, gathered while its posts are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

from kleos.contract import Batch, Flaw, Profiles, Row, Tallies, account_key
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import microseconds

__all__ = ["Gathered", "Reaction"]

_Columns = list[list[Any]]

Reaction = tuple[str, str, str, str | None, int | None, str | None, str | None, int | None]
"""Kind, subject, actor, item, time (unix µs), id, the item's time as text, the actor's audience."""


class Gathered:
    """What was found so far. Readers fill `reactions` directly, and hand over accounts and totals in columns.

    An object or a call for each row would cost as much as decoding it. What one page tells of an account or a total several times is
    kept once, the newest capture, whatever the order of the lines.
    """

    def __init__(self, only: Collection[str] | None = None) -> None:
        """`only` are the keys of the accounts whose reactions and totals are wanted; None wants everybody's."""
        self._only = only
        self.reactions: list[Reaction] = []
        self.called: set[tuple[str, str]] = set()
        """Id and handle of accounts that were mentioned or replied to."""
        self.flaws: list[Flaw] = []
        self.times: dict[str | None, int | None] = {}
        """Times as text → unix µs: what was read before."""
        self._accounts: _Columns = [[], [], [], [], []]
        self._totals: dict[str, _Columns] = {}

    def meet(
        self,
        ids: Sequence[str],
        handles: Sequence[str | None],
        names: Sequence[str | None],
        audiences: Sequence[int | None],
        captured: Sequence[int | None],
    ) -> None:
        """Take accounts; `captured` in unix µs."""
        columns: _Columns = [_known(captured), _known(audiences)]
        columns += ([text or "" for text in column] for column in (names, ids, handles))
        for kept, column in zip(self._accounts, columns, strict=True):
            kept.extend(column)

    def count(
        self,
        items: Sequence[str],
        subjects: Sequence[str],
        made: Sequence[str | None],
        captured: Sequence[int | None],
        totals: Iterable[tuple[str, Iterable[int | None]]],
    ) -> None:
        """Take items and when each was made, as text; for each kind of reaction the running totals of all (0 or None: there is none).

        `captured` in unix µs: a total without it is left out, since it cannot be told from an older one.
        """
        columns = (captured, _known(microseconds(made, self.times)), subjects, items)
        usable = [time is not None for time in captured]
        if self._only is not None:
            usable = [is_dated and account_key(subject) in self._only for is_dated, subject in zip(usable, subjects, strict=True)]
        for kind, column in totals:
            there = [total if is_usable else None for total, is_usable in zip(column, usable, strict=True)]
            if any(there):
                found = (compress(values, there) for values in (columns[0], there, *columns[1:]))
                for kept, values in zip(self._totals.setdefault(kind, [[], [], [], [], []]), found, strict=True):
                    kept.extend(values)

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract."""
        reactions = self.reactions if self._only is None else [one for one in self.reactions if account_key(one[1]) in self._only]
        if reactions:
            kinds, subjects, actors, items, times, ids, item_times, audiences = map(list, zip(*reactions, strict=True))
            yield Batch(
                network=NETWORK,
                kind=kinds,
                subject=subjects,
                actor=actors,
                item=items,
                time=times,
                id=ids,
                item_time=microseconds(item_times, self.times),
                audience=audiences,
            )
        for kind, known in self._totals.items():
            captured, totals, item_times, subjects, items = _greatest(known, known[-1])
            yield Tallies(
                network=NETWORK,
                kind=[kind] * len(items),
                subject=subjects,
                item=items,
                total=totals,
                captured=captured,
                item_time=_missing(item_times),
            )
        yield from self._profiles()
        yield from self.flaws

    def _profiles(self) -> Iterator[Row]:
        captured, audiences, names, ids, handles = self._accounts
        if len(set(ids)) < len(ids):
            pairs = list(map("\0".join, zip(ids, handles, strict=True)))
            captured, audiences, names, ids, handles = _greatest(self._accounts, pairs)
        if ids:
            yield Profiles(
                network=NETWORK,
                id=ids,
                handle=[handle or None for handle in handles],
                name=[name or None for name in names],
                audience=_missing(audiences),
                captured=_missing(captured),
            )
        only_called = sorted(self.called.difference(zip(ids, handles, strict=True))) if self.called else ()
        if only_called:
            yield Profiles(network=NETWORK, id=[id_ for id_, _ in only_called], handle=[handle for _, handle in only_called])


def _known(numbers: Iterable[int | None]) -> list[int]:
    """Return numbers that can be compared: -1 where one is missing."""
    return [-1 if number is None else number for number in numbers]


def _missing(numbers: Sequence[int]) -> Sequence[int | None]:
    return numbers if min(numbers) >= 0 else [None if number < 0 else number for number in numbers]


def _greatest(columns: _Columns, keys: Sequence[str]) -> _Columns:
    """Return columns with one line for each key: the greatest, compared from the first column on."""
    places = dict(zip(keys, range(len(keys)), strict=True))
    if len(places) == len(keys):
        return columns
    lines = list(zip(*columns, strict=True))
    for place, key in enumerate(keys):
        if lines[places[key]] < lines[place]:
            places[key] = place
    return [[column[place] for place in places.values()] for column in columns]
