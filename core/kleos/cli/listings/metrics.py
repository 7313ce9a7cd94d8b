"""The metrics that are installed: what they mean, what they are made of, and how much they weigh."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.render.layout import hanging, paragraph
from kleos.cli.working import Work
from kleos.contract import Metric
from kleos.plugins import Installed, load
from kleos.report.words import clean
from kleos.scoring.model import load_model

__all__ = ["find", "show"]

_MORE = "Weights are those of the model that ships. --json names the source of each definition."


def find(work: Work) -> list[Row]:
    """Load all metrics; return one row for each, in the order of their families."""
    loaded = load(networks=(), metrics=None, emit=work.emit)
    weights = {name: weight.weight for name, weight in load_model().metrics.items()}
    order = {name: place for place, name in enumerate(weights)}
    metrics = sorted(loaded.metrics.values(), key=lambda metric: (order.get(metric.name, len(order)), metric.name))
    return [_row(metric, loaded.origins["metric", metric.name], weights.get(metric.name, metric.weight)) for metric in metrics]


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return the metrics under their families, each with its definition and what it is made of."""
    if not rows:
        return [Text("no metric is installed: pip install kleos-metrics")]
    room = 2 + max(cell_len(clean(row["name"])) for row in rows) + 2
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row["family"], []).append(row)
    lines: list[RenderableType] = []
    for family, members in families.items():
        lines.append(Text(clean(family), style="bold"))
        for row in members:
            lines.append(hanging(f"  {clean(row['name'])}", clean(row["definition"]), width, room=room, label_style="cyan"))
            lines.append(hanging("", clean(_made_of(row)), width, room=room, style="dim"))
        lines.append(Text())
    return [*lines, paragraph(_MORE, width, style="dim")]


def _made_of(row: Row) -> str:
    terms = " + ".join(term["selector"] if term["weight"] == 1 else f"{term['weight']:g} × {term['selector']}" for term in row["terms"])
    weight = f"weight {row['weight']:g}" if row["weight"] else "shown, not scored"
    return f"{row['unit']} = {terms or 'computed'}; {weight}"


def _row(metric: Metric, origin: Installed, weight: float) -> Row:
    return {
        "name": metric.name,
        "title": metric.title,
        "family": metric.family,
        "unit": metric.unit,
        "definition": metric.definition,
        "source": metric.source,
        "terms": [{"selector": term.selector, "weight": term.weight} for term in metric.terms],
        "weight": weight,
        "distribution": origin.distribution,
        "version": origin.version,
    }
