"""``kleos collect``: the main job without scoring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, DryRun, Flag, Options

__all__ = ["collect"]


def collect(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    strict: Annotated[Flag, Parameter(help="Stop at the first plugin or source that fails, instead of going on without it.")] = False,
    keep: Annotated[Flag, Parameter(help="Keep the raw pages in the store, so that they can be read again.")] = False,
    replay: Annotated[
        Path | None,
        Parameter(metavar="FOLDER", help="Ask and read no source: take the pages that --keep has left in this folder, again."),
    ] = None,
    dry_run: DryRun = False,
    options: Options = DEFAULTS,
) -> int:
    """Collect what the sources hold, without scoring."""
    if dry_run:
        from kleos.cli.planning import show_plan

        return show_plan(config, options, command="collect", replay=replay)
    from kleos.cli.collecting import do

    return do(config, strict=strict, keep=keep, replay=replay, options=options)
