"""How one value of the configuration is told to be wrong, and the words used for it.

A `Rule` inside an ``Annotated`` type says how a value is read; a `WrongValueError` is one sentence and a hint. Where in the file it
happened is added by `kleos.config.problems`, from the way that led to the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from attrs import frozen

__all__ = ["Rule", "WrongValueError", "closest", "describe", "expected", "key", "sort", "suggest"]

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_LONGEST = 60
_SORTS: dict[type, str] = {
    str: "a text",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
    date: "a date",
    time: "a time of day",
}


class WrongValueError(ValueError):
    """A value that is not what its key expects: one sentence, and what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@frozen
class Rule:
    """Reads one TOML value: ``read(value, folder)``, the folder being that of the configuration. Raises `WrongValueError`."""

    read: Callable[[Any, Path], Any]


def expected(what: str, found: object, hint: str = "", *, shown: bool = True) -> WrongValueError:
    """Return the error "expected …, found …"; without `shown`, only what sort of value was found: it may be a secret."""
    return WrongValueError(f"expected {what}, found {describe(found) if shown else sort(found)}", hint)


def sort(value: object) -> str:
    """Say what sort of TOML value this is, without the value."""
    if isinstance(value, bool):
        return "a truth value"
    for type_, words in _SORTS.items():
        if isinstance(value, type_):
            return words
    return type(value).__name__


def describe(value: object) -> str:
    """Say what a TOML value is, in at most one short line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 2**63:
        return "a number beyond 64 bits"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, str):
        return f"the text {value!r}" if len(value) <= _LONGEST else f"the text {value[:_LONGEST]!r}…"
    if isinstance(value, int | float | date | time):
        return f"the {sort(value).removeprefix('a ')} {value}"
    return sort(value)


def key(path: str, name: str) -> str:
    """Return the key path of `name` below `path` as it would stand in TOML: quoted where it has to be."""
    written = name if _BARE.match(name) else json.dumps(name, ensure_ascii=False)
    return f"{path}.{written}" if path else written


def closest(name: str, choices: Iterable[str]) -> str | None:
    """Return the choice that `name` is most likely a slip of, or None."""
    lowered = {choice.casefold(): choice for choice in sorted(choices)}
    found = get_close_matches(name.casefold(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def suggest(name: str, choices: Iterable[str], what: str) -> str:
    """Return the hint for a name that is none of `choices`: the likely one, else all of them ("`what`: a, b, c")."""
    names = sorted(choices)
    near = closest(name, names)
    if near is not None:
        return f"did you mean {near!r}?"
    return f"{what}: {', '.join(key('', name) for name in names)}" if names else ""
