"""Start-up does not grow with what is installed: counted in modules, with two plugins and with twenty."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kleos.plugins import installed

PROGRAM = """
import json, sys
from kleos.cli import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""
CONFIG = """
[people.ada]
accounts = { net0 = "ada" }

[networks.net0]
interactions = "rows.csv"
"""
FEW, MANY = 2, 20

WEIGHED = {entry.name for entry in installed() if entry.distribution == "kleos-metrics"}


def site(folder: Path, count: int) -> Path:
    """Install networks net0, net1, … in a folder, each a distribution of its own; every other one brings a metric along."""
    for number in range(count):
        folder.mkdir(exist_ok=True)
        (folder / f"kleos_net{number}.py").write_text(
            "from kleos.contract import Kind, Metric, Network, Role, Term\n"
            "from kleos.hookspecs import hookimpl\n"
            "@hookimpl\ndef kleos_networks():\n"
            f"    return (Network(name='net{number}', title='Net', kinds={{'like': Kind(role=Role.LIKE, title='like')}}, sources=()),)\n"
        )
        (folder / f"kleos_meter{number}.py").write_text("raise RuntimeError('nobody asked for it')\n")
        info = folder / f"kleos_net{number}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.3\nName: kleos-net{number}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[kleos.networks]\nnet{number} = kleos_net{number}\n[kleos.metrics]\nmeter{number} = kleos_meter{number}\n"
        )
    return folder


def modules(folder: Path, plugins: Path, *argv: str) -> set[str]:
    """Run a command in a Python of its own, and return what it imported."""
    environment = {name: value for name, value in os.environ.items() if name != "KLEOS_PLUGINS"}
    environment |= {"PYTHONPATH": str(plugins), "XDG_DATA_HOME": str(folder / f"data-{plugins.name}"), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv], cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    code, imported = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(imported)


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["run", "--help"], ["plugins", "--help"]])
def test_help_imports_the_same_whatever_is_installed(tmp_path: Path, argv: list[str]) -> None:
    few, many = (modules(tmp_path, site(tmp_path / str(count), count), *argv) for count in (FEW, MANY))
    assert few == many
    assert not {name for name in few if name.startswith(("kleos_net", "kleos_meter"))}


@pytest.mark.skipif(not WEIGHED, reason="needs kleos-metrics: without a metric nothing is scored")
def test_a_run_imports_the_plugins_that_its_configuration_names_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("subject,kind,actor,time\nada,like,bob,2026-03-01\nada,like,eve,2026-03-02\n")
    (tmp_path / "kleos.toml").write_text(CONFIG)
    few, many = (modules(tmp_path, site(tmp_path / str(count), count), "run", "--json", "--quiet") for count in (FEW, MANY))
    assert few == many
    assert {name for name in few if name.startswith(("kleos_net", "kleos_meter"))} == {"kleos_net0"}

    (tmp_path / "kleos.toml").write_text(CONFIG.replace('"rows.csv"', '"rows.csv"\n[networks.net7]\ninteractions = "rows.csv"'))
    more = modules(tmp_path, tmp_path / str(MANY), "run", "--json", "--quiet")
    assert more - many == {"kleos_net7"}
