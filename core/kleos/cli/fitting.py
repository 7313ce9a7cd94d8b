"""``kleos model fit``: weights learnt from one's own data, into a new model file."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from kleos.cli.exits import Exit
from kleos.cli.following import Step
from kleos.cli.modelling import check_new, write_model
from kleos.cli.opening import open_config
from kleos.cli.options import DEFAULT_CONFIG, Options
from kleos.cli.terminal import open_terminal
from kleos.cli.working import Work, working
from kleos.errors import UsageError

if TYPE_CHECKING:
    from kleos.insight.fitting.fit import Fit
    from kleos.scoring.fitting.limits import Limits

__all__ = ["FitAsked", "fit_model"]


@frozen(kw_only=True)
class FitAsked:
    """What the command line says."""

    config: Path
    out: Path
    name: str
    version: str
    cuts: Sequence[str]
    horizons: Sequence[str]
    pairs: Path | None
    features: Sequence[str]
    only_pairs: bool
    at_least: Sequence[str]
    at_most: Sequence[str]
    penalty: float | None
    scales: bool
    seed: int


def fit_model(asked: FitAsked, options: Options) -> int:
    """Fit a model, write it, and show where its weights come from; nothing is overwritten."""
    check_new(asked.out)
    if asked.pairs is None and (asked.features or asked.only_pairs):
        where = "--feature" if asked.features else "--only-pairs"
        raise UsageError("there is no table of pairs", where=where, hint="name one with --pairs FILE")
    if asked.penalty is not None and not 0 < asked.penalty < float("inf"):
        raise UsageError(f"expected a number above 0, found {asked.penalty:g}", where="--penalty")
    limits = _limits(asked)
    terminal = open_terminal()
    with working(terminal, options) as work:
        fit = _fit(asked, limits, work)
    write_model(fit.model, asked.out)
    if options.json:
        from kleos.cli.render.models.fit import fit_json

        terminal.show_json(fit_json(fit, asked.out))
    else:
        from kleos.cli.render.models.fit import fit_report

        calibrated = asked.out.with_name(f"{asked.out.stem}-calibrated{asked.out.suffix}")
        named = [] if asked.config == DEFAULT_CONFIG else [str(asked.config)]
        following = [
            Step(shlex.join(["kleos", "model", "calibrate", *named, "--out", str(calibrated)]), "its curves"),
            Step(shlex.join(["kleos", "model", "diff", "shipped", str(asked.out)]), "what changed"),
        ]
        terminal.show(*fit_report(fit, asked.out, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _fit(asked: FitAsked, limits: Limits, work: Work) -> Fit:
    labelled = None
    if asked.pairs is not None:
        from kleos.insight.evaluating.labelled import read_labelled

        labelled = read_labelled(asked.pairs)
    alone = labelled is not None and not labelled.accounts and asked.only_pairs
    loaded, opened = None, None
    if not (alone and asked.config == DEFAULT_CONFIG and not asked.config.exists()):
        opened, loaded = open_config(asked.config, emit=work.emit)
    # Here and not above: a mistake in the configuration is told before the engine is loaded.
    from kleos.insight.evaluating.features import parse_features
    from kleos.insight.fitting.fit import Wanted, fit_features, fit_population
    from kleos.pipeline.prepare import resolve
    from kleos.plugins import load
    from kleos.scoring.model import load_model
    from kleos.scoring.resolved import resolve_model

    wanted = Wanted(
        name=asked.name,
        version=asked.version,
        cuts=asked.cuts,
        horizons=asked.horizons,
        spread=not asked.only_pairs,
        labelled=labelled,
        features=parse_features(asked.features),
        limits=limits,
        penalty=asked.penalty,
        scales=asked.scales,
        seed=asked.seed,
    )
    with work.at_once():
        if opened is not None and loaded is not None and not (alone and opened.population is None):
            return fit_population(opened, loaded, wanted, emit=work.emit, now=datetime.now(UTC))
        assert labelled is not None
        if opened is not None and loaded is not None:
            resolved = resolve(opened, loaded)
        else:
            model = load_model()
            resolved = resolve_model(model, load(networks=(), metrics=tuple(model.metrics), emit=work.emit).metrics)
        return fit_features(resolved, labelled, wanted, emit=work.emit)


def _limits(asked: FitAsked) -> Limits:
    from kleos.scoring.fitting.limits import Limits

    try:
        return Limits(at_least=_shares(asked.at_least, "--at-least"), at_most=_shares(asked.at_most, "--at-most"))
    except ValueError as error:
        raise UsageError(str(error), where="--at-least, --at-most") from None


def _shares(texts: Sequence[str], where: str) -> dict[str, float]:
    """Return what ``metric=share`` means, the share as "12%" or 0.12."""
    found = {}
    for text in texts:
        metric, _, share = text.partition("=")
        try:
            found[metric.strip()] = float(share.strip().removesuffix("%")) / (100 if share.strip().endswith("%") else 1)
        except ValueError:
            raise UsageError(f"expected METRIC=SHARE, found {text!r}", where=where, hint=f"for example {where} momentum=12%") from None
    return found
