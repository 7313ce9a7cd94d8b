"""Bad input on the command line: a clear sentence, the right exit code, and nothing else lost."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.cli import main

MANIFEST = {
    "userInfo": {"accountId": "77", "userName": "ada", "displayName": "Ada"},
    "archiveInfo": {"generationDate": "2026-03-06T13:15:31.187Z", "sizeBytes": "1", "isPartialArchive": False},
    "dataTypes": {"tweets": {"files": [{"fileName": "data/tweets.js", "globalName": "YTD.tweets.part0", "count": "1"}]}},
}
GOOD = {"id_str": "1", "created_at": "Fri Mar 06 13:02:05 +0000 2026", "favorite_count": "3", "retweet_count": "1", "full_text": "x"}

Started = Callable[..., tuple[int, str, str]]


def archive(path: Path, tweets: str | list[dict[str, Any]], **user: str) -> Path:
    """Write a small X archive; `tweets` may be text that is not even JSON."""
    manifest = {**MANIFEST, "userInfo": {**MANIFEST["userInfo"], **user}}
    body = tweets if isinstance(tweets, str) else json.dumps([{"tweet": tweet} for tweet in tweets], indent=2)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data/manifest.js", f"window.__THAR_CONFIG = {json.dumps(manifest)}")
        file.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {body}")
    return path


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Started:
    """Return a function: the text of a configuration → exit code, stdout, stderr of `kleos run`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    archive(tmp_path / "good.zip", [GOOD])

    def start(
        *sources: str, text: str = "", accounts: str = '{ twitter = "ada" }', words: tuple[str, ...] = ("--json",)
    ) -> tuple[int, str, str]:
        listed = ", ".join(f'"{source}"' for source in sources)
        config = f'[run]\nstore = "store"\n[people.ada]\naccounts = {accounts}\n[networks.twitter]\narchive = [{listed}]\n{text}'
        (tmp_path / "kleos.toml").write_text(config)
        code = main(["run", *words])
        told = capsys.readouterr()
        return code, told.out, " ".join(told.err.split())

    return start


def imported(out: str) -> int:
    return int(json.loads(out)["people"][0]["coverage"]["imported"])


def errors(out: str) -> list[str]:
    return [f"{fault['where']}: {fault['error']}" for fault in json.loads(out)["faults"]]


def test_a_good_archive_is_scored_without_a_word_of_complaint(started: Started) -> None:
    code, out, _ = started("good.zip")
    assert (code, imported(out), errors(out)) == (0, 4, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"I am a text", "zip"), (b"", "empty"), (b"PK\x05\x06" + bytes(18), "")],
    ids=["not a zip", "an empty file", "an empty zip"],
)
def test_what_is_no_archive_is_told_and_the_good_one_counts(started: Started, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "bad.zip").write_bytes(content)
    code, out, _ = started("bad.zip", "good.zip")
    assert (code, imported(out)) == (1, 4)
    assert any("bad.zip" in error and said in error for error in errors(out))


def test_nothing_but_a_bad_archive_is_exit_4(started: Started, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"I am a text")
    code, _, err = started("bad.zip")
    assert code == 4
    assert "no source gave a usable row" in err
    assert "bad.zip" in err


def test_what_stands_before_a_cut_counts(started: Started, tmp_path: Path) -> None:
    whole = json.dumps([{"tweet": GOOD}, {"tweet": {**GOOD, "id_str": "2"}}], indent=2)
    archive(tmp_path / "cut.zip", whole[: whole.rindex('"2"')])
    code, out, _ = started("cut.zip")
    assert (code, imported(out)) == (1, 4)
    assert any("tweets.js" in error for error in errors(out))


@pytest.mark.parametrize(
    ("tweet", "kept"),
    [
        ({key: value for key, value in GOOD.items() if key != "id_str"}, 4),
        ({**GOOD, "id_str": "9", "created_at": "Fri Mar 06 13:02:05 +0000 0000"}, 8),
        ({**GOOD, "id_str": "9", "favorite_count": "-3"}, 5),
        ({**GOOD, "id_str": "9", "favorite_count": "many"}, 5),
    ],
    ids=["without an id", "of the year 0", "a negative count", "a count in words"],
)
def test_a_broken_tweet_costs_only_what_is_broken(started: Started, tmp_path: Path, tweet: dict[str, Any], kept: int) -> None:
    archive(tmp_path / "odd.zip", [GOOD, tweet])
    code, out, _ = started("odd.zip")
    assert (code, imported(out)) == (1, kept)
    assert len(errors(out)) == 1


def test_all_that_is_wrong_with_a_configuration_is_told_at_once_and_nothing_changes(started: Started, tmp_path: Path) -> None:
    text = """
        [networks.friendface]
        api = { token = "x" }
        [people.bob]
        acounts = { twitter = "bob" }
        [people.cem]
        accounts = { twitter = "@ADA" }
    """
    code, out, err = started("nowhere.zip", text=text)
    assert (code, out) == (2, "")
    for said in ("nowhere.zip", "pip install kleos-friendface", "people.bob.acounts", "accounts", "people.cem", "hint:"):
        assert said in err
    assert not (tmp_path / "store").exists()


def test_an_archive_of_nobody_is_not_imported_and_the_missing_line_is_told(started: Started, tmp_path: Path) -> None:
    archive(tmp_path / "other.zip", [GOOD], accountId="99", userName="zoe")
    code, out, _ = started("other.zip", "good.zip")
    assert (code, imported(out)) == (1, 4)
    assert any("zoe" in error and "accounts" in error for error in errors(out))


def test_a_person_to_whom_nobody_reacted_has_a_score_of_1_and_exit_0(started: Started, tmp_path: Path) -> None:
    archive(tmp_path / "quiet.zip", [{**GOOD, "favorite_count": "0", "retweet_count": "0"}])
    code, out, _ = started("quiet.zip")
    assert code == 0
    assert json.loads(out)["people"][0]["score"] == 1.0


def test_a_table_of_nothing_usable_is_exit_4(started: Started, tmp_path: Path) -> None:
    for text in (
        "network,subject,actor,kind\n",
        "network,subject,actor,kind\ntwitter,somebody,x,like\n",
        "subject,kind,count\nada,like,-1\n",
    ):
        (tmp_path / "table.csv").write_text(text)
        (tmp_path / "kleos.toml").write_text(
            '[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "table.csv"\n'
        )
        assert main(["run", "--json", "--quiet"]) == 4, text


def test_without_a_metric_there_is_no_score(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-twitter")
    code, out, err = started("good.zip")
    assert (code, out) == (2, "")
    assert "pip install kleos-metrics" in err
