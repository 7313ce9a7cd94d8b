"""From the errors of strict structuring to problems with key paths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import attrs
from cattrs import Converter, ForbiddenExtraKeysError
from cattrs.errors import AttributeValidationNote, BaseValidationError, IterableValidationNote

from kleos.config.rules import WrongValueError, key, suggest
from kleos.errors import Problem

__all__ = ["problems_of", "structure"]

T = TypeVar("T")


def structure(value: Any, type_: type[T], where: str, strict: Converter, *, also: Sequence[str] = ()) -> tuple[T | None, list[Problem]]:
    """Structure one value: the result and no problems, or None and everything that is wrong with it.

    `also` names keys that are handled elsewhere, for hints. An error that only a plugin's settings class can cause (an annotation that
    cannot be configured, a validator that fails) is a problem like any other.
    """
    try:
        return strict.structure(value, type_), []
    except Exception as error:
        return None, problems_of(error, where, also=also)


def problems_of(error: BaseException, where: str, *, also: Sequence[str] = ()) -> list[Problem]:
    """Return the problems in an error, or group of errors, met at the key path `where`."""
    if isinstance(error, BaseValidationError):
        return [problem for part in error.exceptions for problem in _inside(part, where, also)]
    if isinstance(error, ForbiddenExtraKeysError):
        known = (*attrs.fields_dict(error.cl), *also)
        return [Problem(key(where, name), "unknown key", suggest(name, known, "the keys here are")) for name in sorted(error.extra_fields)]
    if isinstance(error, WrongValueError):
        return [Problem(where, error.message, error.hint)]
    return [_raised(error, where)]


def _inside(error: BaseException, where: str, also: Sequence[str]) -> list[Problem]:
    """Add to the path where in a class, list or table this part of a group happened."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            if isinstance(error, KeyError) and error.args == (note.name,):
                return [Problem(key(where, note.name), "this key is required, found none", f"add {note.name} = …")]
            return problems_of(error, key(where, note.name))
        if isinstance(note, IterableValidationNote):
            return problems_of(error, f"{where}[{note.index}]" if isinstance(note.index, int) else key(where, note.index))
    return problems_of(error, where, also=also)


def _raised(error: BaseException, where: str) -> Problem:
    """Tell what a validator or a constructor raised; attrs' own validators put the field into the error."""
    field = next((part for part in error.args[1:2] if isinstance(part, attrs.Attribute)), None)
    text = str(error.args[0]) if error.args else ""
    return Problem(key(where, field.name) if field else where, " ".join(text.split()) or type(error).__name__)
