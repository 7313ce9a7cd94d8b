"""What a run tells while it works, on stderr: bars on a terminal, one line per finished task in a pipe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from kleos import events
from kleos.cli.render.faults import fault_text
from kleos.cli.terminal import Terminal
from kleos.report.words import clean, count_of

__all__ = ["Listener", "listening"]


class Listener:
    """An `Emit` that renders events and remembers the faults and the notes it has told. May be called from any thread."""

    def __init__(self, terminal: Terminal, *, quiet: bool = False, bars: Progress | None = None) -> None:
        self.faults: list[events.Fault] = []
        self.notes: list[str] = []
        self._terminal = terminal
        self._quiet = quiet
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._finished: set[str] = set()
        self._waited: dict[str, str] = {}
        self._lock = threading.RLock()

    def __call__(self, event: events.Event) -> None:
        with self._lock:
            match event:
                case events.Fault():
                    self.faults.append(event)
                    self._terminal.tell(Text.assemble(("fault: ", "bold yellow"), fault_text(event)))
                case events.Note() if not self._quiet:
                    self.notes.append(event.text)
                    self._terminal.tell(Text.assemble(("note: ", "bold"), clean(event.text)))
                case events.Progress() if not self._quiet:
                    self._advance(event)

    def _advance(self, event: events.Progress) -> None:
        if self._bars is not None:
            self._draw(self._bars, event)
        elif event.waiting and event.waiting != self._waited.get(event.task):
            # A bar shows it while it lasts; a file would be silent for minutes.
            self._waited[event.task] = event.waiting
            self._terminal.tell(f"{clean(event.task)}: {clean(event.waiting)}", style="dim")
        if event.finished and event.task not in self._finished:
            self._finished.add(event.task)
            came = count_of(event.done, event.unit) if event.done or event.total is not None else "done"
            self._terminal.tell(f"{clean(event.task)}: {_joined(came, event.detail)}", style="dim")

    def _draw(self, bars: Progress, event: events.Progress) -> None:
        if event.finished:
            if event.task in self._tasks:
                bars.remove_task(self._tasks.pop(event.task))
            return
        if event.task not in self._tasks:
            self._tasks[event.task] = bars.add_task(clean(event.task), total=None, amount="")
        bars.update(self._tasks[event.task], completed=event.done, total=event.total, amount=_amount(event))


def _amount(event: events.Progress) -> str:
    return _joined(count_of(event.done, event.unit), event.detail, event.waiting)


def _joined(*parts: str) -> str:
    return ", ".join(clean(part) for part in parts if part)


@contextmanager
def listening(terminal: Terminal, *, quiet: bool = False) -> Iterator[Listener]:
    """Yield a listener; its bars, if the terminal can show any, vanish when the context ends."""
    if quiet or not terminal.err.is_interactive:
        yield Listener(terminal, quiet=quiet)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(style="dim", complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
        TextColumn("{task.fields[amount]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal.err, transient=True) as bars:
        yield Listener(terminal, bars=bars)
