"""Answers of the Graph API to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from attrs import frozen

from kleos.contract import Page, Profile, Row, Tally
from kleos.errors import ParseError
from kleos_facebook.api.shapes import Answer, Comment, Post, Reactor, decode, elements
from kleos_facebook.gathered import Gathered
from kleos_facebook.kinds import COMMENT, MENTION, NETWORK, REACTION, REPLY, SHARE, WALL_POST
from kleos_facebook.values import BAD, count, from_microseconds, moment

__all__ = ["parse"]


@frozen(kw_only=True)
class _Asked:
    """What an answer does not repeat of its question."""

    page: str
    post: str | None
    time: int | None
    """When it was posted, in unix microseconds."""
    captured: datetime | None
    gathered: Gathered
    tallies: list[Tally]

    def total(self, kind: str, item: str, total: object, time: int | None, where: str) -> None:
        """Take the running total of a kind of reaction to an item, where there is one."""
        number = count(total)
        if number == BAD:
            self.gathered.flaw(where, f"a number of {kind}s that makes no sense")
        elif number is not None and self.captured is not None:
            item_time = None if time is None else from_microseconds(time)
            self.tallies.append(
                Tally(network=NETWORK, kind=kind, subject=self.page, item=item, total=number, captured=self.captured, item_time=item_time)
            )


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions of one answer; ``context`` says what was asked (`kleos_facebook.api.tasks`). Raises `ParseError`."""
    context = page.context or {}
    answer = decode(page.body, page.where)
    ask = context.get("ask")
    if ask == "look":
        yield from _look(answer, page)
        return
    subject, post, time = context.get("page"), context.get("post"), context.get("time")
    if not isinstance(subject, str) or not subject or not isinstance(ask, str) or ask not in _READERS:
        raise ParseError("nothing says which question of the Graph API this answers", where=page.where, hint="collect it again")
    own = context.get("own")
    known = [text for text in own if isinstance(text, str)] if isinstance(own, list | tuple) else []
    gathered = Gathered(subject, (subject, *known, *((*page.owner.ids, *page.owner.handles) if page.owner else ())))
    asked = _Asked(
        page=subject,
        post=post if isinstance(post, str) and post else None,
        time=time if isinstance(time, int) and 0 <= time < 2**53 else None,
        captured=page.captured,
        gathered=gathered,
        tallies=[],
    )
    _READERS[ask](answer, asked)
    yield from gathered.rows()
    yield from asked.tallies


def _look(answer: Answer, page: Page) -> Iterator[Row]:
    if not answer.id:
        raise ParseError("expected a Page, found a list", where=page.where, hint="collect it again")
    told = (count(number) for number in (answer.followers_count, answer.fan_count))
    audience = next((number for number in told if number is not None and number != BAD), None)
    yield Profile(
        network=NETWORK,
        id=answer.id,
        handle=answer.username or None,
        name=answer.name or None,
        audience=audience,
        captured=page.captured,
    )


def _posts(answer: Answer, asked: _Asked) -> None:
    for number, post in elements(answer.data, Post):
        if post is None:
            asked.gathered.flaw(f"post {number}", _BROKEN_POST)
        elif not asked.gathered.is_own(post.author or asked.page):
            asked.gathered.flaw(f"post {number}", "a post by somebody else than the Page: reactions to it are not received")
        else:
            time = _time(post.created_time, asked.gathered, f"post {number}", "a post")
            asked.total(REACTION, post.id, post.reacted, time, f"post {number}")
            asked.total(SHARE, post.id, post.shared, time, f"post {number}")


def _visitors(answer: Answer, asked: _Asked) -> None:
    for number, post in elements(answer.data, Post):
        if post is None:
            asked.gathered.flaw(f"post {number}", _BROKEN_POST)
        elif post.author is not None:  # without a name, it may as well be the Page's own
            time = _time(post.created_time, asked.gathered, f"post {number}", "a post")
            asked.gathered.take(WALL_POST, post.author, time=time, id_=post.id)


def _tagged(answer: Answer, asked: _Asked) -> None:
    for number, post in elements(answer.data, Post):
        if post is None:
            asked.gathered.flaw(f"post {number}", _BROKEN_POST)
        elif not post.id.startswith(f"{asked.page}_"):  # what stands on the Page itself is a wall post already
            time = _time(post.created_time, asked.gathered, f"post {number}", "a post")
            asked.gathered.take(MENTION, post.author, time=time, id_=post.id)


def _reactions(answer: Answer, asked: _Asked) -> None:
    for number, reactor in elements(answer.data, Reactor):
        if reactor is None or not reactor.id:
            asked.gathered.flaw(f"reaction {number}", "a reaction that does not say by whom: it is counted without a name")
        else:
            asked.gathered.take(REACTION, reactor.id, item=asked.post, item_time=asked.time)


def _comments(answer: Answer, asked: _Asked) -> None:
    comments = list(elements(answer.data, Comment))
    by = {comment.id: comment.author for _, comment in comments if comment}
    for number, comment in comments:
        if comment is None or not comment.id:
            asked.gathered.flaw(f"comment {number}", "a comment whose fields are missing or of an unexpected type")
            continue
        time = _time(comment.created_time, asked.gathered, f"comment {number}", "a comment")
        if asked.gathered.is_own(comment.author):
            asked.total(REACTION, comment.id, comment.like_count, time, f"comment {number}")
            continue
        answered = comment.answered
        to_own = answered is not None and asked.gathered.is_own(comment.answered_author or by.get(answered))
        asked.gathered.take(
            REPLY if to_own else COMMENT,
            comment.author,
            time=time,
            item=answered if to_own else asked.post,
            item_time=None if to_own else asked.time,
            id_=comment.id,
        )


def _shares(answer: Answer, asked: _Asked) -> None:
    for number, post in elements(answer.data, Post):
        if post is None:
            asked.gathered.flaw(f"share {number}", _BROKEN_POST)
        elif post.author is not None:  # those without a name are in the count
            time = _time(post.created_time, asked.gathered, f"share {number}", "a share")
            asked.gathered.take(SHARE, post.author, time=time, item=asked.post, item_time=asked.time, id_=post.id)


def _time(written: str | None, gathered: Gathered, where: str, what: str) -> int | None:
    time = moment(written)
    if time == BAD:
        gathered.flaw(where, f"{what} without a sensible time")
        return None
    return time


_BROKEN_POST = "a post whose fields are missing or of an unexpected type"

_READERS: Mapping[str, Callable[[Answer, _Asked], None]] = {
    "posts": _posts,
    "visitors": _visitors,
    "tagged": _tagged,
    "reactions": _reactions,
    "comments": _comments,
    "shares": _shares,
}
