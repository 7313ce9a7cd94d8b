"""Wishes understood: on which network, which of its reactions; and the rows that they stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kleos.config.rules import suggest
from kleos.contract import Kind, Network, Role
from kleos.errors import UsageError
from kleos.insight.rescoring import NewReaction
from kleos.insight.simulating.grammar import Wish
from kleos.insight.simulating.simulation import Addition

__all__ = ["ROLE_WORDS", "new_reactions", "understood"]

ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.LIKE: ("like", "favourite", "favorite"),
    Role.REPLY: ("reply", "comment", "answer"),
    Role.SHARE: ("share", "repost", "boost"),
    Role.MENTION: ("mention",),
    Role.ENDORSE: ("endorsement", "recommendation", "save"),
}
"""What people call the roles that are scored, whatever a network calls its own reaction."""
MICROSECONDS_A_DAY = 86_400_000_000


def understood(wish: Wish, networks: Mapping[str, Network], usual: Collection[str], *, window: int) -> Addition:
    """Return what a wish adds. `networks` are those that may be named, `usual` those that need not be, if it is a single one.

    Raises `UsageError` for a network or a kind that is not there, for one that is never scored, and for what cannot be.
    """
    network = _network(wish, networks, usual)
    name, kind = _kind(wish, network)
    span = window if wish.span is None else wish.span
    if span > window:
        longest = f"{window / MICROSECONDS_A_DAY:g} days"
        raise _wrong(wish, "expected a time within the window in which reactions count", f"after 'over', say at most {longest}")
    people = wish.number if wish.people is None else wish.people
    if kind.once and wish.posts is not None and wish.number > people * wish.posts:
        raise _wrong(
            wish,
            f"expected at most {people * wish.posts:,} {wish.kind}, found {wish.number:,}",
            f"on {network.title} a person can do that once to a post: say more people, more posts, or no posts",
        )
    return Addition(
        text=wish.text,
        network=network.name,
        network_title=network.title,
        kind=name,
        kind_title=kind.title,
        number=wish.number,
        people=people,
        followers=wish.followers,
        posts=wish.posts,
        span=span,
    )


def new_reactions(addition: Addition, as_of: int, *, name: str) -> list[NewReaction]:
    """Return the reactions of an addition up to `as_of` (µs): evenly over its span, the people and the posts by turns.

    `name` tells the new people and posts of several additions apart. Nobody reacts to a post twice as long as there are posts left.
    """
    rows = []
    for k in range(addition.number):
        turn, who = divmod(k, addition.people)
        rows.append(
            NewReaction(
                network=addition.network,
                kind=addition.kind,
                actor=f"{name} person {who + 1}",
                item=None if addition.posts is None else f"{name} post {(who + turn) % addition.posts + 1}",
                time=as_of - (2 * k + 1) * addition.span // (2 * addition.number),
                audience=addition.followers,
            )
        )
    return rows


def _network(wish: Wish, networks: Mapping[str, Network], usual: Collection[str]) -> Network:
    if wish.network is None:
        if len(usual) != 1:
            raise _wrong(wish, "expected 'on' and a network, found none", f"there are: {', '.join(sorted(networks))}")
        return networks[next(iter(usual))]
    asked = wish.network.casefold()
    for name, network in networks.items():
        if asked in {name, network.title.casefold(), *(alias.casefold() for alias in network.aliases)}:
            return network
    raise _wrong(wish, f"expected a network that is installed, found {wish.network!r}", suggest(asked, networks, "there are"))


def _kind(wish: Wish, network: Network) -> tuple[str, Kind]:
    singular = _singular(wish.kind)
    own = [
        (name, kind)
        for name, kind in network.kinds.items()
        if singular & ({name.replace("_", " "), name, kind.title.casefold()} | _singular(kind.title))
    ]
    roles = [role for role, words in ROLE_WORDS.items() if singular & set(words)]
    of_role = [(name, kind) for name, kind in network.kinds.items() if kind.role in roles]
    found = [*own, *of_role]
    scored = {name: kind for name, kind in network.kinds.items() if kind.role.in_any}
    if not found:
        raise _wrong(
            wish, f"expected a reaction of {network.title}, found {wish.kind!r}", suggest(min(singular, key=len), scored, "there are")
        )
    name, kind = found[0]
    if name not in scored:
        message = f"expected a reaction that is scored, found {wish.kind!r}: views and follows change no score"
        raise _wrong(wish, message, f"there are: {', '.join(scored)}")
    return name, kind


def _singular(words: str) -> set[str]:
    """Return what a word may be the plural of."""
    word = words.casefold().replace("_", " ")
    found = {word}
    if word.endswith("ies"):
        found.add(f"{word[:-3]}y")
    if word.endswith("es"):
        found.add(word[:-2])
    if word.endswith("s"):
        found.add(word[:-1])
    return found


def _wrong(wish: Wish, message: str, hint: str) -> UsageError:
    return UsageError(message, where=f"--add {wish.text!r}", hint=hint)
