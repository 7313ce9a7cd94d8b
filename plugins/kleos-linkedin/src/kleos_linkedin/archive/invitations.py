"""Invitations to connect, of both directions: one of the two parties is always the owner."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from kleos_linkedin.accounts import account_of
from kleos_linkedin.archive.records import Record, Rows

__all__ = ["Invitation", "Party", "invitations"]


@frozen
class Party:
    """Who invited or was invited; either may be unknown."""

    name: str | None
    account: str | None
    """A handle; a member's URN in exports until 2023."""


@frozen
class Invitation:
    """One invitation."""

    record: Record
    received: bool
    own: Party
    other: Party


def invitations(rows: Rows) -> Iterator[Invitation]:
    """Yield the invitations whose direction is known."""
    direction = rows.column("direction")
    names = rows.column("from"), rows.column("to")
    addresses = [_either(rows, f"{party}profileurl", f"{party}profileurn") for party in ("inviter", "invitee")]
    for record in rows.good:
        inviter, invitee = (
            Party(record[name] or None, account_of(record[address])) for name, address in zip(names, addresses, strict=True)
        )
        match record[direction].upper():
            case "INCOMING":
                yield Invitation(record, received=True, own=invitee, other=inviter)
            case "OUTGOING":
                yield Invitation(record, received=False, own=inviter, other=invitee)


def _either(rows: Rows, newer: str, older: str) -> int | None:
    place = rows.column(newer)
    return rows.column(older) if place is None else place
