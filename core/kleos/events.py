"""What a run tells while it works: progress, faults and notes, as values.

The pipeline takes one `Emit`; the command line renders what it emits, tests collect it.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

__all__ = ["Emit", "Event", "Fault", "Note", "Progress", "silent"]


@frozen(kw_only=True)
class Progress:
    """How far one piece of work has come.

    `task` names it ("twitter archive ada.zip"); `done` and `total` count `unit` (total is None where it is not known).
    `detail` says what else is known ("1,204 rows, 35 rows/s"), `waiting` what is waited for, if anything ("waiting until 14:05:10 for X").
    A task has ended when `finished` is true.
    """

    task: str
    done: int = 0
    total: int | None = None
    unit: str = "rows"
    detail: str = ""
    waiting: str = ""
    finished: bool = False


@frozen(kw_only=True)
class Fault:
    """One failure that did not stop the run.

    `plugin` is the entry-point name, `distribution` and `version` say what is installed ("kleos" for the core's own),
    `stage` is one of see, load, register, check, ask, recognise, owners, fetch, parse, clean, score; `where` is a file, a
    ``file:line``, a key path or an item; `error` is one sentence; `count` is how often it happened (`where` then names the first).
    """

    plugin: str
    distribution: str
    version: str
    stage: str
    where: str
    error: str
    count: int = 1


@frozen(kw_only=True)
class Note:
    """Something a person should know that is not a failure: what was adopted, guessed, skipped or left out."""

    text: str


Event = Progress | Fault | Note
Emit = Callable[[Event], None]


def silent(event: Event) -> None:
    """Ignore an event: the default listener."""
