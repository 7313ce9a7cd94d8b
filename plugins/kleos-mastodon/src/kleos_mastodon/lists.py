"""The lists that a server is asked for, page by page, and what is left after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from attrs import evolve, frozen

from kleos.errors import FetchError, ParseError
from kleos_mastodon.answers import NOTIFICATIONS, POSTS, listed
from kleos_mastodon.plan import Plan
from kleos_mastodon.values import UNREADABLE, moment, text

__all__ = ["Answer", "Ask", "lists", "understood"]


@frozen
class Answer:
    """A page of a list, newest first."""

    where: str
    body: bytes
    first: str | None
    last: str | None
    """The ids of the newest and the oldest entry; None where the list has ended."""
    reaches: datetime | None
    """When the oldest was made, where it says so."""


class Ask(Protocol):
    """Asks for a page of the list `name`: its newest entries, those before `max_id`, or those next after `min_id`."""

    def __call__(self, name: str, **paging: str | None) -> Answer: ...


def lists(ask: Ask, plan: Plan, now: datetime, since: datetime) -> Iterator[tuple[str, Answer, Plan]]:
    """Yield the name of a list, a page of it, and the plan from there on; nothing older than `since` is asked for."""
    left = plan
    for answer, left in _notifications(ask, plan, since):
        yield NOTIFICATIONS, answer, left
    begun = left.pass_begun(now)
    for answer, left in _posts(ask, begun, since):
        yield POSTS, answer, left


def understood(body: bytes, where: str) -> Answer:
    """Return an answer with the ids to page by; raises `FetchError`."""
    hint = "what was collected is kept; run again later"
    try:
        entries = listed(body, where)
        first, last = (text(entries[0]["id"]), text(entries[-1]["id"])) if entries else (None, None)
    except ParseError as error:
        raise FetchError(error.message, where=where, hint=hint) from None
    except UNREADABLE:
        raise FetchError("expected entries with an id, found something else", where=where, hint=hint) from None
    reaches = None
    with suppress(*UNREADABLE):
        reaches = moment(entries[-1]["created_at"])
    return Answer(where, body, first, last, reaches)


def _notifications(ask: Ask, plan: Plan, since: datetime) -> Iterator[tuple[Answer, Plan]]:
    while plan.first_reading:
        answer = ask(NOTIFICATIONS, max_id=plan.older)
        _moved(answer, answer.last, plan.older)
        plan = evolve(plan, newest=plan.newest or answer.first, older=None if _ended(answer, since) else answer.last)
        yield answer, plan
        if answer.last is None:
            break
    while plan.newest:
        answer = ask(NOTIFICATIONS, min_id=plan.newest)
        if answer.first is None:
            return
        _moved(answer, answer.first, plan.newest)
        plan = evolve(plan, newest=answer.first)
        yield answer, plan


def _posts(ask: Ask, plan: Plan, since: datetime) -> Iterator[tuple[Answer, Plan]]:
    while plan.began is not None:
        answer = ask(POSTS, max_id=plan.posts)
        _moved(answer, answer.last, plan.posts)
        ended = _ended(answer, since)
        plan = evolve(plan, posts=None if ended else answer.last, began=None if ended else plan.began)
        yield answer, plan


def _ended(answer: Answer, since: datetime) -> bool:
    return answer.last is None or (answer.reaches is not None and answer.reaches < since)


def _moved(answer: Answer, to: str | None, asked: str | None) -> None:
    """Raise `FetchError` where a server does not page, and would be asked the same for ever."""
    if to is not None and to == asked:
        raise FetchError("the server gives the same page again", where=answer.where, hint="what was collected is kept; update the server")
