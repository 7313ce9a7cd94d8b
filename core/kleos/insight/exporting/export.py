"""An export: tables, a graph and a descriptor, in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.collect import known_accounts
from kleos.config import Config
from kleos.errors import UsageError
from kleos.events import Emit
from kleos.insight.exporting.declared import TABLES
from kleos.insight.exporting.descriptor import DESCRIPTOR, File, descriptor_text
from kleos.insight.exporting.drawn import DRAWINGS, DrawingName, write_graph
from kleos.insight.exporting.folder import check_free, filling
from kleos.insight.exporting.graph import graph_of
from kleos.insight.exporting.recorded import recorded_tables
from kleos.insight.exporting.rescored import contributions_table, factors_table, people_table
from kleos.insight.exporting.tables import FORMATS, FormatName, write_table
from kleos.pipeline.prepare import Prepared, prepare
from kleos.plugins import Loaded
from kleos.scoring.result import iso
from kleos.store import Connection, Store, connect

__all__ = ["GRAPH", "PARTS", "Exported", "Order", "export"]

GRAPH = "graph"
_RECORDED = ("scores", "networks", "metrics")
_RESCORED = ("factors", "contributions", GRAPH)
PARTS = (*TABLES, GRAPH)
"""What can be exported."""


@frozen(kw_only=True)
class Order:
    """What is asked for."""

    folder: Path
    parts: Sequence[str] = PARTS
    format: FormatName = "csv"
    drawings: Sequence[DrawingName] = ("gexf",)
    since: date | None = None
    """Of recorded scores; both days are included."""
    until: date | None = None
    force: bool = False
    """Replace files that are there."""

    @property
    def names(self) -> list[str]:
        """The files that will be written, the descriptor last."""
        tables = [f"{name}.{self.format}" for name in TABLES if name in self.parts]
        graphs = [f"{GRAPH}.{name}" for name in DRAWINGS if name in self.drawings and GRAPH in self.parts]
        return [*tables, *graphs, DESCRIPTOR]


@frozen(kw_only=True)
class Exported:
    """One file that was written."""

    path: Path
    rows: int
    """Of a table; nodes and edges of a graph; resources of the descriptor."""
    bytes: int


def export(config: Config, loaded: Loaded, order: Order, *, emit: Emit, now: datetime) -> list[Exported]:
    """Write what the store holds of the people of a configuration; scores are as they were recorded, the rest is scored once more.

    Raises `UsageError` where files are in the way, the folder cannot be written, or nothing is recorded; `StoreError` where there is no
    store; `ModelError`.
    """
    unknown = [part for part in order.parts if part not in PARTS]
    if unknown:
        raise UsageError(f"expected parts of an export, found {', '.join(unknown)}", hint=f"there are {', '.join(PARTS)}")
    check_free(order.folder, order.names, force=order.force)
    with Store.open(config.run.store, create=False) as store, connect() as connection:
        recorded = any(part in order.parts for part in _RECORDED)
        if recorded:
            recorded_tables(connection, store, since=order.since, until=order.until)
        prepared = None
        if any(part in order.parts for part in _RESCORED):
            prepared = prepare(config, loaded, store, connection, now=now, emit=emit)
        names = {person.id: person.name for person in config.people.values()}
        people_table(connection, names, prepared, recorded=recorded)
        with filling(order.folder, last=DESCRIPTOR) as folder:
            files = [*_tables(connection, order, prepared, folder)]
            if prepared is not None and GRAPH in order.parts:
                insiders = [
                    (network, store.pseudonyms.account(network, account), person)
                    for network, account, person in known_accounts(config, store)
                ]
                files += _graphs(connection, order, prepared, insiders, folder)
            titles = {name: network.title for name, network in loaded.networks.items()}
            sources = dict.fromkeys(f"{titles.get(one.network, one.network)}: {one.source}" for one in config.sources)
            text = descriptor_text(files, created=now, sources=list(sources), about=_about(prepared))
            (folder / DESCRIPTOR).write_text(text, encoding="utf-8")
            sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
    rows = {file.path.name: file.rows for file in files} | {DESCRIPTOR: len(files)}
    return [Exported(path=order.folder / name, rows=rows[name], bytes=sizes[name]) for name in order.names]


def _tables(connection: Connection, order: Order, prepared: Prepared | None, folder: Path) -> list[File]:
    make: dict[str, Callable[[Connection, Prepared], None]] = {"factors": factors_table, "contributions": contributions_table}
    form = FORMATS[order.format]
    files = []
    for name, table in TABLES.items():
        if name not in order.parts:
            continue
        if name in make and prepared is not None:
            make[name](connection, prepared)
        path = folder / f"{name}.{order.format}"
        rows = write_table(connection, table, path, form)
        files.append(File(name=name, path=path, format=order.format, mediatype=form.mediatype, text=form.text, rows=rows, table=table))
    return files


def _graphs(connection: Connection, order: Order, prepared: Prepared, insiders: Sequence[tuple[str, str, str]], folder: Path) -> list[File]:
    graph = graph_of(connection, prepared, insiders)
    files = []
    for name, drawing in DRAWINGS.items():
        if name in order.drawings:
            path = folder / f"{GRAPH}.{name}"
            write_graph(graph, path, drawing)
            files.append(
                File(
                    name=f"{GRAPH}-{name}",
                    path=path,
                    format=name,
                    mediatype=drawing.mediatype,
                    text=True,
                    rows=graph.nodes + graph.edges,
                    title="Who reacts to whom",
                    description=f"{graph.nodes:,} nodes, people of the configuration (person:<id>) and those who react to them "
                    f"(pseudonyms), and {graph.edges:,} directed edges, as heavy as the number of scored reactions as of the export. "
                    "Reactions of people whom a network does not name are no edges.",
                )
            )
    return files


def _about(prepared: Prepared | None) -> Mapping[str, Any]:
    """Return what tells how the parts that were scored once more came about."""
    if prepared is None:
        return {}
    model = prepared.resolved.id
    return {
        "as_of": iso(prepared.as_of),
        "as_of_reason": prepared.as_of_reason,
        "window": {"value": prepared.window / 1e6, "unit": "seconds"},
        "model": {"name": model.name, "version": model.version, "digest": model.digest},
        "influence": prepared.influence_digest,
    }
