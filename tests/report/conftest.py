"""What the tests of pages share: pages, files of pages, and a browser to look at them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.report.page import Page
from kleos.report.pages import person_page
from report.invented import hostile_page, make_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def page() -> Callable[..., Page]:
    """Return `make_page`."""
    return make_page


@pytest.fixture
def hostile() -> Page:
    return hostile_page()


@pytest.fixture(scope="session")
def html() -> str:
    """Return the page of `make_page` as HTML."""
    return person_page(make_page())


@pytest.fixture(scope="session")
def hostile_html() -> str:
    return person_page(hostile_page())


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium; without one, the tests that look at pages are skipped."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine to look at pages with (Debian: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: nothing to look at pages with")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of three people, the first of them with everything, and the roster's."""
    from kleos.report.roster import Entry
    from kleos.report.writing import page_file, write_page, write_roster

    folder = tmp_path_factory.mktemp("pages")
    nobody = make_page("nil", "nil", 1.0, days=1, networks=(), moments=(), move=None, notes=())
    pages = [make_page(days=40), hostile_page(), nobody]
    pages[1] = evolve(pages[1], id="evil")
    for one in pages:
        write_page(one, folder, roster=True)
    write_roster([Entry.of(one, page_file(one.id)) for one in pages], folder)
    return folder
