"""``kleos init``: a configuration to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, Flag, Options

__all__ = ["init"]

From = Annotated[
    list[Path] | None,
    Parameter(
        name="--from",
        metavar="PATH…",
        consume_multiple=True,
        help="Zips, folders and files as they were downloaded: Kleos says what they are and whose, and writes the configuration for them.",
    ),
]


def init(
    config: Annotated[Path, Parameter(help="The configuration file to write.")] = DEFAULT_CONFIG,
    /,
    *,
    from_: From = None,
    force: Annotated[Flag, Parameter(help="Replace the configuration file, if there is one.")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Write a configuration: with every key explained or, with --from, for the exports that you have."""
    from kleos.cli.beginning import begin

    return begin(config, from_, force=force, options=options)
