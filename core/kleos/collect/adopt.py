"""Adoption: where the configuration gives a person no account, and a source holds reactions to one only, it is theirs."""

from __future__ import annotations

from kleos.collect.session import Session
from kleos.contract import account_key
from kleos.store import Learnt, Link

__all__ = ["adopt_only_subject"]


def adopt_only_subject(session: Session, network: str, relation: str, person: str) -> None:
    """Take the only subject in the column `subject` of a relation for `person`'s account, and say so."""
    if session.claims.has_account(network, person):
        return
    subjects = session.connection.execute(f"SELECT DISTINCT subject FROM {relation} LIMIT 2").fetchall()  # noqa: S608 - names of ours
    if len(subjects) != 1 or session.claims.person(network, subjects[0][0]) is not None:
        return
    ((account,),) = subjects
    session.learn(network, Learnt(links=[Link(account=account_key(account), person=person, sort="id")]))
    name = session.config.people[person].name
    settle = f'to settle it, add accounts = {{ {network} = "{account}" }} to people.{person}'
    session.note(f"{network}: {account} is taken for {name}'s account; {settle}")
