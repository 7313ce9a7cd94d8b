"""The command line starts light: counted in modules, not in milliseconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kleos.store import ScoreRecord, Store

HEAVY = {"numba", "numpy", "duckdb", "llvmlite", "pyarrow", "pluggy", "cattrs", "tomli", "kleos_metrics", "kleos_twitter"}

PROGRAM = """
import json, sys
before = set(sys.modules)
from kleos.cli import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(set(sys.modules) - before)]), file=sys.stderr)
"""


def modules(*argv: str) -> tuple[int, set[str], str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"}
    )
    code, loaded = json.loads(done.stderr.splitlines()[-1])
    return code, set(loaded), done.stdout


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["-h"], [], ["run", "--help"], ["factors", "--help"], ["metrics", "--help"]])
def test_help_and_version_load_no_engine_and_no_plugin(argv: list[str]) -> None:
    code, loaded, _ = modules(*argv)
    assert code == 0
    assert not {name.partition(".")[0] for name in loaded} & HEAVY
    assert not {name for name in loaded if name.startswith("kleos.") and not name.startswith("kleos.cli")} - {
        "kleos.errors",
        "kleos.secrets",
    }
    assert len(loaded) < 260


def test_help_loads_no_verb() -> None:
    _, loaded, _ = modules("--help")
    assert not {name for name in loaded if name.startswith("kleos.cli.verbs")}


def test_a_mistake_loads_no_engine() -> None:
    code, loaded, _ = modules("run", "--nonsense")
    assert code == 2
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


def test_looking_back_loads_no_engine_and_no_arrays(tmp_path: Path) -> None:
    config = tmp_path / "kleos.toml"
    config.write_text('[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "ada" }\n', encoding="utf-8")
    record = ScoreRecord(
        person="ada", score=50.0, lo=None, hi=None, percentile=80.0, model="m", version="1", digest="d", as_of=datetime.now(UTC), window=1
    )
    with Store.open(tmp_path / "store") as store:
        store.record_scores(record.as_of.date(), [record])
    code, loaded, out = modules("history", "ada", str(config))
    assert (code, "50.0" in out) == (0, True)
    assert not {name.partition(".")[0] for name in loaded} & (HEAVY - {"duckdb", "cattrs", "tomli"})


def test_the_version_is_one_line() -> None:
    code, _, out = modules("--version")
    assert (code, out) == (0, "kleos 0.1.0\n")


def test_help_names_every_verb() -> None:
    from kleos.cli.app import VERBS

    _, _, out = modules("--help")
    assert all(f"│ {verb.name} " in out for verb in VERBS)


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "kleos", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == "kleos 0.1.0\n"
