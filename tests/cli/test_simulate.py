"""``kleos simulate``: what it prints, and that a prediction is what an independent run over the changed data gives."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.simulation.json import simulation_json
from kleos.cli.render.simulation.report import simulation_report
from kleos.cli.terminal import make_console
from kleos.insight.explaining.change import FactorChange, MetricChange, NetworkChange
from kleos.insight.explaining.change import Step as Stepped
from kleos.insight.explaining.explanation import Shares
from kleos.insight.simulating.advice import Advice, Advising
from kleos.insight.simulating.simulation import ADDED, TAKEN, Addition, Outlook, Simulation, Taken
from kleos.plugins import installed
from kleos.scoring.result import ModelId

Kleos = Callable[..., Any]
AS_OF = datetime(2026, 3, 31, 18, 20, tzinfo=UTC)
DAY = 86_400_000_000
NEW = [f"new 1 person {k}" for k in range(8)]
WISH = "50 replies by 40 people with 2,000 followers to 5 posts on mastodon over 30 days"


def over(name: str, kind: str, points: float, people: Sequence[str]) -> NetworkChange:
    share = points / len(people)
    numbers = np.arange(len(people))
    shares = Shares(numbers, numbers % 2, np.full(len(people), share))
    factor = FactorChange(
        name=f"{name}.any.actors", kind="any", title="", aggregation="actors", before=3.0, after=9.5, points=points, shares=shares
    )
    metric = MetricChange(
        name="reach",
        title="Engaged reach",
        family="who responds",
        unit="people",
        before=3.0,
        after=43.0,
        points=points,
        computed=False,
        factors=[factor],
    )
    return NetworkChange(
        name=name,
        title=name.capitalize(),
        points=points,
        calibrated=name == "twitter",
        reactions={kind: 50},
        metrics=[metric],
        actors=people,
        items=["1849", "new 1 post 1"],
        item_times={"1849": AS_OF},
    )


SIMULATION = Simulation(
    person="ada",
    name="Ada Lovelace",
    as_of=AS_OF,
    as_of_reason="the newest time in the data",
    window=90 * 86_400.0,
    model=ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5),
    before=Outlook(score=57.34, interval=(52.1, 61.97)),
    after=Outlook(score=59.456, interval=(53.3, 64.0)),
    interval=(-0.21, 4.6),
    taken=[Taken(what="actor", value="8b124037" * 4, reactions=1), Taken(what="item", value="1849", reactions=1489)],
    added=[
        Addition(
            text=WISH,
            network="mastodon",
            network_title="Mastodon",
            kind="reply",
            kind_title="reply",
            number=50,
            people=40,
            followers=2000,
            posts=5,
            span=30 * DAY,
        )
    ],
    steps=[
        Stepped(way=TAKEN, before=57.34, after=54.111, networks=[over("twitter", "like", -3.229, ["8b124037" * 4, "cd" * 16])]),
        Stepped(
            way=ADDED, before=54.111, after=59.456, networks=[over("mastodon", "reply", 5.345, [f"new 1 person {k}" for k in range(8)])]
        ),
    ],
)
ADVISING = Advising(
    person="ada",
    name="Ada Lovelace",
    as_of=AS_OF,
    score=57.34,
    people=20,
    span=30 * 86_400.0,
    advice=[
        Advice(
            sort="quality",
            network="linkedin",
            title="LinkedIn",
            kind="comment",
            people=20,
            familiar=12,
            followers=None,
            score=58.54,
            points=1.2,
            interval=(0.8, 1.7),
            alike=(),
            sentence="Conversations on LinkedIn would add 1.2 points (0.8 to 1.7): one comment each from 20 people, 12 of whom "
            "react to you already, but not like this.",
        )
    ],
)
NEXT = [Step("kleos explain ada", "where the points come from as it is")]


def shown(simulation: Simulation | None, advising: Advising | None, width: int, top: int = 5) -> str:
    stream = io.StringIO()
    console = make_console(stream, width=width)
    for part in simulation_report(simulation, advising, width=width, top=top, following=NEXT):
        console.print(part)
    return stream.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_a_score_as_it_is_and_as_it_would_be(width: int, snapshot: Kleos) -> None:
    snapshot(f"simulate-{width}", shown(SIMULATION, ADVISING, width))


def test_advice_alone(snapshot: Kleos) -> None:
    snapshot("simulate-advise-80", shown(None, ADVISING, 80))


@pytest.mark.parametrize("width", [40, 64, 80, 120, 200])
@pytest.mark.parametrize(("simulation", "advising"), [(SIMULATION, ADVISING), (SIMULATION, None), (None, ADVISING)])
def test_no_line_is_wider_than_the_terminal(width: int, simulation: Simulation | None, advising: Advising | None) -> None:
    for line in shown(simulation, advising, width).partition("next: ")[0].splitlines():
        assert cell_len(line) <= width
        assert line == line.rstrip()


@pytest.fixture
def asked(config: Path, pipeline: Kleos, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any]]]:
    """Put answers in the place of the insight room's; return what it is asked."""
    pipeline()
    questions: list[tuple[str, str, dict[str, Any]]] = []

    def answer(name: str, reply: Any) -> Callable[..., Any]:
        def asking(config: Any, loaded: Any, person: str, **named: Any) -> Any:
            questions.append((name, person, {"as_of": config.run.as_of, **named}))
            return reply

        return asking

    fake = ModuleType("kleos.insight.simulating.asking")
    fake.simulate_person = answer("simulate", SIMULATION)  # type: ignore[attr-defined]
    fake.advise_person = answer("advise", ADVISING)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "kleos.insight.simulating.asking", fake)
    return questions


