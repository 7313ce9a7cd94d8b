"""The plugins that are installed, what became of loading them, and what they add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.render.layout import held
from kleos.cli.render.table import table
from kleos.cli.working import Work
from kleos.config import BUILT_IN
from kleos.contract import AGGREGATIONS, ANY
from kleos.events import Fault
from kleos.plugins import Installed, Loaded, installed, load
from kleos.report.words import clean, count_of

__all__ = ["find", "show"]


def find(work: Work) -> list[Row]:
    """Load everything that is installed; return one row for each entry point."""
    loaded = load(networks=None, metrics=None, emit=work.emit)
    return [_row(entry, loaded, work.emit.faults) for entry in installed()]


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return the plugins as a table."""
    if not rows:
        return [Text("no plugin is installed: pip install kleos-twitter, or another kleos-<network>")]
    headings = ("name", "version", "kind", "distribution", "health", "adds")
    return table(headings, [_cells(row) for row in rows], width=width)


def _cells(row: Row) -> list[str]:
    health = "loads" if row["loads"] else f"fails ({row['stage']})"
    names = [clean(str(row[key])) for key in ("name", "version", "kind", "distribution")]
    return [*names, health, _added(row["adds"]) if row["loads"] else clean(row["fault"])]


def _added(adds: dict[str, Any]) -> str:
    """Say what a plugin adds."""
    if "metrics" in adds:
        return clean(f"{', '.join(adds['metrics'])} ({adds['unit']})")
    counts = [held(count_of(len(adds["kinds"]), "kinds")), held(count_of(adds["factors"], "factors"))]
    return f"{', '.join(counts)}, sources: {clean(', '.join(adds['sources']))}"


def _row(entry: Installed, loaded: Loaded, faults: Sequence[Fault]) -> Row:
    loads = loaded.origins.get((entry.kind, entry.name)) == entry
    fault = None if loads else _failure(entry, faults)
    return {
        "name": entry.name,
        "version": entry.version,
        "kind": entry.kind,
        "distribution": entry.distribution,
        "module": entry.value,
        "loads": loads,
        "adds": _adds(entry, loaded) if loads else None,
        "stage": None if loads else fault.stage if fault else "load",
        "fault": None if loads else f"{fault.stage}: {fault.error}" if fault else "does not load",
    }


def _adds(entry: Installed, loaded: Loaded) -> dict[str, Any]:
    if entry.kind == "metric":
        return {"metrics": [entry.name], "unit": loaded.metrics[entry.name].unit}
    network = loaded.networks[entry.name]
    return {
        "kinds": list(network.kinds),
        "factors": len((*network.kinds, ANY)) * len(AGGREGATIONS),
        "sources": [*(source.name for source in network.sources), BUILT_IN],
    }


def _failure(entry: Installed, faults: Sequence[Fault]) -> Fault | None:
    """Return why an entry point is not there: one module's failure concerns all of its entry points."""
    its = [fault for fault in faults if (fault.distribution, fault.where) == (entry.distribution, entry.value)]
    own = [fault for fault in its if fault.plugin == entry.name]
    return next(iter((*own, *its)), None)
