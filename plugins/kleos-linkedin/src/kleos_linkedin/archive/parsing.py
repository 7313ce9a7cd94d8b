"""Pages of an archive to rows: endorsements, recommendations and invitations that somebody else gave to the owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import compress
from typing import Any

from attrs import frozen

from kleos.contract import Batch, Flaw, Page, Profile, Row, account_key
from kleos.errors import ParseError
from kleos_linkedin.accounts import account_of, full_name, keys_of
from kleos_linkedin.archive.invitations import invitations
from kleos_linkedin.archive.records import Rows, records
from kleos_linkedin.archive.tables import CONNECTIONS, ENDORSEMENTS, INVITATIONS, RECOMMENDATIONS, TABLES
from kleos_linkedin.dates import DAY_FIRST, MONTH_FIRST, moment
from kleos_linkedin.kinds import ENDORSEMENT, INVITATION, NETWORK, RECOMMENDATION

__all__ = ["parse"]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class _Given:
    """What others gave, as columns of equal length."""

    actors: Sequence[str | None]
    items: Sequence[str | None]
    written: Sequence[str]
    """The dates as they stand in the file."""
    places: Sequence[int]
    """Which of the table's records they are."""


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
    them = _by_others(given(rows, told), own)
    times = {text: _microseconds(moment(text, order)) for text in dict.fromkeys(them.written)}
    if None in times.values():
        lines = rows.lines
        for place in [place for place, text in zip(them.places, them.written, strict=True) if times[text] is None]:
            yield Flaw(where=f"{page.where}: line {first + lines[place]}", reason="expected a date, found a text that is none")
    if them.actors:
        count = len(them.actors)
        yield Batch(
            network=NETWORK,
            kind=[kind] * count,
            subject=[subject] * count,
            actor=them.actors,
            item=them.items,
            time=list(map(times.__getitem__, them.written)),
        )
    for broken in rows.broken:
        yield Flaw(where=f"{page.where}: line {first + broken}", reason="expected a row with a cell for every column, found another number")


def _by_others(given: _Given, own: Collection[str]) -> _Given:
    """Leave out what the owner gave."""
    are_others = [actor is None or account_key(actor) not in own for actor in given.actors]
    return given if all(are_others) else _chosen(given, are_others)


def _chosen(given: _Given, are_chosen: Sequence[bool]) -> _Given:
    return _Given(
        list(compress(given.actors, are_chosen)),
        list(compress(given.items, are_chosen)),
        list(compress(given.written, are_chosen)),
        list(compress(given.places, are_chosen)),
    )


def _endorsements(rows: Rows, told: Mapping[str, Any]) -> _Given:
    first, last, addresses = (rows.texts(f"endorser {name}") for name in ("first name", "last name", "public url"))
    actors = [account_of(address) or full_name(*names) for address, *names in zip(addresses, first, last, strict=True)]
    items = [skill or None for skill in rows.texts("skill name")]
    return _counting(_Given(actors, items, rows.texts("endorsement date"), range(len(rows))), rows, "endorsement status", told)


def _recommendations(rows: Rows, told: Mapping[str, Any]) -> _Given:
    names = list(map(full_name, rows.texts("first name"), rows.texts("last name")))
    accounts = told.get("accounts")
    if isinstance(accounts, dict) and accounts:
        found = [accounts.get(account_key(name)) if name else None for name in names]
        names = [known if isinstance(known, str) else name for known, name in zip(found, names, strict=True)]
    return _counting(_Given(names, [None] * len(names), rows.texts("creation date"), range(len(rows))), rows, "status", told)


def _invitations(rows: Rows, told: Mapping[str, Any]) -> _Given:
    received = [(place, one) for place, one in enumerate(invitations(rows)) if one is not None and one.received]
    written = rows.texts("sent at")
    return _Given(
        [one.other.account or one.other.name for _, one in received],
        [None] * len(received),
        [written[place] for place, _ in received],
        [place for place, _ in received],
    )


def _counting(given: _Given, rows: Rows, column: str, told: Mapping[str, Any]) -> _Given:
    """Leave out what has a status that does not count; all counts in a table that has none."""
    if rows.column(column) is None:
        return given
    listed = told.get("statuses")
    wanted = {str(status).strip().upper() for status in listed} if isinstance(listed, list | tuple) else set()
    return _chosen(given, [status.upper() in wanted for status in rows.texts(column)])


def _microseconds(time: datetime | None) -> int | None:
    return None if time is None else (time - _EPOCH) // timedelta(microseconds=1)


_GIVEN: Mapping[str, tuple[str, Callable[[Rows, Mapping[str, Any]], _Given]]] = {
    ENDORSEMENTS.name: (ENDORSEMENT, _endorsements),
    RECOMMENDATIONS.name: (RECOMMENDATION, _recommendations),
    INVITATIONS.name: (INVITATION, _invitations),
}
