"""Pages as they are seen: in light and dark, on a phone, on paper, and by those who do not see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FILES = ("ada.html", "evil.html", "nil.html", "index.html")
SCHEMES = ("light", "dark")
PHONE = {"width": 375, "height": 800}
DESK = {"width": 1280, "height": 900}


@contextmanager
def seen(browser: Any, file: Path, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    """Open a page in a context of its own; yield it with everything that it asked for or complained about."""
    context = browser.new_context(**{"viewport": DESK, **options})
    page = context.new_page()
    noise: list[str] = []
    page.on("request", lambda request: noise.append(request.url) if request.url != file.as_uri() else None)
    page.on("console", lambda message: noise.append(message.text))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("dialog", lambda dialog: (noise.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    try:
        yield page, noise
    finally:
        context.close()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_and_nothing_leaves_the_page(browser: Any, written: Path, name: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    with seen(browser, written / name, color_scheme=scheme) as (page, noise):
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        found = axe.Axe().run(page).response
        assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found["violations"]] == []
        assert found["passes"]
        assert noise == []


@pytest.mark.parametrize("name", FILES)
def test_a_phone_never_scrolls_sideways(browser: Any, written: Path, name: str) -> None:
    with seen(browser, written / name, viewport=PHONE, is_mobile=True, has_touch=True) as (page, noise):
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.evaluate("[...document.querySelectorAll('figure .wide')].every(part => part.offsetWidth === 0)")
        widths = page.evaluate("[...document.querySelectorAll('figure .narrow svg')].map(part => part.getBoundingClientRect().right)")
        assert widths
        assert max(widths) <= PHONE["width"]
        assert noise == []


@pytest.mark.parametrize("width", [375, 1280])
def test_no_lettering_of_a_chart_is_cut_off(browser: Any, written: Path, width: int) -> None:
    with seen(browser, written / "ada.html", viewport={"width": width, "height": 800}) as (page, _):
        outside = page.evaluate(
            """[...document.querySelectorAll('figure svg text')].filter(text => {
                const box = text.getBoundingClientRect(), frame = document.querySelector('main').getBoundingClientRect();
                return box.width && (box.left < frame.left || box.right > frame.right);
            }).map(text => text.textContent)"""
        )
        assert outside == []


def test_dark_and_light_are_the_same_page_in_other_colours(browser: Any, written: Path) -> None:
    colours = []
    for scheme in SCHEMES:
        with seen(browser, written / "ada.html", color_scheme=scheme) as (page, _):
            paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
            bar = page.evaluate("getComputedStyle(document.querySelector('.wide svg path[fill=\"var(--accent)\"]')).fill")
            colours.append((_light(paper), _light(bar)))
    (paper_by_day, bar_by_day), (paper_by_night, bar_by_night) = colours
    assert paper_by_day > 0.9
    assert paper_by_night < 0.1
    assert bar_by_night > bar_by_day


def test_paper_gets_all_of_it(browser: Any, written: Path) -> None:
    with seen(browser, written / "ada.html", color_scheme="dark") as (page, _):
        page.emulate_media(media="print", color_scheme="dark")
        assert _light(page.evaluate("getComputedStyle(document.querySelector('h1')).color")) < 0.2, (
            "ink is dark on paper, whatever the screen is"
        )
        # The width of A4 less the margins of the page.
        page.set_viewport_size({"width": 670, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") <= 670
        printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    count = max(int(found) for found in re.findall(rb"/Count (\d+)", printed))
    assert 3 <= count <= 8


def test_every_chart_has_a_name_and_a_table_is_one_key_away(browser: Any, written: Path) -> None:
    with seen(browser, written / "ada.html") as (page, _):
        pictures = page.locator("figure svg:visible")
        assert pictures.count() >= 7
        for place in range(pictures.count()):
            svg = pictures.nth(place)
            assert svg.get_attribute("role") == "img"
            title = page.locator(f"#{svg.get_attribute('aria-labelledby')}")
            description = page.locator(f"#{svg.get_attribute('aria-describedby')}")
            assert title.text_content()
            assert description.text_content()
        first = page.locator("details").first
        first.locator("summary").focus()
        page.keyboard.press("Enter")
        assert first.locator("table").is_visible()


def test_names_of_others_are_text_and_nothing_else(browser: Any, written: Path) -> None:
    with seen(browser, written / "evil.html") as (page, noise):
        assert page.locator("script").count() == 0
        assert page.locator("img").count() == 0
        assert "<script>alert(1)</script>" in page.locator("h1").text_content()
        assert "{{ 7 * 7 }}" in page.locator("h1").text_content()
        assert noise == []


def test_everybody_is_one_click_from_the_roster_and_back(browser: Any, written: Path) -> None:
    with seen(browser, written / "index.html") as (page, _):
        page.get_by_role("link", name="Ada Lovelace").click()
        assert page.locator("h1").text_content() == "Ada Lovelace"
        page.get_by_role("link", name="everybody").click()
        assert page.locator("h1").text_content() == "3 people"


def _light(colour: str) -> float:
    """Return how light a CSS colour is, 0..1."""
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
