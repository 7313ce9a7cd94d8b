"""``kleos doctor``: one line for each check, and an exit code that says whether something is wrong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.cli.render.checkup import checkup_report
from kleos.cli.terminal import make_console

Kleos = Callable[..., Any]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / "kleos.toml").write_text(text, encoding="utf-8")


def lines(text: str) -> dict[str, str]:
    """Return what was looked at, and how it is."""
    return {name: status for status, name in re.findall(r"^(ok|warning|error) +(\S.*?):(?: |$)", text, re.MULTILINE)}


def test_without_a_configuration_the_machine_is_checked_all_the_same(kleos_command: Kleos) -> None:
    done = kleos_command("doctor")
    assert done.code == 0
    assert lines(done.out)["python"] == "ok"
    assert lines(done.out)["config"] == "warning"
    assert done.out.endswith("next: kleos init --from PATH…  a configuration for the exports that you have\n")


def test_a_configuration_that_was_named_and_is_not_there_is_an_error(kleos_command: Kleos) -> None:
    done = kleos_command("doctor", "gone.toml")
    assert done.code == 1
    assert "gone.toml: there is no such configuration file" in done.out


def test_every_problem_of_a_configuration_is_a_line(kleos_command: Kleos, home: Path) -> None:
    write(home, '[run]\nwindow = "long"\n[people.ada]\nage = 3\n')
    done = kleos_command("doctor")
    assert done.code == 1
    assert {name: status for name, status in lines(done.out).items() if status == "error"} == {
        "run.window": "error",
        "people.ada.age": "error",
    }
    assert "hint:" in done.out


def test_a_configuration_that_is_no_toml_is_one_line(kleos_command: Kleos, home: Path) -> None:
    write(home, "[run\n")
    assert lines(kleos_command("doctor").out)["kleos.toml:1"] == "error"


def test_everything_that_a_configuration_names_is_checked(kleos_command: Kleos, home: Path) -> None:
    (home / "t.csv").write_text("subject,actor,kind,time\nada,bob,like,2026-01-01\n", encoding="utf-8")
    write(home, '[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "t.csv"\n')
    done = kleos_command("doctor")
    assert done.code == 0
    told = lines(done.out)
    assert set(told.values()) == {"ok"}
    assert {"python", "kernel cache", "plugin", "config", "run.model", "networks.twitter.interactions", "run.store", "disk"} <= set(told)
    assert "t.csv: 1 like, 2026-01-01" in done.out
    assert done.out.endswith("next: kleos run  the scores\n")


def test_an_error_in_one_source_does_not_hide_the_others(kleos_command: Kleos, home: Path) -> None:
    (home / "broken.zip").write_bytes(b"PK\x03\x04")
    (home / "t.csv").write_text("subject,actor,kind\nada,bob,like\n", encoding="utf-8")
    sources = 'archive = "broken.zip"\ninteractions = "t.csv"\n'
    write(home, f'[people.ada]\naccounts = {{ twitter = "ada" }}\n[networks.twitter]\n{sources}')
    done = kleos_command("doctor")
    assert done.code == 1
    assert lines(done.out)["networks.twitter.archive"] == "error"
    assert lines(done.out)["networks.twitter.interactions"] == "ok"
    assert done.out.endswith("next: kleos doctor  again, once the errors are seen to\n")


def test_json_is_a_list_of_checks(kleos_command: Kleos, home: Path) -> None:
    write(home, '[people.ada]\nname = "Ada"\n')
    told = json.loads(kleos_command("doctor", "--json").out)
    assert all(list(check) == ["name", "status", "text", "hint"] for check in told)
    assert {check["status"] for check in told} == {"ok", "warning"}


def test_nothing_is_made_by_looking(kleos_command: Kleos, home: Path) -> None:
    write(home, '[run]\nstore = "store"\n[people.ada]\nname = "Ada"\n')
    kleos_command("doctor")
    assert [path.name for path in home.iterdir()] == ["kleos.toml"]


def test_without_plugins_it_says_what_to_install(kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_PLUGINS", "")
    done = kleos_command("doctor")
    assert done.code == 1
    assert "no network is installed" in done.out
    assert "pip install kleos-metrics" in done.out


def test_an_engine_that_cannot_be_loaded_is_told(kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kleos.cli.checking", None)
    done = kleos_command("doctor")
    assert done.code == 2
    assert done.err.startswith("error: kernel: the engine cannot be loaded")
    assert "hint: install it again" in done.err


@pytest.mark.parametrize("width", [80, 120])
def test_what_it_shows_is_as_wide_as_the_terminal(width: int, capsys: pytest.CaptureFixture[str], snapshot: Kleos) -> None:
    from kleos.setup.checks import Check

    checks = [
        Check("python", "ok", "3.11.7 (/usr/bin/python3)"),
        Check("plugin", "warning", "kleos-cloud 1.0: it cannot be imported \x1b[31m", "pip install --force-reinstall kleos-cloud"),
        Check(
            "networks.twitter.archive[0]",
            "error",
            "nobody in the configuration claims this export of ada (id 1964312974236991488), and so it would not be imported",
            'add accounts = { twitter = "ada" } to the person whose it is, or leave the export out of the configuration',
        ),
    ]
    console = make_console(sys.stdout, width=width)
    for part in checkup_report(checks, width=width):
        console.print(part)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= width
    snapshot(f"doctor-{width}", shown)


def test_no_colour_reaches_a_pipe(kleos_command: Kleos) -> None:
    assert "\x1b" not in kleos_command("doctor").out
