"""``kleos history``: what it shows of what was recorded, and what it writes."""

from __future__ import annotations

import csv
import io
import json
import math
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kleos.cli.render.history.canvas import Canvas
from kleos.store import ScoreRecord, Store

Kleos = Callable[..., Any]
LAST = date(2026, 3, 31)


def record(back: int, digest: str, score: float, **changes: Any) -> ScoreRecord:
    day = LAST - timedelta(days=back)
    coverage = {"networks": ["twitter"] if back > 20 else ["twitter", "youtube"], "actors": 0.8, "times": 1.0}
    values = {
        "lo": score - 2.3,
        "hi": score + 1.9,
        "percentile": 88.0,
        "model": "kleos",
        "version": digest,
        "window": 1,
        "coverage": coverage,
    }
    as_of = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
    return ScoreRecord(person="ada", score=score, as_of=as_of, day=day, digest=digest * 64, **values | changes)


@pytest.fixture(scope="module")
def hundred_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a hundred days of ada: two models, a gap, a network that came."""
    folder = tmp_path_factory.mktemp("recorded") / "store"
    with Store.open(folder) as store:
        for back in range(100, -1, -1):
            score = 50 + 4 * math.sin(back / 9) - back / 20
            made = [record(back, "1", score)] if back > 40 else [record(back, "2", score + 2.0)]
            if back == 40:
                made.append(record(back, "1", score, successor="2" * 64))
            if not 60 < back < 75:
                store.record_scores(LAST - timedelta(days=back), made)
    return folder


@pytest.fixture
def recorded(config: Path, hundred_days: Path) -> Path:
    """Return a configuration with such a store of its own."""
    shutil.copytree(hundred_days, config.parent / "store")
    return config


@pytest.mark.usefixtures("recorded")
def test_the_curve_is_as_wide_as_the_terminal(kleos_command: Kleos, snapshot: Kleos) -> None:
    for width in (80, 120):
        done = kleos_command("history", "ada", width=width)
        assert (done.code, done.err) == (0, "")
        assert max(len(line) for line in done.out.splitlines()) <= width
        snapshot(f"history-{width}", done.out)


@pytest.mark.usefixtures("recorded")
def test_a_pipe_gets_no_colour_and_a_terminal_none_with_no_color(kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in kleos_command("history", "ada").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;36m" in kleos_command_again(kleos_command, monkeypatch, "FORCE_COLOR")
    assert "\x1b[1;36m" not in kleos_command_again(kleos_command, monkeypatch, "FORCE_COLOR", "NO_COLOR")


def kleos_command_again(kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch, *variables: str) -> str:
    """Run with these variables set, which the fixture would have unset."""
    with monkeypatch.context() as patch:
        patch.setattr(pytest.MonkeyPatch, "delenv", lambda *_, **__: None)
        for variable in variables:
            patch.setenv(variable, "1")
        out: str = kleos_command("history", "ada").out
        return out


@pytest.mark.usefixtures("recorded")
def test_json_has_every_day_unrounded_and_every_marker(kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("history", "ada", "--json").out)
    assert set(told) == {"schema", "person", "days", "others", "changes", "markers"}
    assert (told["schema"], told["person"]) == (1, {"id": "ada", "name": "Ada Lovelace"})
    assert len(told["days"]) == 101 - 14
    assert told["days"][-1]["score"] == 52.0
    assert [entry["day"] for entry in told["others"]] == ["2026-02-19"]
    assert set(told["changes"]) == {"day", "week", "month", "quarter"}
    assert told["changes"]["month"]["since"] == "2026-03-01"
    assert told["changes"]["quarter"] is None
    assert [(marker["letter"], marker["sort"], marker["day"]) for marker in told["markers"]] == [
        ("a", "model", "2026-02-19"),
        ("b", "source", "2026-03-11"),
    ]


@pytest.mark.usefixtures("recorded")
def test_csv_has_a_row_for_each_day_and_model(kleos_command: Kleos, tmp_path: Path) -> None:
    done = kleos_command("history", "ada", "--csv", "days.csv", "--since", "2026-02-18", "--until", "2026-02-20")
    assert done.err == "written to days.csv\n"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "days.csv").read_text(encoding="utf-8"))))
    assert [(row["day"], row["version"]) for row in rows] == [
        ("2026-02-18", "1"),
        ("2026-02-19", "1"),
        ("2026-02-19", "2"),
        ("2026-02-20", "2"),
    ]
    assert float(rows[0]["hi"]) > float(rows[0]["score"]) > float(rows[0]["lo"])


@pytest.mark.usefixtures("recorded")
def test_png_is_a_picture_of_the_curve(kleos_command: Kleos, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="pictures need kleos[report]")
    pytest.importorskip("altair", reason="pictures need kleos[report]")
    done = kleos_command("history", "ada", "--png", "curve.png", "--quiet")
    assert (done.code, done.err) == (0, "")
    content = (tmp_path / "curve.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) > 1000  # pixels across


@pytest.mark.usefixtures("recorded")
def test_a_stretch_of_days_can_be_shown(kleos_command: Kleos) -> None:
    done = kleos_command("history", "ada", "--since", "2026-03-30")
    assert "2 days recorded" in done.out
    assert "in a week" in done.out
    assert "1 day recorded" in kleos_command("history", "ada", "--since", "2026-03-31").out


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["eve"], "expected the id of a person, found 'eve'"),
        (["ada", "--since", "yesterday"], "--since: expected a day, found 'yesterday'"),
        (["ada", "--since", "2026-03-02", "--until", "2026-03-01"], "--since: expected a day up to 2026-03-01, found 2026-03-02"),
        (["ada", "--until", "2020-01-01"], "nothing was recorded of 'ada' until 2020-01-01"),
        (["ada", "--csv", "nowhere/days.csv"], "nowhere/days.csv: the file cannot be written: No such file or directory"),
        (["ada", "other.toml"], "other.toml: there is no such configuration file"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(kleos_command: Kleos, argv: list[str], message: str) -> None:
    done = kleos_command("history", *argv)
    assert done.code == 2
    assert done.err.startswith(f"error: {message}")
    assert done.out == ""


@pytest.mark.usefixtures("config")
def test_without_records_it_says_what_to_run(kleos_command: Kleos) -> None:
    done = kleos_command("history", "ada")
    assert done.code == 2
    assert "nothing was recorded of 'ada' yet" in done.err
    assert "`kleos run --backfill 90d`" in done.err


def test_networks_that_are_not_installed_do_not_stop_it(recorded: Path, kleos_command: Kleos) -> None:
    recorded.write_text(
        recorded.read_text() + 'accounts = { gone = "ada" }\n[networks.gone]\nexport = "x.zip"\n[metrics.gone]\nweight = 2\n'
    )
    assert kleos_command("history", "ada").code == 0


def test_one_point_and_too_few_people_are_drawn(config: Path, kleos_command: Kleos) -> None:
    with Store.open(config.parent / "store") as store:
        store.record_scores(LAST, [record(0, "1", 1.0, lo=None, hi=None, coverage={})])
    out = kleos_command("history", "ada").out
    assert "too few people to tell how sure this is" in out
    assert "no earlier day of this model to compare with" in out
    assert "░" not in out


@pytest.mark.usefixtures("recorded")
def test_neither_the_engine_nor_a_plugin_is_loaded(kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("kleos.plugins.host", "kleos.kernel.fold", "kleos.pipeline.people"):
        monkeypatch.setitem(sys.modules, module, None)  # importing it now fails
    assert kleos_command("history", "ada").code == 0


def test_what_is_drawn_first_stands_in_front_and_plain_signs_do_where_there_is_no_braille() -> None:
    for plain, expected in ((False, ["⠁░", "░⢀"]), (True, ["*.", ".*"])):
        canvas = Canvas(2, 2, plain=plain)
        canvas.line((0, 0), (0, 0), "bold")
        canvas.line((3, 7), (3, 7), "bold")
        canvas.line((1, 1), (1, 1), "dim")
        for column, row in ((0, 0), (1, 0), (0, 1), (1, 1)):
            canvas.sign(column, row, "░", ".", "dim")
        assert [row.plain for row in canvas.rows()] == expected
