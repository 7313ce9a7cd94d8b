"""``kleos evaluate``: what it prints, what it draws, and how it exits."""

from __future__ import annotations

import csv
import io
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.evaluation import evaluation_report
from kleos.cli.render.evaluation.figures import share, times
from kleos.cli.render.evaluation.json import evaluation_json
from kleos.cli.terminal import make_console
from kleos.events import Fault
from kleos.insight.evaluating.asking import Evaluation
from kleos.insight.evaluating.calibration import LEVELS, Calibrated
from kleos.insight.evaluating.ceiling import Ceiling
from kleos.insight.evaluating.cuts import Cut
from kleos.insight.evaluating.pairs import FITTED, Ahead, Judged, PairsResult
from kleos.insight.evaluating.spread import Measured, SpreadResult, Window
from kleos.scoring.result import ModelId

Kleos = Callable[..., Any]
DAY = 86_400_000_000
START = 1_700_000_000
NOTHING = float("nan")
MODEL = ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5)


def measured(name: str, *values: float) -> Measured:
    return Measured(
        name=name, ndcg=values[0], spearman_frequent=values[1], kendall_frequent=values[2], spearman=values[3], kendall=values[4]
    )


def window(**changes: Any) -> Window:
    plain: dict[str, Any] = {
        "cut": Cut(at=1_341_273_600_000_000, horizon=DAY),
        "window": 3 * DAY,
        "candidates": 6_858,
        "frequent": 1_215,
        "lasting": 2_906,
        "before": 52_979,
        "after": 352_519,
        "to_others": 189_385,
        "ours": measured("kleos", 0.848, 0.555, 0.407, 0.393, 0.3),
        "baselines": [
            measured("distinct actors", 0.801, 0.5, 0.37, 0.425, 0.367),
            measured("decayed actors, window/16", 0.854, 0.48, 0.345, 0.31, 0.234),
            measured("random", 0.108, 0.003, -0.0004, -0.024, -0.018),
        ],
    }
    return Window(**plain | changes)


def judged(name: str, auc: float, accuracy: float, folds: float = NOTHING, deviation: float = NOTHING) -> Judged:
    return Judged(name=name, auc=auc, accuracy=accuracy, fold_auc=folds, fold_deviation=deviation)


PAIRS = PairsResult(
    ahead=[Ahead("kleos", "log posts", 0.1401, 0.0312, 15), Ahead(FITTED, "log posts", 0.1412, 0.0298, 14)],
    source="pairs.csv",
    model=MODEL,
    pairs=1_580,
    accounts=409,
    unusable=3,
    metrics={"mentions": ("mentions_received",), "engaged_reach": ("mentions_received", "retweets_received")},
    ours=judged("kleos", 0.823, 0.741, 0.801, 0.038),
    baselines=[judged("log posts", 0.677, 0.629, 0.661, 0.054), judged("log mentions_received", 0.827, 0.742, 0.803, 0.036)],
    fitted=judged(FITTED, NOTHING, 0.727, 0.802, 0.038),
    ceiling=Ceiling(repeated=109, compared=117, agreement=0.8034, low=0.736, high=0.857, accuracy=0.889, auc=0.9497),
    folds=15,
    seed=0,
)
CALIBRATED = Calibrated(
    network="twitter",
    known=True,
    reference="accounts of somewhere",
    members=6_278,
    mean=39.95,
    promised_mean=40.0,
    top=63.31,
    promised_top=63.0,
    quantiles=[100 * level for level in LEVELS],
    promised=[100 * level + 0.26 for level in LEVELS],
    distance=0.0123,
)
WHOLE = Evaluation(
    model=MODEL,
    source="events.csv",
    spread=SpreadResult(model=MODEL, windows=[window()], untimed=17, seed=0),
    pairs=PAIRS,
    calibration=[CALIBRATED],
)
EMPTY = Evaluation(
    model=MODEL,
    source="events.csv",
    spread=SpreadResult(
        model=MODEL,
        windows=[
            window(
                candidates=1,
                frequent=0,
                lasting=0,
                before=1,
                after=0,
                to_others=0,
                ours=measured("kleos", *[NOTHING] * 5),
                baselines=[measured("random", *[NOTHING] * 5)],
            )
        ],
        untimed=0,
        seed=0,
    ),
    pairs=evolve(
        PAIRS,
        metrics={},
        unusable=0,
        fitted=None,
        folds=0,
        ahead=(),
        ours=judged("kleos", 1.0, 1.0),
        ceiling=Ceiling(repeated=0, compared=0, agreement=NOTHING, low=NOTHING, high=NOTHING, accuracy=NOTHING, auc=NOTHING),
    ),
    calibration=[evolve(CALIBRATED, members=0, mean=NOTHING, top=NOTHING, quantiles=[NOTHING] * len(LEVELS), distance=NOTHING)],
)


