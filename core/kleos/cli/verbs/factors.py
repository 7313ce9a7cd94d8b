"""``kleos factors``: everything that is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, Options

__all__ = ["factors"]


def factors(
    config: Annotated[Path | None, Parameter(help="The configuration; kleos.toml if there is one.")] = None,
    /,
    *,
    person: Annotated[str | None, Parameter(metavar="ID", help="Show this person's values: an id of the configuration.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """List the factors: every network's every kind of reaction, counted in every way. Each can be weighted in the configuration."""
    from functools import partial

    from kleos.cli.following import after_factors
    from kleos.cli.listings.factors import find, show
    from kleos.cli.listings.listed import listed

    if config is None and (person is not None or DEFAULT_CONFIG.is_file()):
        config = DEFAULT_CONFIG
    return listed(options, partial(find, config=config, person=person), show, following=after_factors(config, person))
