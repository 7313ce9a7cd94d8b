"""``kleos model``: look at a model, and make one's curves anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Options

__all__ = ["calibrate", "show"]


def show(
    model: Annotated[Path | None, Parameter(help="A model file; the model that ships if left out.")] = None,
    /,
    *,
    options: Options = DEFAULTS,
) -> int:
    """Show a model as its file says it, with comments; with ``--json`` as plain values."""
    from kleos.cli.modelling import show_model

    return show_model(model, options)


def calibrate(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    out: Annotated[Path, Parameter(metavar="FILE", help="The model file to write; it must not be there yet.")],
    name: Annotated[str, Parameter(metavar="NAME", help="What the model is called.")] = "custom",
    version: Annotated[str, Parameter(metavar="VERSION", help="Every score carries it.")] = "1",
    population: Annotated[str | None, Parameter(metavar="WORDS", help="What the population is, in words; its files if left out.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """Calibrate: over the population of the configuration, the mean becomes 40 and the top 5 % begin at 63. Weights stay as they are."""
    from kleos.cli.modelling import calibrate_model

    return calibrate_model(config, out=out, name=name, version=version, population=population, options=options)
