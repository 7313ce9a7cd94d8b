"""The card to share and the badge."""

from __future__ import annotations

import struct
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from attrs import evolve

from kleos.errors import UsageError
from kleos.report import card
from kleos.report.badge import badge_svg
from kleos.report.card import card_png, card_svg
from kleos.report.page import Page

Pages = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_card_is_a_picture_of_the_size_of_link_previews(page: Pages) -> None:
    png = card_png(page())
    assert png.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert len(png) < 300_000


def test_a_card_has_name_number_and_what_they_rest_on(page: Pages) -> None:
    told = words(card_svg(page()))
    for fact in ("Ada Lovelace", "57.3", "band 50–59", "52.1 to 61.9 (90 %)", "+1.2 in a week", "2026-03-31"):
        assert fact in told
    assert any(text.startswith("kleos 1.0.0") for text in told)


@pytest.mark.parametrize("name", ["A" * 300, "Wolfeschlegelsteinhausenbergerdorff the Elder of Lower Bavaria", "x"])
def test_a_name_of_any_length_fits(page: Pages, name: str) -> None:
    svg = ElementTree.fromstring(card_svg(page(name=name)))
    (shown,) = [
        text
        for text in svg.iter(f"{SVG}text")
        if (text.text or "")[:1] == name[:1] and text.get("font-weight") == "bold" and text.get("x") == "80" and text.text != "KLEOS"
    ]
    assert len(shown.text or "") * float(shown.attrib["font-size"]) * 0.6 <= 1041


def test_a_name_that_no_font_can_draw_is_told_by_its_id(page: Pages) -> None:
    assert "ada" in words(card_svg(page(name="\U0010fffd\U0010fffc")))
    assert "Ada Lovelace" in words(card_svg(page()))


def test_without_any_font_there_is_no_empty_card(page: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card, "_draws", lambda letter: False)
    with pytest.raises(UsageError, match="no font was found"):
        card_png(page())


@pytest.mark.parametrize(("score", "shown"), [(1.0, "1.0"), (57.34, "57.3"), (99.99, "99.9")])
def test_a_badge_says_its_number_to_everybody(page: Pages, score: float, shown: str) -> None:
    one = page()
    root = ElementTree.fromstring(badge_svg(evolve(one, standing=evolve(one.standing, score=score))))
    title = f"Kleos score of Ada Lovelace: {shown} of 100 (2026-03-31)"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == title
    assert [element.text for element in root.iter(f"{SVG}title")] == [title]
    assert [text.text for text in root.iter(f"{SVG}text")] == ["kleos", shown]


def test_hostile_names_stay_names_in_pictures(hostile: Page) -> None:
    for svg in (badge_svg(hostile), card_svg(hostile)):
        root = ElementTree.fromstring(svg)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg",
            "title",
            "clipPath",
            "rect",
            "g",
            "path",
            "text",
            "circle",
        }
