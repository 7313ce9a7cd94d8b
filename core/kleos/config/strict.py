"""Strict structuring: TOML values become attrs values without any coercion, and every error keeps its place.

cattrs alone would take "90" for 90, true for 1.0 and a text for a list of letters. The hooks below take a value only if it is what
the annotation says; the liberties are a whole number where a number is expected, and one path where a list of paths is.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import BaseValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

from kleos.config.paths import each, locate
from kleos.config.quantities import moment
from kleos.config.rules import Rule, WrongValueError, closest, expected, key
from kleos.secrets import Secret

__all__ = ["converter", "mentions"]

Hook = Callable[[Any, Any], Any]

_SEQUENCES: dict[Any, Callable[[list[Any]], Any]] = {
    tuple: tuple,
    Sequence: tuple,
    list: list,
    MutableSequence: list,
    set: set,
    frozenset: frozenset,
    AbstractSet: frozenset,
}
_WORDS: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Path: "a path",
    datetime: "a date or time",
    date: "a date",
    Secret: "a reference to a secret",
}


def converter(folder: Path) -> Converter:
    """Return a strict converter; relative paths start from `folder`.

    It structures attrs classes (unknown keys refused) whose fields are texts, numbers, truth values, paths, times, secrets, enums,
    literals, lists, tables, nested attrs classes, and unions of these. A bare date for a `datetime` is its first moment in UTC. Errors
    are cattrs' groups of `WrongValueError` and of what validators raise; `kleos.config.problems` turns them into key paths.
    """
    strict = Converter(forbid_extra_keys=True, detailed_validation=True)
    for type_ in (bool, int, float, str):
        strict.register_structure_hook(type_, _scalar)
    strict.register_structure_hook(Path, lambda value, _: locate(value, folder))
    strict.register_structure_hook(datetime, lambda value, _: moment(value, whole_day=time.min))
    strict.register_structure_hook(date, lambda value, _: moment(value, whole_day=time.min).date())
    strict.register_structure_hook(Secret, lambda value, _: _secret(value, folder))
    strict.register_structure_hook_factory(attrs.has, lambda type_: _class_hook(type_, strict))
    strict.register_structure_hook(enum.Enum, _member)
    strict.register_structure_hook_func(lambda type_: _form(type_) is Literal, _literal)
    strict.register_structure_hook_factory(lambda type_: _origin(type_) in _SEQUENCES, lambda type_: _sequence_hook(type_, strict))
    strict.register_structure_hook_factory(
        lambda type_: _origin(type_) in (dict, Mapping, MutableMapping), lambda type_: _mapping_hook(type_, strict)
    )
    strict.register_structure_hook_factory(lambda type_: _form(type_) in (Union, UnionType), lambda type_: _union_hook(type_, strict))
    strict.register_structure_hook_factory(lambda type_: _rule(type_) is not None, lambda type_: _rule_hook(type_, folder))
    return strict


def mentions(annotation: Any, wanted: type) -> bool:
    """Tell whether an annotation is `wanted`, or a list, table or union with it inside."""
    return annotation is wanted or any(mentions(part, wanted) for part in get_args(annotation))


def _form(annotation: Any) -> Any:
    """Return Union, Literal, Annotated, list, …: what stands before the brackets."""
    return get_origin(annotation)


def _origin(annotation: Any) -> Any:
    return get_origin(annotation) or annotation


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, enum.Enum)


def _rule(annotation: Any) -> Rule | None:
    extras = get_args(annotation)[1:] if _form(annotation) is Annotated else ()
    return next((extra for extra in extras if isinstance(extra, Rule)), None)


def _rule_hook(annotation: Any, folder: Path) -> Hook:
    rule = _rule(annotation)
    assert rule is not None
    read = rule.read
    return lambda value, _: read(value, folder)


def _scalar(value: Any, type_: type) -> Any:
    if _is_enum(type_):  # an enum of texts or numbers is found by its second base
        return _member(value, type_)
    found: type = type(value)  # bool is a kind of int in Python, not in TOML
    if found is int and type_ in (int, float) and abs(value) >= 2**63:
        raise expected("a number of 64 bits", value)
    if found is int and type_ is float:
        return float(value)
    if found is not type_ or (found is float and math.isnan(value)):
        raise expected(_WORDS[type_], value)
    return value


def _secret(value: Any, folder: Path) -> Secret:
    """Read a reference to a secret. Its errors show keys, never values: what stands in the wrong place may be the token itself."""
    forms = 'one of { env = "NAME" }, { file = "PATH" } and { command = ["PROGRAM", …] }'
    if not isinstance(value, dict):
        hint = "a token never stands in the configuration: put it into the environment or a file, and name that here"
        raise expected(forms, value, hint, shown=False)
    if len(value) != 1 or not value.keys() <= {"env", "file", "command"}:
        raise WrongValueError(f"expected {forms}, found {', '.join(key('', name) for name in sorted(value)) or 'an empty table'}")
    name, reference = next(iter(value.items()))
    words = reference if name == "command" else [reference]
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() and "\0" not in word for word in words):
        raise WrongValueError(f"expected {forms}, found a wrong value of {name}")
    if name == "env":
        return Secret(env=reference)
    return Secret(file=locate(reference, folder)) if name == "file" else Secret(command=tuple(words))


def _class_hook(class_: type, strict: Converter) -> Hook:
    structure: Hook = make_dict_structure_fn(attrs.resolve_types(class_), strict, _cattrs_forbid_extra_keys=True)

    def hook(value: Any, type_: Any) -> Any:
        if not isinstance(value, dict):
            raise expected("a table", value, "its keys: " + ", ".join(attrs.fields_dict(class_)), shown=False)
        return structure(value, type_)

    return hook


def _member(value: Any, class_: type[enum.Enum]) -> enum.Enum:
    for member in class_:
        if type(member.value) is type(value) and member.value == value:
            return member
    raise _not_among(value, [member.value for member in class_])


def _literal(value: Any, annotation: Any) -> Any:
    for choice in get_args(annotation):
        if type(choice) is type(value) and choice == value:
            return choice
    raise _not_among(value, get_args(annotation))


def _not_among(value: Any, choices: Sequence[Any]) -> WrongValueError:
    near = closest(value, [choice for choice in choices if isinstance(choice, str)]) if isinstance(value, str) else None
    return expected(f"one of {', '.join(repr(choice) for choice in choices)}", value, f"did you mean {near!r}?" if near else "")


def _sequence_hook(annotation: Any, strict: Converter) -> Hook:
    build = _SEQUENCES[_origin(annotation)]
    types = get_args(annotation) or (Any,)
    fixed = build is tuple and _origin(annotation) is tuple and bool(get_args(annotation)) and Ellipsis not in types
    hooks = [strict.get_structure_hook(type_) for type_ in types if type_ is not Ellipsis]
    what = f"a list of {len(types)} values" if fixed else "a list"

    def hook(value: Any, _: Any) -> Any:
        if isinstance(value, str) and types[0] is Path and not fixed:
            return build([hooks[0](value, Path)])
        if not isinstance(value, list) or (fixed and len(value) != len(types)):
            raise expected(what, value, shown=not mentions(annotation, Secret))
        if fixed:
            return build(each(lambda pair: pair[0](pair[1], pair[2]), zip(hooks, value, types, strict=True)))
        return build(each(lambda element: hooks[0](element, types[0]), value))

    return hook


def _mapping_hook(annotation: Any, strict: Converter) -> Hook:
    key_type, value_type = get_args(annotation) or (Any, Any)
    key_hook, value_hook = strict.get_structure_hook(key_type), strict.get_structure_hook(value_type)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise expected("a table", value, shown=not mentions(annotation, Secret))
        done, errors = {}, []
        for name, element in value.items():
            try:
                done[key_hook(name, key_type)] = value_hook(element, value_type)
            except Exception as error:
                error.add_note(IterableValidationNote("", name, value_type))
                errors.append(error)
        if errors:
            raise IterableValidationError("", errors, dict)
        return done

    return hook


def _union_hook(annotation: Any, strict: Converter) -> Hook:
    types = [type_ for type_ in get_args(annotation) if type_ is not type(None)]
    hooks = [(type_, strict.get_structure_hook(type_)) for type_ in types]
    if len(hooks) == 1:
        return lambda value, _: hooks[0][1](value, types[0])

    def hook(value: Any, _: Any) -> Any:
        errors: list[tuple[Any, Exception]] = []
        # 1 is an int before it is a float, whatever the order of the union.
        for type_, structure in sorted(hooks, key=lambda pair: pair[0] is not type(value)):
            try:
                return structure(value, type_)
            except Exception as error:
                errors.append((type_, error))
        # The type that could look inside the value knows best what is wrong with it.
        for type_, reason in errors:
            if isinstance(reason, BaseValidationError) or (type_ is Path and isinstance(value, str)):
                raise reason
        raise expected(" or ".join(_name(type_) for type_ in types), value, shown=not mentions(annotation, Secret))

    return hook


def _name(annotation: Any) -> str:
    """Return what a value of this type is called."""
    if annotation in _WORDS:
        return _WORDS[annotation]
    if _is_enum(annotation):
        return "one of " + ", ".join(repr(member.value) for member in annotation)
    if _form(annotation) is Literal:
        return "one of " + ", ".join(repr(choice) for choice in get_args(annotation))
    if _origin(annotation) in _SEQUENCES:
        return "a list"
    return "a table" if attrs.has(annotation) or _origin(annotation) in (dict, Mapping, MutableMapping) else "a value"
