"""Ctrl-C: the first asks the run to finish the page at hand, the second ends it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["AFTERWARDS", "interruptible"]

AFTERWARDS = "interrupted: what was collected is kept, and the next run goes on from there"

_MESSAGE = b"\nfinishing the page at hand; press ctrl-C again to stop at once\n"


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """Yield the event that the first ctrl-C sets; the second raises `KeyboardInterrupt` as usual. Outside the main thread: never set."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def first(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, second)
        # Straight to the descriptor: the interrupted code may be in the middle of writing to the stream.
        os.write(2, _MESSAGE)

    def second(number: int, frame: FrameType | None) -> None:
        ended.set()
        raise KeyboardInterrupt

    ended = threading.Event()
    before = signal.signal(signal.SIGINT, first)
    try:
        yield stop
    except Exception as error:
        # A query that was cut short by ctrl-C says so in an error of its own.
        if ended.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
