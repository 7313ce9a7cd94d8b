"""What a page gives, gathered in columns: the one place that leaves out what an owner did themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kleos.contract import Batch, Flaw, Row, account_key
from kleos_facebook.kinds import NETWORK

__all__ = ["Gathered"]


class Gathered:
    """Reactions to `subject`, and what could not be read. Times are unix microseconds."""

    def __init__(self, subject: str, own: Collection[str]) -> None:
        """`own` holds all that the owner is called."""
        self._subject = subject
        self._own = frozenset(account_key(text) for text in own)
        self._kinds: list[str] = []
        self._actors: list[str | None] = []
        self._items: list[str | None] = []
        self._times: list[int | None] = []
        self._ids: list[str | None] = []
        self._item_times: list[int | None] = []
        self._flaws: list[Flaw] = []

    def is_own(self, name: str | None) -> bool:
        """Tell whether a name, an id or a handle is one of the owner's."""
        return name is not None and account_key(name) in self._own

    def take(
        self,
        kind: str,
        actor: str | None,
        *,
        time: int | None = None,
        item: str | None = None,
        item_time: int | None = None,
        id_: str | None = None,
    ) -> None:
        """Take a reaction, unless it is the owner's own."""
        if self.is_own(actor):
            return
        self._kinds.append(kind)
        self._actors.append(actor)
        self._items.append(item)
        self._times.append(time)
        self._ids.append(id_)
        self._item_times.append(item_time)

    def flaw(self, where: str, reason: str) -> None:
        """Note what could not be read."""
        self._flaws.append(Flaw(where=where, reason=reason))

    def rows(self) -> Iterator[Row]:
        """Yield everything."""
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
        yield from self._flaws
