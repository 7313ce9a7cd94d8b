"""The API in whole runs of ``kleos``: killed (as a process of its own), kept and replayed, and the key nowhere."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from kleos.cli import main

pytest.importorskip("googleapiclient", reason="pip install 'kleos-youtube[api]' to test the API")


@frozen
class Home:
    """A folder with a configuration that asks the loopback YouTube."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def configure(self, host: str, account: str, name: str = "store", **more: Any) -> None:
        told = "".join(f", {key} = {json.dumps(value)}" for key, value in more.items())
        text = f"""
            [run]
            store = "{name}"
            threads = 1
            [people.ada]
            accounts = {{ youtube = "{account}" }}
            [networks.youtube]
            api = {{ key = {{ env = "KLEOS_TEST_YOUTUBE_KEY" }}, host = "{host}"{told} }}
        """
        (self.folder / "kleos.toml").write_text(text, encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin a command as a process, which can be stopped."""
        pipe = subprocess.PIPE
        return subprocess.Popen([sys.executable, "-m", "kleos", *words], cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def kleos(self, *words: str) -> tuple[int, str, str]:
        """Return how a command ends, and what it prints."""
        code = main(words)
        return code, *self.capsys.readouterr()

    def collected(self, *words: str) -> dict[str, Any]:
        code, out, err = self.kleos("collect", "--json", *words)
        assert code == 0, err
        (source,) = json.loads(out)["sources"]
        return source


@pytest.fixture
def home(tmp_path: Path, key: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KLEOS_TEST_YOUTUBE_KEY", key)
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-youtube,kleos-metrics")
    monkeypatch.setenv("COLUMNS", "120")
    return Home(tmp_path, capsys)


def numbers(source: dict[str, Any]) -> dict[str, int]:
    return {name: source[name] for name in ("rows", "kept", "self_reactions", "unclaimed", "left_out")}


def scored(home: Home) -> Any:
    """Return what the store is worth: scores and coverage, without what a store has for itself."""
    code, out, err = home.kleos("score", "--json", "--as-of", "2026-03-01")
    assert code == 0, err
    (person,) = json.loads(out)["people"]
    return person["score"], person["coverage"], person["networks"], person["metrics"]


def asked(youtube: Any) -> Counter[str]:
    return Counter(f"{resource} {sorted(told.items())}" for resource, told in youtube.asked)


def spent(home: Home) -> float:
    _, out, _ = home.kleos("collect", "--dry-run", "--json")
    (source,) = json.loads(out)["sources"]
    return float(source["spending"][0]["spent"])


def test_a_run_that_is_killed_goes_on_without_asking_a_kept_page_or_counting_twice(youtube: Any, home: Home, ada: str) -> None:
    home.configure(youtube.host, ada, "whole")
    home.collected()
    whole, questions = scored(home), asked(youtube)
    home.configure(youtube.host, ada, "killed")
    youtube.asked.clear()
    kills = (2, 5, 4)
    for further in kills:
        reached = youtube.hold(len(youtube.asked) + further)
        process = home.start("collect")
        assert reached.wait(60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        youtube.let_go()
    home.collected()
    assert scored(home) == whole
    # What was under way when it died was never kept: that alone is asked once more, and was charged, as Google charges it.
    again = asked(youtube) - questions
    assert sum(again.values()) == len(kills)
    assert asked(youtube) - again == questions
    assert spent(home) == len(youtube.asked)


def test_kept_pages_replay_to_the_same_and_ask_nobody(youtube: Any, home: Home, ada: str) -> None:
    home.configure(youtube.host, ada, "live")
    live = home.collected("--keep")
    score = scored(home)
    pages = len(youtube.asked)
    youtube.close()
    home.configure("http://127.0.0.1:9", ada, "replayed")
    replayed = home.collected("--replay", "live/raw")
    assert numbers(replayed) == numbers(live)
    assert (replayed["pages"], live["pages"]) == (pages, pages)
    assert scored(home) == score


def test_progress_tells_pages_rows_rate_and_waits(youtube: Any, home: Home, ada: str, fault: Any) -> None:
    youtube.faults = [fault("commentThreads", 429, times=1, headers={"Retry-After": "1"})]
    home.configure(youtube.host, ada)
    code, _, err = home.kleos("collect")
    assert code == 0
    lines = err.splitlines()
    assert any(re.fullmatch(r"youtube api networks\.youtube\.api: waiting until \d\d:\d\d:\d\d for YouTube", line) for line in lines)
    assert re.fullmatch(r"youtube api networks\.youtube\.api: 13 pages, [\d,]+ rows, [\d,.]+ rows/s", lines[-1])


def test_one_interrupt_ends_a_wait_and_what_came_is_kept(youtube: Any, home: Home, ada: str, fault: Any) -> None:
    youtube.faults = [fault("commentThreads", 429, skip=1, headers={"Retry-After": "100"})]
    home.configure(youtube.host, ada)
    process = home.start("collect", "--json")
    assert process.stderr is not None
    assert process.stdout is not None
    assert next(line for line in process.stderr if "waiting until" in line)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the next run goes on from there" in err
    (source,) = json.loads(out)["sources"]
    assert source["kept"] > 0


def test_the_key_is_in_nothing_that_is_printed_or_kept(youtube: Any, home: Home, ada: str, key: str, fault: Any) -> None:
    """Google repeats the key in its refusals; here also in what it answers."""
    youtube.threads[0]["snippet"]["topLevelComment"]["snippet"]["textOriginal"] = f"https://example.com/?key={key}"
    trials = (
        (("run", "--keep", "--debug"), fault("videos", 403, "forbidden"), 1),
        (("collect", "--keep", "--debug", "--json"), fault("comments", cut=True, times=1), 0),
        (("collect", "--keep", "--debug", "--strict"), fault("channels", 400, "keyInvalid"), 2),
        (("collect", "--keep", "--debug"), fault("commentThreads", 200, body=f'{{"kind": "{key}'.encode(), times=1), 0),
    )
    shown: list[str] = []
    for number, (words, one, code) in enumerate(trials):
        youtube.faults = [one]
        home.configure(youtube.host, ada, f"store{number}")
        done = home.kleos(*words)
        assert done[0] == code, done
        shown += done[1:]
    shown += [*home.kleos("doctor")[1:], *home.kleos("collect", "--dry-run", "--json")[1:]]
    kept = [path for path in home.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".body" for path in kept)
    assert not any(key in text for text in shown)
    assert "Traceback" in "".join(shown)
    assert [path for path in kept if key.encode() in path.read_bytes()] == []


def test_the_doctor_tells_what_is_left_of_the_day(youtube: Any, home: Home, ada: str) -> None:
    home.configure(youtube.host, ada, daily_units=5)
    code, _, err = home.kleos("collect")
    assert code == 1
    assert "the 5 units that the configuration allows a day are used up" in err
    assert "5 of the 5 units of today used (daily_units)" in home.kleos("doctor")[1]
    home.configure(youtube.host, ada, daily_units=100)
    youtube.asked.clear()
    home.collected()
    assert len(youtube.asked) == 13 - 5, "a greater allowance goes on where the last run stopped"
