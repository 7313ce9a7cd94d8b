"""What has been received, row by row: the one place that tells others from the owner, and counts from names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from kleos.contract import Batch, Flaw, Profile, Row, Tally, account_key
from kleos_foursquare.kinds import NETWORK
from kleos_foursquare.shapes import Crowd, User
from kleos_foursquare.values import BAD, count, from_microseconds, identity

__all__ = ["Gathered"]

_A_MOMENT = timedelta(microseconds=1)


class Gathered:
    """What a page has given so far. All times are unix microseconds.

    `subject` is the owner's account, `own` all of their ids; `captured` dates the counts.
    """

    def __init__(self, subject: str, own: Collection[str], captured: datetime | None) -> None:
        self.profiles: list[Profile] = []
        self._subject = subject
        self._own = {account_key(id_) for id_ in own}
        self._captured = captured
        self._flaws: list[Flaw] = []
        self._tallies: list[Tally] = []
        self._uncounted = 0
        # Columns, since a value for every like would keep the garbage collector busy.
        self._kinds: list[str] = []
        self._actors: list[str | None] = []
        self._items: list[str | None] = []
        self._times: list[int | None] = []
        self._ids: list[str | None] = []
        self._item_times: list[int | None] = []

    def is_own(self, user: User | None) -> bool:
        """Tell whether somebody is the owner. Nobody is not."""
        if user is None:
            return False
        id_ = identity(user.id)
        return user.relationship == "self" or (id_ is not None and account_key(id_) in self._own)

    @property
    def knows_owner(self) -> bool:
        """Whether an id of the owner is known."""
        return bool(self._own)

    def reaction(
        self,
        kind: str,
        actor: str | None,
        item: str | None = None,
        *,
        time: int | None = None,
        id_: str | None = None,
        item_time: int | None = None,
    ) -> None:
        """Take one reaction by somebody else."""
        self._kinds.append(kind)
        self._actors.append(actor)
        self._items.append(item)
        self._times.append(time)
        self._ids.append(id_)
        self._item_times.append(item_time)

    def crowd(
        self, kind: str, item: str, item_time: int | None, crowd: Crowd, *, by_owner: bool | None = None, also: int | None = None
    ) -> None:
        """Take the people in a crowd and how many they are; `also` is the same count told a second time.

        The owner is neither named nor counted: `by_owner` says, where the network does, that they are among the crowd.
        """
        own = by_owner is True
        named: dict[str, None] = {}
        for part in (crowd, *(crowd.groups or ())):
            for user in part.items or ():
                id_ = identity(user.id)
                if self.is_own(user):
                    own = True
                elif id_ is not None:
                    named[id_] = None
        for actor in named:
            self.reaction(kind, actor, item, item_time=item_time)
        told = [number for number in (crowd.count, also) if number is not None]
        if told:
            self.total(kind, item, max(told), item_time, without=own)

    def total(self, kind: str, item: str, told: int | None, item_time: int | None, *, without: int = 0, finer: bool = False) -> None:
        """Take the network's running total of a kind of reaction to an item, less `without` of them. None says nothing.

        The newest total counts; of two told at once, the `finer`, which knows how many are the owner's own.
        """
        number = count(told)
        if number == BAD:
            self.flaw(item, "a count that makes no sense")
        elif number is not None and self._captured is None:
            self._uncounted += 1
        elif number is not None and self._captured is not None:
            self._tallies.append(
                Tally(
                    network=NETWORK,
                    kind=kind,
                    subject=self._subject,
                    item=item,
                    total=max(0, number - without),
                    # What has no time of its own is dated by this: it must not come to lie after the run.
                    captured=self._captured + _A_MOMENT if finer and item_time is not None else self._captured,
                    item_time=None if item_time is None else from_microseconds(item_time),
                )
            )

    def flaw(self, where: str, reason: str) -> None:
        """Note what could not be read."""
        self._flaws.append(Flaw(where=where, reason=reason))

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract; counts that nothing dates are a `Flaw`."""
        yield from self.profiles
        if self._kinds:
            yield Batch(
                network=NETWORK,
                kind=self._kinds,
                subject=[self._subject] * len(self._kinds),
                actor=self._actors,
                item=self._items,
                time=self._times,
                id=self._ids,
                item_time=self._item_times,
            )
        yield from self._tallies
        if self._uncounted:
            yield Flaw(where="counts", reason="nothing says when the counts were taken: they are left out")
        yield from self._flaws
