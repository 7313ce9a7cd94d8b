"""``kleos score``: the main job without collecting."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, FailUnder, Flag, Options

__all__ = ["score"]


def score(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    as_of: AsOf = None,
    fail_under: FailUnder = None,
    strict: Annotated[Flag, Parameter(help="Stop at the first plugin that fails, instead of going on without it.")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Score what was collected before, record and show."""
    from kleos.cli.job import Job, do

    return do(Job(config=config, collect=False, as_of=as_of, fail_under=fail_under, strict=strict, options=options))
