"""Whose an export is: the profile tells the name, invitations of both directions the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kleos.contract import Export, Owner
from kleos.errors import ExportError, ParseError
from kleos_linkedin.accounts import full_name
from kleos_linkedin.archive.invitations import invitations
from kleos_linkedin.archive.records import Rows, pieces, records
from kleos_linkedin.archive.tables import INVITATIONS, PROFILE, Table, find

__all__ = ["owners"]


def owners(export: Export) -> Sequence[Owner]:
    """Return the owner: the name, and the handle or the member's URN where there are invitations. Empty where no file says so.

    The profile has no address of its own. A party to most invitations is the owner, whatever single rows say.
    """
    found = find(export)
    names: list[str] = []
    for rows in _beginnings(export, found.get(PROFILE.name, ()), PROFILE):
        first, last = rows.column("first name"), rows.column("last name")
        names += [name for record in rows.good[:1] if (name := full_name(record[first], record[last]))]
    handles: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for rows in _beginnings(export, found.get(INVITATIONS.name, ()), INVITATIONS):
        for invitation in filter(None, invitations(rows)):
            account, name = invitation.own.account, invitation.own.name
            if account:
                (ids if account.startswith("urn:") else handles)[account] += 1
            if name:
                called[name] += 1
    owner = Owner(ids=_mostly(ids), handles=_mostly(handles), names=dict.fromkeys(names or _mostly(called)))
    return (owner,) if owner.account else ()


def _beginnings(export: Export, names: Sequence[str], table: Table) -> Iterator[Rows]:
    """Yield what the first pieces of files hold; a file that cannot be read tells nothing here, and is told when it is fetched."""
    for name in names:
        try:
            for piece in pieces(export, name, table):
                yield records(piece.body, table)
                break
        except (ExportError, ParseError):
            continue


def _mostly(counted: Counter[str]) -> list[str]:
    """Return what more than half of the rows say."""
    return [text for text, count in counted.most_common(1) if 2 * count > counted.total()]
