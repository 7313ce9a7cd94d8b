"""Mistakes on the command line and in the configuration: one clear sentence each, exit code 2, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Kleos = Callable[..., Any]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["rnu"], ['error: Unknown command "rnu". Did you mean "run"?', "hint: kleos --help"]),
        (["run", "--jsn"], ["error: Unknown option: --jsn. Did you mean --json?", "hint: kleos run --help"]),
        (["run", "--fail-under", "high"], ["error: Invalid value for --fail-under", "hint: kleos run --help"]),
        (["run", "a.toml", "b.toml"], ["error: unexpected 'b.toml'", "hint: kleos run --help"]),
        (["run", "--no-json"], ["error: Unknown option: --no-json", "hint: kleos run --help"]),
    ],
)
def test_a_mistake_on_the_command_line(argv: list[str], told: list[str], kleos_command: Kleos) -> None:
    done = kleos_command(*argv)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == len(told)
    assert all(line.startswith(start) for line, start in zip(done.err.splitlines(), told, strict=True))


def test_a_configuration_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pipeline: Kleos, kleos_command: Kleos) -> None:
    monkeypatch.chdir(tmp_path)
    given = pipeline()
    done = kleos_command("run")
    assert done.code == 2
    assert done.err.splitlines()[0] == "error: kleos.toml: there is no such configuration file"
    assert done.err.splitlines()[1].startswith("hint: ")
    assert not given.calls
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_configuration(tmp_path: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    done = kleos_command("run", str(tmp_path))
    assert done.code == 2
    assert "expected a configuration file, found a folder" in done.err


def test_an_export_given_as_the_configuration_is_told_where_it_belongs(tmp_path: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    archive = tmp_path / "ada.zip"
    archive.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    done = kleos_command("run", str(archive))
    assert done.code == 2
    assert "expected text in UTF-8" in done.err
    assert "[networks.<network>]" in done.err


def test_a_name_that_no_file_can_have(pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    assert kleos_command("run", "x\0y").code == 2
    assert kleos_command("run", "x" * 5000).code == 2


def test_broken_toml_names_the_line(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    config.write_text('[run]\nstore = "store\n', encoding="utf-8")
    given = pipeline()
    done = kleos_command("run")
    assert done.code == 2
    assert "kleos.toml:2: not valid TOML" in done.err
    assert not given.calls


def test_all_mistakes_of_a_configuration_are_told_at_once(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    config.write_text('[run]\nstore = "store"\nwindow = 90\nthread = 2\n[peopel.ada]\n', encoding="utf-8")
    given = pipeline()
    done = kleos_command("run")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: kleos.toml: ")
    assert all(place in done.err for place in ("run.window: ", "run.thread: ", "peopel: "))
    assert done.err.count("hint: ") >= 2
    assert not given.calls
    assert not config.with_name("store").exists()


def test_a_mistake_in_a_name_cannot_steer_the_terminal(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    config.write_text('[people."\\u001b[2J"]\nname = "x"\n', encoding="utf-8")
    pipeline()
    done = kleos_command("run")
    assert done.code == 2
    assert "\x1b" not in done.err
