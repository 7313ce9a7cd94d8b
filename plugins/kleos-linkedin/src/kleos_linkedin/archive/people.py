"""Who is who: recommendations name people, all else has their addresses. One person is not to count as two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from kleos.contract import Export, account_key
from kleos.errors import ExportError, ParseError
from kleos_linkedin.accounts import account_of, full_name
from kleos_linkedin.archive.records import Rows, pieces, records
from kleos_linkedin.archive.tables import CONNECTIONS, ENDORSEMENTS, INVITATIONS, RECOMMENDATIONS, Table
from kleos_linkedin.dates import Votes

__all__ = ["Survey", "survey"]

_MOST_NAMES = 20_000
"""More people than have ever recommended anybody."""


@frozen(kw_only=True)
class Survey:
    """What a reader of single pieces has to know of the whole export."""

    accounts: Mapping[str, str]
    """The handles of those who wrote recommendations, by the key of their name; names that several people have are left out."""
    orders: Mapping[str, str]
    """In which order a table writes day and month, by its name."""
    connections: int | None
    """How many connections the owner has; None where the file is not there, or cannot be read."""


def survey(export: Export, found: Mapping[str, Sequence[str]]) -> Survey:
    """Look through the files of an export once, piece by piece. What cannot be read tells nothing here."""
    written, sent = Votes(), Votes()
    met: dict[str, set[str]] = {}
    for rows in _all(export, found, RECOMMENDATIONS):
        written.look(rows.texts("creation date"))
        for name, _ in _people(rows, ("first name", "last name"), "") if len(met) < _MOST_NAMES else ():
            if name and len(met) < _MOST_NAMES:
                met.setdefault(account_key(name), set())
    for rows in _all(export, found, ENDORSEMENTS) if met else ():
        _meet(met, _people(rows, ("endorser first name", "endorser last name"), "endorser public url"))
    connections = 0
    for rows in _all(export, found, CONNECTIONS):
        connections += len(rows)
        _meet(met, _people(rows, ("first name", "last name"), "url"))
    for rows in _all(export, found, INVITATIONS):
        sent.look(rows.texts("sent at"))
        _meet(met, _people(rows, ("from",), "inviterprofileurl"))
        _meet(met, _people(rows, ("to",), "inviteeprofileurl"))
    return Survey(
        accounts={name: next(iter(accounts)) for name, accounts in sorted(met.items()) if len(accounts) == 1},
        orders={RECOMMENDATIONS.name: written.order, INVITATIONS.name: sent.order},
        connections=connections or None,
    )


def _all(export: Export, found: Mapping[str, Sequence[str]], table: Table) -> Iterator[Rows]:
    for name in found.get(table.name, ()):
        try:
            for piece in pieces(export, name, table):
                yield records(piece.body, table)
        except (ExportError, ParseError):
            continue


def _people(rows: Rows, names: Sequence[str], address: str) -> Iterator[tuple[str | None, str]]:
    """Yield the people of a table, each name and address once."""
    for *parts, where in dict.fromkeys(zip(*(rows.texts(name) for name in (*names, address)), strict=True)):
        yield full_name(*parts), where


def _meet(met: dict[str, set[str]], people: Iterable[tuple[str | None, str]]) -> None:
    """Add the accounts of those whose names are wanted; that there are two is all that is to be known of more."""
    for name, address in people:
        accounts = met.get(account_key(name)) if name else None
        if accounts is not None and len(accounts) < 2 and (account := account_of(address)):
            accounts.add(account)
