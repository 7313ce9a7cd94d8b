"""The checks of what users write: the table ``[networks.<network>.<source>]``."""

from __future__ import annotations

import ast
import inspect
import os
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import attrs
from attrs import Attribute

from kleos.config.strict import mentions
from kleos.config.values import KEYS_OF_THE_CORE
from kleos.contract import Source
from kleos.errors import ConfigError
from kleos.secrets import Secret
from kleos.testing.runs import configure, scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError, NotCheckedError

__all__ = ["secrets_never_show", "settings_are_documented", "settings_are_read", "unknown_keys_are_refused"]

_CANARY = "KLEOS_TESTING_SECRET"
_TOKEN = "kleos-testing-token-0123456789"  # noqa: S105 - a token of nothing
_UNKNOWN = "kleos_testing_unknown"
_SECRET_NAME = re.compile(r"(^|_)(token|secret|password|passphrase|credential|api_?key|key)s?$")
_VALUES: Mapping[Any, Any] = {str: "x", int: 1, float: 1.0, bool: True, Secret: {"env": _CANARY}}


def settings_are_read(subject: Subject) -> None:
    """The smallest table of each source becomes its settings: every annotation is one that the configuration knows."""
    with _token_at_hand():
        for source in subject.network.sources:
            _structured(subject, source)


def settings_are_documented(subject: Subject) -> None:
    """Every field says what it means: a text below it, or ``metadata={"meaning": …}``."""
    for source in subject.network.sources:
        documented = set(_documented(source.settings))
        for field in attrs.fields(source.settings):
            if field.name not in documented and not field.metadata.get("meaning"):
                raise BrokenContractError(
                    f"source {source.name}: nothing says what the key {field.name!r} of {source.settings.__name__} means",
                    f'write a text in triple quotes on the line below "{field.name}: …"; users read it',
                )


def unknown_keys_are_refused(subject: Subject) -> None:
    """A key that a source does not have is refused by its name, and no key of it is one that Kleos takes for itself."""
    for source in subject.network.sources:
        fields = attrs.fields_dict(source.settings)
        taken = sorted(KEYS_OF_THE_CORE & fields.keys())
        if taken:
            raise BrokenContractError(
                f"source {source.name}: {source.settings.__name__} has the key {taken[0]!r}, which Kleos keeps for itself",
                "give the field another name",
            )
        _sound(subject, source)
        with scratch() as folder:
            try:
                configure([subject.network], folder, {subject.network.name: {source.name: {_UNKNOWN: 1}}})
                refused = False
            except ConfigError as error:
                refused = any(problem.where.endswith(f".{_UNKNOWN}") and "unknown" in problem.message for problem in error.problems)
        if not refused:
            raise BrokenContractError(
                f"source {source.name}: the key {_UNKNOWN!r}, which {source.settings.__name__} does not have, is not refused by its name",
                "let settings be a plain attrs class, one field for each key: a slip of the pen must not pass in silence",
            )


def secrets_never_show(subject: Subject) -> None:
    """A token is a `Secret`, and the settings' repr does not give it away."""
    for source in subject.network.sources:
        for field in attrs.fields(attrs.resolve_types(source.settings)):
            if _SECRET_NAME.search(field.name) and mentions(field.type, str) and not mentions(field.type, Secret):
                raise BrokenContractError(
                    f"source {source.name}: the key {field.name!r} takes a text, so that a token would stand in the configuration",
                    "annotate it with kleos.secrets.Secret, and call reveal() at the moment of use",
                )
        settings = _sound(subject, source)
        if _TOKEN in f"{settings!r}{settings}":
            raise BrokenContractError(
                f"source {source.name}: repr() of {source.settings.__name__} shows the token",
                "keep the Secret itself in the settings, without a converter, and call reveal() where the request is made",
            )


@contextmanager
def _token_at_hand() -> Iterator[None]:
    """Set the environment variable that every secret of the kit's tables refers to."""
    before = os.environ.get(_CANARY)
    os.environ[_CANARY] = _TOKEN
    try:
        yield
    finally:
        os.environ.pop(_CANARY)
        os.environ.update({} if before is None else {_CANARY: before})


def _sound(subject: Subject, source: Source) -> Any:
    """Return the settings that the smallest table of a source gives; raises `NotCheckedError` where there are none."""
    try:
        with _token_at_hand():
            return _structured(subject, source)
    except BrokenContractError as error:
        raise NotCheckedError(f"source {source.name}: see the check settings_are_read") from error


def _structured(subject: Subject, source: Source) -> Any:
    """Return the settings that the smallest table of a source gives."""
    with scratch() as folder:
        table = dict(subject.settings.get(source.name, {}))
        for field in attrs.fields(attrs.resolve_types(source.settings)):
            if field.default is attrs.NOTHING and field.name not in table and field.init:
                table[field.name] = _value(subject, source, field, folder)
        try:
            config = configure([subject.network], folder, {subject.network.name: {source.name: table}})
        except ConfigError as error:
            problems = "; ".join(f"{problem.where}: {problem.message}" for problem in error.problems)
            raise BrokenContractError(
                f"source {source.name}: the smallest table {table!r} is refused: {problems}",
                "annotate fields with texts, numbers, truth values, paths, times, secrets, enums, lists, tables or attrs classes of these; "
                f"where a field wants a certain value, give one to the test: settings = {{{source.name!r}: {{…}}}}",
            ) from error
        return config.sources[0].settings


def _value(subject: Subject, source: Source, field: Attribute[Any], folder: Path) -> Any:
    if mentions(field.type, Path):
        samples = subject.samples.get(source.name, ())
        return str(samples[0] if samples else folder)
    found = _of_type(field.type)
    if found is None:
        raise BrokenContractError(
            f"source {source.name}: the kit knows no value for the required key {field.name!r}",
            f"give one to the test: settings = {{{source.name!r}: {{{field.name!r}: …}}}}",
        )
    return found


def _of_type(annotation: Any) -> Any:
    """Return some value of a type as TOML has it; None where only the author can know one."""
    if annotation in _VALUES:
        return _VALUES[annotation]
    origin, parts = get_origin(annotation), [part for part in get_args(annotation) if part not in (type(None), Ellipsis)]
    if origin in (dict, Mapping):
        return {}
    if origin is Literal:
        return parts[0]
    inner = _of_type(parts[0]) if parts else None
    return [inner] if inner is not None and origin in (tuple, list, set, frozenset, Sequence) else inner


def _documented(class_: type) -> Iterator[str]:
    """Yield the fields that have a text below them, here or in a class that this one extends."""
    for owner in class_.__mro__:
        try:
            source = textwrap.dedent(inspect.getsource(owner))
        except (OSError, TypeError):
            continue
        body = next((node.body for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)), [])
        for statement, following in pairwise(body):
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and _is_text(following):
                yield statement.target.id


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and bool(str(statement.value.value).strip())
