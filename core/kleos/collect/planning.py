"""Planning: what a run would ask for and read, found out without a request and without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen

from kleos.collect.owners import owners_of_api
from kleos.collect.pages import instance_of, where_of
from kleos.collect.spending import Spending, periods_of, spending
from kleos.config import BUILT_IN, Config, SourceConfig
from kleos.contract import Network, Owner, Source
from kleos.errors import ExportError
from kleos.plugins import Loaded
from kleos.store import Store

__all__ = ["Planned", "planned"]


@frozen(kw_only=True)
class Planned:
    """What one source would do for one owner."""

    network: str
    source: str
    key_path: str
    where: str
    """The path, or the key path of a source without one."""
    live: bool = False
    """Whether it asks an API; else it reads files."""
    person: str | None = None
    accounts: Sequence[str] = ()
    """Whom an API is asked for."""
    cursor: str | None = None
    """Where an earlier run left off; None: from the beginning."""
    spending: Sequence[Spending] = ()
    problem: str = ""
    """Why nothing can be asked; empty where something can."""


def planned(config: Config, loaded: Loaded, *, now: datetime) -> list[Planned]:
    """Return what every source would do, in the order of the configuration. Raises `StoreError` for a store that cannot be read."""
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(config.run.store, create=False)) if _is_there(config.run.store) else None
        return [one for configured in config.sources for one in _planned(config, loaded, store, configured, now)]


def _is_there(store: Path) -> bool:
    return (store / "catalog.sqlite").exists()


def _planned(config: Config, loaded: Loaded, store: Store | None, configured: SourceConfig, now: datetime) -> Iterator[Planned]:
    network = loaded.networks.get(configured.network)
    if network is None:  # a fault has told why
        return
    told = Planned(network=network.name, source=configured.source, key_path=configured.key_path, where=where_of(configured))
    source = next((one for one in network.sources if one.name == configured.source), None)
    if configured.source == BUILT_IN or source is None or not source.live:
        yield evolve(told, person=configured.person)
        return
    ledger = None if store is None else store.ledger(network.name, now, periods_of(network))
    told = evolve(told, live=True, spending=spending(source, configured.settings, ledger))
    try:
        owners: Sequence[Owner | None] = owners_of_api(network.name, person=configured.person, config=config) if source.owned else [None]
    except ExportError as error:
        yield evolve(told, problem=f"{error.message}; {error.hint}")
        return
    for owner in owners:
        yield evolve(
            told,
            person=owner.person if owner else None,
            accounts=(*owner.ids, *owner.handles) if owner else (),
            cursor=_cursor(store, network, source, configured, owner),
        )


def _cursor(store: Store | None, network: Network, source: Source, configured: SourceConfig, owner: Owner | None) -> str | None:
    return None if store is None else store.cursor(network.name, source.name, instance_of(configured, source, owner))
