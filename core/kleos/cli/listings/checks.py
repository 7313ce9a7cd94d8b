"""The checks of the conformance kit, and how a plugin fares in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.working import Work
from kleos.errors import UsageError
from kleos.report.words import clean, count_of
from kleos.testing import check_plugin
from kleos.testing.finding import Given, given_by, samples_in

__all__ = ["finder", "is_broken", "show"]

_STYLES = {"kept": "green", "broken": "bold red", "not checked": "yellow"}


def finder(plugin: str, samples: Path | None) -> Callable[[Work], list[Row]]:
    """Return what runs all checks of a plugin and returns one row for each; without a folder of `samples`, its project gives them."""
    return partial(_find, plugin, samples)


def _find(plugin: str, samples: Path | None, work: Work) -> list[Row]:
    if samples is not None and not samples.is_dir():
        raise UsageError("expected a folder of samples, found none", where=str(samples), hint="give the folder that holds them")
    given = given_by(plugin) if samples is None else Given(samples=samples_in(samples, plugin), settings={}, large={})
    return [
        {
            "name": verdict.check.name,
            "outcome": verdict.outcome,
            "claim": verdict.check.claim,
            "message": verdict.message,
        }
        for verdict in check_plugin(plugin, given.samples, given.settings, given.large)
    ]


def is_broken(row: Row) -> bool:
    """Whether a row makes the command fail."""
    return bool(row["outcome"] == "broken")


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return a table: each check, how it ended, and what to do where it is broken; then the sum."""
    room = 2 + max(len(row["outcome"]) for row in rows)
    lines: list[RenderableType] = []
    for row in rows:
        lines.append(hanging(row["outcome"], row["name"], width, room=room, label_style=_STYLES[row["outcome"]]))
        told = row["message"].splitlines() if row["message"] else [row["claim"]]
        lines += [paragraph(clean(line), width, indent=room, style="" if row["message"] else "dim") for line in told]
    counted = Counter(row["outcome"] for row in rows)
    total = ", ".join(f"{counted[outcome]} {outcome}" for outcome in _STYLES if counted[outcome])
    return [*lines, Text(), Text(f"{count_of(len(rows), 'checks')}: {total}", style="bold")]
