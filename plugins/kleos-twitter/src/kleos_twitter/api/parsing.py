"""From an answer of the API to the reactions in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from kleos.contract import Batch, Flaw, Page, Row, account_key
from kleos.errors import ParseError
from kleos_twitter.api.answers import decode
from kleos_twitter.bulk.gathering import Gathered
from kleos_twitter.bulk.modern import read_answer
from kleos_twitter.bulk.records import Envelope, Post, User
from kleos_twitter.bulk.softening import soften
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import microseconds, to_microseconds

__all__ = ["parse"]

T = TypeVar("T")

_POSTS = ("own", "mentions", "replies", "quotes")
_GIVEN = {"reposts": "retweet", "likes": "like"}
_ACCOUNTS = ("me", "look", "audiences")


class _People(msgspec.Struct):
    """An answer that holds accounts."""

    data: list[User] | User = []


def parse(page: Page) -> Iterator[Row]:
    """Yield what the owner received by one answer; `context` says what was asked (see `tasks`) and whose it is. Raises `ParseError`."""
    context = page.context or {}
    ask = context.get("ask")
    if ask not in (*_POSTS, *_GIVEN, *_ACCOUNTS):
        raise ParseError("expected a page that says what was asked", where=page.where, hint="collect it again")
    captured = None if page.captured is None else to_microseconds(page.captured)
    own = {account_key(text) for text in _texts(context.get("own"))}
    gathered = Gathered(only=own)
    if decode(page.body, page.where).given[0]:
        if ask in _POSTS:
            _posts(page, context, captured, gathered)
        else:
            yield from _people(page, context, captured, gathered)
    yield from gathered.rows()


def _posts(page: Page, context: Mapping[str, Any], captured: int | None, gathered: Gathered) -> None:
    subject, item, made = (_text(context.get(name)) for name in ("subject", "item", "item_time"))
    asked_about = [Post(id=item, author_id=subject, created_at=made or None)] if subject and item else []
    envelope = _read(page, Envelope, gathered)
    if envelope is not None:
        read_answer(envelope, captured, asked_about, gathered)


def _people(page: Page, context: Mapping[str, Any], captured: int | None, gathered: Gathered) -> Iterator[Row]:
    people = _read(page, _People, gathered)
    if people is None:
        return
    users = people.data if isinstance(people.data, list) else [people.data]
    audiences = [user.public_metrics.followers_count if user.public_metrics is not None else None for user in users]
    gathered.meet(
        [user.id for user in users], [user.username for user in users], [user.name for user in users], audiences, [captured] * len(users)
    )
    kind, subject, item = _GIVEN.get(str(context.get("ask"))), _text(context.get("subject")), _text(context.get("item"))
    own = {account_key(text) for text in _texts(context.get("own"))}
    given = [(user.id, audience) for user, audience in zip(users, audiences, strict=True) if account_key(user.id) not in own]
    if kind is not None and subject and item and given:
        count = len(given)
        (made,) = microseconds([_text(context.get("item_time")) or None])
        yield Batch(
            network=NETWORK,
            kind=[kind] * count,
            subject=[subject] * count,
            actor=[id_ for id_, _ in given],
            item=[item] * count,
            item_time=[made] * count,
            captured=[captured] * count,
            audience=[audience for _, audience in given],
        )


def _read(page: Page, type_: type[T], gathered: Gathered) -> T | None:
    """Return the answer, without the parts of it that are not what they should be: those are flaws."""
    try:
        return msgspec.json.decode(page.body, type=type_)
    except (ValueError, RecursionError):
        record, reasons = soften(page.body, type_)
    gathered.flaws.extend(Flaw(where=page.where, reason=reason) for reason in reasons)
    return record


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Collection[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, Sequence) and not isinstance(value, str) else ()
