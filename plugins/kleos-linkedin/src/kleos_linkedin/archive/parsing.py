"""Pages of an archive to rows: endorsements, recommendations and invitations that somebody else gave to the owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from attrs import frozen

from kleos.contract import Flaw, Interaction, Page, Profile, Row, account_key
from kleos.errors import ParseError
from kleos_linkedin.accounts import account_of, full_name, keys_of
from kleos_linkedin.archive.invitations import invitations
from kleos_linkedin.archive.records import Record, Rows, records
from kleos_linkedin.archive.tables import CONNECTIONS, ENDORSEMENTS, INVITATIONS, RECOMMENDATIONS, TABLES
from kleos_linkedin.dates import DAY_FIRST, MONTH_FIRST, moment
from kleos_linkedin.kinds import ENDORSEMENT, INVITATION, NETWORK, RECOMMENDATION

__all__ = ["parse"]


@frozen
class _Given:
    """One row of a table: what somebody gave, when LinkedIn's words for it are understood."""

    record: Record
    actor: str | None
    item: str | None
    written: str
    """The date as it stands in the file."""


def parse(page: Page) -> Iterator[Row]:
    """Yield what others gave to the owner of a page; `Page.context` names its table.

    ``statuses`` (those that count), ``order`` (of day and month), ``accounts`` (handles by name) and ``line`` (where the page begins in
    its file) may be in the context, too. A page of connections tells how many the owner has: an audience. Raises `ParseError` for a
    page without a table or an owner.
    """
    told = page.context or {}
    subject = page.owner.account if page.owner else ""
    if not subject:
        raise ParseError("expected the owner of the export, found nobody", where=page.where)
    name = told.get("table")
    if name == CONNECTIONS.name:
        connections = told.get("connections")
        if isinstance(connections, int):
            yield Profile(network=NETWORK, id=subject, audience=connections, captured=page.captured)
        return
    if not isinstance(name, str) or name not in _GIVEN:
        raise ParseError(f"expected a page of one of {', '.join(_GIVEN)}, found another table", where=page.where)
    try:
        rows = records(page.body, TABLES[name])
    except ParseError as error:
        hint = "download the export again, and give it as it came: a program that saved the file anew may have changed it"
        raise ParseError(error.message, where=page.where, hint=hint) from None
    kind, given = _GIVEN[name]
    line = told.get("line")
    first = line if isinstance(line, int) else 0
    own = keys_of(page.owner)
    order = DAY_FIRST if told.get("order") == DAY_FIRST else MONTH_FIRST
    for one in given(rows, told):
        if one.actor is not None and account_key(one.actor) in own:
            continue
        time = moment(one.written, order)
        if time is None:
            yield Flaw(where=f"{page.where}: line {first + one.record.line}", reason="expected a date, found a text that is none")
        yield Interaction(network=NETWORK, kind=kind, subject=subject, actor=one.actor, item=one.item, time=time)
    for broken in rows.broken:
        yield Flaw(where=f"{page.where}: line {first + broken}", reason="expected a row with a cell for every column, found another number")


def _endorsements(rows: Rows, told: Mapping[str, Any]) -> Iterator[_Given]:
    counts = _counting(rows, "endorsement status", told)
    date, skill, address = (rows.column(name) for name in ("endorsement date", "skill name", "endorser public url"))
    first, last = rows.column("endorser first name"), rows.column("endorser last name")
    for record in rows.good:
        if counts(record):
            actor = account_of(record[address]) or full_name(record[first], record[last])
            yield _Given(record, actor, record[skill] or None, record[date])


def _recommendations(rows: Rows, told: Mapping[str, Any]) -> Iterator[_Given]:
    counts = _counting(rows, "status", told)
    date, first, last = (rows.column(name) for name in ("creation date", "first name", "last name"))
    accounts = told.get("accounts")
    for record in rows.good:
        if counts(record):
            name = full_name(record[first], record[last])
            known = accounts.get(account_key(name)) if name and isinstance(accounts, dict) else None
            yield _Given(record, known if isinstance(known, str) else name, None, record[date])


def _invitations(rows: Rows, told: Mapping[str, Any]) -> Iterator[_Given]:
    date = rows.column("sent at")
    for one in invitations(rows):
        if one.received:
            yield _Given(one.record, one.other.account or one.other.name, None, one.record[date])


def _counting(rows: Rows, column: str, told: Mapping[str, Any]) -> Callable[[Record], bool]:
    """Return what tells whether a record's status counts; all do in a table that has none."""
    place = rows.column(column)
    listed = told.get("statuses")
    wanted: Collection[str] = {str(status).strip().upper() for status in listed} if isinstance(listed, list | tuple) else ()
    return lambda record: place is None or record[place].upper() in wanted


_GIVEN: Mapping[str, tuple[str, Callable[[Rows, Mapping[str, Any]], Iterator[_Given]]]] = {
    ENDORSEMENTS.name: (ENDORSEMENT, _endorsements),
    RECOMMENDATIONS.name: (RECOMMENDATION, _recommendations),
    INVITATIONS.name: (INVITATION, _invitations),
}
