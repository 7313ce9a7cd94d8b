"""The example runs as it stands, and shows every key there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kleos.cli import main
from kleos.config import KEYS

ROOT = Path(__file__).parents[2]


def test_the_example_scores_three_people_on_seven_networks_without_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.chdir(ROOT)
    assert main(["run", "config.example.toml", "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["schema"] == 1
    assert result["faults"] == []
    assert len(result["people"]) == 3
    networks = {network for person in result["people"] for network in person["networks"]}
    assert networks == {"facebook", "foursquare", "googleplus", "instagram", "linkedin", "twitter", "youtube"}
    for person in result["people"]:
        assert 1 < person["score"] < 100
        assert sum(part["points"] for part in person["networks"].values()) == pytest.approx(person["score"] - 1, abs=1e-9)
        assert sum(part["points"] for part in person["metrics"].values()) == pytest.approx(person["score"] - 1, abs=1e-9)
        assert len(person["metrics"]) == 12
        coverage = person["coverage"]
        scored = sum(part["interactions"] for part in person["networks"].values())
        assert coverage["imported"] == scored + coverage["outside_window"] + coverage["after_as_of"]


def test_every_key_stands_in_the_example() -> None:
    text = (ROOT / "config.example.toml").read_text()
    for key in KEYS:
        name = key.path.rpartition(".")[2]
        assert re.search(rf"\b{name}\b\s*=", text) or f"{{ {name} =" in text, key.path
