"""The networks that are installed: their kinds of reactions, and the sources that these can come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.listings.listed import Row
from kleos.cli.render.layout import hanging, held
from kleos.cli.working import Work
from kleos.config import BUILT_IN
from kleos.contract import Network, Source
from kleos.plugins import Installed, load
from kleos.report.words import clean

__all__ = ["find", "show"]

_TABLE = "canonical table, as Parquet, CSV or NDJSON"


def find(work: Work) -> list[Row]:
    """Load all networks; return one row for each."""
    loaded = load(networks=None, metrics=(), emit=work.emit)
    return [_row(network, loaded.origins["network", name]) for name, network in loaded.networks.items()]


def show(rows: Sequence[Row], width: int) -> list[RenderableType]:
    """Return each network as a few lines: name, kinds, sources."""
    if not rows:
        return [Text("no network is installed: pip install kleos-twitter, or another kleos-<network>")]
    lines: list[RenderableType] = []
    for row in rows:
        title = Text.assemble((clean(row["name"]), "bold"), f"  {clean(row['title'])}")
        title.append(f"  {clean(row['distribution'])} {clean(row['version'])}", style="dim")
        kinds = ", ".join(held(f"{clean(name)} ({kind['role']})") for name, kind in row["kinds"].items())
        lines += [title, hanging("  kinds", kinds, width, room=11, label_style="dim")]
        room = 11 + max(cell_len(clean(source["name"])) for source in row["sources"]) + 2
        for number, source in enumerate(row["sources"]):
            label = f"{'  sources' if not number else '':11}{clean(source['name'])}"
            keys = f" (keys: {', '.join(source['keys'])})" if source["keys"] else ""
            lines.append(hanging(label, clean(source["title"]) + keys, width, room=room))
        lines.append(Text())
    return lines[:-1]


def _row(network: Network, origin: Installed) -> Row:
    kinds = {
        name: {"role": kind.role.name, "title": kind.title, "weight": kind.weight, "once": kind.once}
        for name, kind in network.kinds.items()
    }
    built_in = {"name": BUILT_IN, "title": _TABLE, "live": False, "owned": False, "keys": ["path"]}
    return {
        "name": network.name,
        "title": network.title,
        "homepage": network.homepage,
        "aliases": list(network.aliases),
        "kinds": kinds,
        "sources": [*map(_source, network.sources), built_in],
        "distribution": origin.distribution,
        "version": origin.version,
    }


def _source(source: Source) -> dict[str, Any]:
    settings: Any = source.settings
    return {
        "name": source.name,
        "title": source.title,
        "live": source.live,
        "owned": source.owned,
        "keys": [field.name for field in attrs.fields(settings)] if attrs.has(settings) else [],
    }
