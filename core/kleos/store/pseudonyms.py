"""Pseudonyms: keyed hashes that stand for everybody who reacts, so that a store names nobody outside its configuration."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from attrs import field, frozen

from kleos.errors import StoreError
from kleos.store.atomic import TEMPORARY, sync_folder

__all__ = ["Pseudonyms", "load_key"]

_KEY_BYTES = 32


@frozen
class Pseudonyms:
    """Maps accounts to 32 hexadecimal digits: BLAKE2b of 128 bits under the store's key (RFC 7693); and ids of reactions to as many."""

    _key: bytes = field(repr=False)

    def account(self, network: str, account: str) -> str:
        """Return the pseudonym of an account, given its key (`kleos.contract.account_key`)."""
        return hashlib.blake2b(f"{network}\0{account}".encode(errors="replace"), digest_size=16, key=self._key).hexdigest()

    def accounts(self, network: str, accounts: Iterable[str]) -> list[str]:
        """Return the pseudonyms of many account keys of one network, in their order."""
        return [self.account(network, account) for account in accounts]

    def reaction_salt(self, network: str) -> str:
        """Return what `reaction` puts before an id; a key of its own, since it passes through SQL."""
        return hashlib.blake2b(network.encode(), digest_size=32, key=self._key, person=b"reaction").hexdigest()

    def reaction(self, network: str, identifier: str) -> str:
        """Return the pseudonym of a reaction's id, which would lead to its author as the author's name does.

        There are as many ids as reactions, so this is what SQL can do by itself: half of the SHA-256 of the salt and the id.
        """
        return hashlib.sha256((self.reaction_salt(network) + identifier).encode(errors="replace")).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """A mark by which the catalogue knows its key; it gives nothing of the key away."""
        return hashlib.blake2b(b"", digest_size=8, key=self._key, person=b"fingerprint").hexdigest()


def load_key(path: Path) -> Pseudonyms:
    """Read the key file, creating it (mode 600) where there is none; the first of several processes wins.

    Raises `StoreError` where the file is not a key.
    """
    if not path.exists():
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{TEMPORARY}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(_KEY_BYTES))
            os.fsync(descriptor)
            # A link, unlike a rename, never replaces the key that another process has just made.
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            os.close(descriptor)
            temporary.unlink()
        sync_folder(path.parent)
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise StoreError(
            f"expected a key of {_KEY_BYTES} bytes, found {len(key)}",
            where=str(path),
            hint="restore the key file of this store, or use a new store",
        )
    return Pseudonyms(key)
