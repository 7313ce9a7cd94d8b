"""The log on stderr: what library code says through `logging`, with every secret blanked out."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from kleos.cli.terminal import Terminal
from kleos.report.words import clean

__all__ = ["logging_to"]


class _Handler(logging.Handler):
    """Tells records on the terminal. Blanks secrets out of the finished text, so that arguments and tracebacks are covered too."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self._terminal = terminal

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._terminal.tell("\n".join(map(clean, self.format(record).splitlines())), style="dim")
        except Exception:  # a log must never end a run
            self.handleError(record)


@contextmanager
def logging_to(terminal: Terminal, *, debug: bool) -> Iterator[None]:
    """Tell warnings on stderr while the context lasts, and everything that Kleos logs with `debug`."""
    handler = _Handler(terminal)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    ours, everyone = logging.getLogger("kleos"), logging.getLogger()
    level = ours.level
    handler.setLevel(logging.DEBUG if debug else logging.WARNING)
    if debug:
        ours.setLevel(logging.DEBUG)
    everyone.addHandler(handler)
    try:
        yield
    finally:
        everyone.removeHandler(handler)
        ours.setLevel(level)
