"""What stands on a page: in which order, adding up, and without anything from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kleos.report.digits import score_text
from kleos.report.json import page_json
from kleos.report.notice import NOT_FOR
from kleos.report.page import Page
from kleos.report.pages import person_page
from kleos.report.render import render, shown_points
from kleos.report.roster import Entry, ranked, roster_page
from kleos.report.words import clean
from kleos.report.writing import page_file

Pages = Callable[..., Page]
VOID = {"meta", "link", "img", "br", "hr", "input"}
ORDER = ("Day by day", "Why it moved", "Share per network", "Moments", "The metrics", "The audience", "What it rests on")
LARGEST = 300_000


class Outline(HTMLParser):
    """What a page is made of: its elements, headings, and that every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.headings and self.headings[-1][0] in self.open:
            self.headings[-1] = (self.headings[-1][0], self.headings[-1][1] + data)


def test_a_page_tells_its_parts_in_the_order_that_a_reader_asks(html: str) -> None:
    outline = Outline(html)
    assert [text for tag, text in outline.headings if tag == "h1"] == ["Ada Lovelace"]
    assert tuple(text for tag, text in outline.headings if tag == "h2") == ORDER


def test_score_band_and_change_come_first(html: str) -> None:
    head = html[: html.index("<section")]
    for fact in ("57.3", "50–59", "52.1 to 61.9", "+1.2</b> in a week", "±0.0</b> in a day", "88 %", "14,331 accounts"):
        assert fact in head
    assert "in a month" not in head


def test_a_page_needs_nothing_else_and_is_small(page: Pages, hostile_html: str) -> None:
    for text in (person_page(page(days=366)), hostile_html):
        assert len(text.encode()) <= LARGEST
        outline = Outline(text)
        assert {tag for tag, _ in outline.elements} & {"script", "iframe", "object", "embed", "base", "form"} == set()
        for tag, attributes in outline.elements:
            assert not [name for name in attributes if name.startswith("on")], tag
            address = attributes.get("href") or attributes.get("src") or ""
            led_to = tag == "a" and attributes.get("rel") == "noopener noreferrer" and address.startswith("https://")
            assert led_to or address == "" or address.startswith(("#", "data:")), address
        assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", text)
        assert "@import" not in text


def test_ids_are_unique_and_every_reference_leads_somewhere(html: str) -> None:
    outline = Outline(html)
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in outline.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            if name in attributes:
                assert attributes[name] in ids
        if (attributes.get("href") or "").startswith("#"):
            assert str(attributes["href"])[1:] in ids
    assert len([tag for tag, _ in outline.elements if tag == "table"]) >= 1 + len([tag for tag, _ in outline.elements if tag == "details"])


def test_the_number_is_reproducible_from_the_page_alone(html: str) -> None:
    for fact in (
        "kleos score kleos.toml --as-of 2026-03-31T18:20:00Z",
        "kleos 1.0.0",
        "3f2a91c0e47b" * 5,
        "kleos-twitter 0.1.0",
        "90 days",
    ):
        assert fact in html


def test_what_the_number_must_not_be_used_for_stands_once(html: str, page: Pages) -> None:
    assert html.count(NOT_FOR) == 1
    assert roster_page([Entry.of(page(), "ada.html")] * 30).count(NOT_FOR) == 1


def test_a_page_says_who_the_metrics_are_compared_with_or_that_there_is_nobody(html: str, page: Pages) -> None:
    one = page()
    assert "Beside 37 people of this roster, to each of whom 206 to 810 people reacted." in html
    families = [evolve(family, metrics=[evolve(row, typical=None) for row in family.metrics]) for family in one.families]
    alone = evolve(one, families=families, peers=evolve(one.peers, size=0, source="of the 2 others, nobody"))
    assert "nobody of similar reach to compare with: of the 2 others, nobody" in person_page(alone)