def printed(evaluation: Evaluation, width: int, faults: Sequence[Fault] = (), *, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = make_console(stream, width=width, force_terminal=terminal)
    following = [Step("kleos model show", "the weights and curves that were measured")]
    for part in evaluation_report(evaluation, faults, pictures=[Path("evaluation.png")], width=width, following=following):
        console.print(part)
    return stream.getvalue()


@pytest.fixture
def population(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with a population of 60 accounts over ten days; the working folder is its own."""
    monkeypatch.chdir(tmp_path)
    dice = random.Random(7)
    with Path("events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["subject", "actor", "kind", "time"])
        for subject in dice.choices(range(60), [1 / (1 + place) for place in range(60)], k=1_500):
            table.writerow([f"a{subject}", f"b{dice.randrange(300)}", "retweet", START + dice.randrange(864_000)])
    config = Path("kleos.toml")
    config.write_text('[population]\ninteractions = "events.csv"\nnetwork = "twitter"\n')
    return config


def write_pairs(name: str, names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    with Path(name).open("w", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    return name


FEATURES: list[list[object]] = [[1, 9, 3], [0, 2, 7], [1, 5, 1], [0, 1, 2], [1, 4, 4.5]]


@pytest.mark.parametrize("width", [80, 120])
def test_all_three_answers_in_a_terminal(width: int, fault: Fault, snapshot: Kleos) -> None:
    text = printed(WHOLE, width, [fault])
    snapshot(f"evaluate-{width}", text)
    assert max(map(cell_len, text.splitlines())) <= width
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_where_there_is_nothing_to_measure_it_is_said(snapshot: Kleos) -> None:
    snapshot("evaluate-nothing-80", printed(EMPTY, 80))


def test_colours_are_for_terminals() -> None:
    assert "\x1b[" in printed(WHOLE, 80, terminal=True)
    assert "\x1b[" not in printed(WHOLE, 80)


def test_numbers_between_minus_one_and_one_are_told_without_their_zero() -> None:
    assert [share(value) for value in (0.5, -0.0214, -0.0001, 1.0, -1.0, NOTHING)] == [".500", "−.021", ".000", "1.000", "−1.000", "·"]
    assert [times(value) for value in (1.084, 0.9, NOTHING)] == ["1.08 ×", "0.90 ×", "·"]


def test_json_has_every_number_and_null_for_what_could_not_be_measured(fault: Fault) -> None:
    found = json.loads(json.dumps(evaluation_json(WHOLE, [fault]), allow_nan=False))
    assert set(found) == {"schema", "model", "data", "spread", "pairs", "calibration", "faults"}
    (one,) = found["spread"]["windows"]
    assert (one["name"], one["cut"]) == ("3 days to 2012-07-03 00:00 UTC, next 1 day", "2012-07-03T00:00:00Z")
    assert one["best"]["ndcg"] == {"baseline": "decayed actors, window/16", "times": pytest.approx(0.848 / 0.854)}
    assert found["pairs"]["fitted"]["auc"] is None
    assert found["calibration"][0]["kept"] is True
    nothing = json.loads(json.dumps(evaluation_json(EMPTY, []), allow_nan=False))
    assert nothing["spread"]["windows"][0]["kleos"]["ndcg"] is None
    assert nothing["calibration"][0]["quantiles"] == [None] * len(LEVELS)


def test_a_population_is_measured_in_one_command(population: Path, kleos_command: Kleos) -> None:
    done = kleos_command("evaluate", "--cut", "6d", "--cut", "80%", "--next", "2d")
    assert done.code == 0
    titles = [line.strip() for line in done.out.splitlines() if " UTC, next 2 days" in line]
    assert [title.partition(" to ")[0] for title in titles] == ["6 days", "8 days"]
    assert "calibration  Does a score on twitter mean what it promises?" in done.out
    assert done.out.rstrip().splitlines()[-1].startswith("next: kleos model show")
    again = kleos_command("evaluate", "--cut", "6d", "--cut", "80%", "--next", "2d", "--json", "--quiet")
    assert again.err == ""
    assert [one["next"] for one in json.loads(again.out)["spread"]["windows"]] == [172_800.0, 172_800.0]


def test_where_the_promise_does_not_hold_it_is_said_how_to_mend_that(
    population: Path, kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kleos.insight.evaluating import asking

    Path("other.toml").write_text(population.read_text())
    for members, following in ((6_278, "next: kleos model calibrate other.toml --out model.toml"), (60, "next: kleos model show")):
        answer = evolve(WHOLE, calibration=[evolve(CALIBRATED, mean=44.0, members=members)])
        monkeypatch.setattr(asking, "evaluate_config", lambda *words, answer=answer, **named: answer)
        done = kleos_command("evaluate", "other.toml")
        assert "The promise does not hold here." in " ".join(done.out.split())
        assert ("So few accounts tell little." in " ".join(done.out.split())) == (members < 200)
        assert done.out.rstrip().splitlines()[-1].startswith(following)


def test_a_horizon_beyond_the_data_is_told(population: Path, kleos_command: Kleos) -> None:
    done = kleos_command("evaluate", "--only", "spread", "--cut", "8d", "--next", "4d")
    assert done.code == 0
    assert "the data hold only 2 days" in " ".join(done.err.split())
    assert "the data hold only" not in kleos_command("evaluate", "--only", "spread").err


def test_one_question_alone_is_answered_alone(population: Path, kleos_command: Kleos) -> None:
    found = json.loads(kleos_command("evaluate", "--only", "calibration", "--json", "--quiet").out)
    assert found["spread"] is None
    assert found["pairs"] is None
    assert len(found["calibration"]) == 1


def test_accounts_of_a_population_are_judged_by_name_with_and_without_the_network(population: Path, kleos_command: Kleos) -> None:
    rows: list[list[object]] = [["a0", "twitter:a40", 1], ["a50", "a1", "b"], ["a0", "nobody", 1]]
    file = write_pairs("pairs.csv", ["a", "b", "choice"], rows)
    found = json.loads(kleos_command("evaluate", "--only", "pairs", "--pairs", file, "--json", "--quiet").out)["pairs"]
    assert (found["pairs"], found["unusable"], found["kleos"]["accuracy"], found["kleos"]["auc"]) == (2, 1, 1.0, 1.0)
    assert [one["name"] for one in found["baselines"]][:2] == ["reactions", "distinct actors"]


def test_features_need_no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos) -> None:
    monkeypatch.chdir(tmp_path)
    file = write_pairs("pairs.csv", ["Choice", "A_likes", "B_likes"], FEATURES)
    done = kleos_command("evaluate", "--pairs", file, "--feature", "applause=likes")
    assert done.code == 0
    assert "5 pairs of 8 accounts, from pairs.csv. Scored by applause = likes alone." in done.out
    assert "spread" not in done.out
    accounts = write_pairs("accounts.csv", ["a", "b", "choice"], [["ada", "bob", 1]])
    assert "there is no such configuration file" in kleos_command("evaluate", "--pairs", accounts).err


def test_people_of_a_configuration_are_judged_by_what_was_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kleos_command: Kleos
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [
        f"{subject},x{number},like,{START + number}" for subject, size in (("ada", 9), ("bob", 3), ("eve", 1)) for number in range(size)
    ]
    Path("events.csv").write_text("\n".join(["subject,actor,kind,time", *lines]))
    people = "".join(f'[people.{name}]\naccounts = {{ twitter = "{name}" }}\n' for name in ("ada", "bob", "eve"))
    Path("kleos.toml").write_text(f'[run]\nstore = "store"\n{people}[networks.twitter]\ninteractions = "events.csv"\n')
    assert kleos_command("collect", "--quiet").code == 0
    file = write_pairs("pairs.csv", ["a", "b", "choice"], [["ada", "bob", 1], ["eve", "twitter:bob", 0]])
    found = json.loads(kleos_command("evaluate", "--pairs", file, "--json", "--quiet").out)["pairs"]
    assert (found["pairs"], found["kleos"]["accuracy"]) == (2, 1.0)
    assert {one["name"]: one["accuracy"] for one in found["baselines"]}["reactions"] == 1.0


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["--feature", "applause=likes"], 2, "there is no table of pairs"),
        (["--only", "pairs"], 2, "there is no table of pairs"),
        (["--only", "calibration", "--cut", "3d"], 2, "cuts are for the question of spread"),
        (["--only", "fame"], 2, "--only"),
        (["--cut", "2001-01-01"], 2, "expected a cut with reactions before and after it"),
        (["--pairs", "missing.csv"], 2, "cannot be read as a table"),
        (["--pairs", "features.csv"], 2, "it is not said what the columns of features.csv count"),
        (["--pairs", "accounts.csv", "--feature", "applause=likes"], 2, "names accounts, and has no columns"),
        (["--pairs", "accounts.csv"], 4, "no pair of accounts.csv has both of its accounts in the population"),
        (["--png", "nowhere/evaluation.png"], 2, "there is no folder for the picture"),
        (["nowhere.toml"], 2, "there is no such configuration file"),
    ],
)
def test_what_cannot_be_answered_is_told_with_what_to_do(
    population: Path, kleos_command: Kleos, argv: list[str], code: int, told: str
) -> None:
    write_pairs("features.csv", ["choice", "A_likes", "B_likes"], FEATURES)
    write_pairs("accounts.csv", ["a", "b", "choice"], [["nobody", "none", 1]])
    done = kleos_command("evaluate", *argv)
    assert (done.code, done.out) == (code, "")
    assert told in " ".join(done.err.split())


def test_without_a_population_it_is_told_what_to_add(config: Path, kleos_command: Kleos) -> None:
    done = kleos_command("evaluate")
    assert done.code == 2
    assert "measured on a population, and there is none" in done.err
    assert "[population]" in done.err


def test_what_is_missing_is_told_with_what_to_install(population: Path, kleos_command: Kleos, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name == "sklearn" or name.startswith("sklearn.")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    done = kleos_command("evaluate", "--only", "spread")
    assert done.code == 2
    assert "measuring a model needs sklearn" in done.err
    assert "pip install 'kleos[fit]'" in done.err


def test_a_picture_has_every_name_and_every_answer(tmp_path: Path) -> None:
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    from kleos.report.evaluation import draw_evaluation

    png, svg = tmp_path / "evaluation.png", tmp_path / "evaluation.svg"
    draw_evaluation(WHOLE, png=png, svg=svg)
    assert png.read_bytes().startswith(b"\x89PNG")
    text = svg.read_text(encoding="utf-8")
    for told in ("kleos 1.0.0", "decayed actors, window/16", "0.854", "log mentions_received", "ceiling", "promised score, twitter"):
        assert told in text
    draw_evaluation(evolve(EMPTY, spread=None, pairs=None), png=png)
    draw_evaluation(EMPTY, svg=svg)
    assert "NaN" not in svg.read_text(encoding="utf-8")
