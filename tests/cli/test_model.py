"""``kleos model``: what is shown can be read again, and a calibrated model keeps its promise."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from kleos.cli import main
from kleos.scoring.model import load_model


@pytest.fixture
def population(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A population of 2,000 accounts with a heavy tail, and a configuration for it."""
    monkeypatch.chdir(tmp_path)
    dice = random.Random(7)
    with (tmp_path / "events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["to", "from", "verb", "at"])
        for account in range(2_000):
            for _ in range(min(int(dice.paretovariate(0.9) * 6), 800)):
                table.writerow(
                    [f"a{account}", f"x{dice.randrange(20_000)}", dice.choice(["RT", "MT"]), 1_700_000_000 + dice.randrange(300_000)]
                )
    config = tmp_path / "kleos.toml"
    config.write_text(
        '[population]\ninteractions = "events.csv"\nnetwork = "twitter"\nkinds = { RT = "retweet", MT = "mention" }\n'
        'columns = { subject = "to", actor = "from", kind = "verb", time = "at" }\n'
    )
    return config


def test_the_model_that_is_shown_is_the_model_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "show"]) == 0
    (tmp_path / "model.toml").write_text(capsys.readouterr().out)
    assert load_model(tmp_path / "model.toml") == load_model()


def test_a_calibrated_model_has_its_mean_at_40_and_its_top_at_63(population: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "calibrate", "--out", "model.toml", "--name", "ours", "--quiet"]) == 0
    population.write_text(f'[run]\nmodel = "model.toml"\n{population.read_text()}')
    capsys.readouterr()
    assert main(["run", "--json", "--quiet"]) == 0
    summary = json.loads(capsys.readouterr().out)["population"]
    assert summary["reference"]["mean"] == pytest.approx(40, abs=0.5)
    assert summary["reference"]["top_5_percent"] == pytest.approx(63, abs=0.5)


def test_a_model_is_never_overwritten(population: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("model.toml").write_text("mine")
    assert main(["model", "calibrate", "--out", "model.toml", "--quiet"]) == 2
    assert Path("model.toml").read_text() == "mine"
    assert "name another file" in capsys.readouterr().err
