"""``kleos forget``: it asks, says what is gone, and names nobody who is not meant."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main
from kleos.cli.render.forgotten import forgotten_rows, stored_text
from kleos.cli.terminal import make_console
from kleos.plugins import installed
from kleos.store.forget import Forgotten

Kleos = Callable[..., Any]
SOME = Forgotten(rows=12_041, segments=3, scores=1, raw_pages=20, names=2, marks=4)
NONE = Forgotten(rows=0, segments=0, scores=0, raw_pages=0, names=0, marks=0)
PLUGINS = "kleos-twitter,kleos-metrics"
pytestmark = pytest.mark.skipif(
    ("network", "twitter") not in {(entry.kind, entry.name) for entry in installed()}, reason="kleos-twitter is not installed"
)


class Keyboard(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [80, 120])
def test_what_is_gone(width: int, snapshot: Kleos, capsys: pytest.CaptureFixture[str]) -> None:
    console = make_console(None, width=width)
    for who, gone in (("ada", SOME), ("twitter:\x1beve", NONE)):
        for part in forgotten_rows(who, gone, width):
            console.print(part)
        console.print(stored_text(who, gone))
    snapshot(f"forget-{width}", capsys.readouterr().out)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which two people were scored."""
    folder = tmp_path_factory.mktemp("lived")
    rows = [f"{person},user{k},like,{k},2026-03-0{k + 1}T10:00:00Z" for person in ("ada", "bob") for k in range(6)]
    (folder / "all.csv").write_text("\n".join(["subject,actor,kind,item,time", *rows]) + "\n", encoding="utf-8")
    people = "".join(f'[people.{person}]\naccounts = {{ twitter = "{person}" }}\n' for person in ("ada", "bob"))
    (folder / "kleos.toml").write_text(f'[run]\nstore = "store"\n{people}[networks.twitter]\ninteractions = "all.csv"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KLEOS_PLUGINS", PLUGINS)
        patch.chdir(folder)
        assert main(["run", "--quiet"]) == 0
    return folder


@pytest.fixture
def scored(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of that folder for this test alone; it is the working folder."""
    monkeypatch.setenv("KLEOS_PLUGINS", PLUGINS)
    folder = Path(shutil.copytree(lived, tmp_path / "scored"))
    monkeypatch.chdir(folder)
    return folder


def test_a_person_is_forgotten_and_the_next_verb_named(scored: Path, kleos_command: Kleos) -> None:
    done = kleos_command("forget", "ada", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "reactions  6, given and received; 1 file written anew" in done.out
    assert "Take [people.ada] out of kleos.toml, too" in done.out
    assert done.out.splitlines()[-1] == "next: kleos doctor  that the store is in order"
    told = json.loads(kleos_command("compare", "--json").out)
    assert ([person["id"] for person in told["people"]], told["missing"]) == (["bob"], ["ada"])
    doctor = kleos_command("doctor", "--json")
    assert not [check for check in json.loads(doctor.out) if check["status"] == "error"]


def test_somebody_who_has_left_the_configuration_can_be_forgotten(scored: Path, kleos_command: Kleos) -> None:
    config = scored / "kleos.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[people.ada]", "[people.eve]").replace('"ada"', '"eve"'), encoding="utf-8"
    )
    told = json.loads(kleos_command("forget", "ada", "--yes", "--json").out)
    assert (told["who"], told["done"], told["scores"]) == ("ada", True, 1)
    told = json.loads(kleos_command("forget", "twitter:@Ada", "--yes", "--json").out)
    assert told["rows"] == 6


def test_an_outsider_is_forgotten_by_network_and_account(scored: Path, kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("forget", "twitter:@User3", "--dry-run", "--json").out)
    assert (told["rows"], told["done"]) == (2, False)
    assert json.loads(kleos_command("forget", "twitter:@User3", "--yes", "--json").out)["rows"] == 2
    scores = json.loads(kleos_command("score", "--json").out)
    assert [person["coverage"]["imported"] for person in scores["people"]] == [5, 5]
    again = kleos_command("forget", "twitter:user3", "--yes")
    assert (again.code, again.out.splitlines()[0]) == (0, "The store holds nothing of twitter:user3.")


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("YES\n", True), ("\n", False), ("no\n", False), ("", False)])
def test_it_asks_first(scored: Path, kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch, answer: str, gone: bool) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(answer))
    done = kleos_command("forget", "bob")
    assert done.err.startswith("The store holds of bob: 6 reactions, 1 recorded score")
    assert "Forget this for good? [y/N] " in done.err
    assert done.code == (0 if gone else 130)
    assert done.err.endswith("nothing was changed\n") is not gone
    assert json.loads(kleos_command("forget", "bob", "--dry-run", "--json").out)["rows"] == (0 if gone else 6)


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["ada"], "error: forget: there is nobody to ask whether to go on\nhint: --yes forgets without asking, --dry-run shows what\n"),
        (["adda"], "error: expected the id of a person, found 'adda'\nhint: did you mean 'ada'?\n"),
        (["twiter:eve"], "error: expected network:account, found 'twiter:eve'\nhint: did you mean 'twitter'?\n"),
        (["twitter:@"], "error: expected an account after twitter:, found nothing\n"),
        (
            ["twitter:Ada"],
            "error: twitter:Ada is an account of ada, who is in the configuration\n"
            "hint: kleos forget ada; or take the account out of [people.ada] first\n",
        ),
    ],
)
def test_mistakes_change_nothing(scored: Path, kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch, argv: list[str], error: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = kleos_command("forget", *argv)
    assert (done.code, done.out, done.err) == (2, "", error)
    assert json.loads(kleos_command("forget", "ada", "--dry-run", "--json").out)["rows"] == 6


def test_before_the_first_run_there_is_nothing_to_forget(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    done = kleos_command("forget", "ada", "--yes")
    assert (done.code, done.err) == (2, f"error: {config.with_name('store')}: there is no store here\nhint: `kleos run` makes one\n")
