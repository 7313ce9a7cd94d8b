"""Events on stderr: bars for people, lines for files."""

from __future__ import annotations

import io
from typing import Any

import pytest

from kleos.cli.listener import listening
from kleos.cli.terminal import Terminal, make_console
from kleos.events import Fault, Note, Progress


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, io.StringIO]:
    """Return a function that makes a terminal, and what is written to its stderr."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TTY_INTERACTIVE", raising=False)
    written = io.StringIO()

    def terminal(*, seen: bool) -> Terminal:
        return Terminal(make_console(io.StringIO()), make_console(written, width=100, force_terminal=seen))

    return terminal, written


def tell_all(emit: Any, fault: Fault) -> None:
    emit(Progress(task="reading [ada]", done=500, total=1000))
    emit(fault)
    emit(Note(text="something to know"))
    emit(Progress(task="reading [ada]", done=1000, total=1000, finished=True))
    emit(Progress(task="reading [ada]", done=1000, total=1000, finished=True))


def test_on_a_terminal_bars_move_and_vanish(streams: tuple[Any, io.StringIO], fault: Fault) -> None:
    terminal, written = streams
    with listening(terminal(seen=True)) as emit:
        tell_all(emit, fault)
        emit(Progress(task="endless", done=3))
    text = written.getvalue()
    assert "\x1b[?25l" in text  # the cursor is hidden while bars are drawn
    assert text.count("fault:") == 1
    assert text.count("1,000 rows") >= 1
    assert text.index("\x1b[?25h") > text.index("fault:")


def test_in_a_pipe_nothing_moves(streams: tuple[Any, io.StringIO], fault: Fault) -> None:
    terminal, written = streams
    with listening(terminal(seen=False)) as emit:
        tell_all(emit, fault)
    assert "\x1b" not in written.getvalue()
    assert [line.partition(":")[0] for line in written.getvalue().splitlines()] == ["fault", "note", "reading [ada]"]


WAITING = "waiting until 14:05:10 for Net"


def wait(emit: Any) -> None:
    for waiting in ("", WAITING, WAITING, ""):
        emit(Progress(task="net api", done=3, unit="pages", detail="36 rows, 12 rows/s", waiting=waiting))
    emit(Progress(task="net api", done=4, unit="pages", detail="48 rows, 12 rows/s", finished=True))


def test_in_a_pipe_a_wait_is_told_once_and_the_end_with_rows_and_rate(streams: tuple[Any, io.StringIO]) -> None:
    terminal, written = streams
    with listening(terminal(seen=False)) as emit:
        wait(emit)
    assert written.getvalue().splitlines() == [f"net api: {WAITING}", "net api: 4 pages, 48 rows, 12 rows/s"]


def test_on_a_terminal_a_bar_tells_pages_rows_rate_and_wait(streams: tuple[Any, io.StringIO], monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, _ = streams
    drawn: list[str] = []
    with listening(terminal(seen=True)) as emit:
        update = emit._bars.update
        monkeypatch.setattr(emit._bars, "update", lambda task, **told: (drawn.append(told["amount"]), update(task, **told)))
        wait(emit)
    assert drawn[0] == "3 pages, 36 rows, 12 rows/s"
    assert drawn[1] == f"3 pages, 36 rows, 12 rows/s, {WAITING}"


def test_quiet_tells_faults_only(streams: tuple[Any, io.StringIO], fault: Fault) -> None:
    terminal, written = streams
    with listening(terminal(seen=True), quiet=True) as emit:
        tell_all(emit, fault)
    assert len(written.getvalue().splitlines()) == 1
    assert emit.faults == [fault]
    assert emit.notes == []
