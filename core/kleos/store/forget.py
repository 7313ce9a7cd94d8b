"""Forgetting somebody: every row, record, page and name of theirs goes, and the files they stood in are written anew.

Whatever moment the process dies at, the store is whole, everybody else's data are untouched, and forgetting again finishes the work: new
segments belong to nothing until one transaction puts them in the place of the old ones, and takes out all that was learnt. Names go in that
same transaction, since they are what leads to the rows. Old files that a crash leaves behind belong to nothing either, and are swept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
from attrs import frozen

from kleos.errors import StoreError
from kleos.store.care import sweep
from kleos.store.catalog import Catalog
from kleos.store.duck import connect
from kleos.store.forget_files import (
    Match,
    affected_pages,
    affected_records,
    affected_segments,
    drop_pages,
    recorded_scores,
    rewrite_records,
    rewrite_segment,
)
from kleos.store.learnt import newest_handles
from kleos.store.lock import WriterLock
from kleos.store.pseudonyms import Pseudonyms

_Rows = list[tuple[str, ...]]

__all__ = ["Forgotten", "Target", "forget", "look"]


@frozen(kw_only=True)
class Target:
    """Whom to forget."""

    accounts: Collection[tuple[str, str]]
    """(network, account key): as who receives, and as who reacts."""
    person: str | None = None
    """The id of a person of the configuration, with whom scores, own pages and learnt accounts go; None for anybody else."""


@frozen(kw_only=True)
class Forgotten:
    """What there is of somebody, or what of it is gone."""

    rows: int
    """Stored reactions, given or received."""
    segments: int
    """Files that these stand in."""
    scores: int
    """Recorded scores."""
    raw_pages: int
    """Kept pages of the networks concerned: any of them may name anybody."""
    names: int
    """Accounts, handles and audiences that imports have taught."""
    marks: int
    """Marks of imported pages, and cursors."""


def look(store: Path, pseudonyms: Pseudonyms, target: Target) -> Forgotten:
    """Return what `forget` would take away; nothing is changed."""
    with _told(store), closing(Catalog(store / "catalog.sqlite")) as catalog:
        return _Work(store, catalog, pseudonyms, target).found()


def forget(store: Path, pseudonyms: Pseudonyms, target: Target) -> Forgotten:
    """Take away everything of `target` from the store in a folder, and return what that was; a second time there is nothing.

    Raises `StoreError` while another process writes, or where a file cannot be read or written; what is gone by then stays gone.
    """
    lock = WriterLock(store / "lock")
    lock.take()
    try:
        with _told(store), closing(Catalog(store / "catalog.sqlite")) as catalog:
            # Freed bytes are overwritten, in the pages of the file and in its log.
            catalog.read("PRAGMA secure_delete = ON")
            gone = _Work(store, catalog, pseudonyms, target).do()
            sweep(catalog, store)
            catalog.read("VACUUM")
            ((busy, *_),) = catalog.read("PRAGMA wal_checkpoint(TRUNCATE)")
            if busy:
                raise StoreError(
                    "another process reads the catalogue, whose log still holds what was there", where=str(store), hint="try again later"
                )
            return gone
    finally:
        lock.release()


class _Work:
    """One target in one store."""

    def __init__(self, store: Path, catalog: Catalog, pseudonyms: Pseudonyms, target: Target) -> None:
        self._store = store
        self._catalog = catalog
        self._target = target
        self._keys: dict[str, set[str]] = {}
        self._actors: dict[str, set[str]] = {}
        for network, key in target.accounts:
            self._keys.setdefault(network, set()).add(key)
            self._actors.setdefault(network, set()).add(pseudonyms.account(network, key))
        # A handle stands for the id that had it last, and an id is known by all such handles.
        newest = newest_handles(catalog)
        for network, handle, identifier in newest:
            if handle in self._actors.get(network, ()):
                self._actors[network].add(identifier)
        for network, handle, identifier in newest:
            if identifier in self._actors.get(network, ()):
                self._actors[network].add(handle)
        segments = catalog.read("SELECT file, network, source FROM segments ORDER BY file")
        with connect() as connection:
            self._segments = affected_segments(connection, store, segments, self._match)
            self._scores = recorded_scores(connection, store, target.person) if target.person is not None else 0
            self._records = affected_records(connection, store, target.person) if target.person is not None else ()
        self._pages = affected_pages(store, networks=set(self._keys), person=target.person)

    def found(self) -> Forgotten:
        return Forgotten(
            rows=sum(self._segments.values()),
            segments=len(self._segments),
            scores=self._scores,
            raw_pages=len(self._pages),
            names=self._count(self._names()),
            marks=self._count(self._marks()),
        )

    def do(self) -> Forgotten:
        found = self.found()
        old = self._catalog.read("SELECT file, network, source, run FROM segments ORDER BY file")
        with connect() as connection:
            for path in self._records:
                rewrite_records(connection, path, str(self._target.person))
            drop_pages(self._store, self._pages)
            new = {
                (file, source, run): rewrite_segment(connection, self._store, file, self._match(network))
                for file, network, source, run in old
                if file in self._segments
            }
        removals = {**self._names(), **self._marks()}
        with self._catalog.transaction() as sqlite:
            for query, rows in removals.items():
                sqlite.executemany(f"DELETE {query}", rows)
            for (file, source, run), segment in new.items():
                ((network,),) = sqlite.execute("SELECT network FROM segments WHERE file = ?", [file]).fetchall()
                sqlite.execute("DELETE FROM segments WHERE file = ?", [file])
                if segment is not None:
                    values = (segment.file, network, source, run, segment.sha256, segment.rows, segment.first_time, segment.last_time)
                    sqlite.execute("INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return found

    def _match(self, network: str) -> Match:
        return Match(subjects=sorted(self._keys.get(network, ())), actors=sorted(self._actors.get(network, ())))

    def _names(self) -> Mapping[str, _Rows]:
        """Return what was learnt of them: conditions, each with the values for which it is asked."""
        keys: _Rows = [(network, key) for network, known in sorted(self._keys.items()) for key in sorted(known)]
        actors: _Rows = [(network, actor) for network, known in sorted(self._actors.items()) for actor in sorted(known)]
        person: _Rows = [(self._target.person,)] if self._target.person is not None else []
        return {
            "FROM accounts WHERE person = ?": person,
            "FROM accounts WHERE network = ? AND ? IN (account, via)": keys,
            "FROM handles WHERE network = ? AND ? IN (handle, id)": actors,
            "FROM audiences WHERE network = ? AND account = ?": actors,
        }

    def _marks(self) -> Mapping[str, _Rows]:
        """Return what would keep a person's data from being imported, if they came back: marks of pages, and cursors."""
        if self._target.person is None:
            return {}
        sources = {file: (network, source) for file, network, source in self._catalog.read("SELECT file, network, source FROM segments")}
        return {
            "FROM pages WHERE person = ?": [(self._target.person,)],
            "FROM pages WHERE network = ? AND source = ? AND person IS NULL": sorted({sources[file] for file in self._segments}),
            "FROM cursors WHERE instr(instance, ? || ':') = 1": [(self._target.person,)],
        }

    def _count(self, removals: Mapping[str, _Rows]) -> int:
        found: set[tuple[str, ...]] = set()
        for query, rows in removals.items():
            table = query.split()[1]
            for values in rows:
                found |= {(table, *map(str, row)) for row in self._catalog.read(f"SELECT * {query}", *values)}
        return len(found)


@contextmanager
def _told(store: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.Error) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise StoreError(f"a file of the store cannot be read or written: {reason}", where=str(store), hint="kleos doctor") from error
