"""``kleos evaluate``: how good the model is on data of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from kleos.cli.options import DEFAULT_CONFIG, DEFAULTS, ConfigPath, Options

if TYPE_CHECKING:
    from kleos.cli.working import Work
    from kleos.insight.evaluating.asking import Evaluation
    from kleos.insight.evaluating.labelled import Labelled

__all__ = ["evaluate"]

Question = Literal["spread", "pairs", "calibration"]
Texts = Annotated[tuple[str, ...], Parameter(show_default=False)]


def evaluate(
    config: ConfigPath = DEFAULT_CONFIG,
    /,
    *,
    only: Annotated[
        tuple[Question, ...],
        Parameter(show_default=False, help="Ask this question only (may be repeated); all for which there are data if left out."),
    ] = (),
    cut: Annotated[
        Texts,
        Parameter(
            metavar="TIME",
            help='Score what came before this, foretell what comes next: a date or time, "3d" after the first reaction, or "75%" of the'
            " data's span (may be repeated).",
        ),
    ] = (),
    next_: Annotated[
        Texts,
        Parameter(
            name="--next", metavar="LENGTH", help='How much is to be foretold: "1d", "12h", "25%"; once for all cuts, or once for each.'
        ),
    ] = (),
    pairs: Annotated[
        Path | None, Parameter(metavar="FILE", help="A table of pairs that people judged: a, b, choice; or A_…, B_…, choice.")
    ] = None,
    feature: Annotated[
        Texts,
        Parameter(
            metavar="METRIC=COLUMNS", help="Take a column A_X and B_X of --pairs, or several joined by +, for a metric (may be repeated)."
        ),
    ] = (),
    baseline: Annotated[
        Texts,
        Parameter(
            metavar="COLUMNS",
            help="Tell how far ahead of the logarithm of a column of --pairs the score is, or of several joined by + (may be repeated).",
        ),
    ] = (),
    seed: Annotated[int, Parameter(metavar="N", help="Of everything that is drawn: the random baseline, and the folds.")] = 0,
    png: Annotated[Path | None, Parameter(metavar="FILE", help="Draw the result, too.")] = None,
    svg: Annotated[Path | None, Parameter(metavar="FILE", help="Draw the result as SVG.")] = None,
    options: Options = DEFAULTS,
) -> int:
    """Measure the model: whether scores foretell who is reacted to next, agree with labelled pairs, and mean what they promise."""
    import shlex
    from datetime import UTC, datetime

    from kleos.cli.exits import Exit
    from kleos.cli.following import Step
    from kleos.cli.opening import open_config
    from kleos.cli.terminal import open_terminal
    from kleos.cli.working import working
    from kleos.errors import UsageError

    if (feature or baseline) and pairs is None:
        where = "--feature" if feature else "--baseline"
        raise UsageError("there is no table of pairs", where=where, hint="name one with --pairs FILE")
    if "pairs" in only and pairs is None:
        raise UsageError("there is no table of pairs", where="--only pairs", hint="name one with --pairs FILE")
    if only and "spread" not in only and (cut or next_):
        raise UsageError("cuts are for the question of spread, which is not asked", where="--cut" if cut else "--next", hint="leave it out")
    pictures = [file for file in (png, svg) if file is not None]
    if pictures:
        from kleos.report.evaluation import check_picture, draw_evaluation

        for file in pictures:
            check_picture(file)
    terminal = open_terminal()
    with working(terminal, options) as work:
        labelled = None
        if pairs is not None:
            from kleos.insight.evaluating.labelled import read_labelled

            labelled = read_labelled(pairs)
        against = [[name.strip() for name in columns.split("+")] for columns in baseline]
        if labelled is not None and labelled.features and config == DEFAULT_CONFIG and not config.exists():
            evaluation = _pairs_alone(labelled, feature, against, work, seed)
        else:
            opened, loaded = open_config(config, emit=work.emit)
            # Here and not above: a mistake in the configuration is told before the engine is loaded.
            from kleos.insight.evaluating.asking import Asked, evaluate_config

            asked = Asked(questions=only, cuts=cut, horizons=next_, labelled=labelled, features=feature, against=against, seed=seed)
            with work.at_once():
                evaluation = evaluate_config(opened, loaded, asked, emit=work.emit, now=datetime.now(UTC))
    if pictures:
        draw_evaluation(evaluation, png=png, svg=svg)
    if options.json:
        from kleos.cli.render.evaluation.json import evaluation_json

        terminal.show_json(evaluation_json(evaluation, work.emit.faults))
    else:
        from kleos.cli.render.evaluation import evaluation_report

        following = [Step("kleos model show", "the weights and curves that were measured")]
        if any(compared.enough and not compared.kept for compared in evaluation.calibration):
            named = [] if config == DEFAULT_CONFIG else [str(config)]
            calibrate = shlex.join(["kleos", "model", "calibrate", *named, "--out", "model.toml"])
            following = [Step(calibrate, "make the promise hold here")]
        terminal.show(*evaluation_report(evaluation, work.emit.faults, pictures=pictures, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _pairs_alone(labelled: Labelled, features: Sequence[str], against: Sequence[Sequence[str]], work: Work, seed: int) -> Evaluation:
    """Judge the model that ships by a table of features: that takes no configuration."""
    from kleos.insight.evaluating.asking import Evaluation
    from kleos.insight.evaluating.features import parse_features
    from kleos.insight.evaluating.judging import pairs_by_features
    from kleos.plugins import load
    from kleos.scoring.model import load_model
    from kleos.scoring.resolved import resolve_model

    model = load_model()
    resolved = resolve_model(model, load(networks=(), metrics=tuple(model.metrics), emit=work.emit).metrics)
    judged = pairs_by_features(labelled, parse_features(features), resolved, against=against, seed=seed)
    return Evaluation(model=resolved.id, pairs=judged)
