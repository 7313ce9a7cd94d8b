"""The rows that a page gives, gathered while its posts are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kleos.contract import Batch, Flaw, Profile, Row, Tally
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import from_microseconds, microseconds

__all__ = ["NEVER", "Gathered"]

Reaction = tuple[str, str, str, str | None, int | None, str | None, str | None, int | None]

NEVER: tuple[int, ...] = (-2,)
"""Less than everything in `Gathered.accounts` and `Gathered.totals`."""


class Gathered:
    """What was found so far. Readers fill the fields directly: a method call per row would cost as much as decoding it.

    What one page tells of an account or a total several times is kept once, the newest capture, whatever the order of the lines.
    """

    def __init__(self) -> None:
        self.reactions: list[Reaction] = []
        """Kind, subject, actor, item, time (unix µs), id, the item's time as text, the actor's audience."""
        self.accounts: dict[tuple[str, str], tuple[int, int, str]] = {}
        """Id and handle → captured (unix µs), audience, display name; -1 and "" where unknown. The greatest is kept."""
        self.called: set[tuple[str, str]] = set()
        """Id and handle of accounts that were mentioned or replied to."""
        self.totals: dict[str, dict[str, tuple[int, int, str, str]]] = {}
        """Kind → item → captured (unix µs), total, subject, the item's time as text or "". The greatest is kept."""
        self.flaws: list[Flaw] = []

    def total(self, kind: str, item: str, mark: tuple[int, int, str, str]) -> None:
        """Keep the newest total of an item."""
        known = self.totals.setdefault(kind, {})
        if known.get(item, NEVER) < mark:
            known[item] = mark

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract."""
        if self.reactions:
            kinds, subjects, actors, items, times, ids, item_times, audiences = (
                list(column) for column in zip(*self.reactions, strict=True)
            )
            yield Batch(
                network=NETWORK,
                kind=kinds,
                subject=subjects,
                actor=actors,
                item=items,
                time=times,
                id=ids,
                item_time=microseconds(item_times),
                audience=audiences,
            )
        moments = _Moments()
        for kind, totals in self.totals.items():
            times_of_items = microseconds([text or None for *_, text in totals.values()])
            for (item, (captured, total, subject, _)), time in zip(totals.items(), times_of_items, strict=True):
                yield Tally(
                    network=NETWORK,
                    kind=kind,
                    subject=subject,
                    item=item,
                    total=total,
                    captured=moments[captured],
                    item_time=None if time is None else moments[time],
                )
        for (id_, handle), (captured, audience, name) in self.accounts.items():
            yield Profile(
                network=NETWORK,
                id=id_,
                handle=handle or None,
                name=name or None,
                audience=None if audience < 0 else audience,
                captured=None if captured < 0 else moments[captured],
            )
        for id_, handle in sorted(self.called - self.accounts.keys()):
            yield Profile(network=NETWORK, id=id_, handle=handle)
        yield from self.flaws


class _Moments(dict[int, datetime]):
    """Unix µs → time. The same times come again and again: to make one costs more than to look it up."""

    def __missing__(self, time: int) -> datetime:
        moment = self[time] = from_microseconds(time)
        return moment
