"""What ``kleos run`` shows: a card or a ranking, what it rests on, what went wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.card import person_card, population_text
from kleos.cli.render.faults import faults_section
from kleos.cli.render.history.move import moves_text
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.render.ranking import compact_card, ranked, ranking
from kleos.report.notice import NOT_FOR
from kleos.report.words import clean, span
from kleos.scoring.result import ModelId, RunResult

__all__ = ["WIDEST", "model_text", "moment", "next_step", "report"]

_MOST_CARDS = 5
_NARROWEST = 40
WIDEST = 120
"""Columns beyond which lines become hard to read."""


def report(result: RunResult, *, width: int, large: bool = False, following: Sequence[Step] = ()) -> list[RenderableType]:
    """Return the parts of a run's report for a terminal of `width` columns.

    `large` draws a single person's score three lines high; `following` are the commands to try next.
    """
    width = max(_NARROWEST, min(width, WIDEST))
    return [
        Text(),
        *_people(result, width, large),
        *_origin(result, width),
        *_notes(result.notes, width),
        *faults_section(result.faults, width),
        paragraph(NOT_FOR, width, style="dim"),
        *next_step(following, width),
    ]


def next_step(following: Sequence[Step], width: int) -> list[RenderableType]:
    """Return the last lines: the commands to try next."""
    if not following:
        return []
    room = max(len(step.command) for step in following)
    lines: list[RenderableType] = [Text()]
    for number, step in enumerate(following):
        line = Text.assemble(("      " if number else "next: ", "dim"), (f"{step.command:{room}}", "bold"), (f"  {step.why}", "dim"))
        line.truncate(max(width, 6 + room), overflow="ellipsis")
        lines.append(line)
    return lines


def moment(time: datetime) -> str:
    """Return a time for people: "2026-03-31 18:20 UTC"."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def model_text(model: ModelId) -> str:
    """Return a model's name, its version, and the beginning of its digest."""
    return f"{clean(model.name)} {clean(model.version)}, digest {model.digest[:12]}"


def _people(result: RunResult, width: int, large: bool) -> list[RenderableType]:
    people = result.people
    if len(people) == 1:
        return person_card(people[0], result.population, width=width, large=large)
    lines = ranking(people, width)
    if len(people) <= _MOST_CARDS:
        for _, person in ranked(people):
            lines += compact_card(person, width)
    elif people:
        lines += [Text("--json has the networks, metrics and coverage of every one of them", style="dim"), Text()]
    return lines


def _origin(result: RunResult, width: int) -> list[RenderableType]:
    rows = {
        "as of": f"{moment(result.as_of)} ({clean(result.as_of_reason)}){f', over {span(result.window)}' if result.window else ''}",
        "model": model_text(result.model),
    }
    before = moves_text(result)
    if before:
        rows["model before"] = before
    if len(result.people) > 1:
        rows["compared with"] = population_text(result.population)
    room = max(map(len, rows)) + 2
    return [*(hanging(label, text, width, room=room, label_style="bold") for label, text in rows.items()), Text()]


def _notes(notes: Sequence[str], width: int) -> list[RenderableType]:
    if not notes:
        return []
    return [Text("notes", style="bold"), *(paragraph(clean(note), width, indent=2) for note in notes), Text()]
