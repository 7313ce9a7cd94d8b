"""The checks of what a parser yields."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from kleos.contract import Batch, Owner, Page, Profiles, Row, Tallies, Tally, account_key
from kleos.testing.reading import Reading, profiles, reactions, readings, rows_of
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError

__all__ = ["kinds_are_declared", "numbers_are_counts", "own_activity_is_left_out", "times_have_zones"]

_TIMES = ("time", "item_time", "captured")
_START, _END = 10**14, 7_258_118_400_000_000
"""The years 1973 and 2200 in microseconds: earlier ones are seconds or milliseconds by mistake."""


def kinds_are_declared(subject: Subject) -> None:
    """Every row names the plugin's network, and a kind that it declares."""
    network = subject.network
    for _, page, row in rows_of(readings(subject)):
        name = getattr(row, "network", network.name)
        if name != network.name:
            raise BrokenContractError(
                f"{page.where}: a row names the network {name!r}", f"write {network.name!r}, the name of the network and its entry point"
            )
        for reaction in reactions(row):
            if reaction["kind"] not in network.kinds:
                raise BrokenContractError(
                    f"{page.where}: a row is of the kind {reaction['kind']!r}, which is none of {', '.join(network.kinds)}",
                    "declare it in Network.kinds, with the role that it plays, or leave such rows out",
                )


def numbers_are_counts(subject: Subject) -> None:
    """Counts, totals and audiences are finite whole numbers of at least 0."""
    for _, page, row in rows_of(readings(subject)):
        for name, value in _numbers(row):
            whole = isinstance(value, numbers.Real) and not isinstance(value, bool) and math.isfinite(value) and float(value).is_integer()
            if not whole or value < 0:
                raise BrokenContractError(
                    f"{page.where}: {name} is {value!r}, which is no whole number of at least 0",
                    "read it as an integer; where the network gives none, leave the field None or the row out, and yield a Flaw",
                )


def times_have_zones(subject: Subject) -> None:
    """Times know their zone; those in columns are unix microseconds."""
    for _, page, row in rows_of(readings(subject)):
        if isinstance(row, Batch | Tallies | Profiles):
            moments = [(name, line.get(name)) for line in (*reactions(row), *profiles(row)) for name in _TIMES]
            wrong = [(name, value) for name, value in moments if value is not None and not _is_micros(value)]
            advice = "columns hold unix microseconds as integers: multiply seconds by 1 000 000, milliseconds by 1 000"
        else:
            moments = [(name, getattr(row, name, None)) for name in _TIMES]
            wrong = [(name, value) for name, value in moments if value is not None and not _has_zone(value)]
            advice = "give the datetime its tzinfo: datetime.fromtimestamp(…, UTC), or .replace(tzinfo=UTC) where the format means UTC"
        if wrong:
            name, value = wrong[0]
            raise BrokenContractError(f"{page.where}: {name} is {value!r}, which says no moment", advice)


def own_activity_is_left_out(subject: Subject) -> None:
    """No row has the owner, or whoever it is about, as its actor."""
    for reading, page, row in rows_of(readings(subject)):
        own = _own(reading, page)
        for reaction in reactions(row):
            actor = reaction["actor"]
            if actor is not None and account_key(str(actor)) in own | {account_key(str(reaction["subject"]))}:
                raise BrokenContractError(
                    f"{page.where}: a {reaction['kind']} by {actor!r} to {reaction['subject']!r} is the owner's own activity",
                    "leave out what page.owner's ids and handles did themselves: a score is made of what others do",
                )


def _own(reading: Reading, page: Page) -> set[str]:
    owner = page.owner or reading.owner or Owner()
    return {account_key(account) for account in (*owner.ids, *owner.handles)}


def _numbers(row: Row) -> Iterator[tuple[str, Any]]:
    counted = "total" if isinstance(row, Tally | Tallies) else "count"
    named = [(label, reaction[name]) for reaction in reactions(row) for label, name in ((counted, "count"), ("audience", "audience"))]
    named += [("audience", account.get("audience")) for account in profiles(row)]
    yield from ((name, value) for name, value in named if value is not None)


def _is_micros(value: object) -> bool:
    return isinstance(value, numbers.Integral) and _START <= int(value) < _END


def _has_zone(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and value.utcoffset() is not None
