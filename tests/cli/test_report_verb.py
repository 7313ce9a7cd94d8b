"""``kleos report``: which files it writes, what it says about them, and how it exits."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.pages.written import Written, written_report
from kleos.cli.terminal import make_console
from report.invented import make_page

Kleos = Callable[..., Any]
PEOPLE = {"ada": ("Ada Lovelace", 57.34), "bob": ("bob", 38.2), "eve": ("Eve 李小龙", 91.96)}


@pytest.fixture
def roster(config: Path, pipeline: Kleos, monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Return a configuration's folder in which three people have recorded scores; the list holds who was asked for."""
    pipeline()
    people = "".join(f'[people.{key}]\nname = "{name}"\n' for key, (name, _) in PEOPLE.items())
    config.write_text(f'[run]\nstore = "store"\n{people}', encoding="utf-8")
    asked: list[Sequence[str]] = []

    def gather(config: Any, loaded: Any, people: Sequence[str], **named: Any) -> Iterator[Any]:
        asked.append(people)
        for key, (name, score) in PEOPLE.items():
            if key in people or not people:
                yield make_page(key, name, score, days=5)

    fake = ModuleType("kleos.report.gather")
    monkeypatch.setattr(fake, "gather", gather, raising=False)
    monkeypatch.setitem(sys.modules, "kleos.report.gather", fake)
    # What stands on pages has tests of its own.
    monkeypatch.setattr("kleos.report.writing.person_page", lambda page, *, index: f"{page.name}, {index}")
    monkeypatch.setattr("kleos.report.writing.roster_page", lambda entries: ", ".join(f"{entry.name} {entry.file}" for entry in entries))
    return asked


def test_everybody_gets_a_page_and_the_roster_one(kleos_command: Kleos, roster: list[Any]) -> None:
    done = kleos_command("report")
    assert done.code == 0
    assert sorted(path.name for path in Path("kleos-report").iterdir()) == ["ada.html", "bob.html", "eve.html", "index.html"]
    lines = done.out.splitlines()
    assert lines[0].startswith("kleos-report/ada.html    Ada Lovelace, ")
    assert lines[3].startswith("kleos-report/index.html  everybody, ")
    assert lines[-1] == "next: kleos explain ada  the same, down to items and people"
    assert "pages: 3 people" in done.err
    assert Path("kleos-report/ada.html").read_text(encoding="utf-8") == "Ada Lovelace, index.html"
    assert Path("kleos-report/index.html").read_text(encoding="utf-8") == "Ada Lovelace ada.html, bob bob.html, Eve 李小龙 eve.html"


def test_one_person_gets_one_page_in_the_folder_asked_for(kleos_command: Kleos, roster: list[Any]) -> None:
    done = kleos_command("report", "bob", "kleos.toml", "--out", "deep/er", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert [path.name for path in Path("deep/er").iterdir()] == ["bob.html"]
    assert Path("deep/er/bob.html").read_text(encoding="utf-8") == "bob, None"
    assert roster == [["bob"]]


def test_a_page_takes_the_place_of_the_last_one(kleos_command: Kleos, roster: list[Any]) -> None:
    for _ in range(2):
        assert kleos_command("report", "ada").code == 0
    assert [path.name for path in Path("kleos-report").iterdir()] == ["ada.html"]


def test_a_card_and_a_badge_come_without_pages(kleos_command: Kleos, roster: list[Any]) -> None:
    done = kleos_command("report", "ada", "--png", "ada.png", "--badge", "ada.svg")
    assert done.code == 0
    assert Path("ada.png").read_bytes().startswith(b"\x89PNG")
    assert "57.3 of 100" in Path("ada.svg").read_text(encoding="utf-8")
    assert not Path("kleos-report").exists()
    assert [line.split()[0] for line in done.out.splitlines()[:2]] == ["ada.png", "ada.svg"]


def test_json_is_the_data_of_the_pages_and_writes_nothing(kleos_command: Kleos, roster: list[Any]) -> None:
    done = kleos_command("report", "eve", "bob", "--json")
    assert done.code == 0
    assert [(page["schema"], page["id"], page["score"]) for page in json.loads(done.out)] == [(1, "bob", 38.2), (1, "eve", 91.96)]
    assert not Path("kleos-report").exists()


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("--png", "x.png"), "--png: expected one person, found 3: ada, bob, eve\nhint: name one: kleos report ada --png FILE"),
        (("ada", "bob", "--badge", "x.svg"), "--badge: expected one person, found 2: ada, bob"),
        (("adda",), "expected the id of a person, found 'adda'\nhint: did you mean 'ada'?"),
        (("a.toml", "b.toml"), "expected one configuration, found a.toml and b.toml"),
        (("none.toml",), "there is no such configuration file"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(kleos_command: Kleos, roster: list[Any], argv: tuple[str, ...], told: str) -> None:
    done = kleos_command("report", *argv)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert roster == []
    assert not [path for path in Path().iterdir() if path.suffix in (".png", ".svg", ".html")]


def test_a_configuration_of_nobody_is_told(kleos_command: Kleos, config: Path, roster: list[Any]) -> None:
    config.write_text('[population]\ninteractions = "kleos.csv"\n', encoding="utf-8")
    Path("kleos.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    done = kleos_command("report")
    assert done.code == 2
    assert "the configuration has no [people]" in done.err


def test_without_the_extra_it_says_what_to_install_and_json_still_works(
    kleos_command: Kleos, roster: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("altair", "vl_convert"):
        monkeypatch.setitem(sys.modules, name, None)
    done = kleos_command("report", "ada")
    assert done.code == 2
    assert "pages, cards and badges need altair and vl-convert-python" in done.err
    assert "hint: pip install 'kleos[report]'; `--json` works without" in done.err
    assert kleos_command("report", "ada", "--json").code == 0


def test_a_place_that_cannot_be_written_is_told(kleos_command: Kleos, roster: list[Any]) -> None:
    Path("taken").write_text("a file", encoding="utf-8")
    done = kleos_command("report", "ada", "--out", "taken")
    assert done.code == 2
    assert "taken/ada.html: the file cannot be written" in done.err


@pytest.mark.parametrize("width", [80, 120])
def test_what_it_says(width: int, snapshot: Kleos) -> None:
    names = ("ada", "bob", *(f"person{k}" for k in range(20)))
    files = [Written(Path(f"kleos-report/{name}.html"), name.title(), 51_234) for name in names]
    files[1] = Written(Path("kleos-report") / f"{'long' * 15}.html", "Somebody\x1b[2J with a long id", 900)
    text = _shown(files, width)
    snapshot(f"report-{width}", text)
    assert all(cell_len(line) <= width for line in text.splitlines() if not line.startswith("kleos-report/"))


def _shown(files: Sequence[Written], width: int) -> str:
    stream = io.StringIO()
    console = make_console(stream, width=width)
    for part in written_report(files, width=width, following=[Step("kleos explain ada", "the same, down to items and people")]):
        console.print(part)
    return stream.getvalue()
