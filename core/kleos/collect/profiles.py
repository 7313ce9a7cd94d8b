"""Profiles: what they teach about whose an account is, which id a handle stands for, and how many followers there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kleos.collect.cells import LARGEST
from kleos.collect.claims import Claims
from kleos.collect.faults import Faults
from kleos.collect.staged import Told
from kleos.contract import account_key
from kleos.store import Learnt, Link
from kleos.store.duck import INVALID
from kleos.store.pseudonyms import Pseudonyms

__all__ = ["learn"]


def learn(profiles: Iterable[tuple[Told, str]], network: str, claims: Claims, pseudonyms: Pseudonyms, faults: Faults) -> Learnt:
    """Return what profiles, each with the place where it was found, teach; those that make no sense are told and left out."""
    handles: dict[tuple[str, str], int] = {}
    audiences: dict[str, tuple[int, int]] = {}
    for profile, where in profiles:
        try:
            account, handle = account_key(profile.id), account_key(profile.handle or "")
        except (AttributeError, TypeError):
            account, handle = "", ""
        if not account or profile.captured == INVALID:
            faults.count("clean", where, "a profile was left out: expected texts for id and handle and a zone-aware time")
            continue
        captured, told = max(profile.captured, 0), profile.audience
        if handle and handle != account:
            handles[handle, account] = max(captured, handles.get((handle, account), 0))
        if type(told) is int and 0 <= told <= LARGEST:
            audiences[account] = max((captured, told), audiences.get(account, (0, 0)))
        elif told is not None:
            faults.count("clean", where, "the audience of a profile was left out: expected a whole number from 0 to 10^12")
    return Learnt(
        links=_links(handles, claims.accounts.get(network, {})),
        handles=[
            (pseudonyms.account(network, handle), pseudonyms.account(network, account), captured)
            for (handle, account), captured in handles.items()
        ],
        audiences=[(pseudonyms.account(network, account), told, captured) for account, (captured, told) in audiences.items()],
    )


def _links(handles: Mapping[tuple[str, str], int], known: Mapping[str, str]) -> list[Link]:
    """A configured person's handle leads to an id, and an id to more handles; which of them count, the store decides on reading."""
    links = []
    owned = dict(known)
    for (handle, account), captured in handles.items():
        if handle in known:
            links.append(Link(account=account, person=known[handle], sort="id", via=handle, captured=captured))
            owned.setdefault(account, known[handle])
    for (handle, account), captured in handles.items():
        if account in owned and handle not in known:
            links.append(Link(account=handle, person=owned[account], sort="handle", via=account, captured=captured))
    return links
