"""How good a model is, told in a terminal: `evaluation_report` for people, `json` for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.evaluation.calibration import calibration_part
from kleos.cli.render.evaluation.pairs import pairs_part
from kleos.cli.render.evaluation.spread import spread_part
from kleos.cli.render.faults import faults_section
from kleos.cli.render.layout import hanging
from kleos.cli.render.report import WIDEST, model_text, next_step
from kleos.events import Fault
from kleos.report.words import clean

if TYPE_CHECKING:
    from kleos.insight.evaluating.asking import Evaluation

__all__ = ["evaluation_report"]


def evaluation_report(
    evaluation: Evaluation, faults: Sequence[Fault], *, pictures: Sequence[Path] = (), width: int, following: Sequence[Step]
) -> list[RenderableType]:
    """Return the report of an evaluation for a terminal of `width` columns; `pictures` are the files that were drawn."""
    width = min(width, WIDEST)
    lines: list[RenderableType] = [Text()]
    if evaluation.spread is not None:
        lines += spread_part(evaluation.spread, width)
    if evaluation.pairs is not None:
        lines += pairs_part(evaluation.pairs, width)
    for compared in evaluation.calibration:
        lines += calibration_part(compared, width)
    rows = {"model": model_text(evaluation.model)}
    if evaluation.source:
        rows["data"] = clean(evaluation.source)
    if pictures:
        rows["drawn to"] = clean(", ".join(map(str, pictures)))
    room = max(map(len, rows)) + 2
    lines += [hanging(label, text, width, room=room, label_style="bold") for label, text in rows.items()]
    if faults:
        lines += [Text(), *faults_section(faults, width)[:-1]]
    return [*lines, *next_step(following, width)]
