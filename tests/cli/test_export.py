"""``kleos export``: what it writes and says, and how it exits."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.cli.following import Step
from kleos.cli.render.export import exported_report, size_text
from kleos.cli.terminal import make_console
from kleos.insight.exporting.export import Exported
from kleos.plugins import installed

Kleos = Callable[..., Any]
NEEDED = {("network", "twitter"), ("metric", "engaged_reach")}
needs_plugins = pytest.mark.skipif(
    bool(NEEDED - {(entry.kind, entry.name) for entry in installed()}), reason="kleos-twitter and kleos-metrics are not installed"
)


@pytest.mark.parametrize("width", [80, 120])
def test_a_line_for_each_file(width: int, snapshot: Kleos, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {"people.csv": (3, 115), "contributions.csv": (23_620_199, 2_559_730_000), "graph.gexf": (253, 89_070)}
    files = [Exported(path=Path("out") / name, rows=rows, bytes=size) for name, (rows, size) in sizes.items()]
    console = make_console(None, width=width)
    for part in exported_report(Path("out"), files, width=width, following=[Step("kleos metrics", "what the metrics mean")]):
        console.print(part)
    snapshot(f"export-{width}", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (99_449, "99.4 kB"), (99_951, "100 kB"), (1_234_567_890_123, "1.2 TB")]
)
def test_sizes_as_people_read_them(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos) -> Path:
    """Return a folder in which two people were scored, who react to each other, too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KLEOS_PLUGINS", "kleos-twitter,kleos-metrics")
    rows = [f"ada,user{k % 7},{('like', 'retweet', 'reply')[k % 3]},{100 + k % 5},2026-03-{k % 28 + 1:02}T10:00:00Z," for k in range(30)]
    rows += ["bob,ada,reply,7,2026-03-02T10:00:00Z,", "ada,bob,mention,,2026-03-03T10:00:00Z,", "ada,,like,100,,5"]
    (tmp_path / "ada.csv").write_text("\n".join(["subject,actor,kind,item,time,count", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "kleos.toml").write_text(
        '[run]\nstore = "store"\n[people.ada]\nname = "Ada"\naccounts = { twitter = "ada" }\n[people.bob]\naccounts = { twitter = "bob" }\n'
        '[networks.twitter]\ninteractions = "ada.csv"\n',
        encoding="utf-8",
    )
    ran = kleos_command("run", "--json")
    assert ran.code == 0, ran.err
    return tmp_path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_plugins
def test_the_whole_program_exports_what_it_has_scored(scored: Path, kleos_command: Kleos) -> None:
    done = kleos_command("export", "--graph", "gexf", "--graph", "graphml")
    assert (done.code, done.err) == (0, "")
    assert "9 files in kleos-export" in done.out
    assert done.out.splitlines()[-1].startswith("next: kleos metrics")
    folder = scored / "kleos-export"
    (ada, bob) = table(folder / "people.csv")
    (recorded, _) = table(folder / "scores.csv")
    assert (ada["person"], ada["name"], ada["score"], bob["person"]) == ("ada", "Ada", recorded["score"], "bob")
    for name in ("networks", "metrics", "contributions"):
        points = [float(row["points"]) for row in table(folder / f"{name}.csv") if row["person"] == "ada"]
        assert math.fsum(points) == pytest.approx(float(ada["score"]) - 1, abs=1e-9), name
    factors = {row["factor"]: float(row["value"]) for row in table(folder / "factors.csv") if row["person"] == "ada"}
    assert factors["twitter.like.acts"] == 10 + 5
    graph = (folder / "graph.gexf").read_text(encoding="utf-8")
    assert 'source="person:bob" target="person:ada"' in graph
    assert 'source="person:ada" target="person:bob"' in graph
    assert "user0" not in "".join(path.read_text(encoding="utf-8") for path in folder.iterdir()), "outsiders are pseudonyms"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in folder.iterdir()} - {"datapackage.json"}
    assert package["sources"] == [{"title": "Twitter / X: interactions"}]
    assert package["kleos"]["model"]["digest"] == recorded["digest"]


@needs_plugins
def test_parts_and_formats_can_be_chosen_and_nothing_is_overwritten_unasked(scored: Path, kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("export", "--only", "scores", "--only", "metrics", "--format", "parquet", "--out", "o", "--json").out)
    assert [file["file"] for file in told["files"]] == ["scores.parquet", "metrics.parquet", "datapackage.json"]
    assert {path.name: path.stat().st_size for path in (scored / "o").iterdir()} == {file["file"]: file["bytes"] for file in told["files"]}
    before = (scored / "o" / "scores.parquet").read_bytes()
    again = kleos_command("export", "--only", "scores", "--format", "parquet", "--out", "o")
    assert (again.code, again.out) == (2, "")
    assert "o: there is already scores.parquet, datapackage.json\nhint: --force replaces these files" in again.err
    assert (scored / "o" / "scores.parquet").read_bytes() == before
    assert kleos_command("export", "--only", "scores", "--format", "parquet", "--out", "o", "--force").code == 0
    assert (scored / "o" / "metrics.parquet").exists()


@needs_plugins
def test_days_without_scores_are_told(scored: Path, kleos_command: Kleos) -> None:
    done = kleos_command("export", "--since", "2027-01-01")
    assert done.code == 2
    assert done.err.endswith("no score is recorded from 2027-01-01 to the end\nhint: `kleos run` records one for everybody\n")
    assert not (scored / "kleos-export").exists()


def test_before_the_first_run_it_says_what_to_run(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    done = kleos_command("export", "--since", "yesterday")
    assert (done.code, done.err) == (2, "error: --since: expected a date, found 'yesterday'\nhint: write it like 2026-03-31\n")
    config.with_name("all.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    config.write_text('[population]\ninteractions = "all.csv"\n', encoding="utf-8")
    done = kleos_command("export")
    assert (done.code, done.err) == (
        2,
        "error: kleos.toml: the configuration has no [people]\nhint: the table of a [population] is its `out`\n",
    )
