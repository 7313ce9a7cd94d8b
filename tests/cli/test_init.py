"""``kleos init``: what it writes runs without an edit, what it refuses stays as it was."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import tomli

from kleos.cli.render.recognised import recognised_report
from kleos.cli.terminal import make_console
from kleos.config import Person
from kleos.contract import Owner
from kleos.events import Fault
from kleos.plugins import Loaded, load

Kleos = Callable[..., Any]

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(path for plugin in ("twitter", "googleplus") for path in (ROOT / "plugins" / f"kleos-{plugin}" / "samples").iterdir())
SHARED = Path(os.environ.get("KLEOS_SHARED") or ROOT.parent / "shared")
REAL = [*(SHARED / "real" / "twitter" / name for name in ("archive-2026", "bulk-v1.1", "bulk-v2")), SHARED / "real" / "googleplus"]
NEVER_SCORED = ("view", "follow")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with stores that nobody else has."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return folder


# With every key explained


def test_without_paths_it_writes_every_key_explained(kleos_command: Kleos, home: Path) -> None:
    done = kleos_command("init")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("kleos.toml is written, with every key explained.\n")
    assert done.out.endswith("kleos doctor                     what is still missing\n")
    assert tomli.loads((home / "kleos.toml").read_text(encoding="utf-8"))["people"] == {"me": {"name": "Me"}}


def test_the_check_up_of_what_it_wrote_has_no_error(kleos_command: Kleos) -> None:
    kleos_command("init", "mine.toml")
    done = kleos_command("doctor", "mine.toml")
    assert done.code == 0
    assert "error" not in done.out


# What is refused


@pytest.mark.parametrize("more", [[], ["--from", "ada.zip"]])
def test_a_file_that_is_there_stays_as_it_is(more: list[str], kleos_command: Kleos, home: Path) -> None:
    (home / "kleos.toml").write_text("precious", encoding="utf-8")
    done = kleos_command("init", *more)
    assert done.code == 2
    assert "there is a file already" in done.err
    assert "--force" in done.err
    assert (home / "kleos.toml").read_text(encoding="utf-8") == "precious"


def test_force_replaces_it(kleos_command: Kleos, home: Path) -> None:
    (home / "kleos.toml").write_text("precious", encoding="utf-8")
    assert kleos_command("init", "--force").code == 0
    assert "precious" not in (home / "kleos.toml").read_text(encoding="utf-8")
    assert [path.name for path in home.iterdir()] == ["kleos.toml"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["init", "--from", "gone.zip"], "gone.zip: there is no such file or folder"),
        (["init", "--from", "gone.zip", "also.zip"], "(and 1 more that are not there)"),
        (["init", "--from", "*.zip"], "hint: nothing matches this pattern"),
        (["init", "."], "expected a file to write, found a folder"),
        (["init", "gone/kleos.toml"], "there is no such folder to write to"),
        (["init", "--from"], "--from"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(argv: list[str], message: str, kleos_command: Kleos, home: Path) -> None:
    done = kleos_command(*argv)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert not list(home.iterdir())


def test_where_nothing_is_recognised_nothing_is_written(kleos_command: Kleos, home: Path) -> None:
    (home / "notes.txt").write_text("hello", encoding="utf-8")
    (home / "broken.zip").write_bytes(b"PK\x03\x04")
    done = kleos_command("init", "--from", "notes.txt", "broken.zip")
    assert done.code == 2
    assert "no installed network knows it" in done.out
    assert done.err.endswith("error: nothing of this was recognised, so nothing was written\n")
    assert not (home / "kleos.toml").exists()
    told = json.loads(kleos_command("init", "--json", "--from", "notes.txt", "broken.zip").out)
    assert (told["config"], told["sources"], len(told["not_recognised"])) == (None, [], 2)


# What is written runs


def imported(told: dict[str, Any]) -> dict[str, int]:
    """Return what should be imported for each person: everything in their own exports that is scored."""
    counts: dict[str, int] = {}
    for source in told["sources"]:
        if source["person"] is not None:
            scored = sum(count for kind, count in source["reactions"].items() if kind.rpartition(".")[2] not in NEVER_SCORED)
            counts[source["person"]] = counts.get(source["person"], 0) + scored
    return counts


def init_and_run(kleos_command: Kleos, *paths: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    init = kleos_command("init", "--quiet", "--json", "--from", *map(str, paths))
    assert (init.code, init.err) == (0, "")
    doctor = kleos_command("doctor", "--quiet")
    assert doctor.code == 0
    assert "\nerror" not in doctor.out
    run = kleos_command("run", "--quiet", "--json")
    assert (run.code, run.err) == (0, "")
    return json.loads(init.out), json.loads(run.out)


def check(told: dict[str, Any], result: dict[str, Any]) -> None:
    assert result["faults"] == []
    assert (result["as_of"], result["as_of_reason"]) == (told["as_of"], "set by [run] as_of")
    assert [person["id"] for person in result["people"]] == [person["id"] for person in told["people"]]
    found = {person["id"]: person["coverage"]["imported"] for person in result["people"]}
    assert {person: found[person] for person in imported(told)} == imported(told)
    assert any(found.values())
    assert all(1 <= person["score"] < 100 for person in result["people"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: f"{path.parents[1].name}-{path.name}")
def test_the_samples_that_ship_run_without_an_edit(sample: Path, kleos_command: Kleos) -> None:
    check(*init_and_run(kleos_command, sample))


def test_all_samples_of_a_network_at_once_run_without_an_edit(kleos_command: Kleos) -> None:
    told, result = init_and_run(kleos_command, *(path for path in SAMPLES if "twitter" in str(path)))
    assert not told["not_recognised"]
    check(told | {"sources": []}, result)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"real files are not at {SHARED} (set KLEOS_SHARED)")
@pytest.mark.parametrize("real", REAL, ids=lambda path: path.name)
def test_real_files_run_without_an_edit(real: Path, kleos_command: Kleos) -> None:
    told, result = init_and_run(kleos_command, real)
    check(told, result)
    assert kleos_command("explain", told["people"][0]["id"]).code == 0


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"real files are not at {SHARED} (set KLEOS_SHARED)")
def test_all_real_files_at_once_run_without_an_edit(kleos_command: Kleos) -> None:
    told, result = init_and_run(kleos_command, *REAL)
    check(told, result)
    assert {person["id"] for person in told["people"] if person["owner"]} == {"milahu104", "jasoncoon1"}


def test_a_zip_of_an_export_is_the_same_as_its_folder(kleos_command: Kleos, home: Path) -> None:
    folder = ROOT / "plugins" / "kleos-twitter" / "samples" / "ada"
    with zipfile.ZipFile(home / "Ada's archive.zip", "w") as archive:
        for path in folder.rglob("*"):
            archive.write(path, Path("twitter-ada") / path.relative_to(folder))
    told, result = init_and_run(kleos_command, home / "Ada's archive.zip")
    check(told, result)
    assert '"Ada\'s archive.zip"' in (home / "kleos.toml").read_text(encoding="utf-8")


def test_an_export_that_does_not_say_whose_it_is_runs_without_an_edit(kleos_command: Kleos, home: Path) -> None:
    folder = ROOT / "plugins" / "kleos-twitter" / "samples" / "ada"
    (home / "somebody" / "data").mkdir(parents=True)
    for path in folder.rglob("tweets*.js"):
        (home / "somebody" / "data" / path.name).write_bytes(path.read_bytes())
    told, result = init_and_run(kleos_command, home / "somebody", SAMPLES[-1])
    check(told, result)
    assert [person["id"] for person in told["people"] if person["accounts"] == {}] == ["somebody"]


def test_a_table_runs_without_an_edit(kleos_command: Kleos, home: Path) -> None:
    rows = [f"ada,fan{number},like,2026-0{number}-01" for number in range(1, 7)]
    (home / "reactions.csv").write_text(
        "\n".join(["network,subject,actor,kind,time", *(f"twitter,{row}" for row in rows)]), encoding="utf-8"
    )
    told, result = init_and_run(kleos_command, home / "reactions.csv")
    assert told["sources"][0]["reactions"] == {"twitter.like": 6}
    assert [person["coverage"]["imported"] for person in result["people"]] == [6]


def test_what_is_broken_beside_what_is_not_is_a_fault(kleos_command: Kleos, home: Path) -> None:
    (home / "broken.zip").write_bytes(b"PK\x03\x04")
    done = kleos_command("init", "--from", str(SAMPLES[0]), "broken.zip")
    assert done.code == 1
    assert (home / "kleos.toml").exists()
    assert "broken.zip\n" in done.out


# What is shown


@pytest.fixture
def understood() -> Any:
    """Return an export in parts, one that does not say whose it is, a bulk file with flaws, and what is of no use."""
    from kleos.setup.census import Counted
    from kleos.setup.looking import Guess, Recognised, Unrecognised
    from kleos.setup.survey import Survey
    from kleos.setup.understanding import Entry, Understood

    def survey(reactions: dict[str, int], first: str, last: str, *faults: Fault) -> Survey:
        oldest, newest = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last))
        counted = Counted(
            reactions={("twitter", kind): count for kind, count in reactions.items()}, oldest=oldest, newest=newest, subjects=()
        )
        return Survey(counted=counted, rows=sum(reactions.values()), pages=1, complete=True, faults=faults)

    flaw = Fault(
        plugin="twitter", distribution="kleos-twitter", version="1", stage="parse", where="tweets.jsonl:7", error="no JSON", count=3
    )
    ada = Owner(ids=["1"], handles=["ada"], names=["Ada Lovelace"])
    return Understood(
        entries=(
            Entry(
                found=Recognised(
                    paths=(Path("ada-1.zip"), Path("ada-2.zip")), network="twitter", source="archive", sure=1.0, owned=True, owner=ada
                ),
                survey=survey({"like": 1481, "retweet": 108}, "2025-10-07", "2026-03-06"),
                person="ada",
            ),
            Entry(
                found=Recognised(
                    paths=(Path("old takeout"),),
                    network="googleplus",
                    source="takeout",
                    sure=0.93,
                    owned=True,
                    others=(Guess("twitter", "archive", 0.9),),
                ),
                survey=survey({"plusone": 1}, "2018-01-01", "2018-01-01"),
                person="old-takeout",
                outdated=True,
            ),
            Entry(
                found=Recognised(paths=(Path("tweets.jsonl"),), network="twitter", source="bulk", sure=0.9, owned=False),
                survey=survey({"reply": 40}, "2026-02-01", "2026-03-01", flaw),
            ),
        ),
        unknown=(Unrecognised(path=Path("notes.txt"), reason="no installed network knows it", hint="installed are Google+, Twitter / X"),),
        people=(
            Person(id="ada", name="Ada Lovelace", accounts={"twitter": ("ada", "1"), "googleplus": ("+Ada",)}),
            Person(id="old-takeout", name="old takeout", accounts={}),
            Person(id="bob", name="Bob \x1b[31m", accounts={"twitter": ("bob",)}),
        ),
        bystanders=("bob",),
        joined=("Ada Lovelace of twitter and googleplus is taken for one person, ada",),
        as_of=datetime(2026, 3, 6, 13, 15, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def installed() -> Loaded:
    return load(networks=None, metrics=())


@pytest.mark.parametrize("width", [80, 120])
def test_what_it_shows_is_as_wide_as_the_terminal(
    width: int, understood: Any, installed: Loaded, capsys: pytest.CaptureFixture[str], snapshot: Kleos
) -> None:
    console = make_console(sys.stdout, width=width)
    for part in recognised_report(understood, installed, Path("kleos.toml"), width=width):
        console.print(part)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= width
    snapshot(f"init-{width}", shown)


def test_json_says_the_same(kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("init", "--json", "--from", str(SAMPLES[-1])).out)
    assert set(told) == {"config", "as_of", "sources", "people", "not_recognised", "notes", "faults"}
    assert told["config"] == "kleos.toml"
    (source,) = told["sources"]
    assert {"paths", "network", "source", "sure", "owner", "person", "reactions", "oldest", "newest"} <= set(source)
    assert set(told["people"][0]) == {"id", "name", "accounts", "owner"}
