"""The other side of `kleos.collect.isolated`: a process that holds one source of a plugin, and calls its functions on demand.

It is started with four pipes. Over the first it is told what to do: ``owners``; ``fetch``, and then ``next`` for each page; ``parse`` for
the page given last. Over the second it tells what comes of it. Over the third it hears what the ledger of quotas says; and when the
fourth closes, Kleos is gone, and so is this process.
"""

from __future__ import annotations

import logging
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.collect.scrubbing import without_secrets
from kleos.collect.wire import error_of, owner_of, pack, packed_error, packed_page, packed_row, unpack
from kleos.contract import Context, Page, Source
from kleos.files import Limits, OpenExport, open_export
from kleos.plugins import load
from kleos.secrets import redact

__all__ = ["Task", "serve"]

_ROWS = 5_000
"""Rows that travel together."""
_GONE = 70


@frozen(kw_only=True)
class Task:
    """What the process is for."""

    network: str
    source: str
    settings: bytes
    """Pickled."""
    limits: Limits
    memory: int
    """Bytes that it may take beside what it has when it begins."""
    cpu: int
    """Seconds of a processor."""
    log_level: int
    """Of what Kleos itself logs."""


def serve(commands: int, events: int, answers: int, lifeline: int) -> None:
    """Do what is asked for until nobody asks any more; the arguments are the numbers of open files."""
    wire = _Wire(
        Connection(commands, writable=False), Connection(events, readable=False), Connection(answers, writable=False), threading.Lock()
    )
    threading.Thread(target=_die_with, args=(lifeline,), daemon=True).start()
    stop = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    task: Task = pickle.loads(wire.commands.recv_bytes())  # noqa: S301 - from the process that started this one
    _restrict(task)
    _log_to(wire, task.log_level)
    try:
        desk = _Desk(wire, stop, task)
    except (Exception, SystemExit) as error:
        wire.tell("failed", *packed_error(error))
        return
    wire.tell("done")
    with suppress(EOFError):
        while True:
            desk.do(*unpack(wire.commands.recv_bytes()))


@frozen
class _Wire:
    """The pipes; functions of the plugin may use them from threads of their own."""

    commands: Connection
    events: Connection
    answers: Connection
    _lock: threading.Lock

    def tell(self, *message: Any) -> None:
        data = pack(*message)
        with self._lock:
            self.events.send_bytes(data)

    def ask(self, *message: Any) -> Any:
        data = pack(*message)
        with self._lock:
            self.events.send_bytes(data)
            word, *values = unpack(self.answers.recv_bytes())
        if word == "failed":
            raise error_of(*values)
        return values[0]

    # What `kleos.contract.Quota` promises.

    def spent(self, unit: str) -> float:
        return float(self.ask("spent", unit))

    def spend(self, unit: str, amount: float) -> None:
        self.ask("spend", unit, amount)


class _Desk:
    """Where commands are carried out."""

    def __init__(self, wire: _Wire, stop: threading.Event, task: Task) -> None:
        self._wire = wire
        self._stop = stop
        self._limits = task.limits
        network = load(networks=[task.network], metrics=(), strict=True).networks[task.network]
        self._source: Source = next(source for source in network.sources if source.name == task.source)
        self._settings = pickle.loads(task.settings)  # noqa: S301 - from the process that started this one
        self._opened: dict[str, OpenExport] = {}
        self._pages: Iterator[Any] = iter(())
        self._page: Any = None

    def do(self, word: str, *values: Any) -> None:
        """Carry out a command, and tell that it is done, or how it failed."""
        steps: Mapping[str, Callable[..., None]] = {"owners": self._owners, "fetch": self._fetch, "next": self._next, "parse": self._parse}
        try:
            steps[word](*values)
            self._wire.tell("done")
        except (Exception, SystemExit) as error:
            self._wire.tell("failed", *packed_error(error))

    def _owners(self) -> None:
        for owner in self._source.owners(self._open(self._settings.path)):
            self._wire.tell("owner", owner)

    def _fetch(self, owner: Any, cursor: str | None, now: Any) -> None:
        context = Context(
            open_export=self._open,
            stop=self._stop,
            now=now,
            cursor=cursor,
            quota=self._wire,
            progress=lambda done, total, unit: self._wire.tell("progress", done, total, unit),
        )
        self._pages = iter(self._source.fetch(self._settings, owner_of(owner), context))

    def _next(self) -> None:
        self._page = None  # before the next one is made: two of them would take twice the memory
        for page in self._pages:
            # Only this process knows the token: what Kleos would blank is blanked here.
            self._page = without_secrets(page) if self._source.live and isinstance(page, Page) else page
            self._wire.tell("page", *packed_page(self._page))
            return

    def _parse(self) -> None:
        for rows in _gathered(self._source.parse(self._page)):
            self._wire.tell("rows", rows)

    def _open(self, paths: Any) -> OpenExport:
        if repr(paths) not in self._opened:
            self._opened[repr(paths)] = open_export(paths, self._limits)
        return self._opened[repr(paths)]


def _gathered(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield rows some thousands at a time; those before a failure are yielded before it is raised."""
    gathered: list[Any] = []
    size = 0
    try:
        for row in rows:
            gathered.append(packed_row(row))
            size += len(row) if hasattr(row, "__len__") else 1
            if size >= _ROWS:
                yield gathered
                gathered, size = [], 0
    except (Exception, SystemExit):
        yield gathered
        raise
    yield gathered


def _restrict(task: Task) -> None:
    """Set the limits that the system holds: a process beyond them is refused memory, or ended."""
    statm = Path("/proc/self/statm")
    begun = int(statm.read_text().split()[0]) * resource.getpagesize() if statm.exists() else 0
    _limit(resource.RLIMIT_AS, begun + task.memory)
    _limit(resource.RLIMIT_CORE, 0)
    # A second later it is ended even if it does not listen.
    _limit(resource.RLIMIT_CPU, task.cpu + int(sum(os.times()[:2])), grace=1)


def _limit(what: int, most: int, *, grace: int = 0) -> None:
    """Lower a limit for good; one that is lower already stays."""
    known = resource.getrlimit(what)[1]
    soft, hard = (each if known == resource.RLIM_INFINITY else min(each, known) for each in (most, most + grace))
    resource.setrlimit(what, (soft, hard))


def _die_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(_GONE)


def _log_to(wire: _Wire, level: int) -> None:
    """Let Kleos tell what is logged here, without the tokens that only this process knows."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            with suppress(Exception):  # a log must never end a run
                wire.tell("log", record.levelno, record.name, redact(self.format(record)))

    logging.getLogger().addHandler(Handler())
    logging.getLogger("kleos").setLevel(level)
