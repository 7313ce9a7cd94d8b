"""An evaluation as plain values: numbers unrounded, null where there was nothing to measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import asdict

from kleos.cli.render.faults import without_secrets
from kleos.events import Fault
from kleos.scoring.result import SCHEMA, iso
from kleos.store.times import from_micros

if TYPE_CHECKING:
    from kleos.insight.evaluating.asking import Evaluation
    from kleos.insight.evaluating.calibration import Calibrated
    from kleos.insight.evaluating.pairs import PairsResult
    from kleos.insight.evaluating.spread import SpreadResult, Window

__all__ = ["evaluation_json"]


def evaluation_json(evaluation: Evaluation, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what ``kleos evaluate --json`` prints."""
    value: dict[str, Any] = {
        "schema": SCHEMA,
        "model": asdict(evaluation.model),
        "data": evaluation.source or None,
        "spread": None if evaluation.spread is None else _spread(evaluation.spread),
        "pairs": None if evaluation.pairs is None else _pairs(evaluation.pairs),
        "calibration": [_calibration(compared) for compared in evaluation.calibration],
        "faults": [asdict(without_secrets(fault)) for fault in faults],
    }
    return {name: _without_nan(part) for name, part in value.items()}


def _spread(spread: SpreadResult) -> dict[str, Any]:
    return {"seed": spread.seed, "untimed": spread.untimed, "windows": [_window(window) for window in spread.windows]}


def _window(window: Window) -> dict[str, Any]:
    from kleos.insight.evaluating.spread import MEASURES

    best = {measure: window.best(measure).name for measure in MEASURES}
    return {
        "name": window.title,
        "cut": iso(from_micros(window.cut.at)),
        "window": window.window / 1_000_000,
        "next": window.cut.horizon / 1_000_000,
        "candidates": window.candidates,
        "frequent": window.frequent,
        "lasting": window.lasting,
        "before": window.before,
        "after": window.after,
        "to_others": window.to_others,
        "kleos": asdict(window.ours),
        "baselines": [asdict(baseline) for baseline in window.baselines],
        "best": {measure: {"baseline": name, "times": window.times_best(measure)} for measure, name in best.items()},
    }


def _pairs(pairs: PairsResult) -> dict[str, Any]:
    return {
        "source": pairs.source,
        "seed": pairs.seed,
        "pairs": pairs.pairs,
        "accounts": pairs.accounts,
        "unusable": pairs.unusable,
        "metrics": {metric: list(names) for metric, names in pairs.metrics.items()},
        "kleos": asdict(pairs.ours),
        "baselines": [asdict(baseline) for baseline in pairs.baselines],
        "fitted": None if pairs.fitted is None else asdict(pairs.fitted),
        "ceiling": asdict(pairs.ceiling),
        "folds": pairs.folds,
        "ahead": [one._asdict() for one in pairs.ahead],
    }


def _calibration(compared: Calibrated) -> dict[str, Any]:
    return {**asdict(compared), "enough": compared.enough, "kept": compared.kept}


def _without_nan(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nan(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value
