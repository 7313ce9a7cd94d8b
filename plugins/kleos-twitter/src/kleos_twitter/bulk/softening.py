"""A record with something wrong in it, read as far as it goes."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

import msgspec

__all__ = ["relaxed", "soften"]

T = TypeVar("T")

_AT = re.compile(r" - at `\$(.*)`\Z", re.DOTALL)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_MOST_REPAIRS = 16


def soften(raw: bytes | msgspec.Raw, type_: type[T]) -> tuple[T | None, list[str]]:
    """Return the record without the parts that are not what they should be, and what was wrong with them, without values.

    None where it is no JSON, or where nothing can be done without the part. Accepts what strict JSON is not: half of a surrogate pair
    in a shortened text, and ids that are numbers.
    """
    plain = relaxed(raw)
    if plain is None:
        return None, ["no whole JSON: the line is cut off or damaged"]
    value = json.loads(plain)
    reasons: list[str] = []
    for _ in range(_MOST_REPAIRS):
        try:
            return msgspec.json.decode(json.dumps(value), type=type_, strict=False), reasons
        except msgspec.ValidationError as error:
            found = _AT.search(str(error))
            steps = [name or int(index) for name, index in _STEP.findall(found[1])] if found else []
            key = next((step for step in reversed(steps) if isinstance(step, str)), "a post")
            reason = f"{key}: {_AT.sub('', str(error)).replace('`', '').lower()}"
            if not _is_number_for_id(value, steps):
                reasons.append(reason)
                if not _take_out(value, steps):
                    return None, [reason]
        except (ValueError, RecursionError):
            break
    return None, ["no JSON as Twitter makes it"]


def relaxed(raw: bytes | msgspec.Raw) -> bytes | None:
    """Return JSON as strict JSON, halves of surrogate pairs replaced; None where it is none."""
    try:
        return json.dumps(json.loads(bytes(raw)), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return None


def _is_number_for_id(value: Any, steps: list[str | int]) -> bool:
    """Put a text where an id is a number, or where only the number was kept; tell whether that was what was wrong."""
    holder = _at(value, steps[:-1])
    found = _at(value, steps)
    if isinstance(found, dict) and "id_str" not in found and _is_id(found.get("id")):
        found["id_str"] = str(found["id"])
        return True
    if steps and "id" in str(steps[-1]) and isinstance(holder, dict) and isinstance(found, int) and _is_id(found):
        holder[steps[-1]] = str(found)
        return True
    return False


def _is_id(value: object) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def _at(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else value[step]
    return value


def _take_out(value: Any, steps: list[str | int]) -> bool:
    if not steps:
        return False
    del _at(value, steps[:-1])[steps[-1]]
    return True
