"""What is taken away: a network, somebody who reacts, or an item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from kleos.config.rules import suggest
from kleos.contract import account_key
from kleos.errors import UsageError
from kleos.insight.explaining.gathered import within
from kleos.insight.explaining.question import Question
from kleos.insight.rescoring import Kept
from kleos.insight.simulating.simulation import Taken
from kleos.store.catalog import Catalog
from kleos.store.learnt import newest_handles

__all__ = ["WHAT", "taken_away"]

WHAT = ("network", "actor", "item")
SHORTEST = 4
"""Digits of a pseudonym that may stand for it."""
_PSEUDONYM = re.compile(rf"[0-9a-f]{{{SHORTEST},32}}\Z")
_EXAMPLE = "write it like --without network=twitter, --without actor=8b124037 or --without item=1849"


def taken_away(asked: Question, person: str, wishes: Sequence[str]) -> tuple[Kept, list[Taken]]:
    """Return what stays of a person's reactions without what is named, "what=value" each, and what goes.

    An actor is named by the first digits of the pseudonym, by the account, or by the id of a person in the configuration. Raises
    `UsageError` for what is not there.
    """
    every = [_found(asked, person, wish) for wish in wishes]
    conditions: list[str] = []
    values: dict[str, str] = {}
    taken: list[Taken] = []
    for number, (column, pairs, what) in enumerate(every):
        names = []
        for place, (network, key) in enumerate(pairs):
            values |= {f"network_{number}_{place}": network} | ({f"key_{number}_{place}": key} if key is not None else {})
            same = f" AND {column} = $key_{number}_{place}" if key is not None else ""
            names.append(f"(network = $network_{number}_{place}{same})")
        conditions.append(" OR ".join(names))
        taken.append(what)
    # NULL is no actor and no item: such a row is not what was named.
    return Kept(" AND ".join(f"NOT coalesce({condition}, false)" for condition in conditions) or "true", values), taken


@frozen
class _Row:
    network: str
    key: str
    number: int


def _found(asked: Question, person: str, wish: str) -> tuple[str, list[tuple[str, str | None]], Taken]:
    """Return the column, the pairs of network and value to leave out, and how to tell it."""
    what, equals, value = wish.partition("=")
    what, value = what.strip(), value.strip()
    if not equals or what not in WHAT or not value:
        raise UsageError(f"expected network=…, actor=… or item=…, found {wish!r}", where="--without", hint=_EXAMPLE)
    if what == "network":
        networks = {row.network for row in asked.prepared.counted if row.person == person}
        if value not in networks:
            raise _missing(wish, "a network with reactions to this person", suggest(value, networks, "there are"))
        gone = _rows(asked, person, "network")
        return what, [(value, None)], Taken(what=what, value=value, reactions=sum(row.number for row in gone if row.network == value))
    rows = _rows(asked, person, what)
    pairs = _items(rows, value) if what == "item" else _actors(asked, rows, value, wish)
    if not pairs:
        near = suggest(value, {row.key for row in rows[:1000]}, "such as") if what == "item" else ""
        raise _missing(wish, f"an {what} of a reaction to this person", near if near.startswith("did") else _EXAMPLE)
    number = sum(row.number for row in rows if (row.network, row.key) in pairs)
    return what, [*pairs], Taken(what=what, value=pairs[0][1] if len({key for _, key in pairs}) == 1 else value, reactions=number)


def _missing(wish: str, what: str, hint: str) -> UsageError:
    return UsageError(f"expected {what}, found {wish.partition('=')[2].strip()!r}", where=f"--without {wish}", hint=hint)


def _items(rows: Sequence[_Row], value: str) -> list[tuple[str, str]]:
    return [(row.network, row.key) for row in rows if row.key == value]


def _actors(asked: Question, rows: Sequence[_Row], value: str, wish: str) -> list[tuple[str, str]]:
    there = {(row.network, row.key) for row in rows}
    of_person = sorted(pair for pair, person in asked.known.items() if person == value and pair in there)
    if of_person:
        return of_person
    if _PSEUDONYM.match(value):
        found = sorted(pair for pair in there if pair[1].startswith(value))
        if len(found) > 1:
            several = ", ".join(key[: len(value) + 4] for _, key in found[:5])
            raise UsageError(
                f"expected one actor, found {len(found)} that begin so", where=f"--without {wish}", hint=f"there are: {several}"
            )
        if found:
            return found
    key = account_key(value)
    accounts = {(network, asked.store.pseudonyms.account(network, key)) for network in asked.setting.networks}
    return sorted(there & {*accounts, *_ids(asked, accounts)})


def _ids(asked: Question, accounts: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the ids behind handles."""
    catalog = Catalog(asked.store.path / "catalog.sqlite")
    try:
        return {(network, identifier) for network, handle, identifier in newest_handles(catalog) if (network, handle) in accounts}
    finally:
        catalog.close()


def _rows(asked: Question, person: str, column: str) -> list[_Row]:
    """Return how many scored reactions there are by network and `column`, also where that is 0 within the window; most first."""
    condition, values = within(asked)
    scored = {(name, kind) for name, network in asked.setting.networks.items() for kind, one in network.kinds.items() if one.role.in_any}
    rows = asked.connection.execute(
        f"SELECT network, {column}, kind, coalesce(sum(count) FILTER ({condition}), 0) FROM reactions "  # noqa: S608 - names of ours
        f"WHERE person = $person AND {column} IS NOT NULL GROUP BY network, {column}, kind ORDER BY ALL",
        {"person": person, **values},
    ).fetchall()
    found: dict[tuple[str, str], int] = {}
    for network, key, kind, number in rows:
        found[network, key] = found.get((network, key), 0) + (int(number) if (network, kind) in scored else 0)
    return sorted(
        (_Row(network, key, number) for (network, key), number in found.items()), key=lambda row: (-row.number, row.network, row.key)
    )
