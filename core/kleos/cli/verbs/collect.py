"""``kleos collect``: the main job without scoring."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Flag, Options

__all__ = ["collect"]


def collect(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    strict: Annotated[Flag, Parameter(help="Stop at the first plugin or source that fails, instead of going on without it.")] = False,
    keep: Annotated[Flag, Parameter(help="Keep the raw pages in the store, so that they can be read again.")] = False,
    options: Options = DEFAULTS,
) -> int:
    """Collect what the sources hold, without scoring."""
    from kleos.cli.collecting import do

    return do(config, strict=strict, keep=keep, options=options)
