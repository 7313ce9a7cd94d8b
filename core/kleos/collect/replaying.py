"""Replaying: pages that were kept are imported again as they came, and nobody is asked for anything."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from kleos.collect.importer import Importer
from kleos.collect.owners import Ownership, what_it_teaches
from kleos.collect.report import SourceReport
from kleos.collect.session import Session
from kleos.contract import Owner, Source
from kleos.errors import FetchError, StoreError
from kleos.store.raw import KeptPage

__all__ = ["by_source", "replay_pages"]


def by_source(kept: Sequence[KeptPage]) -> list[list[KeptPage]]:
    """Return the pages of each source and person together, in the order in which they were kept."""
    found: dict[tuple[str, str, str | None], list[KeptPage]] = {}
    for page in kept:
        found.setdefault((page.network, page.source, page.person), []).append(page)
    return list(found.values())


def replay_pages(session: Session, kept: Sequence[KeptPage]) -> tuple[list[SourceReport], str | None]:
    """Import the kept pages of one source and person; every failure becomes a fault.

    Returns a report, and the digest of the claims under which rows were left out (None: none were). Cursors stay as they are.
    """
    first = kept[0]
    where = str(first.file.parent)
    report = SourceReport(network=first.network, source=first.source, key_path=where, where=where)
    faults = session.faults_of(first.network)
    network = session.loaded.networks.get(first.network)
    source = next((one for one in network.sources if one.name == first.source), None) if network else None
    if network is None or source is None:
        hint = f"pip install kleos-{first.network.replace('_', '-')}, in the version that kept them"
        faults.failed("fetch", where, FetchError(f"nothing that is installed reads pages of {first.network} {first.source}", hint=hint))
        return [report], None
    importer = Importer(
        session=session,
        network=network,
        # It costs nothing to read them once more: so they need not be committed one by one.
        source=evolve(source, live=False),
        instance="",
        faults=faults,
        pace=session.pace(f"{network.name} {source.name} {where}", live=True),
        report=evolve(report, person=first.person if first.person in session.config.people else None),
    )
    for number, one in enumerate(kept):
        if session.stop.is_set():
            break
        try:
            page = one.page()
        except StoreError as error:
            faults.failed("fetch", where, error)
            continue
        if not number:
            _learn(session, network.name, source, page.owner)
        importer.take(page)
    importer.flush()
    importer.pace.finish()
    faults.flush()
    return [importer.report], importer.unfinished


def _learn(session: Session, network: str, source: Source, owner: Owner | None) -> None:
    """Learn from the owner on a page what the export itself taught when it was read."""
    if owner is not None and owner.person in session.config.people and not source.live:
        session.learn(network, what_it_teaches(Ownership(owner=owner, said=owner), network, session.store.pseudonyms))
