"""What passes between Kleos and a plugin in a process of its own (`kleos.collect.apart`): plain values, never objects.

The process may be wrong in any way, and the values that it sends too; but no code is run to read them.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from kleos import errors
from kleos.contract import Batch, Flaw, Interaction, Owner, Page, Profile, Profiles, Tallies, Tally
from kleos.errors import KleosError
from kleos.secrets import redact

__all__ = ["Elsewhere", "error_of", "owner_of", "pack", "packed_error", "packed_page", "packed_row", "page_of", "row_of", "unpack"]

_ROWS = {class_.__name__: class_ for class_ in (Batch, Tallies, Profiles, Interaction, Tally, Profile, Flaw)}
_ERRORS = {name: class_ for name in errors.__all__ if isinstance(class_ := getattr(errors, name), type) and issubclass(class_, KleosError)}
_UNTOLD = ("ConfigError",)
"""Errors that are made of more than a sentence."""


class Elsewhere(Exception):  # noqa: N818 - the cause of an error, as the other process told it
    """What was raised in the other process; its text is the traceback there."""


def pack(*message: Any) -> bytes:
    """Return a message as bytes. What no message can hold becomes what the reader takes for the same mistake: no text, no number."""
    try:
        return _encoder.encode(message)
    except (OverflowError, UnicodeEncodeError):
        return _encoder.encode(_tame(message))


def unpack(data: bytes) -> list[Any]:
    """Return the parts of a message: what comes first says what it is. Raises `ValueError` for bytes that are none."""
    message = msgspec.msgpack.decode(data)
    if not isinstance(message, list) or not message or not isinstance(message[0], str):
        raise ValueError("expected a message")
    return message


def packed_page(page: object) -> tuple[str, Any]:
    """Return a page for `page_of`; anything else by the name of its class."""
    if not isinstance(page, Page) or not isinstance(page.body, bytes):
        return type(page).__name__, None
    return "Page", {field.name: getattr(page, field.name) for field in attrs.fields(Page)}


def page_of(name: str, values: Any) -> Any:
    """Return a page, or something of a class of that name. Raises `TypeError` for values that do not make one."""
    if values is None:
        return type(name, (), {})()
    return Page(**values | {"owner": owner_of(values["owner"])})


def packed_row(row: object) -> tuple[str, Any]:
    """Return a row for `row_of`; anything else by the name of its class."""
    for name, class_ in _ROWS.items():
        if isinstance(row, class_):
            return name, {field.name: getattr(row, field.name) for field in attrs.fields(class_)}
    return type(row).__name__, None


def row_of(name: str, values: Any) -> Any:
    """Return a row, or something of a class of that name. Raises `TypeError` for values that do not make one."""
    return type(name, (), {})() if values is None else _ROWS[name](**values)


def owner_of(values: Any) -> Owner | None:
    """Return an owner."""
    return None if values is None else Owner(**values)


def packed_error(error: BaseException) -> Sequence[Any]:
    """Return an error for `error_of`, without the tokens that this process has used."""
    trace = redact("".join(traceback.format_exception(error)))
    if isinstance(error, KleosError):
        name = next(class_.__name__ for class_ in type(error).__mro__ if class_.__name__ in _ERRORS)
        return (name, redact(error.message), redact(error.where), redact(error.hint), trace)
    try:
        text = redact(str(error))
    except Exception:  # a message that cannot even be told must not hide the failure
        text = ""
    return (type(error).__name__, text, None, None, trace)


def error_of(name: str, message: str, where: str | None, hint: str | None, trace: str) -> BaseException:
    """Return an error of the other process: Kleos' own as it was, another as one of a class of the same name."""
    error: BaseException
    if where is not None:
        class_ = KleosError if name in _UNTOLD else _ERRORS.get(name, KleosError)
        error = class_(message, where=where, hint=hint or "")
    else:
        error = type(name, (Exception,), {})(message)
    error.__cause__ = Elsewhere(f"\n{trace}")
    return error


def _tame(value: Any) -> Any:
    """Replace whole numbers of more than 64 bits, and the halves of characters in texts."""
    if isinstance(value, dict):
        return {_tame(name): _tame(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_tame(one) for one in value]
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return _plain(value) if isinstance(value, int) and abs(value) >= 2**63 else value


def _plain(value: Any) -> Any:
    """Turn arrays and numbers of NumPy into Python's; anything else becomes what is neither a text nor a number."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Owner):
        return attrs.asdict(value)
    return {"": type(value).__name__}


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
