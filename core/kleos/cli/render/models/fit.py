"""What ``kleos model fit`` shows: the weights and where they come from, and how they fare where they were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.layout import paragraph
from kleos.cli.render.report import WIDEST, moment, next_step
from kleos.cli.render.table import table
from kleos.report.words import clean
from kleos.store import from_micros

if TYPE_CHECKING:
    from kleos.insight.evaluating.spread import Window
    from kleos.insight.fitting.fit import Fit
    from kleos.scoring.fitting.limits import Slack
    from kleos.scoring.fitting.validation import Validated

__all__ = ["fit_json", "fit_report"]

_NARROWEST = 40
_READING = (
    "Only proportions matter: the sum of all weights is as it was, and calibrating makes the curves anew. Weights that nothing told keep "
    "their share."
)
_LEFT_OUT = "Each cut is foretold by weights that were fitted to the other cuts alone, and compared with the best single baseline."


def fit_report(fit: Fit, out: Path, *, width: int, following: Sequence[Step]) -> list[RenderableType]:
    """Return the report of a fit for a terminal of `width` columns."""
    width = max(_NARROWEST, min(width, WIDEST))
    lines: list[RenderableType] = [Text(), Text("learnt from", style="bold")]
    lines += [
        paragraph(f"{clean(one.name)}: {one.comparisons:,} comparisons of {one.accounts:,} accounts", width, indent=2)
        for one in fit.evidence
    ]
    lines += [Text(), *_weights(fit, width), paragraph(_READING, width, style="dim")]
    lines += [paragraph(text, width, style="dim") for text in _limits(fit.weights.binding)]
    lines.append(Text())
    for kind, validated in fit.weights.validated.items():
        lines += _validated(kind, validated, width)
    if fit.left_out:
        lines += _left_out(fit.left_out, width)
    lines.append(
        paragraph(
            f"{clean(fit.model.name)} {clean(fit.model.version)} is written to {out}; its curves are still those of the old weights. "
            f'To calibrate it, name it in the configuration: [run] model = "{out}"',
            width,
        )
    )
    return [*lines, *next_step(following, width)]


def fit_json(fit: Fit, out: Path) -> dict[str, Any]:
    """Return a fit as plain values, numbers unrounded."""
    return {
        "schema": 1,
        "out": str(out),
        "name": fit.model.name,
        "version": fit.model.version,
        "begun_with": {"name": fit.base.name, "version": fit.base.version},
        "evidence": [
            {"kind": one.kind, "name": one.name, "comparisons": one.comparisons, "accounts": one.accounts} for one in fit.evidence
        ],
        "metrics": {metric: one._asdict() for metric, one in fit.weights.weights.items()},
        "binding": [{"metric": one.metric, "limit": one.limit, "share": one.share, "by": one.by or None} for one in fit.weights.binding],
        "validated": {
            kind: None
            if found is None
            else {"folds": found.folds, "penalty": found.best.penalty, "tried": [one._asdict() for one in found.tried]}
            for kind, found in fit.weights.validated.items()
        },
        "left_out": [_window_json(window) for window in fit.left_out],
    }


def _weights(fit: Fit, width: int) -> list[RenderableType]:
    limits = {one.metric: _limit(one) for one in fit.weights.binding}
    rows = [
        (
            clean(metric),
            f"{one.weight:g}",
            f"{one.scale:g}",
            f"{one.share:.1%}",
            f"{one.before:.1%}",
            clean(one.learnt_from) or "kept",
            limits.get(metric, ""),
        )
        for metric, one in sorted(fit.weights.weights.items(), key=lambda pair: -pair[1].share)
    ]
    headings = ("metric", "weight", "scale", "share", "before", "learnt from", "held at")
    kept = None if limits else len(headings) - 1
    return table(headings[:kept], [row[:kept] for row in rows], width=width, right=(1, 2, 3, 4))


def _limit(one: Slack) -> str:
    return "people" if one.limit == "outweighed" else f"{one.limit} {100 * one.share:.3g}%"


def _limits(binding: Sequence[Slack]) -> list[str]:
    """Return what the limits mean that hold weights where they are."""
    if not binding:
        return ["No limit holds a weight back."]
    told = ["Held at: the limit without which the data would have it otherwise."]
    people = [one for one in binding if one.limit == "outweighed"]
    if people:
        names = ", ".join(clean(one.metric) for one in people)
        told.append(
            f"People: one person who comes back ({names}) adds no more than a second person does ({clean(people[0].by)}); without that, "
            "clicks could beat people."
        )
    return told


def _validated(kind: str, validated: Validated | None, width: int) -> list[RenderableType]:
    if validated is None:
        return []
    rows = [
        (
            f"{one.penalty:g}",
            f"{one.loss:.4f}",
            f"{one.worse:.4f} ± {one.error:.4f}",
            f"{one.agreement:.1%}",
            "taken" if one == validated.best else "",
        )
        for one in validated.tried
    ]
    heading = f"penalties, on accounts that were not learnt from: {clean(kind)}, {validated.folds} folds"
    return [
        Text(heading, style="bold"),
        *table(("penalty", "log loss", "more than the least", "right", ""), rows, width=width, right=(0, 1, 2, 3), indent=2),
        Text(),
    ]


def _left_out(windows: Sequence[Window], width: int) -> list[RenderableType]:
    rows = [
        (
            _moment(window.cut.at),
            f"{window.frequent:,}",
            f"{window.ours.spearman_frequent:.3f}",
            f"{window.best('spearman_frequent').spearman_frequent:.3f}",
            f"{window.ours.ndcg:.3f}",
            f"{window.best('ndcg').ndcg:.3f}",
        )
        for window in windows
    ]
    headings = ("cut left out", "people", "Spearman", "best", "NDCG@100", "best")
    return [
        Text("left out, one after the other", style="bold"),
        *table(headings, rows, width=width, right=(1, 2, 3, 4), indent=2),
        paragraph(f"{_LEFT_OUT} People had at least 5 reactions before the cut.", width, style="dim", indent=2),
        Text(),
    ]


def _moment(micros: int) -> str:
    return moment(from_micros(micros))


def _window_json(window: Window) -> dict[str, Any]:
    measures = ("spearman", "kendall", "spearman_frequent", "kendall_frequent", "ndcg")
    return {
        "cut": _moment(window.cut.at),
        "seconds": window.cut.horizon / 1_000_000,
        "candidates": window.candidates,
        "frequent": window.frequent,
        **{measure: getattr(window.ours, measure) for measure in measures},
        "baselines": {one.name: {measure: getattr(one, measure) for measure in measures} for one in window.baselines},
    }
