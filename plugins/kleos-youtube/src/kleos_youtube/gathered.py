"""What the owner of a video receives when somebody comments: the one rule that API and dumps share, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kleos.contract import Batch, Flaw, Profile, Row, Tally
from kleos_youtube.kinds import COMMENT, LIKE, NETWORK, REPLY
from kleos_youtube.values import from_microseconds

__all__ = ["Gathered"]


class Gathered:
    """What a page has given so far. All times are unix microseconds.

    `only` names the channels whose rows are wanted; None wants everybody's. `captured` dates the counts.
    """

    def __init__(self, only: Collection[str] | None = None, captured: int | None = None) -> None:
        self.captured = captured
        self.profiles: list[Profile] = []
        self.flaws: list[Flaw] = []
        self._only = only
        # Columns, since a tuple for every comment would keep the garbage collector busy.
        self._kinds: list[str] = []
        self._subjects: list[str] = []
        self._actors: list[str | None] = []
        self._items: list[str | None] = []
        self._times: list[int | None] = []
        self._ids: list[str] = []
        self._totals: dict[str, dict[str, tuple[int, str, int | None]]] = {}

    def comment(  # noqa: PLR0917  # called for every comment of a dump: keywords would cost a fifth of the parsing
        self,
        id_: str,
        author: str | None,
        time: int | None,
        likes: int,
        channel: str,
        video: str | None,
        answered: str | None = None,
    ) -> None:
        """Take a comment under a video of `channel`; `answered` is the comment of the same channel that it answers, if it does.

        An answer to the owner's own comment is a reply, and nothing else; every other one by somebody else, at the top or in the thread
        of a third person, is a comment on the video. What the owner wrote is not received, but the likes of it are.
        """
        if self._only is not None and channel not in self._only:
            return
        if author == channel:
            if likes > 0:
                self.total(LIKE, id_, channel, likes, time)
            return
        self._kinds.append(COMMENT if answered is None else REPLY)
        self._subjects.append(channel)
        self._actors.append(author)
        self._items.append(video if answered is None else answered)
        self._times.append(time)
        self._ids.append(id_)

    def total(self, kind: str, item: str, subject: str, total: int, item_time: int | None) -> None:
        """Take the running total of a kind of reaction to an item; of two on one page the greater is kept."""
        if self._only is None or subject in self._only:
            totals = self._totals.setdefault(kind, {})
            if item not in totals or totals[item][0] < total:
                totals[item] = (total, subject, item_time)

    def flaw(self, where: str, reason: str) -> None:
        """Note what could not be read."""
        self.flaws.append(Flaw(where=where, reason=reason))

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract; counts that nothing dates are a `Flaw`."""
        yield from self.profiles
        if self._ids:
            yield Batch(
                network=NETWORK,
                kind=self._kinds,
                subject=self._subjects,
                actor=self._actors,
                item=self._items,
                time=self._times,
                id=self._ids,
            )
        if self._totals and self.captured is None:
            yield Flaw(where="counts", reason="nothing says when the counts were taken: they are left out")
        elif self.captured is not None:
            captured = from_microseconds(self.captured)
            for kind, totals in self._totals.items():
                for item, (total, subject, item_time) in totals.items():
                    published = None if item_time is None else from_microseconds(item_time)
                    yield Tally(network=NETWORK, kind=kind, subject=subject, item=item, total=total, captured=captured, item_time=published)
        yield from self.flaws
