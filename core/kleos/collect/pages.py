"""Plugin sources: an export, a bulk file or an API, from its settings to imported pages."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from attrs import evolve, fields, has

from kleos.collect.bounds import cut_off
from kleos.collect.faults import Faults
from kleos.collect.importer import Importer
from kleos.collect.owners import owner_of_export, owners_of_api, what_it_teaches
from kleos.collect.report import SourceReport
from kleos.collect.scrubbing import without_secrets
from kleos.collect.session import Session
from kleos.collect.spending import periods_of
from kleos.config import SourceConfig, SourceLimits
from kleos.contract import AMOUNT, Context, Export, Network, Owner, Page, Source
from kleos.files import OpenExport, open_export

__all__ = ["collect_pages", "instance_of", "where_of"]


def collect_pages(session: Session, configured: SourceConfig, network: Network, source: Source) -> tuple[list[SourceReport], str | None]:
    """Import a source for each of its owners; every failure of the plugin becomes a fault.

    Returns a report for each owner, and the digest of the claims under which rows were left out (None: none were).
    """
    where = where_of(configured)
    report = SourceReport(network=network.name, source=source.name, key_path=configured.key_path, where=where)
    faults = session.faults_of(network.name)
    reports: list[SourceReport] = []
    unfinished = None
    limits = session.config.source_limits
    with ExitStack() as stack:
        if configured.isolate:
            from kleos.collect.isolated import isolated

            source = stack.enter_context(isolated(source, configured, limits, session.config.limits, session.stop))
            limits = evolve(limits, time=sys.maxsize)  # the clock is looked at there, within a page too
        opened: dict[str, OpenExport] = {}

        def open_once(paths: Any) -> Export:
            if repr(paths) not in opened:
                opened[repr(paths)] = stack.enter_context(open_export(paths, session.config.limits))
            return opened[repr(paths)]

        owners = _owners(session, configured, source, faults=faults, open_once=open_once, where=where)
        if not owners:
            reports.append(report)
        pace = session.pace(f"{network.name} {source.name} {where}", live=source.live)
        for owner in owners:
            importer = Importer(
                session=session,
                network=network,
                source=source,
                instance=instance_of(configured, source, owner),
                faults=faults,
                pace=pace,
                report=evolve(report, person=owner.person if owner else None),
            )
            _import(importer, _pages(session, importer, configured.settings, owner, open_once), limits)
            reports.append(importer.report)
            unfinished = importer.unfinished or unfinished
            if session.stop.is_set() or cut_off(pace, limits) is not None:
                break
        if owners:
            pace.finish()
    faults.flush()
    return reports, unfinished


def _owners(
    session: Session, configured: SourceConfig, source: Source, *, faults: Faults, open_once: Callable[[Any], Export], where: str
) -> Sequence[Owner | None]:
    """Return whom to fetch for; what exports say of their owners is learnt. Bulk files have none. Nobody, where it failed."""
    network, config = configured.network, session.config
    if not source.owned:
        return [None]
    stage = "fetch"
    try:
        if not hasattr(configured.settings, "path"):
            stage = "owners"
            return owners_of_api(network, person=configured.person, config=config)
        export = open_once(configured.settings.path)
        stage = "owners"
        said = source.owners(export)
        found = owner_of_export(said, network, person=configured.person, config=config, claims=session.claims)
    except (Exception, SystemExit) as error:
        faults.failed(stage, where, error)
        return []
    session.learn(network, what_it_teaches(found, network, session.store.pseudonyms))
    if found.note:
        session.note(found.note)
    return [found.owner]


def _import(importer: Importer, pages: Iterator[Page], limits: SourceLimits) -> None:
    """Take page after page, until there is none or the source has given more than it may."""
    for page in pages:
        importer.take(page)
        beyond = cut_off(importer.pace, limits)
        if beyond is not None:
            importer.faults.failed("fetch", importer.report.where, beyond)
            break
    importer.flush()


def _pages(session: Session, importer: Importer, settings: Any, owner: Owner | None, open_once: Callable[[Any], Export]) -> Iterator[Page]:
    """Yield what the source fetches, until it fails or the user stops it."""
    network, source, where = importer.network.name, importer.source, importer.report.where
    context = Context(
        open_export=open_once,
        stop=session.stop,
        now=session.now,
        cursor=session.store.cursor(network, source.name, importer.instance),
        quota=session.store.ledger(network, session.now, periods_of(importer.network)),
        progress=importer.pace.told,
    )
    try:
        for page in source.fetch(settings, owner, context):
            if not isinstance(page, Page) or page.network != network or not isinstance(page.body, bytes):
                raise TypeError(f"expected a Page of {network} with a body of bytes, found {_shown(page)}")
            yield without_secrets(page) if source.live else page
            if session.stop.is_set():
                break
    except (Exception, SystemExit) as error:
        importer.faults.failed("fetch", where, error)


def _shown(page: object) -> str:
    return f"one of {page.network!r} with a body of {type(page.body).__name__}" if isinstance(page, Page) else type(page).__name__


def instance_of(configured: SourceConfig, source: Source, owner: Owner | None) -> str:
    """Return a name for the cursor: a source that asks for something else, or for somebody else, starts from the beginning.

    Who allows more of the same goes on where the last run stopped.
    """
    amounts = {charge.setting for charge in source.charges}
    told = [(name, repr(getattr(configured.settings, name))) for name in _what_is_asked(type(configured.settings)) if name not in amounts]
    return f"{owner.person if owner else None}:{hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()}"


def _what_is_asked(settings: type) -> list[str]:
    return [field.name for field in fields(settings) if not field.metadata.get(AMOUNT)] if has(settings) else []


def where_of(configured: SourceConfig) -> str:
    """Return the path of a source, or the key path of one that has none."""
    path = getattr(configured.settings, "path", None)
    if path is None:
        return configured.key_path
    return ", ".join(map(str, path)) if isinstance(path, Sequence) and not isinstance(path, str) else str(path)
