"""Streams of every kind: other encodings, readers that go away, logs with secrets."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys

import pytest

from kleos.cli.logs import logging_to
from kleos.cli.render.report import report
from kleos.cli.terminal import Terminal, make_console, open_terminal
from kleos.scoring.result import RunResult
from kleos.secrets import Secret


def written(result: RunResult, encoding: str) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    console = make_console(stream, width=80, force_terminal=False)
    for part in report(result, width=80):
        console.print(part)
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis"])
def test_an_encoding_without_these_letters_gets_look_alikes_of_the_same_width(roster: RunResult, ada: RunResult, encoding: str) -> None:
    assert "Ada Lovelace   57.3" in written(roster, encoding)
    lines = written(ada, encoding).splitlines()
    assert len(lines) == len(written(ada, "utf-8").splitlines())
    assert any(line.startswith("  twitter ") and "39.4" in line for line in lines)


def test_ascii_draws_bars_and_scale_with_signs(ada: RunResult) -> None:
    text = written(ada, "ascii")
    assert "39.4  =====" in text
    assert "1 ------" in text
    assert "===o===" in text
    assert "-3.0 in a month" in text


def test_json_is_valid_in_any_encoding() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    Terminal(make_console(stream), make_console(io.StringIO())).show_json({"name": "Zoë 李"})
    stream.flush()
    assert json.loads(raw.getvalue().decode("ascii")) == {"name": "Zoë 李"}


def test_json_refuses_numbers_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        Terminal(make_console(io.StringIO()), make_console(io.StringIO())).show_json({"score": float("nan")})


def test_names_are_no_markup_and_no_emoji() -> None:
    stream = io.StringIO()
    Terminal(make_console(stream), make_console(io.StringIO())).show("[red]:smile:[/red] 1")
    assert stream.getvalue() == "[red]:smile:[/red] 1\n"


@pytest.mark.parametrize("argv", [["--help"], ["plugins"], ["networks", "--json"], ["--version"]])
def test_a_reader_that_went_away_is_no_failure(argv: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "kleos", *argv],
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "KLEOS_PLUGINS": ""},
        )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("argv", "closed", "code"), [(["plugins"], 1, 0), (["plugins", "--json"], 1, 0), (["nonsense"], 2, 2)])
def test_a_stream_that_was_closed_before_is_no_failure(argv: list[str], closed: int, code: int) -> None:
    program = f"import os, sys; os.close({closed}); os.execv(sys.executable, [sys.executable, '-m', 'kleos', *{argv!r}])"
    environment = {**os.environ, "KLEOS_PLUGINS": ""}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_colours_that_are_forced_move_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    terminal = open_terminal()
    assert terminal.err.is_terminal
    assert not terminal.err.is_interactive
    assert not terminal.draws


def test_the_log_is_told_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_TOKEN", "tok-0c88fd21e9")
    token = Secret(env="KLEOS_TEST_TOKEN").reveal()
    stream = io.StringIO()
    terminal = Terminal(make_console(io.StringIO()), make_console(stream))
    log = logging.getLogger("kleos.fetching")
    with logging_to(terminal, debug=True):
        try:
            raise ValueError(f"bad token {token}")
        except ValueError:
            log.exception("GET /2/users?token=%s", token)
        log.debug("a detail")
    log.debug("not told")
    assert token not in stream.getvalue()
    assert "GET /2/users?token=***" in stream.getvalue()
    assert "ValueError: bad token ***" in stream.getvalue()
    assert "a detail" in stream.getvalue()
    assert "not told" not in stream.getvalue()


def test_without_debug_only_warnings_of_the_log_are_told() -> None:
    stream = io.StringIO()
    with logging_to(Terminal(make_console(io.StringIO()), make_console(stream)), debug=False):
        logging.getLogger("kleos.fetching").debug("a detail")
        logging.getLogger("other").warning("look here")
    assert stream.getvalue() == "WARNING other: look here\n"
