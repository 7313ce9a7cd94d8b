"""Every page does what it says, block by block, as a reader would."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from docs.blocks import DOCS, blocks, commands, evaluate, follows, pages, shown
from docs.reader import Reader
from kleos.cli.app import build

ROOT = DOCS.parent
TRIED = (ROOT / ".ci" / "run").read_text(encoding="utf-8") + (ROOT / "README.md").read_text(encoding="utf-8")
WORKING = [page for page in pages() if blocks(page)]


@pytest.mark.parametrize("page", WORKING, ids=lambda page: page.relative_to(DOCS).with_suffix("").as_posix())
def test_every_block_of_a_page_works(page: Path, reader: Reader) -> None:
    before = follows(page)
    if before is not None:
        evaluate(before, reader.prepare)
    evaluate(page, reader.follow)


@pytest.mark.parametrize("page", WORKING, ids=lambda page: page.relative_to(DOCS).with_suffix("").as_posix())
def test_commands_that_no_page_can_run_are_tried_elsewhere(page: Path) -> None:
    """Those of Kleos are read as the command line reads them, all others stand in the README or in what CI does."""
    for block in blocks(page):
        for line in block.text.splitlines() if block.language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words and words[0] == "kleos":
                build().parse_args(words[1:], exit_on_error=False)
            else:
                assert line in TRIED, f"{page.name}: {line}"


@pytest.mark.parametrize("by_hand", [False, True], ids=["made by Kleos", "by hand"])
def test_the_way_to_a_network_of_ones_own_takes_at_most_ten_commands(by_hand: bool) -> None:
    """From an empty folder to a plugin that is listed, tested and scoring; installing Kleos counts, too."""
    found = blocks(DOCS / "tutorials" / "network.md")
    first_file = next(number for number, block in enumerate(found) if block.caption)
    way = found[first_file:] if by_hand else found[:first_file]
    typed = [command.line for block in way if block.language == "console" for command in commands(block.text)]
    assert any(line == "kleos run" for line in typed)
    assert any(line.startswith(("pytest", "kleos plugins check")) for line in typed)
    installing = next(block.text for block in blocks(DOCS / "using" / "install.md") if block.language == "sh")
    assert len(typed) + len(installing.splitlines()) <= 10


def test_the_network_of_the_tutorial_has_forty_lines() -> None:
    assert _lines("tutorials/network.md", "src/kleos_plaza/__init__.py") <= 40


def test_the_metric_of_the_tutorial_has_fifteen_lines() -> None:
    assert _lines("tutorials/metric.md", "kleos_word_of_mouth.py") <= 15


@pytest.mark.parametrize(
    ("printed", "promised"),
    [("a\nb\nc\n", "a\n…\nc"), ("a\nb\nb\nc\n", "a\n…\nc"), ("a 1.5 c\n", "a … c"), ("a   \nb", "a\nb"), ("3 of (4)", "3 of (4)")],
)
def test_what_is_shown_may_leave_something_out(printed: str, promised: str) -> None:
    assert shown(printed, promised)


@pytest.mark.parametrize(("printed", "promised"), [("a\nb", "a"), ("a", "a\nb"), ("a 1 b", "a 2 b"), ("aXb", "a.b"), ("b\na", "a\n…")])
def test_what_is_not_printed_is_not_shown(printed: str, promised: str) -> None:
    assert not shown(printed, promised)


def _lines(page: str, caption: str) -> int:
    """Count what has to be typed: lines that are not blank."""
    text = next(block.text for block in blocks(DOCS / page) if block.caption.endswith(caption))
    return sum(1 for line in text.splitlines() if line.strip())
