"""Pages to rows: what others did to the owner's posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import evolve

from kleos.contract import Flaw, Interaction, Owner, Page, Profile, Row, Tally, account_key
from kleos.errors import ParseError
from kleos_googleplus.post import Account, Post
from kleos_googleplus.posts_html import read_html
from kleos_googleplus.posts_json import read_json
from kleos_googleplus.vocabulary import COMMENT, NETWORK, PLUSONE, POLL_VOTE, RESHARE

__all__ = ["parse", "read_post"]


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions on a page's posts, and a `Profile` for everybody who has both an id and a custom address.

    A page is one file, or several on end: then ``context["members"]`` holds their [name, length] pairs. ``context["unread"]`` holds
    [name, reason] pairs of files that could not be read; each becomes a `Flaw`. Comments carry no id: HTML has none, and with the
    actor, the post and the second both formats of the same comment are one.
    """
    for name, reason in _pairs(page, "unread"):
        yield Flaw(where=str(name), reason=str(reason))
    met: set[Account] = set()
    for name, body in _members(page):
        try:
            post = read_post(body)
        except ParseError as error:
            yield Flaw(where=name, reason=error.message)
            continue
        if post is None:
            continue
        yield from (evolve(flaw, where=f"{name}: {flaw.where}") for flaw in post.flaws)
        if _foreign(post.author, page.owner):
            yield Flaw(where=name, reason="a post by somebody else than the owner: reactions to it are not received")
            continue
        yield from _profiles(post, page.captured, met)
        yield from _received(post, page)


def read_post(body: bytes) -> Post | None:
    """Read a file, JSON or HTML; None if it is not a post. Raises `ParseError` for one that is broken."""
    return read_html(body) if body.lstrip(b"\xef\xbb\xbf\r\n\t ")[:1] == b"<" else read_json(body)


def _members(page: Page) -> Iterator[tuple[str, bytes]]:
    if not page.context or "members" not in page.context:
        yield page.where, page.body
        return
    lengths = [(str(name), length) for name, length in _pairs(page, "members") if isinstance(length, int) and length >= 0]
    if len(lengths) != len(page.context["members"]) or sum(length for _, length in lengths) != len(page.body):
        raise ParseError("expected the lengths of the files on the page to add up to its bytes", where=page.where)
    start = 0
    for name, length in lengths:
        yield name, page.body[start : start + length]
        start += length


def _pairs(page: Page, key: str) -> Sequence[Sequence[object]]:
    pairs = (page.context or {}).get(key, ())
    if not isinstance(pairs, list | tuple) or any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in pairs):
        raise ParseError(f"expected pairs under {key!r} in the context of the page", where=page.where)
    return pairs


def _foreign(author: Account, owner: Owner | None) -> bool:
    mine = _owned(owner)
    return bool(mine) and author.keys.isdisjoint(mine) and account_key(author.name or "") not in mine


def _owned(owner: Owner | None) -> frozenset[str]:
    return frozenset(account_key(text) for text in (*owner.ids, *owner.handles, *owner.names)) if owner else frozenset()


def _profiles(post: Post, captured: datetime | None, met: set[Account]) -> Iterator[Profile]:
    everybody = (post.author, *post.plusones, *post.reshares, *post.votes, *(comment.author for comment in post.comments))
    for account in everybody:
        if account.id and account.handle and account not in met:
            met.add(account)
            # Display names of others are not handed on: nothing needs them.
            name = account.name if account is post.author else None
            yield Profile(network=NETWORK, id=account.id, handle=account.handle, name=name, captured=captured)


def _received(post: Post, page: Page) -> Iterator[Interaction | Tally]:
    mine = post.author.keys | _owned(page.owner)

    def reaction(kind: str, account: Account, time: datetime | None = None) -> Interaction:
        return Interaction(
            network=NETWORK, kind=kind, subject=post.author.key, actor=account.key, item=post.item, time=time, item_time=post.time
        )

    for kind, accounts in ((PLUSONE, post.plusones), (RESHARE, post.reshares), (POLL_VOTE, post.votes)):
        yield from (reaction(kind, account) for account in accounts if account.keys.isdisjoint(mine))
    for comment in post.comments:
        if comment.author.keys.isdisjoint(mine):
            yield reaction(COMMENT, comment.author, comment.time)
    captured = page.captured or post.updated or post.time
    if post.votes_total is not None and captured is not None:
        own = sum(not account.keys.isdisjoint(mine) for account in post.votes)
        total = max(0, post.votes_total - own)
        yield Tally(
            network=NETWORK,
            kind=POLL_VOTE,
            subject=post.author.key,
            item=post.item,
            total=total,
            captured=captured,
            item_time=post.time,
        )
