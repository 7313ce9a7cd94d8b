"""``isolate = true``: a source whose plugin runs in a process of its own, where it can harm nothing but its own rows.

`isolated` yields a source like the one it is given, whose functions ask the other process (`kleos.collect.apart`). That process may crash,
exit, run for ever or take all the memory it is allowed: each becomes one error, raised where the function of a plugin would have raised
one. Memory and processor time are limited by the system, the time by the clock here (`kleos.config.SourceLimits`).
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any

import attrs
from attrs import field, mutable

from kleos.collect.apart import Task
from kleos.collect.wire import error_of, owner_of, pack, packed_error, page_of, row_of, unpack
from kleos.config import SourceConfig, SourceLimits
from kleos.contract import Context, Export, Owner, Page, Row, Source
from kleos.errors import FetchError, KleosError, ParseError
from kleos.files import Limits
from kleos.files.limits import plain_size

__all__ = ["isolated"]

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop(1)); from kleos.collect.apart import serve; serve(*map(int, sys.argv[1:]))"
)
_STDERR = 2
_SECOND = 1_000_000
_LOOK = 0.2
"""Seconds between two looks at whether the user has stopped the run."""
_KINDNESS = 2.0
"""Seconds that it has to put things in order when nothing more is asked of it."""
_PATIENCE = 10.0
"""Seconds that a source has to end once the user has stopped the run."""
_A_PAGE = 256 << 20
"""Bytes that may come of one command: a page has 32 MB at most, and what is parsed of it is gathered here."""
_AUTHOR = "update the plugin, or tell its author"


@contextmanager
def isolated(source: Source, configured: SourceConfig, limits: SourceLimits, exports: Limits, stop: threading.Event) -> Iterator[Source]:
    """Start a process for a source, and yield the source as it works there; the process ends with the context.

    `exports` are the limits of reading. Whatever ends the process is raised once, as a `KleosError`; after that the source has no more
    pages. When `stop` is set the process is told so.
    """
    other = _Process(configured=configured, limits=limits, exports=exports, stop=stop)
    try:
        yield attrs.evolve(source, owners=other.owners, fetch=other.fetch, parse=other.parse)
    finally:
        other.close()


@mutable(kw_only=True, eq=False)
class _Process:
    """The other process, started when it is first asked."""

    configured: SourceConfig
    limits: SourceLimits
    exports: Limits
    stop: threading.Event
    _running: subprocess.Popen[bytes] | None = None
    _pipes: dict[str, Connection] = field(factory=dict)
    _lifeline: int | None = None
    _deadline: float = 0.0
    _told_to_stop: float | None = None
    _context: Context | None = None
    _received: int = 0
    """Bytes that have come of the command."""
    _busy: bool = False
    """Whether a command has not been heard to its end: who asked for rows may have had enough of them."""
    _over: bool = False
    """Whether what ended it has been told."""

    def owners(self, export: Export) -> Sequence[Owner]:
        """What `Source.owners` does."""
        # Both sides open it: an open file does not travel.
        return [owner for values in self._ask(FetchError, "owners") if (owner := owner_of(values[0]))]

    def fetch(self, settings: Any, owner: Owner | None, context: Context) -> Iterator[Page]:
        """What `Source.fetch` does."""
        self._context = context
        for _ in self._ask(FetchError, "fetch", owner and attrs.asdict(owner), context.cursor, context.now):
            pass
        while not self._over:
            found = list(self._ask(FetchError, "next"))
            if not found:
                return
            yield page_of(*found[0])

    def parse(self, page: Page) -> Iterator[Row]:
        """What `Source.parse` does, for the page that was fetched last."""
        for values in self._ask(ParseError, "parse"):
            for name, row in values[0]:
                yield row_of(name, row)

    def close(self) -> None:
        """End the process, kindly if it has nothing to do."""
        for pipe in self._pipes.values():
            pipe.close()
        if self._running is not None:
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(0 if self._over else _KINDNESS)
            self._kill()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _ask(self, failure: type[KleosError], *command: Any) -> Iterator[list[Any]]:
        """Give a command and yield what comes of it. Raises what the plugin raised there, and `failure` where the process ends instead.

        Once that has been told nothing comes any more; nor where the process ends since the user has stopped the run.
        """
        if self._over:
            return
        try:
            if self._running is None:
                yield from self._begun(failure)
            while self._busy:
                word, *values = self._message()
                self._busy = word not in ("done", "failed")
                self._see_to(word, values)
            self._received = 0
            self._send("commands", pack(*command))
            yield from self._heard(failure)
        except _EndedError as ended:
            self._over = True
            self._kill()
            # Of a page that was not parsed to its end nobody may think that this is all.
            if failure is ParseError or not self.stop.is_set():
                raise failure(f"{ended.reason}; what it gave before is kept", hint=ended.hint) from None

    def _begun(self, failure: type[KleosError]) -> Iterator[list[Any]]:
        """Start the process; nothing comes of that, unless it fails. The time counts from when the plugin is loaded there."""
        self._over = True
        self._start()
        yield from self._heard(failure)
        self._over = False
        self._deadline = self._latest()

    def _heard(self, failure: type[KleosError]) -> Iterator[list[Any]]:
        """Yield what comes of a command until it is done; what concerns the run is seen to."""
        self._busy = True
        while True:
            word, *values = self._message()
            self._busy = word not in ("done", "failed")
            if word == "done":
                return
            if word == "failed" and values[0] == "MemoryError":
                most = plain_size(self.limits.memory)
                raise failure(f"it needs more than {most} of memory", hint=f"raise source_memory in [limits], or {_AUTHOR}")
            if word == "failed":
                raise error_of(*values)
            if word in ("owner", "page", "rows"):
                yield values
            else:
                self._see_to(word, values)

    def _see_to(self, word: str, values: list[Any]) -> None:
        """Do what functions of the plugin ask of the run, from whatever thread."""
        if word == "log":
            logging.getLogger(values[1]).log(values[0], "%s", values[2])
        elif self._context is not None and word == "progress":
            self._context.progress(*values)
        elif self._context is not None and word in ("spent", "spend"):
            self._send("answers", _answered(getattr(self._context.quota, word), values))

    def _send(self, pipe: str, data: bytes) -> None:
        with suppress(BrokenPipeError):  # why it is gone is told by what is heard next
            self._pipes[pipe].send_bytes(data)

    def _message(self) -> list[Any]:
        """Return the next message; raises `_EndedError` where there will be none."""
        events, running = self._pipes["events"], self._running
        assert running is not None
        while True:
            there = events.poll(_LOOK)
            now = time.monotonic()
            if now > self._deadline:
                raise _EndedError(f"it took longer than {_span(self.limits.time)}", f"raise source_time in [limits], or {_AUTHOR}")
            if there:
                break
            if running.poll() is not None and not events.poll(0):
                raise self._ended()
            if self.stop.is_set() and self._told_to_stop is None:
                self._told_to_stop = now
                running.send_signal(signal.SIGINT)
            if self._told_to_stop is not None and now > self._told_to_stop + _PATIENCE:
                raise _EndedError("it did not stop when it was asked to", _AUTHOR)
        try:
            data = events.recv_bytes()
            self._received += len(data)
            if self._received > _A_PAGE:
                raise _EndedError(f"it gave more than {plain_size(_A_PAGE)} for one page", f"smaller pages are needed: {_AUTHOR}")
            return unpack(data)
        except ValueError:
            raise _EndedError("its process sent what cannot be understood", _AUTHOR) from None
        except (EOFError, OSError):
            raise self._ended() from None

    def _ended(self) -> _EndedError:
        """Say how the process ended by itself."""
        assert self._running is not None
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(_PATIENCE)
        code = self._running.returncode
        if code is None:
            return _EndedError("its process broke off the connection", _AUTHOR)
        if -code == signal.SIGXCPU:
            most = _span(self.limits.cpu)
            return _EndedError(f"it needs more than {most} of a processor", f"raise source_cpu in [limits], or {_AUTHOR}")
        if code < 0:
            return _EndedError(f"its process crashed ({signal.strsignal(-code)})", _AUTHOR)
        return _EndedError(f"it ended its process with the exit code {code}", _AUTHOR)

    def _start(self) -> None:
        try:
            settings = pickle.dumps(self.configured.settings)
        except Exception as error:  # a class of a plugin's own may refuse in any way
            raise FetchError(
                f"the settings cannot be handed to a process of its own ({type(error).__name__}: {error})",
                hint="leave isolate out, or tell the plugin's author to define their class at the top of a module",
            ) from error
        task = Task(
            network=self.configured.network,
            source=self.configured.source,
            settings=settings,
            limits=self.exports,
            memory=self.limits.memory,
            cpu=max(1, self.limits.cpu // _SECOND),
            log_level=logging.getLogger("kleos").getEffectiveLevel(),
        )
        theirs = []
        for name, ours_writes in (("commands", True), ("events", False), ("answers", True)):
            reading, writing = os.pipe()
            theirs.append(reading if ours_writes else writing)
            self._pipes[name] = Connection(writing, readable=False) if ours_writes else Connection(reading, writable=False)
        waiting, self._lifeline = os.pipe()
        theirs.append(waiting)
        self._deadline = self._latest()
        self._running = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path), *map(str, theirs)],
            stdin=subprocess.DEVNULL,
            stdout=_STDERR,  # ours holds results
            pass_fds=theirs,
            process_group=0,
        )
        for descriptor in theirs:
            os.close(descriptor)
        self._send("commands", pickle.dumps(task))

    def _latest(self) -> float:
        return time.monotonic() + self.limits.time / _SECOND

    def _kill(self) -> None:
        """End the process, and those that it has started."""
        if self._running is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()


class _EndedError(Exception):
    """The process has ended, or has to be: why, and what to do about it."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def _answered(ask: Any, values: list[Any]) -> bytes:
    try:
        return pack("answer", ask(*values))
    except Exception as error:  # a plugin may spend what is no number
        return pack("failed", *packed_error(error))


def _span(micros: int) -> str:
    """Return a length of time as it is written in [limits]."""
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if micros % (length * _SECOND) == 0:
            return f"{micros // (length * _SECOND)}{unit}"
    return f"{micros // _SECOND}s"
