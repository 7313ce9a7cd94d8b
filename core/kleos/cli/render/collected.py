"""What came of every source: rows read, kept, and left aside for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import asdict
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.faults import faults_section, without_secrets
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.render.table import table
from kleos.events import Fault
from kleos.report.words import amount, clean, count_of
from kleos.scoring.result import SCHEMA

if TYPE_CHECKING:
    from kleos.collect.report import Collected, SourceReport

__all__ = ["collected_json", "collected_report"]

_ASIDE = {"self_reactions": "to oneself", "unclaimed": "nobody's", "left_out": "left out"}


def collected_report(collected: Collected, faults: Sequence[Fault], *, width: int, following: Sequence[Step]) -> list[RenderableType]:
    """Return one line for each source, the faults, and what to do next. Columns in which nothing happened are left out."""
    width = min(width, WIDEST)
    aside = [name for name in _ASIDE if any(getattr(report.outcome, name) for report in collected.sources)]
    numbers = ["rows", "kept", *aside]
    rows = [
        [clean(f"{report.network} {report.source}"), *(amount(getattr(report.outcome, name)) for name in numbers), _origin(report)]
        for report in collected.sources
    ]
    headings = ("source", "rows", "kept", *(_ASIDE[name] for name in aside), "from")
    kept = sum(report.outcome.kept for report in collected.sources)
    lines = table(headings, rows, width=width, right=range(1, len(numbers) + 1)) if rows else []
    return [
        Text(),
        *lines,
        *([Text(), Text(f"{count_of(kept, 'rows')} kept", style="bold")] if rows else []),
        *([Text()] if faults else []),
        *faults_section(faults, width)[:-1],
        *next_step(following if rows else [], width),
    ]


def collected_json(collected: Collected, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what ``--json`` prints: one object for each source, and the faults."""
    return {
        "schema": SCHEMA,
        "run": collected.run,
        "sources": [_source(report) for report in collected.sources],
        "faults": [asdict(without_secrets(fault)) for fault in faults],
    }


def _source(report: SourceReport) -> dict[str, Any]:
    told: dict[str, Any] = asdict(report)
    outcome: dict[str, Any] = told.pop("outcome")
    return {**told, **outcome}


def _origin(report: SourceReport) -> str:
    person = f" ({clean(report.person)})" if report.person else ""
    if report.skipped_pages and report.skipped_pages == report.pages:
        return f"{clean(report.where)}{person}, imported before"
    return f"{clean(report.where)}{person}"
