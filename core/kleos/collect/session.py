"""A session of collecting: what all sources of one run share."""

from __future__ import annotations

import threading
from datetime import datetime

from attrs import field, mutable

from kleos.collect.claims import Claims
from kleos.collect.faults import Faults, Origin
from kleos.collect.pace import Pace
from kleos.config import Config
from kleos.events import Emit, Fault, Note
from kleos.plugins import Loaded
from kleos.store import Connection, Learnt, Store

__all__ = ["Session"]


@mutable(kw_only=True)
class Session:
    """Owned by `kleos.collect.collect`; the functions that collect a source take it and change nothing in it but what it has learnt."""

    config: Config
    loaded: Loaded
    store: Store
    connection: Connection
    """A DuckDB in memory that serves one source after another."""
    run: str
    now: datetime
    emit: Emit
    stop: threading.Event
    keep: bool
    strict: bool
    claims: Claims
    faults: list[Fault] = field(factory=list)
    """Those that have been emitted."""
    kept_pages: int = 0
    repeating: bool = False
    """While sources are looked at again, since others have taught whose their rows are: their faults have been told."""
    _noted: set[str] = field(factory=set)

    def faults_of(self, network: str) -> Faults:
        """Return where the faults of a network's plugin go."""
        return Faults(Origin.of(self.loaded, network), self.tell, self.strict)

    def learn(self, network: str, learnt: Learnt) -> None:
        """Keep what has been learnt; from now on it counts."""
        if learnt.links or learnt.handles or learnt.audiences:
            self.store.learn(network, learnt)
        if learnt.links:
            self.claims = Claims.of(self.config, self.store)

    def note(self, text: str) -> None:
        """Tell something once."""
        if text not in self._noted:
            self._noted.add(text)
            self.emit(Note(text=text))

    def pace(self, task: str, *, live: bool = False) -> Pace:
        """Return what tells how far a source is."""
        return Pace(emit=self.emit, task=task, live=live)

    def tell(self, fault: Fault) -> None:
        """Emit a fault, once."""
        if not self.repeating:
            self.faults.append(fault)
            self.emit(fault)
