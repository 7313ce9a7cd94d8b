"""``kleos compare``: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from rich.cells import cell_len

from kleos.cli.following import Step
from kleos.cli.render.comparison.report import comparison_report, roster_report
from kleos.cli.render.report import NOT_FOR
from kleos.cli.terminal import make_console
from kleos.insight.comparing.compare import Compared, Comparison, Pair
from kleos.insight.comparing.difference import difference
from kleos.scoring.result import ModelId, PopulationId
from kleos.store import ScoreRecord, Store

Kleos = Callable[..., Any]
AS_OF = datetime(2026, 3, 31, 18, 20, tzinfo=UTC)
NEXT = [Step("kleos explain ada", "where these points come from")]
TITLES = {"engaged_reach": "Engaged reach", "applause": "Applause", "attention_share": "Attention share"}


def person(key: str, name: str, score: float, ranks: tuple[int, int] | None = (1, 1), **changes: Any) -> Compared:
    networks = {
        "mastodon": {"points": (score - 1) * 0.25, "odds": 1.0, "interactions": 31, "calibrated": False},
        "twitter": {"points": (score - 1) * 0.75, "odds": 3.0, "interactions": 1458, "calibrated": True},
    }
    metrics = {
        name: {"value": value * score, "unit": unit, "points": (score - 1) * share}
        for name, value, unit, share in (
            ("applause", 12.0, "acts", 0.3),
            ("attention_share", 0.0231, "share", 0.1),
            ("engaged_reach", 3.0, "people", 0.6),
        )
    }
    plain = Compared(
        id=key,
        name=name,
        score=score,
        interval=(score - 3.1, score + 2.2),
        percentile=min(99.9, score + 20),
        ranks=ranks,
        day=AS_OF.date(),
        as_of=AS_OF,
        networks=networks,
        metrics=metrics,
        coverage={"imported": 1600, "outside_window": 100, "after_as_of": 11, "actors": 0.834, "times": 1.0},
    )
    return evolve(plain, **changes)


def comparison(*people: Compared, **changes: Any) -> Comparison:
    pairs = [
        Pair(first=one, second=other, difference=difference(one.score, one.interval, other.score, other.interval))
        for k, one in enumerate(people)
        for other in people[k + 1 :]
    ]
    plain = Comparison(
        model=ModelId(name="kleos", version="1.0.0", digest="3f2a91c0e47b" * 5),
        window=90 * 86_400.0,
        population=PopulationId(source="the reference population of twitter", size=14_331),
        people=people,
        pairs=pairs,
    )
    return evolve(plain, **changes)


@pytest.fixture
def three() -> Comparison:
    """Return one ahead, two who cannot be told apart, curves with a gap, and a network that only one has."""
    curve = [(date(2026, 1, 1) + timedelta(days=k), 40 + (k % 20) + k / 10) for k in range(90) if k not in range(30, 40)]
    alone = {"twitter": {"points": 55.9, "odds": 3.0, "interactions": 7, "calibrated": True}}
    return comparison(
        person("eve", "Eve 李小龙", 71.4, curve=curve),
        person("ada", "Ada Lovelace", 57.3, (2, 3), curve=[(day, score - 9) for day, score in curve[:60]]),
        person("bob", "bob", 56.9, (2, 3), networks=alone),
    )


@pytest.fixture
def roster() -> Comparison:
    people = [person(f"p{k}", f"Person {k}", 90 - 1.3 * k, (max(1, k - 1), k + 3)) for k in range(60)]
    few = person("few", "Too Few", 1.0, None, interval=None, networks={})
    earlier = person("old", "Older", 1.9, day=date(2026, 3, 1), as_of=AS_OF - timedelta(days=30))
    return comparison(*people, earlier, few, pairs=(), missing=[f"m{k}" for k in range(14)])


def shown(parts: list[Any], width: int, encoding: str | None = None) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding) if encoding else io.StringIO()
    console = make_console(stream, width=width, force_terminal=False)
    for part in parts:
        console.print(part)
    stream.flush()
    return raw.getvalue().decode(encoding) if encoding else stream.getvalue()  # type: ignore[union-attr]


@pytest.mark.parametrize("width", [80, 120])
def test_people_side_by_side(three: Comparison, width: int, snapshot: Kleos) -> None:
    snapshot(f"compare-{width}", shown(comparison_report(three, TITLES, width=width, following=NEXT), width))


@pytest.mark.parametrize("width", [80, 120])
def test_a_roster_by_rank(roster: Comparison, width: int, snapshot: Kleos) -> None:
    snapshot(f"compare-roster-{width}", shown(roster_report(roster, width=width, everybody=62, lines=7, following=NEXT), width))


def test_more_people_than_fit_abreast_go_on_below_and_many_pairs_are_summed_up(snapshot: Kleos) -> None:
    people = [person(f"p{k}", f"p{k}", 80 - 2.5 * k, (k + 1, k + 1), day=AS_OF.date() - timedelta(days=k)) for k in range(5)]
    few = evolve(people[4], interval=None, ranks=None)
    snapshot("compare-five-80", shown(comparison_report(comparison(*people[:4], few), TITLES, width=80), 80))


@pytest.mark.parametrize("width", [40, 64, 80, 99, 120, 200])
def test_no_line_is_wider_than_the_terminal_or_ends_in_blanks(three: Comparison, roster: Comparison, width: int) -> None:
    for parts in (comparison_report(three, TITLES, width=width), roster_report(roster, width=width, everybody=90)):
        for line in shown(parts, width).splitlines():
            assert cell_len(line) <= width
            assert line == line.rstrip()


def test_what_the_number_is_not_for_is_told_once(three: Comparison, roster: Comparison) -> None:
    for parts in (comparison_report(three, TITLES, width=120), roster_report(roster, width=120, everybody=62)):
        assert " ".join(shown(parts, 120).split()).count(NOT_FOR) == 1


def test_a_stream_without_blocks_gets_digits(three: Comparison) -> None:
    text = shown(comparison_report(three, TITLES, width=80, plain=True), 80, "ascii")
    assert re.search(r"[1-8]{14}-{4}[1-8]{24,}  40\.0 to", text)
    assert "cannot be told apart" in text


def test_people_of_whom_nobody_can_tell_are_said_to_be_so() -> None:
    text = shown(comparison_report(comparison(person("a", "A", 60), person("b", "B", 40, None, interval=None)), {}, width=120), 120)
    assert "Nobody can tell whether A is ahead of B: too few people reacted to B." in text
    assert "attention_share" in text, "a metric that is no longer installed is called by its name"


def test_foreign_text_cannot_steer_the_terminal() -> None:
    evil = person("a", "\x1b[2J", 60, networks={"\x1b]0;x\x07": {"points": 59.0, "odds": 1.0, "interactions": 1, "calibrated": True}})
    for parts in (
        comparison_report(comparison(evil, person("b", "B", 40)), {"applause": "\x1bA"}, width=80),
        roster_report(comparison(evil, pairs=()), width=80, everybody=1),
    ):
        assert "\x1b" not in shown(parts, 80)


# The whole command, on scores that a run could have recorded


@pytest.fixture
def recorded(tmp_path: Path, config: Path, pipeline: Kleos) -> Path:
    """Return a configuration of three people, of whom two have scores of two days."""
    pipeline()
    config.write_text('[run]\nstore = "store"\n[people.ada]\nname = "Ada Lovelace"\n[people.bob]\n[people.eve]\n', encoding="utf-8")
    with Store.open(tmp_path / "store") as store:
        for day, change in ((date(2026, 3, 30), 0.0), (date(2026, 3, 31), 1.5)):
            records = [
                ScoreRecord(
                    person=one.id,
                    score=one.score + change,
                    lo=one.score + change - 2,
                    hi=one.score + change + 2,
                    percentile=one.percentile,
                    model="kleos",
                    version="1.0.0",
                    digest="3f2a91c0e47b" * 5,
                    as_of=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
                    window=90 * 86_400_000_000,
                    networks=one.networks,
                    metrics=one.metrics,
                    coverage=one.coverage,
                )
                for one in (person("ada", "", 57.3), person("bob", "", 56.9))
            ]
            store.record_scores(day, records)
    return config


def test_it_compares_from_what_was_recorded_and_names_the_next_verb(recorded: Path, kleos_command: Kleos) -> None:
    done = kleos_command("compare", "bob", "ada")
    assert (done.code, done.err) == (0, "")
    assert "Ada Lovelace and bob cannot be told apart: 0.4 points between them are within the noise" in " ".join(done.out.split())
    assert "57.3 to 58.8 (+1.5)" in done.out
    assert "\x1b" not in done.out
    assert done.out.splitlines()[-1] == "next: kleos explain ada  where these points come from"


def test_without_names_everybody_is_ranked_and_who_has_no_score_is_told(recorded: Path, kleos_command: Kleos) -> None:
    done = kleos_command("compare")
    assert (done.code, done.err) == (0, "")
    assert [line.split()[0] for line in done.out.splitlines() if "Lovelace" in line or "bob" in line] == ["1–2", "1–2"]
    assert "left out       eve: no score by this model (kleos run)" in done.out


def test_a_configuration_is_known_by_its_dot(recorded: Path, kleos_command: Kleos) -> None:
    other = recorded.rename(recorded.with_name("other.toml"))
    done = kleos_command("compare", "ada", "bob", other.name)
    assert done.code == 0
    assert done.out.endswith("next: kleos explain ada other.toml  where these points come from\n")
    assert kleos_command("compare", "a.toml", "b.toml").err == "error: expected one configuration, found a.toml and b.toml\n"


def test_json_is_everything_unrounded(recorded: Path, kleos_command: Kleos) -> None:
    told = json.loads(kleos_command("compare", "ada", "bob", "--json").out)
    assert set(told) == {"schema", "model", "window", "population", "not_for", "people", "pairs", "missing"}
    ada, _ = told["people"]
    assert (ada["id"], ada["score"], ada["ranks"], ada["curve"]) == ("ada", 58.8, [1, 2], [["2026-03-30", 57.3], ["2026-03-31", 58.8]])
    assert ada["networks"]["twitter"]["interactions"] == 1458
    (pair,) = told["pairs"]
    assert (pair["first"], pair["second"], pair["told_apart"]) == ("ada", "bob", False)
    assert pair["interval"] == pytest.approx([0.4 - 8**0.5, 0.4 + 8**0.5])
    assert told["population"] == {"source": "the reference population of kleos 1.0.0", "size": 0}
    assert json.loads(kleos_command("compare", "--json").out)["missing"] == ["eve"]


def test_filters_and_tables(recorded: Path, kleos_command: Kleos) -> None:
    done = kleos_command("compare", "--min-score", "58.5", "--network", "twitter", "--csv", "a.csv", "--parquet", "a.parquet")
    assert done.code == 0
    assert done.err == "written to a.csv\nwritten to a.parquet\n"
    assert "1 of 2 people; ranks are among all of them" in done.out
    header, row = recorded.with_name("a.csv").read_text(encoding="utf-8").splitlines()
    assert header.startswith("rank_from,rank_to,person,name,score,lo,hi,percentile,population,")
    assert row.startswith("1,2,ada,Ada Lovelace,58.8,56.8,60.8,")
    assert kleos_command("compare", "--min-score", "99").out.lstrip().startswith("nobody in the roster is like that")


def test_a_past_day_can_be_compared(recorded: Path, kleos_command: Kleos) -> None:
    assert "57.3" in kleos_command("compare", "--on", "2026-03-30").out
    early = kleos_command("compare", "--on", "2026-03-29")
    assert early.code == 2
    assert early.err.endswith("no score is recorded up to 2026-03-29\nhint: `kleos run` records one for everybody\n")


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (["ada"], "error: expected at least two people, found ada\nhint: kleos compare ada bob\n"),
        (["ada", "boob"], "error: expected the id of a person, found 'boob'\nhint: did you mean 'bob'?\n"),
        (["ada", "bob", "--top", "0"], "error: --top: expected a number of at least 1, found 0\n"),
        (["--on", "yesterday"], "error: --on: expected a date, found 'yesterday'\nhint: write it like 2026-03-31\n"),
        (["--csv", "a.txt"], "error: --csv: expected a file that ends with .csv, found a.txt\n"),
    ],
)
def test_mistakes_are_told_with_what_to_do(recorded: Path, kleos_command: Kleos, argv: list[str], error: str) -> None:
    done = kleos_command("compare", *argv)
    assert (done.code, done.out, done.err) == (2, "", error)


def test_before_the_first_run_it_says_what_to_run(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    done = kleos_command("compare")
    assert done.code == 2
    assert done.err.endswith("there is no store here\nhint: `kleos run` makes one\n")


def test_a_population_has_its_table(config: Path, pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline()
    config.with_name("all.csv").write_text("subject,actor,kind\n", encoding="utf-8")
    config.write_text('[population]\ninteractions = "all.csv"\n', encoding="utf-8")
    done = kleos_command("compare")
    assert (done.code, done.err) == (
        2,
        "error: kleos.toml: the configuration has no [people]\nhint: the table of a [population] is its `out`\n",
    )
