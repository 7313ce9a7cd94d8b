"""The factors: everything that the engine counts, and what it counted for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.opening import open_config
from kleos.cli.render.layout import paragraph
from kleos.cli.render.table import table
from kleos.cli.working import Work
from kleos.plugins import load
from kleos.report.words import amount, clean

if TYPE_CHECKING:
    from kleos.pipeline import FactorRow

__all__ = ["find", "show"]

_MEANING = {
    "count": "reactions",
    "acts": "reactions, one for each person and item",
    "actors": "people",
    "saturated": "reactions, repeats of a person fading",
    "decayed": "people, the longer ago the less",
    "recent": "people of late",
    "prestige": "people, the influential more",
    "share_of_attention": "shares of people's attention",
    "returning": "people who came back in another week",
    "days": "days with a reaction",
    "actor_days": "days of each person, added up",
    "items": "items that drew a reaction",
    "peak": "people at the best item",
    "h_index": "items that drew as many people each",
}


def find(work: Work, config: Path | None, person: str | None) -> list[Row]:
    """Return a row for each factor of all installed networks; with its value where a person is named."""
    from kleos import pipeline

    if config is None:
        loaded = load(networks=None, metrics=None, emit=work.emit)
        return [_row(factor) for factor in pipeline.list_factors(None, loaded)]
    resolved, loaded = open_config(config, emit=work.emit, everything=True)
    return [_row(factor) for factor in pipeline.list_factors(resolved, loaded, person, now=datetime.now(UTC), emit=work.emit)]


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return the factors as a table; where they have values, only those above 0, and how many others there are."""
    if not rows:
        return [Text("no network is installed, and so there are no factors: pip install kleos-twitter, or another kleos-<network>")]
    valued = any(row["value"] is not None for row in rows)
    shown = [row for row in rows if row["value"]] if valued else list(rows)
    if valued:
        cells = [[clean(row["name"]), amount(row["value"]), _weight(row), _meaning(row)] for row in shown]
        lines = table(("factor", "value", "weight", "what it is"), cells, width=width, right={1, 2})
        closing = f"{len(shown):,} of {len(rows):,} factors are above 0; people count by their influence, an unknown person as one"
    else:
        cells = [[clean(row["name"]), _weight(row), _meaning(row)] for row in shown]
        lines = table(("factor", "weight", "what it is"), cells, width=width, right={1})
        closing = f"{len(shown):,} factors"
    return [*lines, Text(), paragraph(closing, width, style="dim")]


def _meaning(row: Row) -> str:
    return f"{clean(row['title'])}: {_MEANING.get(row['aggregation'], row['aggregation'])}"


def _weight(row: Row) -> str:
    """Return the weight of a factor that was made a metric of its own; the others count through the metrics."""
    return f"{row['weight']:g}" if row["weight"] else ""


def _row(factor: FactorRow) -> Row:
    return {
        "name": factor.name,
        "network": factor.network,
        "kind": factor.kind,
        "aggregation": factor.aggregation,
        "role": factor.role,
        "title": factor.title,
        "value": factor.value,
        "weight": factor.weight,
    }
