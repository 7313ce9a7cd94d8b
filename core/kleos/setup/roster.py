"""Whose the accounts are: a person may have one on each network, and people may share a name."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from attrs import frozen

from kleos.config import Person
from kleos.contract import Owner, account_key

__all__ = ["Account", "Roster", "make_roster", "same_owner"]

_UNUSABLE = re.compile(r"[^a-z0-9_]+")
_LONGEST = 40


@frozen(kw_only=True)
class Account:
    """An account that somebody in the data owns."""

    network: str
    owner: Owner
    label: str = ""
    """What to call its owner where nothing is known of them."""


@frozen(kw_only=True)
class Roster:
    """The people behind accounts."""

    people: tuple[Person, ...]
    places: tuple[int, ...]
    """For each account, whose it is: an index into `people`."""
    joined: tuple[str, ...]
    """Why accounts of several networks were taken for one person's: a sentence each."""


def make_roster(accounts: Sequence[Account]) -> Roster:
    """Make people of accounts, in their order.

    Accounts of one network are one person's if they share an id or a handle. Accounts of different networks are if their handle or their
    display name is the same, and nobody else in the data has it on one of these networks.
    """
    groups = list(range(len(accounts)))
    for second, account in enumerate(accounts):
        for first, other in enumerate(accounts[:second]):
            if account.network == other.network and same_owner(account.owner, other.owner):
                _unite(groups, {groups[first], groups[second]})
    for sort in ("handles", "names"):
        for wearers in _wearers(accounts, sort):
            its = {groups[place] for place in wearers}
            worn = Counter(network for group in its for network in _networks(accounts, groups, group))
            if len(its) > 1 and max(worn.values()) == 1:
                _unite(groups, its)
    taken: set[str] = set()
    claimed: set[tuple[str, str]] = set()
    members = {group: [account for account, of in zip(accounts, groups, strict=True) if of == group] for group in dict.fromkeys(groups)}
    people = {group: _person(its, taken, claimed) for group, its in members.items()}
    joined = [
        f"{_called(its)} of {' and '.join(networks)} is taken for one person, {people[group].id}"
        for group, its in members.items()
        if len(networks := list(dict.fromkeys(account.network for account in its))) > 1
    ]
    order = {group: place for place, group in enumerate(people)}
    return Roster(people=tuple(people.values()), places=tuple(order[group] for group in groups), joined=tuple(joined))


def same_owner(one: Owner, other: Owner) -> bool:
    """Tell whether two owners on one network are the same: by ids where both have some, else by handles, else by display names."""
    for mine, theirs in ((one.ids, other.ids), (one.handles, other.handles), (one.names, other.names)):
        if mine and theirs:
            return not {account_key(text) for text in mine}.isdisjoint(account_key(text) for text in theirs)
    return False


def _unite(groups: list[int], several: Collection[int]) -> None:
    first = min(several)
    groups[:] = [first if group in several else group for group in groups]


def _wearers(accounts: Sequence[Account], sort: str) -> list[list[int]]:
    """Return, for each handle or display name (the present one of each account), which accounts have it."""
    found: dict[str, list[int]] = {}
    for place, account in enumerate(accounts):
        for name in getattr(account.owner, sort)[:1]:
            found.setdefault(" ".join(account_key(name).split()), []).append(place)
    found.pop("", None)
    return list(found.values())


def _networks(accounts: Sequence[Account], groups: Sequence[int], group: int) -> set[str]:
    return {account.network for account, of in zip(accounts, groups, strict=True) if of == group}


def _person(members: Sequence[Account], taken: set[str], claimed: set[tuple[str, str]]) -> Person:
    """Make a person of accounts; `taken` ids and `claimed` accounts are those of the people before: a handle may have changed hands."""
    accounts: dict[str, dict[str, str]] = {}
    for account in members:
        for text in _texts(account.owner):
            if (account.network, account_key(text)) not in claimed:
                accounts.setdefault(account.network, {}).setdefault(account_key(text), text)
    claimed.update((network, key) for network, texts in accounts.items() for key in texts)
    id_ = base = _slug(members)
    for number in itertools.count(2):
        if id_ not in taken:
            break
        id_ = f"{base}-{number}"
    taken.add(id_)
    return Person(id=id_, name=_called(members), accounts={network: tuple(texts.values()) for network, texts in accounts.items()})


def _texts(owner: Owner) -> Sequence[str]:
    """Return what to write for an account: the present handle, which people know, and the ids, which never change."""
    handles, ids, names = (
        [text for text in texts if account_key(text) and _readable(text) == text]
        for texts in (owner.handles[:1], owner.ids, owner.names[:1])
    )
    return (*handles, *ids) or names


def _readable(text: str) -> str:
    """Return a text as a file can hold it: half of a surrogate pair, which some exports have, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _called(members: Iterable[Account]) -> str:
    members = list(members)
    for sort in ("names", "handles", "ids"):
        for account in members:
            for text in getattr(account.owner, sort):
                if text.strip():
                    return " ".join(_readable(text).split())
    return " ".join(_readable(members[0].label).split()) or members[0].network


def _slug(members: Sequence[Account]) -> str:
    """Return an id for a configuration, of ASCII letters, digits, _ and -: the same for the same account, whatever else is there."""
    for account in members:
        owner = account.owner
        ids = [f"{account.network}-{id_}" for id_ in owner.ids]
        for text in (*owner.handles[:1], *owner.names[:1], *ids, account.label):
            plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
            slug = _UNUSABLE.sub("-", plain).strip("-_")[:_LONGEST]
            if slug:
                return slug
    return f"{members[0].network}-owner"
