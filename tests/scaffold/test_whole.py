"""An author's first hour: new plugins, built and installed as wheels in a fresh environment, pass everything before a line is edited."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from attrs import frozen

ROOT = Path(__file__).parents[2]
MISSING = [module for module in ("hatchling", "pip") if find_spec(module) is None]

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"wheels cannot be built without {' and '.join(MISSING)}")


@frozen
class Fresh:
    """An environment with nothing of Kleos but what is installed into it; what Kleos depends on is borrowed from that of the tests."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "venv" / "bin" / "python"

    def run(self, *command: str | Path, cwd: Path | None = None, code: int = 0) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_", "COV_", "KLEOS_"))}
        environment |= {
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "XDG_DATA_HOME": str(self.folder / "data"),
            "KLEOS_PLUGINS": "kleos-metrics,kleos-crowd,kleos-stir",
            "NUMBA_DISABLE_JIT": "1",
            "COLUMNS": "100",
        }
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd or self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def kleos(self, *words: str | Path, cwd: Path | None = None, code: int = 0) -> str:
        return self.run(self.python, "-m", "kleos", *words, cwd=cwd, code=code)

    def install(self, project: Path) -> Path:
        """Build a project's wheel, without a network, and install it."""
        wheels = self.folder / "wheels" / project.name
        offline = ("--no-index", "--no-deps", "--disable-pip-version-check", "--quiet")
        self.run(sys.executable, "-m", "pip", "wheel", *offline, "--no-build-isolation", "--wheel-dir", wheels, project)
        (wheel,) = wheels.glob("*.whl")
        self.run(sys.executable, "-m", "pip", "--python", self.python, "install", *offline, wheel)
        return wheel


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    fresh = Fresh(tmp_path_factory.mktemp("fresh"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", fresh.folder / "venv"], check=True)
    site = Path(fresh.run(fresh.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    # A folder named in a .pth file is searched last, and its own .pth files, those of editable installs, are not read.
    (site / "borrowed.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}))
    core = fresh.install(ROOT)
    with zipfile.ZipFile(core) as wheel:
        shipped = {name for name in wheel.namelist() if name.endswith(".template")}
    there = {str(path.relative_to(ROOT / "core")) for path in (ROOT / "core/kleos/scaffold").rglob("*.template")}
    assert shipped == there, "the wheel has every template"
    fresh.install(ROOT / "plugins" / "kleos-metrics")
    return fresh


def test_a_new_network_and_a_new_metric_install_run_are_listed_and_pass_everything(fresh: Fresh) -> None:
    where = fresh.run(fresh.python, "-c", "import kleos; print(kleos.__file__)")
    assert str(fresh.folder) in where, "it is the wheel that is tested"

    for name, kind in (("crowd", "network"), ("stir", "metric")):
        made = json.loads(fresh.kleos("plugins", "new", name, f"--{kind}", "--into", "work", "--json"))
        project = fresh.folder / made["folder"]
        assert sorted(made["files"]) == sorted(str(path.relative_to(project)) for path in project.rglob("*") if path.is_file())
        fresh.install(project)

        listed = {row["name"]: row for row in json.loads(fresh.kleos("plugins", "--json"))}
        assert listed[name]["loads"], listed[name]
        assert (listed[name]["kind"], listed[name]["distribution"], listed[name]["version"]) == (kind, f"kleos-{name}", "0.1.0")

        samples = ("--samples", project / "samples") if kind == "network" else ()
        verdicts = json.loads(fresh.kleos("plugins", "check", name, *samples, "--json"))
        assert {verdict["name"]: verdict["outcome"] for verdict in verdicts} == {verdict["name"]: "kept" for verdict in verdicts}

        fresh.run(fresh.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project)

        result = json.loads(fresh.kleos("run", "--json", cwd=project))
        assert result["faults"] == []
        (person,) = result["people"]
        assert person["score"] > 20
        if kind == "metric":
            assert person["metrics"][name]["points"] > 0

    fresh.kleos("plugins", "new", "crowd", "--network", "--into", "elsewhere", code=2)


@pytest.mark.skipif(find_spec("mypy") is None or find_spec("ruff") is None, reason="needs mypy and ruff")
def test_what_is_made_is_typed_and_tidy(fresh: Fresh) -> None:
    for name, kind in (("night_owl", "network"), ("zest", "metric")):
        made = json.loads(fresh.kleos("plugins", "new", name, f"--{kind}", "--into", "tidy", "--json"))
        project = fresh.folder / made["folder"]
        width = ("--line-length", "140", "--isolated")
        fresh.run(sys.executable, "-m", "ruff", "format", "--check", *width, ".", cwd=project)
        fresh.run(sys.executable, "-m", "ruff", "check", "--select", "E,F,I,B,UP,SIM,N,PT,RET,PIE", *width, ".", cwd=project)
        fresh.run(sys.executable, "-m", "mypy", "--strict", "--python-executable", fresh.python, "src", cwd=project)
