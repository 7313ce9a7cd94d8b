"""``[people.<id>]``: who is scored, and which accounts are theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kleos.config.glance import PERSON_ID
from kleos.config.inspection import Inspection
from kleos.config.rules import key
from kleos.config.tables import PersonTable
from kleos.config.values import Person
from kleos.contract import account_key

__all__ = ["resolve_people"]


def resolve_people(tables: Mapping[str, Any], seen: Inspection) -> dict[str, Person]:
    """Return the people by id, in the order of the file; notes wrong ids, unknown networks, and accounts claimed twice."""
    people: dict[str, Person] = {}
    owners: dict[tuple[str, str], str] = {}
    for id_, value, where in seen.entries(tables.get("people"), "people"):
        if not PERSON_ID.match(id_):
            seen.problem(where, f"expected a person's id of letters, digits, _ and -, found {id_!r}", "put other signs into its name = …")
        _check_accounts(id_, value, where, owners, seen)
        table = seen.structure(value, PersonTable, where)
        if table is not None:
            accounts = {network: _unique(accounts) for network, accounts in table.accounts.items()}
            people[id_] = Person(id=id_, name=table.name or id_, accounts=accounts)
    return people


def _check_accounts(id_: str, person: Any, where: str, owners: dict[tuple[str, str], str], seen: Inspection) -> None:
    """Look at accounts as they were written, so that one wrong key of a person does not hide what is wrong with another."""
    accounts = person.get("accounts") if isinstance(person, dict) else None
    if not isinstance(accounts, dict):
        return
    for network, written in accounts.items():
        place = key(f"{where}.accounts", network)
        seen.network(network, place)
        for index, account in enumerate(written if isinstance(written, list) else [written]):
            if not isinstance(account, str) or not account_key(account):
                continue
            owner = owners.setdefault((network, account_key(account)), id_)
            if owner != id_:
                seen.problem(
                    f"{place}[{index}]" if isinstance(written, list) else place,
                    f"the account {account!r} of {network} is claimed by two people, {owner!r} and {id_!r}",
                    "an account belongs to one person: take it out of one of them",
                )


def _unique(accounts: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out an account that was written before, in whatever spelling."""
    first: dict[str, str] = {}
    for account in accounts:
        first.setdefault(account_key(account), account)
    return tuple(first.values())
