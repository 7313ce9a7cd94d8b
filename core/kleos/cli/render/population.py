"""What came of scoring a whole population: how many, how they spread, and where the table is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import asdict
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.bars import bar
from kleos.cli.render.faults import faults_section, without_secrets
from kleos.cli.render.layout import hanging, held, paragraph
from kleos.cli.render.report import WIDEST, model_text, moment, next_step
from kleos.events import Fault
from kleos.report.digits import score_text
from kleos.report.notice import NOT_FOR
from kleos.report.words import clean, count_of, span
from kleos.scoring.result import SCHEMA, iso

if TYPE_CHECKING:
    from kleos.pipeline import PopulationResult

__all__ = ["population_json", "population_part", "population_report"]

_WIDEST_BAR = 48


def population_report(
    population: PopulationResult, faults: Sequence[Fault], *, width: int, following: Sequence[Step]
) -> list[RenderableType]:
    """Return the report of a run that scored a population and no people."""
    width = min(width, WIDEST)
    return [
        *population_part(population, width=width),
        *faults_section(faults, width),
        paragraph(NOT_FOR, width, style="dim"),
        *next_step(following, width),
    ]


def population_part(population: PopulationResult, *, width: int) -> list[RenderableType]:
    """Return a population's summary, as a part of a report."""
    width = min(width, WIDEST)
    size = count_of(population.size, "people")
    lines: list[RenderableType] = [Text(), Text.assemble(("population", "bold"), f"  {size} scored, mean {population.mean:.1f}"), Text()]
    for percentile, score in sorted(population.percentiles.items()):
        label = f"  ahead of {percentile:>2} %  {score_text(score):>5}  "
        lines.append(Text.assemble(label, (bar(score / 100, min(_WIDEST_BAR, width - len(label))), "cyan")))
    rows = {
        "as of": f"{moment(population.as_of)} ({population.as_of_reason}), over {span(population.window)}",
        "model": model_text(population.model),
    }
    if population.reference_size:
        of_them = f"{held(count_of(population.reference_size, 'people'))} with at least 5 people reacting to them"
        rows["reference"] = (
            f"{of_them}: mean {population.reference_mean:.1f}, top {held('5 %')} from {score_text(population.reference_top)}"
        )
    if population.out is not None:
        rows["written to"] = clean(str(population.out))
    room = max(map(len, rows)) + 2
    return [*lines, Text(), *(hanging(label, text, width, room=room, label_style="bold") for label, text in rows.items()), Text()]


def population_json(population: PopulationResult, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what ``--json`` prints of a run that scored a population and no people."""
    model = population.model
    return {
        "schema": SCHEMA,
        "as_of": iso(population.as_of),
        "as_of_reason": population.as_of_reason,
        "window": population.window,
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "population": {
            "source": population.source,
            "out": None if population.out is None else str(population.out),
            "size": population.size,
            "mean": population.mean,
            "percentiles": {str(percentile): score for percentile, score in sorted(population.percentiles.items())},
            "reference": {
                "size": population.reference_size,
                "mean": _number(population.reference_mean),
                "top_5_percent": _number(population.reference_top),
            },
        },
        "people": [],
        "faults": [asdict(without_secrets(fault)) for fault in faults],
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
