"""Invitations to connect, of both directions: one of the two parties is always the owner."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from kleos_linkedin.accounts import account_of
from kleos_linkedin.archive.records import Rows

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

    received: bool
    own: Party
    other: Party


def invitations(rows: Rows) -> Iterator[Invitation | None]:
    """Yield an invitation for each record, None where its direction is not known."""
    parties = [
        [Party(name or None, account_of(address)) for name, address in zip(rows.texts(name), _either(rows, party), strict=True)]
        for name, party in (("from", "inviter"), ("to", "invitee"))
    ]
    for direction, inviter, invitee in zip(rows.texts("direction"), *parties, strict=True):
        match direction.upper():
            case "INCOMING":
                yield Invitation(received=True, own=invitee, other=inviter)
            case "OUTGOING":
                yield Invitation(received=False, own=inviter, other=invitee)
            case _:
                yield None


def _either(rows: Rows, party: str) -> list[str]:
    newer = f"{party}profileurl"
    return rows.texts(f"{party}profileurn" if rows.column(newer) is None else newer)
