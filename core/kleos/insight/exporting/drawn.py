"""A graph as a file that graph programs read: GEXF 1.3 (gexf.net) or GraphML 1.0 (graphml.graphdrawing.org)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

from attrs import frozen

from kleos.insight.exporting.graph import EDGE, NODE, Graph

__all__ = ["DRAWINGS", "Drawing", "DrawingName", "write_graph"]

DrawingName = Literal["gexf", "graphml"]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What XML 1.0 cannot hold, however it is written.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@frozen
class Drawing:
    """How a graph is written."""

    lines: Callable[[Graph], Iterator[str]]
    mediatype: str


def write_graph(graph: Graph, path: Path, drawing: Drawing) -> None:
    """Write a graph, node by node and edge by edge: it need not fit the memory."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        file.writelines(f"{line}\n" for line in drawing.lines(graph))


def _gexf(graph: Graph) -> Iterator[str]:
    yield '<gexf xmlns="http://gexf.net/1.3" version="1.3">'
    yield "<meta><creator>Kleos</creator><description>Who reacts to whom</description></meta>"
    yield '<graph defaultedgetype="directed" mode="static">'
    for sort, names in (("node", NODE), ("edge", EDGE)):
        yield f'<attributes class="{sort}" mode="static">'
        for name, type_ in names.items():
            yield f'<attribute id="{name}" title="{name}" type="{type_}"/>'
        yield "</attributes>"
    yield f'<nodes count="{graph.nodes}">'
    for key, label, told in graph.each_node():
        yield f"<node id={_quoted(key)} label={_quoted(label)}>{_gexf_values(told)}</node>"
    yield "</nodes>"
    yield f'<edges count="{graph.edges}">'
    for number, (source, target, weight, told) in enumerate(graph.each_edge()):
        ends = f"source={_quoted(source)} target={_quoted(target)}"
        # Two edges between the same two nodes have to be of different kinds.
        kind = _quoted(told["network"])
        yield f'<edge id="{number}" {ends} kind={kind} weight="{weight}">{_gexf_values(told)}</edge>'
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>"


def _gexf_values(told: Mapping[str, Any]) -> str:
    values = "".join(f'<attvalue for="{name}" value={_quoted(str(value))}/>' for name, value in told.items())
    return f"<attvalues>{values}</attvalues>"


def _graphml(graph: Graph) -> Iterator[str]:
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for sort, names in (("node", {"label": "string", **NODE}), ("edge", {"weight": "long", **EDGE})):
        for name, type_ in names.items():
            yield f'<key id="{sort}.{name}" for="{sort}" attr.name="{name}" attr.type="{type_}"/>'
    yield '<graph id="reactions" edgedefault="directed">'
    for key, label, told in graph.each_node():
        yield f"<node id={_quoted(key)}>{_graphml_values('node', {'label': label, **told})}</node>"
    for number, (source, target, weight, told) in enumerate(graph.each_edge()):
        values = _graphml_values("edge", {"weight": weight, **told})
        yield f'<edge id="{number}" source={_quoted(source)} target={_quoted(target)}>{values}</edge>'
    yield "</graph>"
    yield "</graphml>"


def _graphml_values(sort: str, told: Mapping[str, Any]) -> str:
    return "".join(f'<data key="{sort}.{name}">{escape(_writable(str(value)))}</data>' for name, value in told.items())


def _quoted(text: str) -> str:
    return quoteattr(_writable(text))


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


DRAWINGS: dict[DrawingName, Drawing] = {
    "gexf": Drawing(_gexf, "application/gexf+xml"),
    "graphml": Drawing(_graphml, "application/graphml+xml"),
}
