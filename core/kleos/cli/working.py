"""The frame of every verb that works: log, events and ctrl-C, in place while the work lasts and gone before results are shown."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from attrs import frozen

from kleos.cli.interrupt import interruptible
from kleos.cli.listener import Listener, listening
from kleos.cli.logs import logging_to
from kleos.cli.options import Options
from kleos.cli.terminal import Terminal

__all__ = ["Work", "working"]


@frozen
class Work:
    """What the work is given: where to tell events, and the event that asks it to stop."""

    emit: Listener
    stop: threading.Event
    at_once: Callable[[], AbstractContextManager[None]]
    """Lets the first ctrl-C end the work while the context lasts."""


@contextmanager
def working(terminal: Terminal, options: Options) -> Iterator[Work]:
    """Yield the means of one piece of work."""
    with logging_to(terminal, debug=options.debug), listening(terminal, quiet=options.quiet) as listener, interruptible() as interrupts:
        yield Work(listener, interrupts.stop, interrupts.at_once)
