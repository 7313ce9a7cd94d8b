"""What a run would do, source by source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from attrs import asdict
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.following import Step
from kleos.cli.render.faults import faults_section, without_secrets
from kleos.cli.render.layout import hanging
from kleos.cli.render.report import WIDEST, next_step
from kleos.config import Population
from kleos.events import Fault
from kleos.report.words import clean, count_of
from kleos.scoring.result import SCHEMA

if TYPE_CHECKING:
    from kleos.collect.planning import Planned

__all__ = ["plan_json", "plan_report"]

_ROOM = 12
_LONGEST = 60


def plan_report(
    plan: Sequence[Planned], population: Population | None, faults: Sequence[Fault], *, width: int, following: Sequence[Step]
) -> list[RenderableType]:
    """Return what every source would ask for or read, and what that has used up so far."""
    width = min(width, WIDEST)
    lines: list[RenderableType] = [Text()]
    for one in plan:
        lines.append(Text(clean(f"{one.network} {one.source}"), style="bold"))
        lines += [hanging(f"  {label}", clean(text), width, room=_ROOM, label_style="dim") for label, text in _told(one)]
    if population is not None:
        lines.append(Text("population", style="bold"))
        lines.append(
            hanging("  reads", ", ".join(clean(str(path)) for path in population.interactions), width, room=_ROOM, label_style="dim")
        )
        if population.out is not None:
            lines.append(hanging("  writes", clean(str(population.out)), width, room=_ROOM, label_style="dim"))
    asked = sum(one.live and not one.problem for one in plan)
    return [
        *lines,
        *([Text()] if plan or population is not None else []),
        Text(f"a dry run: {count_of(asked, 'APIs')} would be asked; nothing was, and nothing was written", style="bold"),
        *([Text(), *faults_section(faults, width)[:-1]] if faults else []),
        *next_step(following, width),
    ]


def plan_json(plan: Sequence[Planned], population: Population | None, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what ``--dry-run --json`` prints: one object for each source and owner, and the faults."""
    read = None if population is None else [str(path) for path in population.interactions]
    return {
        "schema": SCHEMA,
        "dry_run": True,
        "sources": [asdict(one) for one in plan],
        "population": None if population is None else {"interactions": read, "out": str(population.out) if population.out else None},
        "faults": [asdict(without_secrets(fault)) for fault in faults],
    }


def _told(one: Planned) -> Iterator[tuple[str, str]]:
    if not one.live:
        yield "reads", one.where + (f" ({one.person})" if one.person else "")
        return
    if one.problem:
        yield "problem", one.problem
    else:
        whom = ", ".join(one.accounts) or "whoever the token belongs to"
        yield "asks for", f"{whom} ({one.person})" if one.person else whom
        yield "from", "the beginning" if one.cursor is None else f"where an earlier run left off: {_short(one.cursor)}"
    for spent in one.spending:
        yield "spent", str(spent)


def _short(cursor: str) -> str:
    return cursor if len(cursor) <= _LONGEST else f"{cursor[: _LONGEST - 1]}…"
