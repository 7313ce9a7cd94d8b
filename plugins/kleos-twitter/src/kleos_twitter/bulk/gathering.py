"""The rows that a page gives, gathered while its posts are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from kleos.contract import Batch, Flaw, Profiles, Row, Tallies, account_key
from kleos_twitter.bulk.repeated import Columns, Keys, compressed, outdone, without
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import Times, time_of_id

__all__ = ["Gathered", "Reaction"]

Reaction = tuple[str, str, str, str | None, int | None, int, str | None]
"""Kind, subject, actor, item, the actor's audience, the place of the post that it is (see `Gathered.post`), the item's time as text."""

_REACTION = 7

_COUNTED = ("like", "retweet", "reply", "quote", "bookmark", "view")


class Gathered:
    """What was found so far. Readers call `react` for a reaction, and hand over posts, accounts and totals in columns.

    An object or a call of Python for each row would cost as much as decoding it. Readers go from block to block, and call `settle` after
    each: what has left the processor's cache costs as much again when it is touched later. What one page tells of an account or a total
    several times is kept once, the newest capture, whatever the order of the lines.
    """

    def __init__(self, only: Collection[str] | None = None) -> None:
        """`only` are the keys of the accounts whose reactions and totals are wanted; None wants everybody's."""
        self._only = only
        self._fresh: list[Any] = []
        self.react: Callable[[Reaction], None] = self._fresh.extend
        """Take a reaction: all stand in one list, one value after the other, since that needs no object for each."""
        self._called: list[str] = []
        self.call: Callable[[tuple[str, str]], None] = self._called.extend
        """Take the id and the handle of an account that was mentioned or replied to."""
        self.flaws: list[Flaw] = []
        self.times: dict[str | None, int | None] = {}
        """Times as text → unix µs, for those that come again and again."""
        self._reactions = _Reactions()
        self._accounts = _Accounts()
        self._items = _Items()

    def post(self, ids: Sequence[str], made: Sequence[str | None]) -> int:
        """Take posts that may be reactions, and when each was made, as text; returns the place of the first."""
        first = len(self._reactions.posts)
        self._reactions.posts += ids
        self._reactions.made.add(made)
        return first

    def settle(self) -> None:
        """Put the reactions that were taken since the last call into columns."""
        self._reactions.add(self._fresh)
        self._fresh.clear()

    def meet(
        self,
        ids: Sequence[str],
        handles: Sequence[str | None],
        names: Sequence[str | None],
        audiences: Sequence[int | None],
        captured: Sequence[int | None],
    ) -> None:
        """Take accounts; `captured` in unix µs."""
        self._accounts.ids.add(ids)
        self._accounts.handles += [handle or None for handle in handles]
        self._accounts.names += [name or None for name in names]
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
        columns: Columns = [list(column) for column in (items, subjects, made, captured)]
        columns += [list(totals.get(kind) or repeat(None, len(items))) for kind in _COUNTED]
        if self._only is not None or None in captured:
            only = self._only
            are_wanted = [
                time is not None and (only is None or account_key(subject) in only)
                for subject, time in zip(subjects, captured, strict=True)
            ]
            columns = compressed(columns, are_wanted)
        self._items.add(*columns)

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract."""
        self.settle()
        yield from self._reactions.rows(self._only)
        yield from self._items.rows()
        yield from self._accounts.rows(self._called[::2], self._called[1::2])
        yield from self.flaws


class _Reactions:
    """Posts, and the reactions that they are, in columns of equal length."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        """Ids."""
        self.made = Times()
        self._columns: Columns = [[] for _ in range(_REACTION)]
        self._item_times = Times()

    def add(self, values: Sequence[Any]) -> None:
        """Take reactions, all in one list."""
        *columns, item_times = (values[place::_REACTION] for place in range(_REACTION))
        columns.append(list(map(self.posts.__getitem__, columns[-1])))
        for kept, column in zip(self._columns, columns, strict=True):
            kept.extend(column)
        self._item_times.add(item_times)

    def rows(self, only: Collection[str] | None) -> Iterator[Row]:
        """Yield the reactions as one row, and flaws for posts with dates that cannot be read."""
        times = self.made.read()
        made = [time_of_id(id_) if time is None else time for id_, time in zip(self.posts, times, strict=True)] if None in times else times
        columns: Columns = [*self._columns, self._item_times.read()]
        if only is not None:
            columns = compressed(columns, [account_key(subject) in only for subject in columns[1]])
        kinds, subjects, actors, items, audiences, places, ids, item_times = columns
        if kinds:
            yield Batch(
                network=NETWORK,
                kind=kinds,
                subject=subjects,
                actor=actors,
                item=items,
                time=list(map(made.__getitem__, places)),
                id=ids,
                item_time=item_times,
                audience=audiences,
            )
        if None in times:
            for id_, time, is_told in zip(self.posts, times, self.made.are_there(), strict=True):
                if time is None and is_told:
                    yield Flaw(where=f"post {id_}", reason="a date that cannot be read")


class _Items:
    """Posts that were counted, in columns of equal length."""

    def __init__(self) -> None:
        self._items = Keys()
        self._subjects: list[str] = []
        self._made = Times()
        self._captured: list[int] = []
        self._totals: Columns = [[] for _ in _COUNTED]

    def add(
        self, items: Sequence[str], subjects: Sequence[str], made: Sequence[str | None], captured: Sequence[int], *totals: list[Any]
    ) -> None:
        """Take posts; totals in the order of `_COUNTED`."""
        self._items.add(items)
        self._subjects += subjects
        self._made.add(made)
        self._captured += captured
        for kept, column in zip(self._totals, totals, strict=True):
            kept.extend(column)

    def rows(self) -> Iterator[Row]:
        """Yield the totals of each kind."""
        items, subjects, captured, item_times = self._items.texts, self._subjects, self._captured, self._made.read()
        repeated = self._items.repeated()
        for kind, totals in zip(_COUNTED, self._totals, strict=True):
            for place in outdone(items, [place for place in repeated if totals[place]], (captured, totals, item_times, subjects)):
                totals[place] = None
            if any(totals):
                found = compressed([items, captured, subjects, item_times, totals], totals)
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
        self.ids = Keys()
        self.handles: list[str | None] = []
        self.names: list[str | None] = []
        self.audiences: list[int | None] = []
        self.captured: list[int | None] = []

    def rows(self, called: Sequence[str], handles_called: Sequence[str]) -> Iterator[Row]:
        """Yield the accounts, and those that were only called by their name."""
        columns: Columns = [self.ids.texts, self.handles, self.names, self.audiences, self.captured]
        first = self.ids.first
        pairs = set(zip(called, handles_called, strict=True))
        only_called = sorted((id_, handle) for id_, handle in pairs if id_ not in first or self.handles[first[id_]] != handle)
        if self.ids.again:
            repeated = self.ids.repeated()
            keys = {place: (columns[0][place], columns[1][place]) for place in repeated}
            columns = without(columns, outdone(keys, repeated, (self.captured, self.audiences, self.names)))
        ids, handles, names, audiences, captured = columns
        if ids:
            yield Profiles(network=NETWORK, id=ids, handle=handles, name=names, audience=audiences, captured=captured)
        if only_called:
            yield Profiles(network=NETWORK, id=[id_ for id_, _ in only_called], handle=[handle for _, handle in only_called])
