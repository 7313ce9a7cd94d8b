"""The one tree of errors.

::

    KleosError            one sentence, where it happened, what to do about it   exit 2
    ├── ConfigError       the configuration file: all of its problems at once
    ├── UsageError        the command line asks for what cannot be
    ├── ModelError        a model file that cannot be used
    ├── PluginError       a plugin that cannot be used (only with ``--strict``)
    ├── ExportError       an export that cannot be opened, or is not safe to read
    ├── ParseError        a page whose content cannot be understood: the one error a parser may raise
    ├── FetchError        a network that did not answer as it should
    ├── StoreError        the store cannot be read or written
    └── NoDataError       no usable row from any source                      exit 4

Only these cross rooms. Failures that concern one plugin, page or row are not raised past `collect`: they become `Fault`.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "ConfigError",
    "ExportError",
    "FetchError",
    "KleosError",
    "ModelError",
    "NoDataError",
    "ParseError",
    "PluginError",
    "Problem",
    "StoreError",
    "UsageError",
]


class KleosError(Exception):
    """A failure told in one sentence: what was expected and what was found, where, and what to do.

    `where` is a file, a ``file:line`` or a key path; `hint` tells the reader what to do next. Both may be empty.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\nhint: {self.hint}" if self.hint else text


class Problem:
    """One thing wrong with a configuration: the key path, one sentence, and a hint (may be empty)."""

    __slots__ = ("hint", "message", "where")

    def __init__(self, where: str, message: str, hint: str = "") -> None:
        self.where = where
        self.message = message
        self.hint = hint

    def __repr__(self) -> str:
        return f"Problem({self.where!r}, {self.message!r}, {self.hint!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and repr(self) == repr(other)

    __hash__ = None  # type: ignore[assignment]  # compared in tests, never kept in a set


class ConfigError(KleosError):
    """Everything that is wrong with a configuration, told at once."""

    def __init__(self, problems: Sequence[Problem], *, where: str = "") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(f"{count} problem{'' if count == 1 else 's'} in the configuration", where=where)

    def __str__(self) -> str:
        lines = [super().__str__()]
        for problem in self.problems:
            lines.append(f"  {problem.where}: {problem.message}" if problem.where else f"  {problem.message}")
            if problem.hint:
                lines.append(f"    hint: {problem.hint}")
        return "\n".join(lines)


class UsageError(KleosError):
    """The command line asks for something that cannot be."""


class ModelError(KleosError):
    """A model file that cannot be read, or that breaks a promise (a negative weight, a table that falls)."""


class PluginError(KleosError):
    """A plugin that cannot be used; raised only where the user asked for ``--strict``."""


class ExportError(KleosError):
    """An export that cannot be opened, or that is not safe to read (too large, escaping paths, a zip bomb)."""


class ParseError(KleosError):
    """A page that cannot be understood. The only error that a `Source.parse` or `Source.owners` may raise."""


class FetchError(KleosError):
    """A network that did not answer as it should: expired token, spent quota, broken connection."""


class StoreError(KleosError):
    """The store cannot be read or written."""


class NoDataError(KleosError):
    """No source gave a single usable row."""

    exit_code = 4
