"""The options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from attrs import frozen
from cyclopts import Parameter

__all__ = ["DEFAULTS", "DEFAULT_CONFIG", "AsOf", "ConfigPath", "DryRun", "FailUnder", "Flag", "Options"]

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
