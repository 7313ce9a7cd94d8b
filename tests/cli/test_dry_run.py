"""``--dry-run``: what would be asked and read, and what was spent; nothing is asked, nothing is written."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.cli.render.planned import plan_json, plan_report
from kleos.cli.terminal import make_console
from kleos.collect.planning import Planned
from kleos.collect.spending import Spending
from kleos.store import Store

Kleos = Callable[..., Any]

CONFIG = """
[run]
store = "store"
[people.ada]
accounts = { youtube = "@ada" }
[networks.youtube]
api = { key = { env = "KLEOS_TEST_NOT_SET" }, daily_units = 10 }
interactions = "more.csv"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a configuration, in a world without a network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a dry run asks nobody"))
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-youtube,kleos-metrics")
    (tmp_path / "more.csv").write_text("subject,actor,kind\n@ada,bob,comment\n", encoding="utf-8")
    (tmp_path / "kleos.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("verb", ["run", "collect"])
def test_nothing_is_asked_and_nothing_is_written(verb: str, home: Path, kleos_command: Kleos) -> None:
    done = kleos_command(verb, "--dry-run")
    assert done.code == 0
    assert done.err == ""
    assert "asks for  ada (ada)" in done.out
    assert "from      the beginning" in done.out
    assert "spent     0 of the 10 units of today used (daily_units)" in done.out
    assert "youtube interactions\n  reads     " in done.out
    assert "1 API would be asked; nothing was, and nothing was written" in done.out
    assert done.out.endswith(f"next: kleos {verb}  the same in earnest\n")
    assert sorted(path.name for path in home.iterdir()) == ["kleos.toml", "more.csv"]


def test_what_was_spent_today_is_told_by_the_dry_run_and_by_the_doctor(home: Path, kleos_command: Kleos) -> None:
    with Store.open(home / "store") as store:
        store.ledger("youtube", datetime.now(UTC)).spend("units", 10)
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    told = json.loads(kleos_command("collect", "--dry-run", "--json").out)
    assert told["dry_run"] is True
    api, table = told["sources"]
    assert (api["network"], api["source"], api["live"], api["person"], api["accounts"], api["cursor"]) == (
        "youtube",
        "api",
        True,
        "ada",
        ["ada"],
        None,
    )
    assert api["spending"] == [{"unit": "units", "period": "day", "spent": 10.0, "most": 10.0, "setting": "daily_units"}]
    assert (table["live"], table["where"]) == (False, str(home / "more.csv"))
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    checks = json.loads(kleos_command("doctor", "--json").out)
    assert {
        "name": "networks.youtube.api",
        "status": "warning",
        "text": "10 of the 10 units of today used (daily_units)",
        "hint": "a run goes on tomorrow; or raise daily_units",
    } in checks


def test_a_population_is_part_of_a_run_and_not_of_collecting(home: Path, kleos_command: Kleos) -> None:
    text = CONFIG + '[population]\ninteractions = "more.csv"\nnetwork = "youtube"\nout = "scores.csv"\n'
    (home / "kleos.toml").write_text(text, encoding="utf-8")
    told = json.loads(kleos_command("run", "--dry-run", "--json").out)
    assert told["population"] == {"interactions": [str(home / "more.csv")], "out": str(home / "scores.csv")}
    assert "writes" in kleos_command("run", "--dry-run").out
    assert json.loads(kleos_command("collect", "--dry-run", "--json").out)["population"] is None


def test_an_api_that_cannot_be_asked_ends_with_exit_1(home: Path, kleos_command: Kleos) -> None:
    (home / "kleos.toml").write_text(CONFIG.replace('accounts = { youtube = "@ada" }', "[people.bob]"), encoding="utf-8")
    done = kleos_command("run", "--dry-run")
    assert done.code == 1
    assert "nobody in the configuration has an account of youtube" in " ".join(done.out.split())


@pytest.mark.usefixtures("home")
def test_a_dry_run_of_a_replay_is_a_usage_error(kleos_command: Kleos) -> None:
    done = kleos_command("collect", "--dry-run", "--replay", "store/raw")
    assert done.code == 2
    assert "--replay asks for nothing" in done.err


@pytest.mark.parametrize("width", [80, 120])
def test_what_it_shows_is_as_wide_as_the_terminal(width: int, capsys: pytest.CaptureFixture[str], snapshot: Kleos) -> None:
    plan = [
        Planned(
            network="youtube",
            source="api",
            key_path="networks.youtube.api",
            where="networks.youtube.api",
            live=True,
            person="ada",
            accounts=("UCada00000000000000000aa", "ada\x1b[31m"),
            cursor='{"accounts":["UCada00000000000000000aa"],"began":1771070400000000,"todo":[]}',
            spending=[
                Spending(unit="units", period="day", spent=1204, most=10_000, setting="daily_units"),
                Spending(unit="usd", period="month", spent=1.25, most=None),
            ],
        ),
        Planned(network="twitter", source="archive", key_path="networks.twitter.archive", where="exports/ada-2026.zip", person="ada"),
        Planned(network="twitter", source="api", key_path="", where="", live=True, problem="nobody has an account; add one"),
        Planned(network="example", source="api", key_path="", where="", live=True, person="ada"),
    ]
    console = make_console(sys.stdout, width=width)
    for part in plan_report(plan, None, [], width=width, following=[]):
        console.print(part)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= width
    snapshot(f"dry-run-{width}", shown)
    assert plan_json(plan, None, [])["sources"][0]["cursor"] == plan[0].cursor
