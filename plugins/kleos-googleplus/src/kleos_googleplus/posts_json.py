"""A post from the JSON of an archive: one object per file.

Field names as in real files: ``url``, ``creationTime``, ``updateTime``, ``author``, ``comments[]``, ``plusOnes[]{plusOner}``,
``reshares[]{resharer}``, ``poll{choices[]{voteCount,votes[]{voter}}}``, ``resourceName``, ``postAcl``. Lists are absent when empty.
``resharedPost`` is what the owner reshared of somebody else's: given, not received, hence not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kleos.contract import Flaw
from kleos.errors import ParseError
from kleos_googleplus.post import Account, Comment, Post, account_of, item_of, time_of

__all__ = ["read_json"]

_MOST_VOTES = 1_000_000_000


class _Person(msgspec.Struct, rename="camel"):
    resource_name: str | None = None
    profile_page_url: str | None = None
    display_name: str | None = None


class _Reaction(msgspec.Struct, rename="camel"):
    """An element of ``comments``, ``plusOnes``, ``reshares`` or ``votes``: one of the four persons is there."""

    author: _Person | None = None
    plus_oner: _Person | None = None
    resharer: _Person | None = None
    voter: _Person | None = None
    creation_time: str | None = None

    @property
    def account(self) -> Account | None:
        return _account(self.author or self.plus_oner or self.resharer or self.voter)


class _Choice(msgspec.Struct, rename="camel"):
    vote_count: str | int | None = None
    votes: list[msgspec.Raw] | None = None


class _Poll(msgspec.Struct):
    choices: list[msgspec.Raw] | None = None


class _Post(msgspec.Struct, rename="camel"):
    url: str | None = None
    resource_name: str | None = None
    creation_time: str | None = None
    update_time: str | None = None
    author: _Person | None = None
    comments: list[msgspec.Raw] | None = None
    plus_ones: list[msgspec.Raw] | None = None
    reshares: list[msgspec.Raw] | None = None
    poll: msgspec.Raw = msgspec.Raw(b"null")


# Lists stay raw at first, so that one bad element costs only itself.
_POST = msgspec.json.Decoder(_Post)
_REACTION = msgspec.json.Decoder(_Reaction)
_CHOICE = msgspec.json.Decoder(_Choice)
_POLL = msgspec.json.Decoder(_Poll | None)


def read_json(body: bytes) -> Post | None:
    """Read a post; None if the JSON is something else, such as the notes beside a photo.

    Raises `ParseError` where the JSON breaks off, is not JSON, or its fields have other types than a post's.
    """
    try:
        found = _POST.decode(body)
    except msgspec.ValidationError:
        if b'"postAcl"' not in body:
            return None
        raise ParseError("a field of the post has an unexpected type") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise ParseError("expected JSON, found text that breaks off or is not JSON") from None
    item = item_of(found.url) or item_of(f"/{found.resource_name}")
    if item is None:
        if found.author is None or b'"postAcl"' not in body:
            return None
        raise ParseError("a post without an address")
    author = _account(found.author)
    if author is None:
        raise ParseError("a post without an author")
    return _read(found, item, author)


def _read(found: _Post, item: str, author: Account) -> Post:
    flaws: list[Flaw] = []
    time = time_of(found.creation_time)
    if time is None:
        flaws.append(Flaw(where="post", reason="a post without a sensible time"))
    votes, total = _votes(found.poll, flaws)
    return Post(
        item=item,
        author=author,
        time=time,
        updated=time_of(found.update_time),
        comments=list(_comments(found.comments, flaws)),
        plusones=[account for _, account, _ in _reactions(found.plus_ones, "+1", flaws)],
        reshares=[account for _, account, _ in _reactions(found.reshares, "reshare", flaws)],
        votes=votes,
        votes_total=total,
        flaws=flaws,
    )


def _comments(elements: Sequence[msgspec.Raw] | None, flaws: list[Flaw]) -> Iterator[Comment]:
    for place, account, reaction in _reactions(elements, "comment", flaws):
        time = time_of(reaction.creation_time)
        if time is None:
            flaws.append(Flaw(where=place, reason="a comment without a sensible time"))
        yield Comment(author=account, time=time)


def _reactions(elements: Sequence[msgspec.Raw] | None, what: str, flaws: list[Flaw]) -> Iterator[tuple[str, Account, _Reaction]]:
    for number, element in enumerate(elements or (), 1):
        place = f"{what} {number}"
        try:
            reaction = _REACTION.decode(element)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            flaws.append(Flaw(where=place, reason=f"a {what} whose fields have an unexpected type"))
            continue
        account = reaction.account
        if account is None:
            flaws.append(Flaw(where=place, reason=f"a {what} that does not say by whom"))
            continue
        yield place, account, reaction


def _votes(raw: msgspec.Raw, flaws: list[Flaw]) -> tuple[list[Account], int | None]:
    try:
        poll = _POLL.decode(raw)
        choices = [_CHOICE.decode(choice) for choice in (poll.choices if poll else None) or ()]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        flaws.append(Flaw(where="poll", reason="a poll whose fields have an unexpected type"))
        return [], None
    voters = [account for choice in choices for _, account, _ in _reactions(choice.votes, "vote", flaws)]
    counts = [_count(choice.vote_count) for choice in choices if choice.vote_count is not None]
    if None in counts:
        flaws.append(Flaw(where="poll", reason="a poll whose count of votes is not a sensible number"))
    known = [count for count in counts if count is not None]
    return voters, sum(known) if known else None


def _count(text: str | int) -> int | None:
    digits = str(text).strip()
    # Longer texts would be slow to convert, and no poll had a billion voters.
    count = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(_MOST_VOTES)) else None
    return count if count is not None and count <= _MOST_VOTES else None


def _account(person: _Person | None) -> Account | None:
    if person is None:
        return None
    return account_of(resource=person.resource_name, url=person.profile_page_url, name=person.display_name)
