"""``kleos model``: what is shown can be read again, a calibrated model keeps its promise, a fitted one is told, two are compared."""

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
    """A population of 1,500 accounts with a heavy tail, and a configuration for it."""
    monkeypatch.chdir(tmp_path)
    dice = random.Random(7)
    with (tmp_path / "events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["to", "from", "verb", "at"])
        for account in range(1_500):
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


def test_a_model_made_by_hand_that_lets_clicks_beat_people_is_shown_with_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "show"]) == 0
    shipped = capsys.readouterr()
    assert not shipped.err
    weight = f"weight = {load_model().metrics['returning_audience'].weight:g}"
    heavy = shipped.out.replace(f"[metrics.returning_audience]\n{weight}", "[metrics.returning_audience]\nweight = 9")
    (tmp_path / "heavy.toml").write_text(heavy)
    assert main(["model", "show", str(tmp_path / "heavy.toml")]) == 0
    told = capsys.readouterr()
    assert "note: with this weight of returning_audience, one person who comes back counts for more than a second person" in told.err
    assert "note:" not in told.out
    reach = f"[metrics.engaged_reach]\nweight = {load_model().metrics['engaged_reach'].weight:g}"
    (tmp_path / "light.toml").write_text(shipped.out.replace(reach, "[metrics.engaged_reach]\nweight = 0"))
    assert main(["model", "show", str(tmp_path / "light.toml")]) == 0
    assert "note: less than 1% of all weight is on how many people react" in capsys.readouterr().err


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


def test_calibrated_curves_can_be_lent_to_networks_that_the_model_does_not_know(
    population: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", "calibrate", "--out", "model.toml", "--others", "twitter", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    model = load_model(Path("model.toml"))
    assert model.networks["*"].odds == model.networks["twitter"].odds
    assert set(told["networks"]) == set(told["rho"]) == {"twitter", "*"}


def test_curves_of_a_network_that_is_not_there_cannot_be_lent(population: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "calibrate", "--out", "model.toml", "--others", "youtube", "--quiet"]) == 2
    assert "the population has no network 'youtube'" in capsys.readouterr().err


def test_people_on_several_networks_tell_how_these_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    dice = random.Random(3)
    with Path("events.csv").open("w", newline="") as file, Path("accounts.csv").open("w", newline="") as accounts:
        table, people = csv.writer(file), csv.writer(accounts)
        table.writerow(["network", "subject", "actor", "kind", "time"])
        people.writerow(["network", "account", "person"])
        for account in range(700):
            fame = dice.lognormvariate(2.3, 0.7)
            # Only those who are well known on Twitter are on YouTube, with the same people: its middle is worth more.
            for network, kind in (("twitter", "retweet"), ("youtube", "comment")):
                if network == "twitter" or fame > 9:
                    people.writerow([network, f"a{account}", f"p{account}"])
                    for number in range(int(fame) + 5):
                        table.writerow([network, f"a{account}", f"{account}-{number}", kind, 1_700_000_000 + dice.randrange(300_000)])
    Path("kleos.toml").write_text('[population]\ninteractions = "events.csv"\naccounts = "accounts.csv"\n')
    assert main(["model", "calibrate", "--out", "model.toml", "--quiet"]) == 0
    networks = load_model(Path("model.toml")).networks
    assert networks["twitter"].rho == 1.0
    assert networks["youtube"].rho > 2.0


def test_a_fitted_model_is_written_and_told(population: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("scipy", reason="fitting needs SciPy")
    words = ["--cut", "75%", "--penalty", "0.01", "--at-most", "momentum=12%", "--at-least", "applause=5%", "--quiet"]
    assert main(["model", "fit", "--out", "fitted.toml", "--name", "ours", "--version", "7", *words]) == 0
    out = capsys.readouterr().out
    assert "learnt from" in out
    assert "next: kleos model calibrate" in out
    assert "applause             0.305      1   5.0%    3.3%  kept         at least 5%" in out
    model = load_model(Path("fitted.toml"))
    total = sum(one.weight for one in model.metrics.values())
    assert (model.name, model.version) == ("ours", "7")
    assert model.metrics["momentum"].weight <= 0.12 * total + 1e-3
    assert model.metrics["applause"].weight >= 0.05 * total - 1e-3
    assert max(map(len, out.splitlines())) <= 80


def test_a_fit_as_json_has_its_evidence_and_every_weight(population: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("scipy", reason="fitting needs SciPy")
    assert main(["model", "fit", "--out", "fitted.toml", "--cut", "75%", "--penalty", "0.01", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["evidence"][0]["kind"] == "spread"
    assert {"metric", "limit", "share", "by"} == {key for one in told["binding"] for key in one}
    assert told["validated"] == {"spread": None}, "a penalty that is given is not looked for"
    assert sum(one["share"] for one in told["metrics"].values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--feature", "mentions=x"], "there is no table of pairs"),
        (["--only-pairs"], "there is no table of pairs"),
        (["--penalty", "0"], "expected a number above 0"),
        (["--at-most", "momentum"], "expected METRIC=SHARE"),
        (["--at-most", "momentum=150%"], "expected a share from 0 to 1"),
    ],
)
def test_what_cannot_be_fitted_is_told(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "fit", "--out", "never.toml", *words]) == 2
    assert message in capsys.readouterr().err
    assert not Path("never.toml").exists()


@pytest.fixture
def other_model(population: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A model with more weight on consistency, and a faster momentum."""
    assert main(["model", "show"]) == 0
    text = capsys.readouterr().out
    weight = f"weight = {load_model().metrics['consistency'].weight:g}"
    Path("other.toml").write_text(text.replace(f"[metrics.consistency]\n{weight}", "[metrics.consistency]\nweight = 9"))
    return Path("other.toml")


@pytest.mark.parametrize("width", [80, 120])
def test_two_models_are_shown_side_by_side(
    other_model: Path, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("kleos.toml").unlink()
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["model", "diff", "shipped", str(other_model)]) == 0
    out = capsys.readouterr().out
    assert "→ 9" in out
    assert "who moves" not in out.partition("next:")[0]
    assert f"next: kleos model diff shipped {other_model} --config CONFIG" in out
    assert max(map(len, out.splitlines())) <= width


def test_the_moves_of_a_population_are_explained_to_the_last_point(other_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["model", "diff", "shipped", str(other_model), "--top", "3", "--json", "--quiet"]) == 0
    moves = json.loads(capsys.readouterr().out)["moves"]
    assert moves["size"] == 1_500
    assert 1 <= len(moves["people"]) <= 6
    for person in moves["people"]:
        assert sum(person["metrics"].values()) == pytest.approx(person["change"], abs=1e-3)
        assert person["change"] == pytest.approx(person["after"] - person["before"])


def test_the_moves_of_people_are_explained_to_the_last_point(
    other_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("few.csv").write_text(
        "network,subject,actor,kind,time\n" + "".join(f"twitter,ada,a{n},like,{1_700_000_000 + n * 90_000}\n" for n in range(30))
    )
    Path("people.toml").write_text(
        '[run]\nstore = "store"\n[people.ada]\naccounts = { twitter = "ada" }\n[networks.twitter]\ninteractions = "few.csv"\n'
    )
    assert main(["run", "people.toml", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["model", "diff", "shipped", str(other_model), "--config", "people.toml", "--json", "--quiet"]) == 0
    (ada,) = json.loads(capsys.readouterr().out)["moves"]["people"]
    assert ada["change"] != 0
    assert sum(ada["metrics"].values()) == pytest.approx(ada["change"], abs=1e-9)
    assert next(iter(ada["metrics"])) == "consistency"
