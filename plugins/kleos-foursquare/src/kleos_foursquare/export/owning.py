"""Whose export it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from kleos.contract import Export, Owner
from kleos.errors import ExportError, ParseError
from kleos_foursquare.export.files import File, bodies, files
from kleos_foursquare.parsing import name_of
from kleos_foursquare.shapes import Myself, Section, elements, sections
from kleos_foursquare.values import handle_in, identity

__all__ = ["owners"]

_ENOUGH = 200
"""Elements of a file that are looked at: the owner is on many."""
_DEEPEST = 12


def owners(export: Export) -> Sequence[Owner]:
    """Return the owner: by users.json, else by whose the tips are, else by who is "self" anywhere. Empty where nothing says it."""
    found = files(export)
    for file in found:
        if file.holds == "friend":
            for myself in _sections(export, file, "self", Myself):
                if myself is not None and (id_ := identity(myself.id)) is not None:
                    handle, name = handle_in(myself.address), name_of(myself)
                    return (Owner(ids=[id_], handles=[handle] if handle else [], names=[name] if name else []),)
    for file in found:
        for element in islice(_sections(export, file, file.holds, dict[str, Any]), _ENOUGH):
            id_ = next(_selves(element), None) or (_author(element) if file.holds == "tip" else None)
            if id_ is not None:
                return (Owner(ids=[id_]),)
    return ()


def _sections(export: Export, file: File, section: Section, type_: type[Any]) -> Iterator[Any]:
    """Yield the elements of a section, as far as they can be read."""
    try:
        for body, lines in bodies(export, file.name):
            for text in body.split(b"\n") if lines else (body,):
                if text.strip():
                    for name, array in sections(text, file.holds, file.name):
                        if name == section:
                            yield from elements(array, type_, file.name)
    except (ExportError, ParseError, msgspec.MsgspecError):
        return


def _selves(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the ids of everybody in a JSON value whose relationship is "self"."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        id_ = value.get("id")
        if value.get("relationship") == "self" and isinstance(id_, str | int):
            told = identity(id_)
            if told is not None:
                yield told
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _selves(part, depth + 1)


def _author(tip: Any) -> str | None:
    """Return whose a tip is: an export has the owner's only."""
    user = tip.get("user") if isinstance(tip, dict) else None
    id_ = user.get("id") if isinstance(user, dict) else None
    return identity(id_) if isinstance(id_, str | int) else None
