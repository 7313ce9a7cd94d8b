"""Ctrl-C: the first asks the run to finish the page at hand, the second ends it; where there is no page, the first does."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from attrs import field, mutable

__all__ = ["AFTERWARDS", "Interrupts", "interruptible"]

AFTERWARDS = "interrupted: what was collected is kept, and the next run goes on from there"

_MESSAGE = b"\nfinishing the page at hand; press ctrl-C again to stop at once\n"


@mutable
class Interrupts:
    """What ctrl-C does."""

    stop: threading.Event = field(factory=threading.Event)
    """Set by the first one."""
    ends: bool = False
    """Whether the first one ends the work."""

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let the first one end the work while the context lasts: for what has no page at hand, and keeps nothing until it is done."""
        self.ends = True
        try:
            yield
        finally:
            self.ends = False


@contextmanager
def interruptible() -> Iterator[Interrupts]:
    """Yield what the first ctrl-C does; the second raises `KeyboardInterrupt` as usual. Outside the main thread nothing ever happens."""
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return

    def first(number: int, frame: FrameType | None) -> None:
        if interrupts.ends:
            second(number, frame)
        interrupts.stop.set()
        signal.signal(signal.SIGINT, second)
        # Straight to the descriptor: the interrupted code may be in the middle of writing to the stream.
        os.write(2, _MESSAGE)

    def second(number: int, frame: FrameType | None) -> None:
        ended.set()
        raise KeyboardInterrupt

    ended = threading.Event()
    before = signal.signal(signal.SIGINT, first)
    try:
        yield interrupts
    except Exception as error:
        # A query that was cut short by ctrl-C says so in an error of its own.
        if ended.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
