"""The store: everything that Kleos keeps, in one folder.

::

    <store>/catalog.sqlite                                   what belongs to the store
    <store>/key                                              the pseudonyms' key, mode 600
    <store>/lock                                             held by the one process that writes
    <store>/interactions/network=<n>/<run>-<k>.parquet       segments, append-only
    <store>/scores/day=YYYY-MM-DD.parquet                    daily scores, and month=YYYY-MM.parquet for months that are over
    <store>/models/<digest>.toml                             the models that scores were recorded with
    <store>/raw/<run>/                                       raw pages, where they are kept
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
from attrs import astuple, fields, frozen

from kleos.contract import Page, Period
from kleos.errors import StoreError
from kleos.store.care import problems, sweep
from kleos.store.catalog import Catalog
from kleos.store.duck import Connection, connect, first_line
from kleos.store.learnt import Learnt, known_accounts, remember
from kleos.store.ledger import Ledger
from kleos.store.lock import WriterLock
from kleos.store.pseudonyms import Pseudonyms, load_key
from kleos.store.raw import keep_page
from kleos.store.read import read_reactions
from kleos.store.record_files import merge_months
from kleos.store.records import ScoreRecord, read_scores, write_scores
from kleos.store.segments import write_segment
from kleos.store.times import to_micros

__all__ = ["PageMark", "Store"]


@frozen(kw_only=True)
class PageMark:
    """Remembers a page, so that it need not be parsed again."""

    digest: str
    """Of everything that decides what its rows are."""
    person: str | None = None
    """Whose page it is; None for bulk files."""
    claims: str | None = None
    """A digest of who owns which account, where rows were left out because of it: with other owners the page is worth another look."""
    rows: int = 0
    """How many rows the page gave: kept + self_reactions + unclaimed."""
    kept: int = 0
    self_reactions: int = 0
    unclaimed: int = 0


class Store:
    """Opened with `Store.open`; a context manager. Any number of processes may read; one may write, from its first write until it closes.

    Every method raises `StoreError` where the folder cannot be read or written.
    """

    def __init__(self, path: Path, catalog: Catalog, pseudonyms: Pseudonyms) -> None:
        self.path = path
        self.pseudonyms = pseudonyms
        self._catalog = catalog
        self._lock = WriterLock(path / "lock")
        self._recorded = False

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Self:
        """Open the store in a folder; where there is none, make one, or raise `StoreError` if `create` is false."""
        with _told(path):
            if not create and not (path / "catalog.sqlite").exists():
                raise StoreError("there is no store here", where=str(path), hint="`kleos run` makes one")
            if not create and not (path / "key").exists():
                # Another one would be made: who only looks is not to do that.
                raise StoreError("the key of the store is missing", where=str(path / "key"), hint="restore it from a backup")
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            catalog = Catalog(path / "catalog.sqlite")
            try:
                pseudonyms = load_key(path / "key")
                _check_key(catalog, pseudonyms, path)
            except BaseException:
                catalog.close()
                raise
        return cls(path, catalog, pseudonyms)

    def close(self) -> None:
        """Put recorded months in order, let others write, and close the catalogue; closing twice is fine."""
        try:
            if self._recorded:
                self._recorded = False
                with _told(self.path), connect() as connection:
                    merge_months(connection, self.path / "scores")
        finally:
            self._catalog.close()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Importing

    def begin_run(self, now: datetime, config_digest: str = "") -> str:
        """Start to import: returns the run's name, which sorts by time. Raises `StoreError` while another process writes."""
        with _told(self.path):
            self._lock.take()
        run = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        with self._catalog.transaction() as connection:
            connection.execute("INSERT INTO runs VALUES (?, ?, ?)", (run, to_micros(now), config_digest))
        return run

    def seen(self, digest: str, claims: str) -> PageMark | None:
        """Return the mark of a page that has been imported; None if under other `claims` rows of it were left out."""
        names = [attribute.name for attribute in fields(PageMark)]
        query = f"SELECT {', '.join(names)} FROM pages WHERE digest = ? AND (claims IS NULL OR claims = ?)"  # noqa: S608 - names of ours
        rows = self._catalog.read(query, digest, claims)
        return PageMark(**dict(zip(names, rows[0], strict=True))) if rows else None

    def append(
        self,
        run: str,
        network: str,
        source: str,
        connection: Connection,
        table: str,
        *,
        pages: Sequence[PageMark] = (),
        learnt: Learnt | None = None,
        cursor: tuple[str, str] | None = None,
    ) -> int:
        """Import the rows of a table with `kleos.store.merge.COLUMNS`, and everything that belongs to them: all of it, or nothing.

        `cursor` is (instance, cursor). Returns the number of rows stored, copies of one row counted once; 0 where a segment already has
        exactly these. A process that dies here leaves at most a file that the catalogue does not name.
        """
        with _told(self.path):
            self._lock.take()
            ((count,),) = self._catalog.read("SELECT count(*) FROM segments WHERE run = ? AND network = ?", run, network)
            known = {sha256 for (sha256,) in self._catalog.read("SELECT sha256 FROM segments WHERE network = ?", network)}
            file = f"interactions/network={network}/{run}-{count + 1:04d}.parquet"
            segment = write_segment(connection, table, self.path, file, known)
        with self._catalog.transaction() as sqlite:
            if segment is not None:
                sqlite.execute(
                    "INSERT INTO segments VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (segment.file, network, source, run, segment.sha256, segment.rows, segment.first_time, segment.last_time),
                )
            sqlite.executemany(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(page.digest, network, source, run, *astuple(page)[1:]) for page in pages],
            )
            if cursor is not None:
                sqlite.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)", (network, source, *cursor))
            if learnt is not None:
                remember(sqlite, network, learnt)
        return 0 if segment is None else segment.rows

    def learn(self, network: str, learnt: Learnt) -> None:
        """Keep what an export says about its owner before any of its pages is read."""
        with _told(self.path):
            self._lock.take()
        with self._catalog.transaction() as connection:
            remember(connection, network, learnt)

    def cursor(self, network: str, source: str, instance: str) -> str | None:
        """Return where a source left off, None the first time."""
        rows = self._catalog.read("SELECT cursor FROM cursors WHERE network = ? AND source = ? AND instance = ?", network, source, instance)
        return str(rows[0][0]) if rows else None

    def ledger(self, network: str, now: datetime, periods: Mapping[str, Period] | None = None) -> Ledger:
        """Return the quota ledger of a network at the time of a run; `periods` are those of units that do not have the usual one."""
        return Ledger(self._catalog, network, now, periods or {})

    def keep_page(self, run: str, number: int, page: Page) -> None:
        """Keep a page as it came: ``raw/<run>/<number>.body``, and beside it, in JSON, all else that its parser was given."""
        with _told(self.path):
            keep_page(self.path / "raw" / run, number, page)

    # Reading

    def accounts(self, people: Collection[str], configured: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        """Return {network: {account key: person}}: those configured for `people`, and those that imports have added to them."""
        return known_accounts(self._catalog, people, configured)

    def reactions(self, connection: Connection, accounts: Iterable[tuple[str, str, str]], kinds: Iterable[tuple[str, str, bool]]) -> None:
        """Make two tables in a DuckDB connection, in an order of their own, from everything in the store.

        `accounts` holds (network, account key, person), `kinds` (network, kind, whether an actor can do it once per item).

        ``reactions(network, person, kind, actor, item VARCHAR, time, item_time, captured, count, audience BIGINT)``: the merged reactions
        to these accounts, self-reactions left out. `actor` is a pseudonym; NULL where `count` is of anonymous reactions. Times are µs.
        ``audiences(network, actor VARCHAR, audience BIGINT)``: the newest told number of followers of actors in ``reactions``.
        """
        segments: dict[str, list[Path]] = {}
        for network, file in self._catalog.read("SELECT network, file FROM segments ORDER BY file"):
            segments.setdefault(network, []).append(self.path / file)
        with _told(self.path):
            for path in (path for paths in segments.values() for path in paths):
                if not path.exists():
                    raise StoreError("a segment is missing", where=str(path), hint="restore it, or move the store away and collect again")
            read_reactions(connection, segments, accounts=accounts, kinds=kinds, catalog=self._catalog, pseudonyms=self.pseudonyms)

    # Daily scores

    def record_scores(self, day: date, records: Sequence[ScoreRecord]) -> None:
        """Record a day's scores, in place of that day's records of the same person and model; other models' records stay."""
        with _told(self.path), connect() as connection:
            self._lock.take()
            (self.path / "scores").mkdir(exist_ok=True)
            write_scores(connection, self.path / "scores", day, records)
            self._recorded = True

    def scores(self, *, person: str | None = None, since: date | None = None, until: date | None = None) -> list[ScoreRecord]:
        """Return what was recorded from `since` to `until`, both included, by (day, person, model digest)."""
        with _told(self.path), connect() as connection:
            return read_scores(connection, self.path / "scores", person=person, since=since, until=until)

    # Care

    def problems(self) -> list[str]:
        """Check the catalogue and every segment's bytes; return one sentence for each thing wrong."""
        with _told(self.path):
            return problems(self._catalog, self.path)

    def sweep(self) -> list[str]:
        """Remove the files of imports that were cut short; returns their paths below the store."""
        with _told(self.path):
            self._lock.take()
            return sweep(self._catalog, self.path)


def _check_key(catalog: Catalog, pseudonyms: Pseudonyms, path: Path) -> None:
    rows = catalog.read("SELECT value FROM meta WHERE key = 'fingerprint'")
    if not rows:
        with catalog.transaction() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('fingerprint', ?)", (pseudonyms.fingerprint,))
    elif rows[0][0] != pseudonyms.fingerprint:
        # With another key the same person would count as two.
        raise StoreError("the key is not the one that this store was made with", where=str(path / "key"), hint="restore the key file")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{error.strerror or error}", where=str(error.filename or path), hint="check the folder of [run] store") from error
    except duckdb.Error as error:
        raise StoreError(
            f"a file of the store cannot be read or written ({first_line(error)})", where=str(path), hint="kleos doctor"
        ) from error
