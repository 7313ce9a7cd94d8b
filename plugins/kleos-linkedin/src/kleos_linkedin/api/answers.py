"""Answers of the API to rows: what others did to the posts of a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from kleos.contract import Flaw, Interaction, Page, Profile, Row, account_key
from kleos.errors import ParseError
from kleos_linkedin.accounts import keys_of, organization_of
from kleos_linkedin.api.shapes import Answer, Comment, Reaction, decode, elements
from kleos_linkedin.kinds import COMMENT, NETWORK, REACTION, REPLY

__all__ = ["parse"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = 1_052_092_800_000
"""LinkedIn began in May 2003 (unix ms)."""
_LATEST = 7_258_118_400_000


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions and comments of an answer; `Page.context` says what was asked (see `kleos_linkedin.api.tasks`).

    An answer in somebody else's thread is a comment on the post; one to the page's own comment is a reply to that, and nothing else. What
    the page did itself is left out. Raises `ParseError` for what is no answer, or has no question.
    """
    told = page.context or {}
    organization = organization_of(str(told.get("organization") or ""))
    ask, post = told.get("ask"), told.get("post")
    if organization is None or ask not in ("posts", "reactions", "comments", "replies") or (ask != "posts" and not isinstance(post, str)):
        raise ParseError("expected to be told what was asked of the API, found nothing of that kind", where=page.where)
    answer = decode(page.body, page.where)
    if ask == "posts":
        # Whoever writes only the number into the configuration means the same page.
        yield Profile(network=NETWORK, id=organization, handle=organization.rpartition(":")[2], captured=page.captured)
        return
    own = {account_key(organization)} | {account_key(organization_of(key) or key) for key in keys_of(page.owner)}
    assert isinstance(post, str)
    for row in _reactions(page, answer, told) if ask == "reactions" else _comments(page, answer, told):
        if isinstance(row, Flaw) or row.actor is None or account_key(row.actor) not in own:
            yield row


def _reactions(page: Page, answer: Answer, told: Mapping[str, Any]) -> Iterator[Interaction | Flaw]:
    for place, reaction in elements(answer, Reaction):
        if reaction is None:
            yield _broken(page, place)
            continue
        time = _time(reaction.created.time)
        if time is None:
            yield _undated(page, place)
        yield Interaction(
            network=NETWORK,
            kind=REACTION,
            subject=str(organization_of(told["organization"])),
            actor=reaction.created.actor or None,
            item=told["post"],
            time=time,
            id=reaction.id or None,
            item_time=_time(told.get("posted")),
        )


def _comments(page: Page, answer: Answer, told: Mapping[str, Any]) -> Iterator[Interaction | Flaw]:
    comment_urn = told.get("comment")
    to_own = told["ask"] == "replies" and told.get("to_own") is True and isinstance(comment_urn, str)
    for place, comment in elements(answer, Comment):
        name = None if comment is None else comment.comment_urn or comment.id
        if comment is None or not name:
            yield _broken(page, place)
            continue
        if comment.parent_comment and told["ask"] == "comments":
            continue
        time = _time(comment.created.time)
        if time is None:
            yield _undated(page, place)
        yield Interaction(
            network=NETWORK,
            kind=REPLY if to_own else COMMENT,
            subject=str(organization_of(told["organization"])),
            actor=comment.author or None,
            item=comment_urn if to_own else told["post"],
            time=time,
            id=name,
            item_time=_time(told.get("commented" if to_own else "posted")),
        )


def _time(milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or not _EARLIEST <= milliseconds < _LATEST:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _broken(page: Page, place: int) -> Flaw:
    return Flaw(where=f"{page.where}: element {place + 1}", reason="expected a reaction or comment of the API, found something else")


def _undated(page: Page, place: int) -> Flaw:
    return Flaw(where=f"{page.where}: element {place + 1}", reason="expected a time in milliseconds, found none")
