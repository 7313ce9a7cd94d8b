"""The plugins that are installed, and what became of loading them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.render.table import table
from kleos.cli.render.words import clean
from kleos.cli.working import Work
from kleos.events import Fault
from kleos.plugins import Installed, installed, load

__all__ = ["find", "show"]


def find(work: Work) -> list[Row]:
    """Load everything that is installed; return one row for each entry point."""
    loaded = load(networks=None, metrics=None, emit=work.emit)
    there = set(loaded.origins.values())
    return [_row(entry, None if entry in there else _failure(entry, work.emit.faults)) for entry in installed()]


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return the plugins as a table."""
    if not rows:
        return [Text("no plugin is installed: pip install kleos-twitter, or another kleos-<network>")]
    cells = [
        [clean(str(row[key])) for key in ("name", "kind", "distribution", "version")] + [clean(row["fault"] or "loads")] for row in rows
    ]
    return table(("name", "kind", "distribution", "version", "state"), cells, width=width)


def _row(entry: Installed, fault: str | None) -> Row:
    return {
        "name": entry.name,
        "kind": entry.kind,
        "distribution": entry.distribution,
        "version": entry.version,
        "module": entry.value,
        "loads": fault is None,
        "fault": fault,
    }


def _failure(entry: Installed, faults: Sequence[Fault]) -> str:
    """Return why an entry point is not there: one module's failure concerns all of its entry points."""
    its = [fault for fault in faults if (fault.distribution, fault.where) == (entry.distribution, entry.value)]
    own = [fault for fault in its if fault.plugin == entry.name]
    return next((f"{fault.stage}: {fault.error}" for fault in (*own, *its)), "does not load")
