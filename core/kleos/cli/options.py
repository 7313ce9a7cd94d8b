"""The options that several verbs share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from attrs import frozen
from cyclopts import Parameter

__all__ = ["DEFAULTS", "DEFAULT_CONFIG", "AsOf", "ConfigPath", "DryRun", "FailUnder", "Flag", "Options", "people_and_config"]

DEFAULT_CONFIG = Path("kleos.toml")

Flag = Annotated[bool, Parameter(show_default=False)]

ConfigPath = Annotated[Path, Parameter(help="The configuration file.")]

DryRun = Annotated[
    bool, Parameter(show_default=False, help="Show what would be asked and read, and what was spent; ask for nothing, write nothing.")
]

AsOf = Annotated[
    str | None, Parameter(metavar="TIME", help="Score as of this date (its end) or time (UTC without a zone), instead of [run] as_of.")
]

FailUnder = Annotated[float | None, Parameter(metavar="SCORE", help="Exit with 1 if anybody's score is lower than this.")]


@Parameter(name="*")
@frozen(kw_only=True)
class Options:
    """What every verb understands."""

    json: Flag = False
    """Print the result as JSON on stdout."""
    quiet: Flag = False
    """No progress and no notes on stderr; faults and errors are told all the same."""
    debug: Flag = False
    """Show tracebacks and the log."""


DEFAULTS = Options()


def people_and_config(words: Sequence[str]) -> tuple[list[str], Path]:
    """Return the ids, each once, and the configuration: an id has neither dots nor slashes."""
    from kleos.errors import UsageError

    paths = [word for word in words if "." in word or "/" in word]
    if len(paths) > 1:
        raise UsageError(f"expected one configuration, found {' and '.join(paths)}")
    return list(dict.fromkeys(word for word in words if word not in paths)), Path(paths[0]) if paths else DEFAULT_CONFIG
