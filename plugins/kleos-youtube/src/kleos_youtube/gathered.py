"""Who receives what when somebody comments: the one rule that API and dumps share, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kleos.contract import Batch, Flaw, Profile, Row, Tally
from kleos_youtube.kinds import COMMENT, LIKE, NETWORK, REPLY
from kleos_youtube.values import from_microseconds

__all__ = ["Gathered"]

Reaction = tuple[str, str, str | None, str | None, int | None, str]


class Gathered:
    """What a page has given so far. All times are unix microseconds.

    `only` names the channels whose rows are wanted; None wants everybody's. `captured` dates the counts.
    """

    def __init__(self, only: Collection[str] | None = None, captured: int | None = None) -> None:
        self.captured = captured
        self.profiles: list[Profile] = []
        self.flaws: list[Flaw] = []
        self._only = only
        self._reactions: list[Reaction] = []
        self._totals: dict[tuple[str, str], tuple[int, str, int | None]] = {}

    def comment(  # noqa: PLR0917  # called for every comment of a dump: keywords would cost a fifth of the parsing
        self,
        id_: str,
        author: str | None,
        time: int | None,
        likes: int,
        channel: str | None,
        video: str | None,
        parent: str | None = None,
        parent_author: str | None = None,
    ) -> None:
        """Take a comment under a video of `channel`; with `parent`, one in the thread of that comment.

        An answer to a comment is a reply received by the comment's author. It is also a comment received by the video's owner, unless that
        is who wrote the comment: one answer is one reaction to one person. Nobody receives what they wrote themselves.
        """
        if likes > 0 and author is not None:
            self.total(LIKE, id_, author, likes, time)
        if parent is not None and parent_author is not None:
            if author != parent_author and (self._only is None or parent_author in self._only):
                self._reactions.append((REPLY, parent_author, author, parent, time, id_))
            if parent_author == channel:
                return
        if channel is not None and author != channel and (self._only is None or channel in self._only):
            self._reactions.append((COMMENT, channel, author, video, time, id_))

    def total(self, kind: str, item: str, subject: str, total: int, item_time: int | None) -> None:
        """Take the running total of a kind of reaction to an item; of two on one page the greater is kept."""
        known = self._totals.get((kind, item))
        if (self._only is None or subject in self._only) and (known is None or known[0] < total):
            self._totals[kind, item] = (total, subject, item_time)

    def flaw(self, where: str, reason: str) -> None:
        """Note what could not be read."""
        self.flaws.append(Flaw(where=where, reason=reason))

    def rows(self) -> Iterator[Row]:
        """Yield everything as rows of the contract; counts that nothing dates are a `Flaw`."""
        yield from self.profiles
        if self._reactions:
            kinds, subjects, actors, items, times, ids = (list(column) for column in zip(*self._reactions, strict=True))
            yield Batch(network=NETWORK, kind=kinds, subject=subjects, actor=actors, item=items, time=times, id=ids)
        if self._totals and self.captured is None:
            yield Flaw(where="counts", reason="nothing says when the counts were taken: they are left out")
        elif self.captured is not None:
            captured = from_microseconds(self.captured)
            for (kind, item), (total, subject, item_time) in self._totals.items():
                yield Tally(
                    network=NETWORK,
                    kind=kind,
                    subject=subject,
                    item=item,
                    total=total,
                    captured=captured,
                    item_time=None if item_time is None else from_microseconds(item_time),
                )
        yield from self.flaws
