"""``kleos run``: the main job."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, AsOf, ConfigPath, DryRun, FailUnder, Flag, Options

__all__ = ["run"]

MOST = 3660
"""Days of a backfill."""


def run(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    as_of: AsOf = None,
    backfill: Annotated[
        str | None, Parameter(metavar="DAYS", help='Record the days before, too, as far back as this: "90d"; what is recorded stays.')
    ] = None,
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

    days = 0 if backfill is None else _days(backfill)
    return do(
        Job(config=config, collect=True, as_of=as_of, backfill=days, fail_under=fail_under, strict=strict, keep=keep, options=options)
    )


def _days(text: str) -> int:
    """Return how many days a length of time means; raises `UsageError`."""
    import re

    from kleos.errors import UsageError

    found = re.fullmatch(r"([0-9]{1,4})\s*([dw])", text.strip())
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    if not 0 < days <= MOST:
        raise UsageError(
            f"expected a number of days, found {text!r}", where="--backfill", hint=f'write it like "90d" or "13w", up to {MOST}d'
        )
    return days
