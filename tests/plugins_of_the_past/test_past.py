"""A plugin of every released contract loads, keeps its contract, and is collected, scored and explained: for ever."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kleos.cli import main
from kleos.contract import CONTRACT_VERSION
from kleos.testing import check_plugin

HERE = Path(__file__).parent
RELEASED = range(1, CONTRACT_VERSION + 1)


@pytest.fixture(params=RELEASED, ids=lambda version: f"contract {version}")
def version(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Install the plugin of a version, and stand in its folder."""
    folder = tmp_path / "site"
    shutil.copytree(HERE / f"contract_{request.param}", folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv(f"PAST_{request.param}_TOKEN", "a-token-of-the-past")
    importlib.invalidate_caches()
    yield request.param
    sys.modules.pop(f"kleos_past_{request.param}", None)


def test_it_keeps_the_contract_as_today_checks_it(version: int) -> None:
    verdicts = check_plugin(f"past_{version}", {"archive": [Path("samples/export")]})
    verdicts += check_plugin(f"kleos-past-{version}")
    broken = [f"{verdict.check.name}: {verdict.message}" for verdict in verdicts if verdict.outcome == "broken"]
    assert not broken, "\n".join(broken)


def test_it_is_collected_and_scored(version: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["faults"] == []
    (person,) = result["people"]
    assert 1 < person["score"] < 100
    # Bob, Cleo, Dave and Eve by name; five hearts on one notice, one of them Bob's, and two on the other.
    assert person["networks"][f"past_{version}"]["interactions"] == 4 + 4 + 2
    for metric in (f"past_{version}_reach", f"past_{version}_root"):
        assert person["metrics"][metric]["points"] > 0


def test_what_was_collected_is_not_collected_again(version: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--json", "--quiet"]) == 0
    first = json.loads(capsys.readouterr().out)["people"][0]["coverage"]
    assert main(["run", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["people"][0]["coverage"] == first


def test_it_is_recognised_listed_and_explained(version: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--from", "samples/export", "--json", "found.toml"]) == 0
    assert f"past_{version}" in Path("found.toml").read_text(encoding="utf-8")
    for verb in ("networks", "metrics", "factors", "plugins"):
        capsys.readouterr()
        assert main([verb, "--json"]) == 0
        assert f"past_{version}" in capsys.readouterr().out
    assert main(["run", "--quiet"]) == 0
    assert main(["explain", "ada", "--json"]) == 0


def test_every_version_of_the_contract_has_its_plugin() -> None:
    folders = {path.name for path in HERE.glob("contract_*")}
    assert folders == {f"contract_{version}" for version in RELEASED}
