"""What a cursor holds: as much of a plan as the next run needs."""

from __future__ import annotations

import msgspec

from kleos_instagram.api.tasks import Task

__all__ = ["State", "read_state"]


class State(msgspec.Struct):
    """What a cursor holds. Times are unix microseconds."""

    accounts: list[str] = []
    """Whose plan it is, as configured."""
    began: int = 0
    users: list[str] = []
    """The ids of the accounts, as far as this pass has found them."""
    own: list[str] = []
    """All that they are known by."""
    seen: list[str] = []
    """User names that the token may see, and that nobody asked for."""
    known: dict[str, int] = {}
    """Account → when its last pass began whose posts were listed to the end."""
    before: dict[str, int] = {}
    """The same as this pass found it."""
    is_partial: bool = False
    """Whether the token may not ask all of it: a later one has to begin where this pass did."""
    told: dict[str, int] = {}
    """Account → how many of its notifications have been asked about."""
    todo: list[Task] = []
    authors: list[tuple[str, str]] = []
    """(user name, id) of new commenters whose followers this pass asks for."""
    asked: int = 0
    """As many of them as have been asked for."""


def read_state(cursor: str | None) -> State:
    """Return what a cursor says; of one that cannot be read, nothing."""
    try:
        return msgspec.json.decode(cursor or "{}", type=State)
    except (ValueError, RecursionError):
        return State()
