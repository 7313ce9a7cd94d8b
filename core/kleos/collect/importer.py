"""Importing: pages are parsed and gathered, then cleaned and committed together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from attrs import asdict, evolve, field, mutable

import kleos
from kleos.collect.admit import BATCH, admit
from kleos.collect.adopt import adopt_only_subject
from kleos.collect.check import GOOD, check
from kleos.collect.faults import Faults
from kleos.collect.pace import Pace
from kleos.collect.profiles import learn
from kleos.collect.report import Outcome, SourceReport
from kleos.collect.session import Session
from kleos.collect.staged import Staged, Told, stage
from kleos.contract import Network, Page, Source
from kleos.store import PageMark

__all__ = ["Importer"]

_ENOUGH = 200_000
"""Rows and profiles after which what has been gathered is committed."""


@mutable(kw_only=True)
class Importer:
    """Imports the pages of one source for one owner. Call `take` for each page, then `flush`."""

    session: Session
    network: Network
    source: Source
    instance: str
    """Tells apart the cursors of several sources of one kind."""
    faults: Faults
    pace: Pace
    report: SourceReport
    unfinished: str | None = None
    """The digest of the claims under which rows were left out last: under other claims the source is worth another look."""
    _pages: list[Staged] = field(factory=list)
    _profiles: list[tuple[Told, str]] = field(factory=list)
    _digests: dict[int, str] = field(factory=dict)
    _cursor: str | None = None
    _gathered: int = 0
    _rows: int = 0
    _failed: bool = False

    def take(self, page: Page) -> None:
        """Import a page, unless it has been as it is; commits when enough has been gathered."""
        session, before = self.session, self._taken
        digest = self._digest(page)
        if session.keep and not session.repeating:
            session.kept_pages += 1
            session.store.keep_page(session.run, session.kept_pages, page)
        mark = session.store.seen(digest, session.claims.digest(self.network.name))
        if mark is not None:
            self._skip(mark)
        else:
            self._parse(page, digest)
        # A cursor behind a page that failed would leave that page out for good.
        if not self._failed and page.cursor is not None:
            self._cursor = page.cursor
        self.pace.took(len(page.body), self._taken - before)
        # What an API gave was paid for: it is kept at once.
        if self._gathered >= _ENOUGH or self.source.live:
            self.flush()

    def flush(self) -> None:
        """Clean and commit what has been gathered."""
        session, network = self.session, self.network.name
        if not self._pages and self._cursor is None:
            return
        pseudonyms = session.store.pseudonyms
        session.learn(network, learn(self._profiles, network, session.claims, pseudonyms, self.faults))
        checked = check(session.connection, self._pages, network=network, kinds=self.network.kinds, faults=self.faults)
        if self.report.person is not None:
            adopt_only_subject(session, network, GOOD, self.report.person)
        admitted = admit(session.connection, GOOD, network=network, claims=session.claims, pseudonyms=pseudonyms, as_given=False)
        outcomes = [
            Outcome(
                rows=page.rows,
                kept=admitted.claimed[number] - admitted.self_reactions[number],
                self_reactions=admitted.self_reactions[number],
                unclaimed=page.rows - checked.left_out[number] - admitted.claimed[number],
                left_out=checked.left_out[number],
            )
            for number, page in enumerate(self._pages)
        ]
        session.store.append(
            session.run,
            network,
            self.source.name,
            session.connection,
            BATCH,
            pages=self._marks(outcomes, checked.flawed),
            cursor=None if self._cursor is None else (self.instance, self._cursor),
        )
        self.report = evolve(self.report, outcome=sum(outcomes, start=self.report.outcome))
        for gathered in (self._pages, self._profiles, self._digests):
            gathered.clear()
        self._gathered = self._rows = 0

    @property
    def _taken(self) -> int:
        """How many rows its pages have given, those that are still to be committed and those of earlier runs included."""
        return self.report.outcome.rows + self._rows

    def _skip(self, mark: PageMark) -> None:
        outcome = Outcome(rows=mark.rows, kept=mark.kept, self_reactions=mark.self_reactions, unclaimed=mark.unclaimed)
        report = self.report
        self.report = evolve(report, pages=report.pages + 1, skipped_pages=report.skipped_pages + 1, outcome=report.outcome + outcome)

    def _parse(self, page: Page, digest: str) -> None:
        staged = stage(page, self.source.parse)
        if staged.failure is not None:
            self.faults.failed("parse", page.where, staged.failure)
            self._failed = True
        if staged.failure is None or staged.rows:
            self.report = evolve(self.report, pages=self.report.pages + 1)
        for flaw in staged.flaws:
            self.faults.count("parse", flaw.where, flaw.reason)
        if staged.failure is None and not staged.flaws:
            self._digests[len(self._pages)] = digest
        self._pages.append(staged)
        self._profiles += [(profile, page.where) for profile in staged.profiles]
        self._gathered += staged.rows + len(staged.profiles)
        self._rows += staged.rows

    def _marks(self, outcomes: Sequence[Outcome], flawed: Collection[int]) -> list[PageMark]:
        """Pages that are not in order get none: they are read again, and their flaws told, by every run."""
        claims = self.session.claims.digest(self.network.name)
        if any(outcome.unclaimed or outcome.self_reactions for outcome in outcomes):
            self.unfinished = claims
        return [
            PageMark(
                digest=digest,
                person=self.report.person,
                claims=claims if outcomes[number].unclaimed or outcomes[number].self_reactions else None,
                rows=outcomes[number].rows,
                kept=outcomes[number].kept,
                self_reactions=outcomes[number].self_reactions,
                unclaimed=outcomes[number].unclaimed,
            )
            for number, digest in self._digests.items()
            if number not in flawed
        ]

    def _digest(self, page: Page) -> str:
        """Everything that decides what rows a page gives."""
        origin = self.faults.origin
        told: list[Any] = [kleos.__version__, origin.distribution, origin.version, page.network, page.source, page.where]
        told += [page.owner and asdict(page.owner), page.captured, page.context and dict(page.context)]
        digest = hashlib.blake2b(json.dumps(told, default=str).encode(errors="replace"), digest_size=20)
        digest.update(b"\0")
        digest.update(page.body)
        return digest.hexdigest()