def test_what_is_asked_for_is_repeatable_and_handed_on_as_it_was_said(asked: Any, kleos_command: Kleos) -> None:
    done = kleos_command("simulate", "ada", "--without", "item=1849", "--without", "network=x", "--add", WISH, "--as-of", "2026-03-31")
    assert (done.code, done.err) == (0, "")
    ((name, person, named),) = asked
    assert (name, person, named["without"], named["add"]) == ("simulate", "ada", ("item=1849", "network=x"), (WISH,))
    assert named["as_of"].date().isoformat() == "2026-03-31"
    assert "(given by --as-of)" in done.out
    assert done.out.splitlines()[-2:] == [
        "next: kleos simulate ada --advise  what would raise the score",
        "      kleos explain ada            where the points come from as it is",
    ]


def test_advice_may_be_asked_for_with_it_or_alone(asked: Any, kleos_command: Kleos) -> None:
    assert kleos_command("simulate", "ada", "--advise", "--top", "3").out == shown(None, ADVISING, 80)
    assert kleos_command("simulate", "ada", "--advise", "--add", WISH).out == shown(SIMULATION, ADVISING, 80)
    assert [(name, named.get("most")) for name, _, named in asked] == [("advise", 3), ("simulate", None), ("advise", 5)]


def test_json_is_everything_unrounded(asked: Any, kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("simulate", "ada", "--advise", "--add", WISH, "--json").out)
    assert told == json.loads(json.dumps(simulation_json(SIMULATION, ADVISING)))
    assert told["simulation"]["added"][0]["seconds"] == 30 * 86_400
    assert math.fsum(step["points"] for step in told["simulation"]["steps"]) == pytest.approx(told["simulation"]["points"])
    assert told["advice"]["advice"][0]["sentence"].startswith("Conversations on LinkedIn would")
    assert json.loads(kleos_command("simulate", "ada", "--advise", "--json").out)["simulation"] is None


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ((), "error: expected something to simulate, found nothing\nhint: say --without, --add or --advise\n"),
        (("--advise", "--top", "0"), "error: --top: expected a number of at least 1, found 0\n"),
        (
            ("--add", "many likes"),
            "error: --add 'many likes': expected a number and what it is of, such as '50 replies', found 'many likes'\n",
        ),
    ],
)
def test_nothing_to_do_and_wishes_that_cannot_be_read_are_usage_errors(
    asked: Any, kleos_command: Kleos, words: tuple[str, ...], error: str
) -> None:
    done = kleos_command("simulate", "ada", *words)
    assert (done.code, done.out, asked) == (2, "", [])
    assert done.err.startswith(error)


def test_an_unknown_person_is_asked_whom_you_mean(asked: Any, kleos_command: Kleos) -> None:
    done = kleos_command("simulate", "adda", "--advise")
    assert (done.code, done.err) == (2, "error: expected the id of a person, found 'adda'\nhint: did you mean 'ada'?\n")


NEEDED = {("network", "twitter"), ("network", "mastodon"), ("metric", "engaged_reach")}
missing = NEEDED - {(entry.kind, entry.name) for entry in installed()}
HEADER = "subject,actor,kind,item,time,count,item_time,captured,audience"
KINDS = ("like", "retweet", "reply")
ROWS = [
    *(f"ada,user{k % 11},{KINDS[k % 3]},{100 + k % 5},2026-03-{k % 28 + 1:02}T10:00:00Z,,2026-03-01,,{300 * (k % 11)}" for k in range(45)),
    *(f"ada,user{k},mention,,2026-03-{k + 1:02}T10:00:00Z,,,,{300 * k}" for k in range(5)),
    *(f"ada,,like,{100 + k},,{3 * k + 5},2026-03-0{k + 1},," for k in range(4)),
]


