"""Claims: whose an account is, by the configuration and by what imports have taught."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self

from attrs import frozen

from kleos.config import Config
from kleos.contract import account_key
from kleos.store import Store

__all__ = ["Claims", "known_accounts"]


@frozen
class Claims:
    """The accounts of the configured people."""

    accounts: Mapping[str, Mapping[str, str]]
    """Network → account key → person."""

    @classmethod
    def of(cls, config: Config, store: Store) -> Self:
        """Join the configuration with what the store has learnt."""
        configured: dict[str, dict[str, str]] = {}
        for person in config.people.values():
            for network, accounts in person.accounts.items():
                configured.setdefault(network, {}).update({account_key(account): person.id for account in accounts})
        return cls(store.accounts(config.people, configured))

    def person(self, network: str, account: str) -> str | None:
        """Return the person whose account it is; None for everybody else."""
        return self.accounts.get(network, {}).get(account_key(account))

    def has_account(self, network: str, person: str) -> bool:
        """Tell whether a person has any account on a network."""
        return person in self.accounts.get(network, {}).values()

    def digest(self, network: str) -> str:
        """Return a digest of a network's accounts: with other ones, rows that were left out may belong to somebody."""
        rows = "\n".join(f"{account}\0{person}" for account, person in sorted(self.accounts.get(network, {}).items()))
        return hashlib.blake2b(rows.encode(errors="replace"), digest_size=16).hexdigest()


def known_accounts(config: Config, store: Store) -> list[tuple[str, str, str]]:
    """Return (network, account key, person) for `Store.reactions`: the configured people's accounts, and those that imports have added."""
    accounts = Claims.of(config, store).accounts
    return sorted((network, account, person) for network, owned in accounts.items() for account, person in owned.items())
