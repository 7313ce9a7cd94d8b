"""A chart as a part of a page: inline SVG, twice (wide, and narrow for phones), without anything that the page does not want."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Xml

from attrs import frozen

from kleos.report.theme import DAY, settings

__all__ = ["NARROW", "WIDE", "Draw", "Figure", "draw_figure", "drawn", "inline"]

WIDE = 680
"""CSS pixels of the column of a page."""
NARROW = 335
"""Of a phone's."""

Draw = Callable[[int], Any]
"""Takes a width in pixels, returns an Altair chart of at most that width, in the colours of `kleos.report.theme`."""

_TAGS = frozenset({"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "defs", "clipPath"})
_PLACES = frozenset(
    {"viewBox", "width", "height", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "cx", "cy", "r", "rx", "ry"}
)
_LETTERING = frozenset({"text-anchor", "font-size", "font-weight", "font-style"})
_PAINT = frozenset({"fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "opacity"})
_ATTRIBUTES = _PLACES | _LETTERING | _PAINT | {"id", "clip-path"}
_VARIABLES = {colour: f"var(--{name})" for name, colour in DAY.items()}
_INK = {"#000", "black", "#000000"}
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")


@frozen(kw_only=True)
class Figure:
    """A chart in both widths. Each is a whole ``<svg>``, safe to stand in HTML as it is."""

    title: str
    description: str
    """What somebody who cannot see it should know."""
    wide: str
    narrow: str


def draw_figure(draw: Draw, *, name: str, title: str, description: str) -> Figure:
    """Draw a chart in both widths; `name` (letters, digits, -) is the figure's own on its page."""
    from altair.utils.schemapi import debug_mode

    # Half of the time goes into checks of what is the same chart every time, and is tested.
    with debug_mode(False):
        wide, narrow = (
            inline(drawn(draw(width)), name=f"{name}-{size}", title=title, description=description)
            for size, width in (("wide", WIDE), ("narrow", NARROW))
        )
    return Figure(title=title, description=description, wide=wide, narrow=narrow)


def drawn(chart: Any) -> str:
    """Return an Altair chart as SVG, with the theme's settings."""
    import altair
    import vl_convert

    specification = chart.to_dict(validate=False)
    specification["config"] = settings()
    # The version of Vega-Lite that Altair speaks, of those that vl-convert brings: "v6.1.0" → "6.1".
    version = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    svg: str = vl_convert.vegalite_to_svg(specification, vl_version=version)
    return svg


def inline(svg: str, *, name: str, title: str, description: str) -> str:
    """Return an SVG as a part of an HTML page.

    Elements and attributes that are not known to be harmless are left out, the theme's colours become CSS variables, ids get `name`
    before them, so that they are unique on the page, and title and description are what a screen reader says.
    """
    root = Xml.fromstring(svg)  # noqa: S314 - made by vl-convert from our own specification: no entities, no document type
    found = _cleaned(root, name)
    assert found is not None
    width, height = found.attrib["width"], found.attrib["height"]
    told = {"title": f"{name}-title", "desc": f"{name}-description"}
    found.attrib.setdefault("viewBox", f"0 0 {width} {height}")
    found.attrib.update({"role": "img", "aria-labelledby": told["title"], "aria-describedby": told["desc"]})
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = Xml.Element(tag, {"id": told[tag]})
        element.text = text
        found.insert(place, element)
    return Xml.tostring(found, encoding="unicode")


def _cleaned(element: Xml.Element, name: str) -> Xml.Element | None:
    tag = element.tag.rpartition("}")[2]
    attributes = {key: _value(key, value, name) for key, value in element.attrib.items() if key in _ATTRIBUTES}
    if tag not in _TAGS or element.get("display") == "none":
        return None
    # Every group of Vega has a background and a foreground; most of them are there to catch the mouse.
    if element.get("class") in ("background", "foreground") and not ({"fill", "stroke"} & attributes.keys()):
        return None
    copy = Xml.Element(tag, attributes)
    copy.text = element.text
    for child in element:
        kept = _cleaned(child, name)
        if kept is not None:
            kept.tail = child.tail
            copy.append(kept)
    return None if tag in ("g", "defs") and not len(copy) else copy


def _value(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key in ("fill", "stroke"):
        colour = value.lower()
        return "currentColor" if colour in _INK else _VARIABLES.get(colour, value)
    if key in ("fill-opacity", "stroke-opacity", "opacity", "font-weight"):
        return value
    value = _REFERENCE.sub(lambda found: f"url(#{name}-{found[1]})", value)
    return _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)