def configure(folder: Path, rows: Sequence[str], more: Sequence[str] = ()) -> str:
    """Write a configuration with a store of its own, and return its path; `more` are rows on Mastodon."""
    folder.mkdir()
    (folder / "twitter.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    networks = '[networks.twitter]\ninteractions = "twitter.csv"\n'
    if more:
        (folder / "mastodon.csv").write_text("\n".join([HEADER, *more]) + "\n", encoding="utf-8")
        networks += '[networks.mastodon]\ninteractions = "mastodon.csv"\n'
    accounts = '{ twitter = "ada", mastodon = "ada@pond" }'
    text = f'[run]\nstore = "store"\nas_of = 2026-03-31T00:00:00Z\n[people.ada]\naccounts = {accounts}\n{networks}'
    (folder / "kleos.toml").write_text(text, encoding="utf-8")
    return str(folder / "kleos.toml")


def timed(number: int, days: int) -> list[str]:
    """Return times spread evenly over the days before the end, the newest first."""
    end = int(datetime(2026, 3, 31, tzinfo=UTC).timestamp())
    return [datetime.fromtimestamp(end - (k + 0.5) * days * 86_400 / number, UTC).isoformat() for k in range(number)]


CASES: dict[str, tuple[tuple[str, ...], list[str], list[str]]] = {
    "without somebody": (("--without", "actor=@user3"), [row for row in ROWS if row.split(",")[1] != "user3"], []),
    "with replies elsewhere": (
        ("--add", "50 replies by 40 people with 2,000 followers on mastodon over 30 days"),
        ROWS,
        [f"ada@pond,fan{k % 40},reply,,{time},,,,2000" for k, time in enumerate(timed(50, 30))],
    ),
    "all at once": (
        ("--without", "item=100", "--without", "item=101", "--add", "12 likes by 4 people to 3 posts on twitter over 12 days"),
        [
            *(row for row in ROWS if row.split(",")[3] not in ("100", "101")),
            *(f"ada,fan{k % 4},like,new{(k % 4 + k // 4) % 3},{time},,,," for k, time in enumerate(timed(12, 12))),
        ],
        [],
    ),
}


@pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}")
def test_a_prediction_is_what_an_independent_run_over_the_changed_data_gives(tmp_path: Path, kleos_command: Kleos) -> None:
    config = configure(tmp_path / "as it is", ROWS)
    assert kleos_command("run", config, "--quiet").code == 0
    for name, (words, rows, more) in CASES.items():
        done = kleos_command("simulate", "ada", config, *words, "--json")
        assert done.code == 0, done.err
        predicted = json.loads(done.out)["simulation"]
        ran = kleos_command("run", configure(tmp_path / name, rows, more), "--json", "--quiet")
        assert ran.code == 0, ran.err
        assert predicted["after"]["score"] == pytest.approx(json.loads(ran.out)["people"][0]["score"], abs=1e-9), name
        assert math.fsum(step["points"] for step in predicted["steps"]) == pytest.approx(predicted["points"], abs=1e-9)
    whole = json.loads(kleos_command("simulate", "ada", config, "--without", "network=twitter", "--json").out)["simulation"]
    assert (whole["after"]["score"], whole["taken"][0]["reactions"]) == (1.0, 88)
    told = json.loads(kleos_command("explain", "ada", config, "--json").out)
    someone = told["audience"]["givers"][0]["actor"]
    (taken,) = json.loads(kleos_command("simulate", "ada", config, "--without", f"actor={someone[:8]}", "--json").out)["simulation"][
        "taken"
    ]
    assert (taken["value"], taken["reactions"]) == (someone, told["audience"]["givers"][0]["received"]["reactions"])
    for wish, message in (
        ("item=1020", "error: --without item=1020: expected an item of a reaction to this person, found '1020'\nhint: did you mean '102'?"),
        ("network=mastodon", "error: --without network=mastodon: expected a network with reactions to this person, found 'mastodon'"),
        ("actor=@nobody", "error: --without actor=@nobody: expected an actor of a reaction to this person, found '@nobody'"),
        ("post=5", "error: --without: expected network=…, actor=… or item=…, found 'post=5'"),
    ):
        done = kleos_command("simulate", "ada", config, "--without", wish)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(message)


@pytest.mark.skipif(bool(missing), reason=f"not installed: {missing}")
def test_the_whole_program_advises(tmp_path: Path, kleos_command: Kleos) -> None:
    config = configure(tmp_path / "as it is", ROWS)
    kleos_command("run", config, "--quiet")
    told = json.loads(kleos_command("simulate", "ada", config, "--advise", "--top", "4", "--json").out)["advice"]
    assert len(told["advice"]) == 4
    assert {one["sort"] for one in told["advice"]} == {"quality", "influencers", "networks"}
    assert "how much you post does not count" in told["note"]
