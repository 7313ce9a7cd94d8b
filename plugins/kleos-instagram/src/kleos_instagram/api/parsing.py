"""From answers of the Graph API to the reactions received. What the owner wrote is left out; the likes of it are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from kleos.contract import Flaw, Interaction, Page, Profile, Row, Tally, account_key
from kleos.errors import ParseError
from kleos_instagram.api.shapes import Comment, Discovery, LinkedPage, Listing, Media, Mentioned, Metric, User, decode, elements
from kleos_instagram.kinds import COMMENT, LIKE, MENTION, NETWORK, REPLY, SAVE, SHARE, TAG, VIEW
from kleos_instagram.values import BAD, count, from_microseconds, moment, text

__all__ = ["REFUSED", "parse"]

REFUSED = "refused"
"""What a page says that it answers where the answer is a refusal: it has no rows."""

_METRICS = {"saved": SAVE, "shares": SHARE, "views": VIEW, "impressions": VIEW}


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions of one answer, and what it says of accounts; what cannot be read is a `Flaw`.

    ``context`` says what was asked (``ask``), of which account (``user``), and by what names that is known (``own``). Raises `ParseError`.
    """
    context = page.context or {}
    ask = context.get("ask")
    reader = _READERS.get(ask) if isinstance(ask, str) else None
    if reader is None:
        raise ParseError("expected a page that says what was asked", where=page.where)
    own = context.get("own")
    names = [*(page.owner.ids if page.owner else ()), *(page.owner.handles if page.owner else ())]
    names += [name for name in own if isinstance(name, str)] if isinstance(own, list) else []
    return reader(_Asked(page, context, frozenset(account_key(name) for name in names)))


@frozen
class _Asked:
    """A page, what is known beside it, and the keys of the owner's own names."""

    page: Page
    context: Mapping[str, Any]
    own: frozenset[str]

    @property
    def subject(self) -> str:
        """The account that was asked about; raises `ParseError` where the page does not say so."""
        return self.told("user")

    @property
    def captured(self) -> datetime:
        """When the counts were taken; raises `ParseError` where the page does not say so."""
        if self.page.captured is None:
            raise ParseError("expected a page that says when it was captured", where=self.page.where)
        return self.page.captured

    @property
    def published(self) -> datetime | None:
        """When the post was that the question is about."""
        return from_microseconds(moment(self.context.get("published")))

    def told(self, name: str) -> str:
        found = text(self.context.get(name))
        if found is None:
            raise ParseError(f"expected a page that says its {name}", where=self.page.where)
        return found

    def listing(self) -> Listing:
        return decode(self.page.body, Listing, self.page.where)

    def is_own(self, *names: str | None) -> bool:
        return any(name is not None and account_key(name) in self.own for name in names)

    def flaw(self, place: object, reason: str) -> Flaw:
        return Flaw(where=f"{self.page.where}: {place}", reason=reason)

    def time(self, written: str | None, place: object) -> tuple[datetime | None, list[Flaw]]:
        """Return a time, and what is wrong with it."""
        found = moment(written)
        flaws = [self.flaw(place, "expected a time of the Graph API, found another")] if found == BAD else []
        return from_microseconds(found), flaws

    def tally(self, kind: str, item: str, total: object, *, published: datetime | None, place: object) -> Iterator[Row]:
        """Yield a running total; nothing for one that is missing."""
        found = count(total)
        if found == BAD:
            yield self.flaw(place, "expected a whole number of at least 0, found something else")
        elif found is not None:
            yield Tally(
                network=NETWORK, kind=kind, subject=self.subject, item=item, total=found, captured=self.captured, item_time=published
            )

    def profile(self, user: User) -> Iterator[Row]:
        audience = count(user.followers_count)
        yield Profile(
            network=NETWORK,
            id=user.account,
            handle=text(user.username),
            name=text(user.name),
            audience=None if audience == BAD else audience,
            captured=self.page.captured,
        )


def _look(asked: _Asked) -> Iterator[Row]:
    user = decode(asked.page.body, User, asked.page.where)
    if asked.is_own(user.account, user.username):
        yield from asked.profile(user)


def _accounts(asked: _Asked) -> Iterator[Row]:
    for number, page in elements(asked.listing().data, LinkedPage):
        user = page.instagram_business_account if page else None
        if page is None:
            yield asked.flaw(f"element {number}", "expected a Page, found something else")
        elif user is not None and asked.is_own(user.account, user.username):
            yield from asked.profile(user)


def _posts(asked: _Asked) -> Iterator[Row]:
    for number, post in elements(asked.listing().data, Media):
        place = f"element {number}"
        if post is None:
            yield asked.flaw(place, "expected a post, found something else")
            continue
        published, flaws = asked.time(post.timestamp, place)
        yield from flaws
        yield from asked.tally(LIKE, str(post.id), post.like_count, published=published, place=place)


