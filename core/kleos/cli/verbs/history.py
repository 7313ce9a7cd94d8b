"""``kleos history``: how a person's score went from day to day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Options

__all__ = ["history"]


def history(
    person: Annotated[str, Parameter(help="The id of a person in the configuration.")],
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    since: Annotated[str | None, Parameter(metavar="DAY", help="Show days from this one on, like 2026-01-31.")] = None,
    until: Annotated[str | None, Parameter(metavar="DAY", help="Show days up to this one.")] = None,
    csv: Annotated[Path | None, Parameter(metavar="FILE", help="Write the days as CSV, too.")] = None,
    png: Annotated[Path | None, Parameter(metavar="FILE", help="Draw the curve as a PNG, too.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """Show the recorded curve, its changes over a day, a week, a month and 90 days, and where its model, sources or coverage changed."""
    from kleos.cli.recorded_curve import Asked, show_history

    return show_history(Asked(person=person, config=config, since=since, until=until, csv=csv, png=png, options=options))
