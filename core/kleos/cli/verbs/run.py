"""``kleos run``: the main job."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, DryRun, FailUnder, Flag, Options

__all__ = ["run"]


def run(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    as_of: AsOf = None,
    fail_under: FailUnder = None,
    strict: Annotated[Flag, Parameter(help="Stop at the first plugin or source that fails, instead of going on without it.")] = False,
    keep: Annotated[Flag, Parameter(help="Keep the raw pages in the store, so that they can be read again.")] = False,
    dry_run: DryRun = False,
    options: Options = DEFAULTS,
) -> int:
    """Collect, score, record and show."""
    if dry_run:
        from kleos.cli.planning import show_plan

        return show_plan(config, options, command="run")
    from kleos.cli.job import Job, do

    return do(Job(config=config, collect=True, as_of=as_of, fail_under=fail_under, strict=strict, keep=keep, options=options))