def _comments(asked: _Asked) -> Iterator[Row]:
    media = asked.told("media")
    for number, comment in elements(asked.listing().data, Comment):
        place = f"element {number}"
        if comment is None:
            yield asked.flaw(place, "expected a comment, found something else")
            continue
        yield from _comment(asked, comment, COMMENT, media, place)
        to_own = asked.is_own(comment.handle, comment.actor)
        for answer, reply in elements(comment.replies.data if comment.replies else (), Comment):
            yield from _reply(asked, reply, media, str(comment.id), to_own=to_own, place=f"{place}, answer {answer}")


def _replies(asked: _Asked) -> Iterator[Row]:
    media, comment = asked.told("media"), asked.told("comment")
    for number, reply in elements(asked.listing().data, Comment):
        yield from _reply(asked, reply, media, comment, to_own=asked.context.get("to_own") is True, place=f"element {number}")


def _reply(asked: _Asked, reply: Comment | None, media: str, comment: str, *, to_own: bool, place: str) -> Iterator[Row]:
    """An answer to one's own comment is a reply, and nothing else; every other one is a comment on the post."""
    if reply is None:
        yield asked.flaw(place, "expected a comment, found something else")
    else:
        yield from _comment(asked, reply, REPLY if to_own else COMMENT, comment if to_own else media, place)


def _comment(asked: _Asked, comment: Comment, kind: str, item: str, place: str) -> Iterator[Row]:
    time, flaws = asked.time(comment.timestamp, place)
    yield from flaws
    if asked.is_own(comment.handle, comment.actor):
        yield from asked.tally(LIKE, str(comment.id), comment.like_count, published=time, place=place)
        return
    yield from _known_by(comment, asked.page.captured)
    published = asked.published if kind == COMMENT else None
    yield _reaction(asked, kind, comment.actor, item, time, id_=str(comment.id), item_time=published)


def _tags(asked: _Asked) -> Iterator[Row]:
    for number, post in elements(asked.listing().data, Media):
        place = f"element {number}"
        if post is None:
            yield asked.flaw(place, "expected a post, found something else")
        elif not asked.is_own(post.username):
            time, flaws = asked.time(post.timestamp, place)
            yield from flaws
            yield _reaction(asked, TAG, post.username or None, None, time, id_=str(post.id))


def _mention(asked: _Asked) -> Iterator[Row]:
    found = decode(asked.page.body, Mentioned, asked.page.where)
    post, comment = found.mentioned_media, found.mentioned_comment
    # Under one's own post it is a comment, and read as that.
    if comment is not None and not asked.is_own(comment.handle, comment.actor, comment.media.username if comment.media else None):
        time, flaws = asked.time(comment.timestamp, "the comment")
        yield from flaws
        yield from _known_by(comment, asked.page.captured)
        yield _reaction(asked, MENTION, comment.actor, None, time, id_=str(comment.id))
    if post is not None and not asked.is_own(post.username):
        time, flaws = asked.time(post.timestamp, "the post")
        yield from flaws
        yield _reaction(asked, MENTION, post.username or None, None, time, id_=str(post.id))


def _insights(asked: _Asked) -> Iterator[Row]:
    for number, metric in elements(asked.listing().data, Metric):
        place = f"element {number}"
        if metric is None:
            yield asked.flaw(place, "expected a number of a post's insights, found something else")
        elif metric.name in _METRICS:
            kind, media = _METRICS[metric.name], asked.told("media")
            yield from asked.tally(kind, media, metric.total, published=asked.published, place=place)


def _audience(asked: _Asked) -> Iterator[Row]:
    user = decode(asked.page.body, Discovery, asked.page.where).business_discovery
    audience = count(user.followers_count)
    if audience == BAD:
        yield asked.flaw("followers_count", "expected a whole number of at least 0, found something else")
    elif audience is not None:
        # Known by the id that comments have, which is another one than that of the account.
        yield Profile(network=NETWORK, id=asked.told("actor"), handle=text(user.username), audience=audience, captured=asked.page.captured)


def _refused(asked: _Asked) -> Iterator[Row]:
    return iter(())


def _known_by(comment: Comment, captured: datetime | None) -> Iterator[Row]:
    """Tell which id a user name stands for: tags and exports know only the name."""
    if comment.actor and comment.handle and comment.actor != comment.handle:
        yield Profile(network=NETWORK, id=comment.actor, handle=comment.handle, captured=captured)


def _reaction(
    asked: _Asked, kind: str, actor: str | None, item: str | None, time: datetime | None, *, id_: str, item_time: datetime | None = None
) -> Interaction:
    return Interaction(
        network=NETWORK,
        kind=kind,
        subject=asked.subject,
        actor=actor,
        item=item,
        time=time,
        id=id_,
        item_time=item_time,
        captured=asked.page.captured,
    )


_READERS: Mapping[str, Callable[[_Asked], Iterator[Row]]] = {
    "look": _look,
    "accounts": _accounts,
    "posts": _posts,
    "comments": _comments,
    "replies": _replies,
    "tags": _tags,
    "mention": _mention,
    "insights": _insights,
    "audience": _audience,
    REFUSED: _refused,
}
