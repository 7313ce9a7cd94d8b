"""Charts on their way into a page: valid, clean, and in the page's own colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from attrs import evolve

from kleos.report.bars import Bar, bars_chart, moves_chart
from kleos.report.figure import NARROW, WIDE, draw_figure, drawn, inline
from kleos.report.page import Page
from kleos.report.placed import placed_chart
from kleos.report.scale import scale_chart
from kleos.report.theme import DAY, NIGHT

BARS = [Bar("Instagram & <friends>", 71.1, "71.1"), Bar("LinkedIn", 4.4, "4.4", False), Bar("Google+", 0.0, "0.0")]
MOVES = [Bar("Arrived", 3.3, "+3.3"), Bar("Aged out", -2.1, "−2.1")]
Draw = Callable[[int], Any]
CHARTS: dict[str, Draw] = {
    "bars": lambda width: bars_chart(BARS, width),
    "moves": lambda width: moves_chart(MOVES, width),
    "nothing moved": lambda width: moves_chart([Bar("Arrived", 0.0, "±0.0")], width),
    "scale": lambda width: scale_chart(57.3, (52.0, 61.9), width),
    "unsure": lambda width: scale_chart(1.0, None, width),
}


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_chart_is_valid_vega_lite_and_as_wide_as_it_should_be(name: str, width: int) -> None:
    chart = CHARTS[name](width)
    assert chart.to_dict(validate=True)["$schema"]
    root = ElementTree.fromstring(drawn(chart))
    assert float(root.attrib["width"]) == width


def test_metrics_among_others_are_a_valid_chart(page: Callable[..., Page]) -> None:
    metrics = page().families[0].metrics
    chart = placed_chart(metrics, WIDE)
    assert chart.to_dict(validate=True)["$schema"]
    assert drawn(chart).count("412 people") == 1
    without = [evolve(metrics[0], typical=None), *metrics[1:]]
    assert drawn(placed_chart(without, WIDE)).count(DAY["paper"]) == drawn(chart).count(DAY["paper"]) - 1, "a dot less, and every row"
    assert drawn(placed_chart(without, WIDE)).count("412 people") == 1


def test_a_figure_is_themed_named_and_told_apart_from_its_twin() -> None:
    figure = draw_figure(CHARTS["bars"], name="share", title="Points & more", description='Instagram "71.1"')
    for size, svg in (("wide", figure.wide), ("narrow", figure.narrow)):
        root = ElementTree.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-labelledby"] == f"share-{size}-title"
        assert [root[0].text, root[1].text] == ["Points & more", 'Instagram "71.1"']
        assert "Instagram &amp; &lt;" in svg
        for colour in DAY.values():
            assert colour not in svg
        for name in ("accent", "soft", "rule", "ink"):
            assert f"var(--{name})" in svg


def test_only_what_is_harmless_gets_into_a_page() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="x()">'
        '<script>alert(1)</script><style>*{}</style><image href="http://e.example/"/><foreignObject><p>x</p></foreignObject>'
        '<a xlink:href="http://e.example/"><text>gone</text></a><g class="background"/>'
        '<g clip-path="url(#c1)"><path d="M0.123456,1" fill="#AD4127" style="fill:url(http://e.example)" onclick="x()"/></g>'
        '<defs><clipPath id="c1"><rect width="1" height="1"/></clipPath></defs></svg>'
    )
    found = inline(svg, name="one", title="t", description="d")
    assert "example" not in found
    assert "alert" not in found
    assert "on" not in {name[:2] for element in ElementTree.fromstring(found).iter() for name in element.attrib}
    assert 'd="M0.1,1" fill="var(--accent)"' in found
    assert 'clip-path="url(#one-c1)"' in found
    assert 'id="one-c1"' in found


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_lettering_keeps_its_contrast(colours: dict[str, str]) -> None:
    """WCAG 2.2, 1.4.3: 4.5 : 1."""
    for name in ("ink", "quiet", "accent"):
        light, dark = sorted((_luminance(colours[name]), _luminance(colours["paper"])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
