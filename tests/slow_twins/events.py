"""Every reaction with its actor, the unnamed ones included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from slow_twins.world import Reaction

__all__ = ["DAYS", "ROW_LIMIT", "WEEKS", "Event", "day_of", "events", "part_of"]

DAYS = 90
WEEKS = 13
ROW_LIMIT = 2**31


class Event(NamedTuple):
    """`reactions` of one actor to one item at one time."""

    actor: int
    """A named actor's code, ≥ 0; −i for the unnamed actor #i."""
    kind: int
    item: int
    """≥ 0; −1 − day for a reaction to nothing."""
    age: int
    reactions: int


def part_of(age: int, parts: int, window: int) -> int:
    """Return which of the window's equal parts an age falls in, counted back from `as_of`; the window's end is in the last."""
    return min(age * parts // window, parts - 1)


def day_of(age: int, window: int) -> int:
    """Return the day that an age falls in."""
    return part_of(age, DAYS, window)


def events(rows: Sequence[Reaction], window: int, parts: int = 1) -> list[Event]:
    """Give each reaction its actor; the numbering of the unnamed ones starts anew in each of the window's `parts`."""
    found = []
    crowds: dict[Hashable, list[Event]] = defaultdict(list)
    for row in rows:
        item = row.item if row.item is not None else -1 - day_of(row.age, window)
        if row.actor is not None:
            found.append(Event(row.actor, row.kind, item, row.age, min(row.reactions, ROW_LIMIT)))
        else:
            alike = Event(0, row.kind, item, row.age, 1)
            crowds[item, row.kind, part_of(row.age, parts, window)] += [alike] * row.reactions
    for crowd in crowds.values():
        newest_first = sorted(crowd, key=lambda event: event.age)
        found += [Event(-i, event.kind, event.item, event.age, 1) for i, event in enumerate(newest_first, 1)]
    return found
