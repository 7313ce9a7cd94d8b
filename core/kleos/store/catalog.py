"""The catalogue: what the store holds, in SQLite. A file that it does not name is not part of the store."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kleos.errors import StoreError

__all__ = ["Catalog"]

SCHEMA = "1"
_PATIENCE = 5.0  # seconds that a statement waits for another process

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (run TEXT PRIMARY KEY, started INTEGER NOT NULL, config TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segments (
    file TEXT PRIMARY KEY, network TEXT NOT NULL, source TEXT NOT NULL, run TEXT NOT NULL, sha256 TEXT NOT NULL,
    rows INTEGER NOT NULL, first_time INTEGER, last_time INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    digest TEXT PRIMARY KEY, network TEXT NOT NULL, source TEXT NOT NULL, run TEXT NOT NULL, person TEXT, claims TEXT,
    rows INTEGER NOT NULL, kept INTEGER NOT NULL, self_reactions INTEGER NOT NULL, unclaimed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors (
    network TEXT, source TEXT, instance TEXT, cursor TEXT NOT NULL, PRIMARY KEY (network, source, instance)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (
    network TEXT, account TEXT, via TEXT, sort TEXT NOT NULL, person TEXT NOT NULL, captured INTEGER NOT NULL,
    PRIMARY KEY (network, account, via)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS handles (
    network TEXT, handle TEXT, id TEXT, captured INTEGER NOT NULL, PRIMARY KEY (network, handle, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS audiences (
    network TEXT, account TEXT, audience INTEGER NOT NULL, captured INTEGER NOT NULL, PRIMARY KEY (network, account)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quotas (
    network TEXT, unit TEXT, period TEXT, amount REAL NOT NULL, PRIMARY KEY (network, unit, period)
) WITHOUT ROWID;
"""


class Catalog:
    """A connection to ``catalog.sqlite``; several threads may share it. Every failure of SQLite is a `StoreError`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.RLock()
        with self._told():
            self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            with self._told():
                self._prepare()
        except StoreError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        self._connection.close()

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query, which SQLite leaves without types."""
        with self._mutex, self._told():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction: everything in the block is kept, or nothing."""
        with self._mutex, self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def problems(self) -> list[str]:
        """Return what SQLite's own integrity check complains about."""
        return [str(row[0]) for row in self.read("PRAGMA integrity_check") if row[0] != "ok"]

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if not self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
            # Only the first to come writes, so that readers never wait for a writer.
            self._connection.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.split(";"):
                self._connection.execute(statement)
            self._connection.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (SCHEMA,))
            self._connection.execute("COMMIT")
        (found,) = self._connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        if found != SCHEMA:
            raise StoreError(
                f"expected a store of version {SCHEMA}, found {found}", where=str(self._path), hint="use the Kleos that made it"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreError(
                    "another process holds the catalogue", where=str(self._path), hint="try again when it has ended"
                ) from error
            raise StoreError(f"the catalogue cannot be used ({error})", where=str(self._path)) from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"expected an SQLite catalogue, found something else or a damaged one ({error})",
                where=str(self._path),
                hint="move the store away and collect again",
            ) from error
