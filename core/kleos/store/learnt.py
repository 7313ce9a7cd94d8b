"""What imports teach about accounts: which belong to a configured person, which handle is which id, who has how many followers."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from attrs import frozen

from kleos.store.catalog import Catalog

__all__ = ["DECLARED", "Learnt", "Link", "known_accounts", "newest_audiences", "newest_handles", "remember"]

DECLARED = 2**62
"""`captured` of what an export says about its own owner: it outdates everything that others say."""


@frozen(kw_only=True)
class Link:
    """An account that belongs to a person of the configuration; kept in plain text."""

    account: str
    """The account's key (`kleos.contract.account_key`)."""
    person: str
    sort: Literal["id", "handle", "name"]
    via: str = ""
    """The key of the account by which this one is known; empty where the owner's own export says it."""
    captured: int = DECLARED
    """When it was so, in µs."""


@frozen(kw_only=True)
class Learnt:
    """What one import teaches about a network's accounts. Everybody is told by pseudonym, except in `links`."""

    links: Sequence[Link] = ()
    handles: Sequence[tuple[str, str, int]] = ()
    """(the handle, the id, captured in µs)."""
    audiences: Sequence[tuple[str, int, int]] = ()
    """(the account, its followers, captured in µs)."""


def remember(connection: sqlite3.Connection, network: str, learnt: Learnt) -> None:
    """Add to the catalogue inside its transaction; the same again, or in another order, changes nothing."""
    connection.executemany(
        "INSERT INTO accounts (network, account, via, sort, person, captured) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (network, account, via) DO UPDATE SET person = excluded.person, sort = excluded.sort, "
        "captured = max(captured, excluded.captured)",
        [(network, link.account, link.via, link.sort, link.person, link.captured) for link in learnt.links],
    )
    connection.executemany(
        "INSERT INTO handles VALUES (?, ?, ?, ?) "
        "ON CONFLICT (network, handle, id) DO UPDATE SET captured = max(captured, excluded.captured)",
        [(network, *row) for row in learnt.handles],
    )
    connection.executemany(
        "INSERT INTO audiences VALUES (?, ?, ?, ?) ON CONFLICT (network, account) DO UPDATE SET audience = excluded.audience, "
        "captured = excluded.captured WHERE (excluded.captured, excluded.audience) > (captured, audience)",
        [(network, *row) for row in learnt.audiences],
    )


def known_accounts(catalog: Catalog, people: Collection[str], configured: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return {network: {account key: person}}: the configured accounts of `people`, and those that imports have added to them.

    `configured` has the same shape, and the last word. Handles change hands: an id that others tell of a handle counts only where the
    owner's own export names none, and only the newest; a handle that is known through an id leads no further.
    """
    known = {network: dict(accounts) for network, accounts in configured.items()}
    rows = catalog.read("SELECT network, account, via, sort, person FROM accounts ORDER BY captured DESC, account DESC")
    declared = {(network, account): person for network, account, via, _, person in rows if not via and person in people}
    for (network, account), person in declared.items():
        known.setdefault(network, {}).setdefault(account, person)
    with_id = {(network, person) for network, _, via, sort, person in rows if not via and sort == "id"}

    found: dict[tuple[str, str], str] = {}
    for network, account, via, sort, _ in rows:
        owner = known.get(network, {}).get(via)
        settled = (network, via) in declared and (network, owner) in with_id
        if via and sort == "id" and owner is not None and not settled:
            found.setdefault((network, via), account)
    for (network, via), account in found.items():
        known[network].setdefault(account, known[network][via])

    told = [
        (network, account, known[network][via])
        for network, account, via, sort, _ in rows
        if sort == "handle" and via in known.get(network, {})
    ]
    for network, account, person in told:
        known[network].setdefault(account, person)
    return known


def newest_handles(catalog: Catalog) -> list[tuple[Any, ...]]:
    """Return (network, pseudonym of a handle, pseudonym of the id that it belonged to last)."""
    return catalog.read(
        "SELECT network, handle, id FROM ("
        "SELECT *, row_number() OVER (PARTITION BY network, handle ORDER BY captured DESC, id DESC) AS place FROM handles"
        ") WHERE place = 1 AND handle <> id",
    )


def newest_audiences(catalog: Catalog) -> list[tuple[Any, ...]]:
    """Return (network, pseudonym of an account, followers, captured in µs)."""
    return catalog.read("SELECT network, account, audience, captured FROM audiences")
