"""The rows that a page gives, gathered while its posts are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat
from typing import Any

from kleos.contract import Batch, Flaw, Profiles, Row, Tallies, account_key
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import microseconds

__all__ = ["Gathered", "Reaction"]

Reaction = tuple[str, str, str, str | None, int | None, str | None, str | None, int | None]
"""Kind, subject, actor, item, time (unix µs), id, the item's time as text, the actor's audience."""

_Columns = list[list[Any]]

_COUNTED = ("like", "retweet", "reply", "quote", "bookmark", "view")


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
        self._accounts = _Accounts()
        self._items = _Items()

    def meet(
        self,
        ids: Sequence[str],
        handles: Sequence[str | None],
        names: Sequence[str | None],
        audiences: Sequence[int | None],
        captured: Sequence[int | None],
    ) -> None:
        """Take accounts; `captured` in unix µs."""
        self._accounts.ids += ids
        self._accounts.handles += handles
        self._accounts.names += names
        self._accounts.audiences += audiences
        self._accounts.captured += captured

    def count(
        self,
        items: Sequence[str],
        subjects: Sequence[str],
        made: Sequence[str | None],
        captured: Sequence[int | None],
        totals: Mapping[str, Iterable[int | None]],
    ) -> None:
        """Take items and when each was made, as text; for each kind of reaction the running totals of all (0 or None: there is none).

        `captured` in unix µs: a total without it is left out, since it cannot be told from an older one.
        """
        self._items.items += items
        self._items.subjects += subjects
        self._items.made += made
        self._items.captured += captured
        for kind, kept in self._items.totals.items():
            kept.extend(totals.get(kind) or repeat(None, len(items)))

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
        yield from self._items.rows(self._only, self.times)
        yield from self._accounts.rows(self.called)
        yield from self.flaws


class _Items:
    """Posts that were counted, in columns of equal length."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.subjects: list[str] = []
        self.made: list[str | None] = []
        self.captured: list[int | None] = []
        self.totals: dict[str, list[int | None]] = {kind: [] for kind in _COUNTED}

    def rows(self, only: Collection[str] | None, times: dict[str | None, int | None]) -> Iterator[Row]:
        """Yield the totals of each kind."""
        columns: _Columns = [self.items, self.captured, self.subjects, microseconds(self.made, times), *self.totals.values()]
        if only is not None:
            columns = _compressed(columns, [account_key(subject) in only for subject in self.subjects])
        if None in columns[1]:
            columns = _compressed(columns, [time is not None for time in columns[1]])
        repeated = _repeated(columns[0], _last(columns[0]))
        if repeated:
            # the same post comes again and again in one answer: what says the same is dropped for all kinds at once
            lines = zip(*([column[place] for place in repeated] for column in columns), strict=True)
            columns = _without(columns, set(repeated).difference(dict(zip(lines, repeated, strict=True)).values()))
            repeated = _repeated(columns[0], _last(columns[0]))
        items, captured, subjects, item_times, *counted = columns
        for kind, totals in zip(self.totals, counted, strict=True):
            for place in _outdone(items, [place for place in repeated if totals[place]], (captured, totals, item_times, subjects)):
                totals[place] = None
            if any(totals):
                found = _compressed([items, captured, subjects, item_times, totals], totals)
                yield Tallies(
                    network=NETWORK,
                    kind=[kind] * len(found[0]),
                    item=found[0],
                    captured=found[1],
                    subject=found[2],
                    item_time=found[3],
                    total=found[4],
                )


class _Accounts:
    """Accounts that were met, in columns of equal length."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.handles: list[str | None] = []
        self.names: list[str | None] = []
        self.audiences: list[int | None] = []
        self.captured: list[int | None] = []

    def rows(self, called: Collection[tuple[str, str]]) -> Iterator[Row]:
        """Yield the accounts, and those that were only called by their name."""
        columns: _Columns = [self.ids, self.handles, self.names, self.audiences, self.captured]
        last = _last(self.ids)
        repeated = _repeated(self.ids, last)
        if repeated:
            keys = dict(zip(repeated, zip(*([column[place] for place in repeated] for column in columns[:2]), strict=True), strict=True))
            columns = _without(columns, _outdone(keys, repeated, (self.captured, self.audiences, self.names)))
        ids, handles, names, audiences, captured = columns
        if ids:
            yield Profiles(
                network=NETWORK,
                id=ids,
                handle=[handle or None for handle in handles],
                name=[name or None for name in names],
                audience=audiences,
                captured=captured,
            )
        only_called = sorted((id_, handle) for id_, handle in called if id_ not in last or self.handles[last[id_]] != handle)
        if only_called:
            yield Profiles(network=NETWORK, id=[id_ for id_, _ in only_called], handle=[handle for _, handle in only_called])


def _last(keys: Sequence[str]) -> dict[str, int]:
    """Return the last place of each key."""
    return dict(zip(keys, range(len(keys)), strict=True))


def _repeated(keys: Sequence[str], last: Mapping[str, int]) -> Sequence[int]:
    """Return the places of keys that are there more than once."""
    if len(last) == len(keys):
        return ()
    earlier = [place for place, at in enumerate(map(last.__getitem__, keys)) if place != at]
    return [*earlier, *{last[keys[place]] for place in earlier}]


def _outdone(keys: Any, places: Iterable[int], marks: Sequence[Sequence[Any]]) -> list[int]:
    """Return the places where the marks, compared one after the other, are not the greatest of their key's; None is the least of all."""
    best: dict[Any, int] = {}
    outdone = []
    for place in places:
        key = keys[place]
        other = best.setdefault(key, place)
        if other == place:
            continue
        is_greater = False
        for mark in marks:
            if mark[place] != mark[other]:
                is_greater = mark[other] is None or (mark[place] is not None and mark[place] > mark[other])
                break
        if is_greater:
            best[key] = place
        outdone.append(other if is_greater else place)
    return outdone


def _compressed(columns: _Columns, are_there: Sequence[Any]) -> _Columns:
    return [list(compress(column, are_there)) for column in columns]


def _without(columns: _Columns, places: Iterable[int]) -> _Columns:
    are_there = [True] * len(columns[0])
    for place in places:
        are_there[place] = False
    return _compressed(columns, are_there)
