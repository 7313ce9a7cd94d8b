"""Ownership: whose reactions a source holds. What nobody claims is not imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from kleos.collect.claims import Claims
from kleos.config import Config, Person
from kleos.contract import Owner, account_key
from kleos.errors import ExportError
from kleos.store import Learnt, Link
from kleos.store.learnt import DECLARED
from kleos.store.pseudonyms import Pseudonyms

__all__ = ["Ownership", "owner_of_export", "owners_of_api", "what_it_teaches"]


@frozen(kw_only=True)
class Ownership:
    """The owner that a plugin is given, and how it was found."""

    owner: Owner
    said: Owner | None = None
    """What the export itself says."""
    note: str = ""
    """What a person should know about it; empty where the configuration says everything."""


def owner_of_export(said: Sequence[Owner], network: str, *, person: str | None, config: Config, claims: Claims) -> Ownership:
    """Decide whose an export is, from what it says (`said`) and from `person`, the configuration's word on this very export.

    Raises `ExportError`, with what to add to the configuration, where nobody claims it, or several do.
    """
    export = _together(said)
    claimants = _claimants(export, network, claims)
    if person is not None and set(claimants) <= {person}:
        return Ownership(owner=_merged(config.people[person], network, export), said=export)
    if len(claimants) > 1 or (person is not None and claimants):
        by_path = f" by their accounts, and by {person} by its path" if person is not None else ""
        raise ExportError(
            f"this export of {_described(export)} is claimed by {' and '.join(claimants)}{by_path}",
            hint="an export has one owner: correct the accounts of these people, or the person of this path",
        )
    if claimants:
        return Ownership(owner=_merged(config.people[claimants[0]], network, export), said=export)
    only = next(iter(config.people.values())) if len(config.people) == 1 else None
    if export is None and only is None:
        raise ExportError(
            "this export does not say whose it is", hint=f'say it: {{ path = "…", person = "…" }}, with one of {", ".join(config.people)}'
        )
    if only is not None and (export is None or not only.accounts.get(network)):
        what = f"the export of {_described(export)}" if export else "an export that does not say whose it is"
        account = _account(export)
        settle = f'; to settle it, add accounts = {{ {network} = "{account}" }} to people.{only.id}' if account else ""
        note = f"{network}: {what} is taken for {only.name}'s, the only person here{settle}"
        return Ownership(owner=_merged(only, network, export), said=export, note=note)
    raise ExportError(
        f"nobody in the configuration claims this export of {_described(export)}",
        hint=f'add accounts = {{ {network} = "{_account(export)}" }} to the person whose it is',
    )


def owners_of_api(network: str, *, person: str | None, config: Config) -> list[Owner]:
    """Return whom to ask an API for: the person that the configuration names, else everybody with an account of the network.

    The only person is asked for even without an account: the API may know whose token it is. Raises `ExportError` where nobody is left.
    """
    asked = [config.people[person]] if person is not None else [one for one in config.people.values() if one.accounts.get(network)]
    if not asked and len(config.people) == 1:
        asked = list(config.people.values())
    if not asked:
        raise ExportError(
            f"nobody in the configuration has an account of {network}", hint=f'add accounts = {{ {network} = "…" }} to somebody in [people]'
        )
    return [evolve(_merged(one, network, None), names=()) for one in asked]


def what_it_teaches(ownership: Ownership, network: str, pseudonyms: Pseudonyms) -> Learnt:
    """Return what an export's owner teaches: all accounts that it names are this person's, and one and the same."""
    owner, said = ownership.owner, ownership.said
    assert owner.person is not None
    # What says nothing can only be about the account that its parser is given.
    source = said or Owner(names=owner.names)
    sorts = {"id": source.ids, "handle": source.handles, "name": [name for name in source.names if name in _telling(source)]}
    links = [
        Link(account=account_key(account), person=owner.person, sort=sort, via="", captured=DECLARED)  # type: ignore[arg-type]  # the three sorts
        for sort, accounts in sorts.items()
        for account in accounts
    ]
    first, *others = [pseudonyms.account(network, link.account) for link in links] or [""]
    return Learnt(links=links, handles=[(other, first, DECLARED) for other in others if other != first])


def _together(said: Iterable[Owner]) -> Owner | None:
    owners = list(said)
    together = Owner(
        ids=dict.fromkeys(account for owner in owners for account in owner.ids),
        handles=dict.fromkeys(account for owner in owners for account in owner.handles),
        names=dict.fromkeys(account for owner in owners for account in owner.names),
    )
    return together if together.account else None


def _claimants(export: Owner | None, network: str, claims: Claims) -> list[str]:
    """Return who claims an export, by what tells best whose it is."""
    if export is None:
        return []
    return sorted(filter(None, {claims.person(network, account) for account in _telling(export)}))


def _telling(export: Owner) -> tuple[str, ...]:
    """Return what tells whose an export is. Display names belong to many: they count only where an export knows nothing better."""
    return (*export.ids, *export.handles) or tuple(export.names)


def _merged(person: Person, network: str, export: Owner | None) -> Owner:
    """Add the configuration's accounts to what the export says. Where neither says anything, the person's name has to do."""
    said = export or Owner()
    known = {account_key(account) for account in (*said.ids, *said.handles, *said.names)}
    more = [account.strip().removeprefix("@") for account in person.accounts.get(network, ()) if account_key(account) not in known]
    owner = Owner(
        person=person.id,
        ids=(*said.ids, *(account for account in more if account.isdigit())),
        handles=(*said.handles, *(account for account in more if not account.isdigit())),
        names=said.names,
    )
    return owner if owner.account else evolve(owner, names=(person.name,))


def _account(export: Owner | None) -> str:
    """What a person would write into the configuration."""
    return next(iter((*export.handles, *export.ids, *export.names)), "") if export else ""


def _described(export: Owner | None) -> str:
    assert export is not None
    shown = _account(export)
    return f"{shown} (id {export.ids[0]})" if export.ids and export.ids[0] != shown else shown