def test_nobody_with_a_reaction_is_no_error(page: Pages) -> None:
    empty = page("nil", "nil", 1.0, days=1, networks=(), moments=(), move=None)
    text = person_page(evolve(empty, standing=evolve(empty.standing, interval=None, changes={})))
    for words in ("at the start", "No network with a reaction", "No earlier score", "too few people", "no earlier run"):
        assert words in text


def test_strangers_keep_their_pseudonyms(html: str) -> None:
    assert "someone c77171ec" in html
    assert "“Someone” is a pseudonym" in html


def test_hostile_text_stays_text(hostile_html: str, hostile: Page) -> None:
    text = hostile_html
    assert "<script" not in text
    assert "<img" not in text
    assert "{{ 7 * 7 }}" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e\ufffe]", text)
    assert "<script" not in roster_page([Entry.of(hostile, "evil.html")])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_out_of_a_template(text: str) -> None:
    root = ElementTree.fromstring(render("badge.svg.jinja", title=text, score="1.0", width=80, left=45, ink="#000", accent="#000"))
    assert len(list(root.iter())) == 10
    assert root.attrib["aria-label"] == clean(text)
    assert (root[0].text or "") == clean(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=9), st.floats(1.0, 99.99))
def test_shown_points_add_up_to_the_shown_score(parts: list[float], score: float) -> None:
    assume(sum(parts) > 1e-6)
    shown = shown_points({str(place): (score - 1) * part / sum(parts) for place, part in enumerate(parts)}, score)
    assert round(sum(map(float, shown.values())) + 1, 1) == float(score_text(score))


def test_the_data_of_a_page_is_plain_json_and_unrounded(page: Pages) -> None:
    one = page(score=57.345678)
    values = json.loads(json.dumps(page_json(one), allow_nan=False))
    assert values["score"] == 57.345678
    assert sum(row["points"] for row in values["networks"]) == pytest.approx(56.345678, abs=1e-9)
    assert sum(row["points"] for family in values["families"] for row in family["metrics"]) == pytest.approx(56.345678, abs=1e-9)
    assert sum(cause["points"] for cause in values["move"]["causes"]) == pytest.approx(values["move"]["after"] - values["move"]["before"])
    assert values["changes"] == {
        "day": {"points": -0.04, "since": "2026-03-30"},
        "week": {"points": 1.23, "since": "2026-03-24"},
        "month": None,
    }
    assert (values["as_of"], values["coverage"]["scored"]) == ("2026-03-31T18:20:00Z", 1489)
    assert len(values["history"]) == 90


def test_a_roster_is_ranked_and_ties_are_told(page: Pages) -> None:
    def entry(name: str, score: float, interval: tuple[float, float] | None) -> Entry:
        one = page(name, name, score)
        return Entry.of(evolve(one, standing=evolve(one.standing, interval=interval)), page_file(name))

    entries = [entry("low", 20.0, (19.0, 21.0)), entry("b", 50.0, (44.0, 56.0)), entry("a", 51.0, (45.0, 57.0)), entry("few", 12.0, None)]
    rows = ranked(entries)
    assert [(row.entry.name, row.first, row.last) for row in rows] == [("a", 1, 2), ("b", 1, 2), ("low", 3, 3), ("few", 4, 4)]
    text = roster_page(entries)
    assert "1–2" in text
    assert 'href="low.html"' in text


def test_nobodys_page_takes_the_place_of_the_rosters() -> None:
    assert page_file("ada") == "ada.html"
    assert page_file("index") == "index.person.html"
    assert page_file("INDEX") == "INDEX.person.html"


def test_a_roster_of_hundreds_draws_the_first_and_lists_all(page: Pages) -> None:
    one = page()
    text = roster_page(
        [Entry.of(evolve(one, name=f"P{k}", standing=evolve(one.standing, score=20 + k / 10)), f"p{k}.html") for k in range(300)]
    )
    assert text.count("<tr>") == 301
    assert "The chart shows the first 40." in text
