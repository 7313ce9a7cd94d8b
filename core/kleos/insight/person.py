"""Whom a question is about."""

from __future__ import annotations

from collections.abc import Mapping

from kleos.config.rules import suggest
from kleos.errors import UsageError

__all__ = ["check_person"]


def check_person(person: str, people: Mapping[str, str]) -> None:
    """Raise `UsageError` for an id that is not among `people` (id → name)."""
    if person in people:
        return
    by_name = {name.casefold(): id_ for id_, name in people.items()}.get(person.casefold())
    hint = f"did you mean {by_name!r}?" if by_name else suggest(person, people, "there are")
    raise UsageError(f"expected the id of a person, found {person!r}", hint=hint or "the configuration has no [people]")
