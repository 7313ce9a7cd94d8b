"""``kleos model``: look at a model, learn its weights, make its curves anew, and compare two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Flag, Options

__all__ = ["calibrate", "diff", "fit", "show"]


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
    others: Annotated[
        str | None, Parameter(metavar="NETWORK", help="Lend this network's curves to all networks that the model does not know.")
    ] = None,
    options: Options = DEFAULTS,
) -> int:
    """Calibrate: over the population of the configuration, the mean becomes 40 and the top 5 % begin at 63. Weights stay as they are.

    Where people have accounts on several networks, how much the odds on each count is found from them, too.
    """
    from kleos.cli.modelling import calibrate_model

    return calibrate_model(config, out=out, name=name, version=version, population=population, others=others, options=options)


def fit(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    out: Annotated[Path, Parameter(metavar="FILE", help="The model file to write; it must not be there yet.")],
    name: Annotated[str, Parameter(metavar="NAME", help="What the model is called.")] = "custom",
    version: Annotated[str, Parameter(metavar="VERSION", help="Every score carries it.")] = "1",
    cut: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="TIME", help='Learn what came after this from what came before: a date or time, "3d" or "75%" (may be repeated).'
        ),
    ] = (),
    next_: Annotated[
        tuple[str, ...],
        Parameter(
            name="--next",
            metavar="LENGTH",
            help='How much after a cut: "1d", "12h", "25%"; once for all cuts, or once for each.',
            show_default=False,
        ),
    ] = (),
    pairs: Annotated[
        Path | None, Parameter(metavar="FILE", help="Learn from pairs that people judged, too: a, b, choice; or A_…, B_…, choice.")
    ] = None,
    feature: Annotated[
        tuple[str, ...],
        Parameter(
            metavar="METRIC=COLUMNS",
            help="Take a column A_X and B_X of --pairs, or several joined by +, for a metric (may be repeated).",
            show_default=False,
        ),
    ] = (),
    only_pairs: Annotated[Flag, Parameter(help="Learn from --pairs only.")] = False,
    at_least: Annotated[
        tuple[str, ...],
        Parameter(metavar="METRIC=SHARE", help='The least share of all weight that reason allows: "consistency=20%".', show_default=False),
    ] = (),
    at_most: Annotated[
        tuple[str, ...], Parameter(metavar="METRIC=SHARE", help='The largest share: "momentum=12%".', show_default=False)
    ] = (),
    penalty: Annotated[
        float | None, Parameter(metavar="P", help="How strongly weights are drawn together; found by cross-validation if left out.")
    ] = None,
    scales: Annotated[Flag, Parameter(help="Fit the scales s, too: slower.")] = False,
    seed: Annotated[int, Parameter(metavar="N", help="Of the pairs that are drawn, and of the folds.")] = 0,
    options: Options = DEFAULTS,
) -> int:
    """Learn weights from what came next in the population of the configuration, and from pairs that people judged.

    Weights are never negative. The model that is written begins with the configuration's, and has its curves: calibrate it next.
    """
    from kleos.cli.fitting import FitAsked, fit_model

    asked = FitAsked(
        config=config,
        out=out,
        name=name,
        version=version,
        cuts=cut,
        horizons=next_,
        pairs=pairs,
        features=feature,
        only_pairs=only_pairs,
        at_least=at_least,
        at_most=at_most,
        penalty=penalty,
        scales=scales,
        seed=seed,
    )
    return fit_model(asked, options)


def diff(
    before: Annotated[str, Parameter(help='A model file, or "shipped" for the model that ships.')],
    after: Annotated[str, Parameter(help="The model to compare it with.")],
    /,
    *,
    config: Annotated[
        Path | None, Parameter(metavar="CONFIG", help="Score its people, or its population, by both; kleos.toml, if there is one.")
    ] = None,
    top: Annotated[int, Parameter(metavar="N", help="Of a population, how many of those who move most in either direction.")] = 5,
    options: Options = DEFAULTS,
) -> int:
    """Show what differs between two models, score again by both, and show who moves and why. Nothing is recorded."""
    from kleos.cli.differing import diff_models

    return diff_models(before, after, config=config, top=top, options=options)
