"""Populations that are scored at a cut: nothing of what comes later is known, and everything is counted as a loop would count it."""

from __future__ import annotations

import csv
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from kleos.cli import main
from kleos.cli.opening import open_config
from kleos.errors import NoDataError, UsageError
from kleos.events import Event, Note, silent
from kleos.insight.evaluating.asking import Asked, evaluate_config
from kleos.insight.evaluating.calibration import calibration
from kleos.insight.evaluating.cuts import Cut
from kleos.insight.evaluating.gathered import Gathered, gathered
from kleos.insight.evaluating.spread import MEASURES, leave_one_out, spread
from kleos.scoring.resolved import Resolved
from kleos.store import to_micros

START = 1_700_000_000
DAY = 86_400
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[str, str | None, str, int, int]
"""To, from, kind, time, count."""
Untimed = tuple[str, str | None, str, None, int]


def events(size: int = 4_000, people: int = 150, *, days: int = 8, seed: int = 11) -> list[Row]:
    """Return reactions to people of lasting but unequal fame."""
    dice = random.Random(seed)
    fame = [dice.paretovariate(0.8) for _ in range(people)]
    subjects = dice.choices(range(people), fame, k=size)
    rows: list[Row] = []
    for subject in subjects:
        actor = None if dice.random() < 0.05 else f"p{dice.randrange(2 * people)}"
        kind = dice.choice(["retweet", "reply", "like", "like", "view"])
        rows.append((f"p{subject}", actor, kind, START + dice.randrange(days * DAY), 1 if actor else dice.randrange(1, 4)))
    return rows


def write(rows: Sequence[Row | Untimed], keys: str = "", more: str = "") -> Path:
    with Path("events.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["subject", "actor", "kind", "time", "count"])
        table.writerows(rows)
    Path("kleos.toml").write_text(f'[run]\nthreads = 2\n{keys}[population]\ninteractions = "events.csv"\nnetwork = "twitter"\n{more}')
    return Path("kleos.toml")


Opening = Callable[..., AbstractContextManager[Gathered]]


@pytest.fixture
def opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """Return a function: rows → a population gathered for evaluation."""
    monkeypatch.chdir(tmp_path)

    @contextmanager
    def opened(rows: Sequence[Row | Untimed], more: str = "") -> Iterator[Gathered]:
        config, loaded = open_config(write(rows, more=more), emit=silent)
        with gathered(config, loaded, emit=silent, now=to_micros(NOW)) as found:
            yield found

    return opened


def at(days: float) -> int:
    return int((START + days * DAY) * 1_000_000)


def test_the_score_at_a_cut_is_the_score_of_a_run_that_ends_there(opening: Opening) -> None:
    rows = events()
    cut, window = at(5), 4 * DAY * 1_000_000
    with opening(rows) as found:
        standing = found.standing(found.at(cut, window))
        scores = dict(zip(found.names(), standing.score.tolist(), strict=True))
    just_before = datetime.fromtimestamp(START + 5 * DAY - 1, UTC).strftime("%Y-%m-%dT%H:%M:%S.999999Z")
    write(
        [row for row in rows if row[3] < START + 5 * DAY], keys=f'window = "4d"\nas_of = "{just_before}"\n', more='out = "scores.parquet"\n'
    )
    assert main(["run", "--quiet"]) == 0
    run = dict(duckdb.sql("SELECT person, score FROM 'scores.parquet'").fetchall())
    assert run
    assert {person: scores[person] for person in run} == run


def test_nothing_that_comes_after_a_cut_changes_a_score_before_it(opening: Opening) -> None:
    rows = events()
    dice = random.Random(3)
    changed = [row if row[3] < START + 5 * DAY else (f"p{dice.randrange(150)}", "p299", "like", row[3], 7) for row in rows]
    found = []
    for these in (rows, changed):
        with opening(these) as population:
            standing = population.standing(population.at(at(5), 5 * DAY * 1_000_000))
            found.append({name: score for name, score in zip(population.names(), standing.score.tolist(), strict=True) if score > 1})
    assert found[0] == found[1]


def test_candidates_and_outcomes_are_counted_as_a_loop_counts_them(opening: Opening) -> None:
    rows: list[Row | Untimed] = [*events(), ("p1", "p1", "like", START + DAY, 1), ("p1", "p2", "like", None, 5)]
    cut = Cut(at=at(6), horizon=DAY * 1_000_000)
    with opening(rows) as found:
        result = spread(found, [cut], seed=1)
    assert result.untimed == 5
    before, after = Counter[str](), Counter[str]()
    for subject, actor, kind, time, count in rows:
        if kind == "view" or subject == actor or time is None:
            continue
        before[subject] += count * (time < START + 6 * DAY)
        after[subject] += count * (START + 6 * DAY <= time < START + 7 * DAY)
    candidates = {subject for subject, count in before.items() if count}
    (window,) = result.windows
    assert window.candidates == len(candidates)
    assert window.frequent == sum(count >= 5 for count in before.values())
    assert window.lasting == sum(after[subject] > 0 for subject in candidates)
    assert (window.before, window.after) == (before.total(), after.total())
    assert window.to_others == sum(count for subject, count in after.items() if subject not in candidates)
    assert window.title == "6 days to 2023-11-20 22:13 UTC, next 1 day"


def test_a_score_foretells_lasting_fame_and_chance_does_not(opening: Opening) -> None:
    with opening(events()) as found:
        result = spread(found, [Cut(at=at(6), horizon=2 * DAY * 1_000_000)])
    (window,) = result.windows
    assert [baseline.name for baseline in window.baselines] == [
        "reactions",
        "distinct actors",
        "decayed actors, window/4",
        "decayed actors, window/8",
        "decayed actors, window/16",
        "attention shares",
        "PageRank",
        "random",
    ]
    assert window.ours.spearman > 0.5
    assert window.ours.ndcg > 0.7
    chance = window.baselines[-1]
    assert abs(chance.spearman) < 0.3
    for measure in MEASURES:
        best = window.best(measure)
        assert getattr(best, measure) == max(getattr(baseline, measure) for baseline in window.baselines)
        assert window.times_best(measure) == pytest.approx(getattr(window.ours, measure) / getattr(best, measure))


def test_the_answer_does_not_depend_on_the_order_of_the_rows_nor_on_the_memory(opening: Opening) -> None:
    cuts = [Cut(at=at(days), horizon=DAY * 1_000_000) for days in (5, 6)]
    rows = events(2_000)
    results = []
    for these, more in ((rows, ""), (rows[::-1], ""), (rows, 'memory = "32KB"\n')):
        with opening(these, more) as found:
            results.append(spread(found, cuts, seed=2))
    assert results[0] == results[1] == results[2]


def test_each_window_is_foretold_by_a_model_of_the_others(opening: Opening) -> None:
    cuts = [Cut(at=at(days), horizon=DAY * 1_000_000) for days in (4, 5, 6)]
    asked: list[Sequence[Cut]] = []
    with opening(events(1_000)) as found:

        def fit(others: Sequence[Cut]) -> Resolved:
            asked.append(others)
            return found.resolved

        results = leave_one_out(found, cuts, fit, seed=2)
        assert [window for _, window in results] == list(spread(found, cuts, seed=2).windows)
    assert asked == [cuts[1:], [cuts[0], cuts[2]], cuts[:2]]


def test_a_reaction_that_only_its_item_dates_is_on_no_side_of_a_cut_but_scored_by_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = write([])
    table = f"subject,actor,kind,time,item_time\np1,p2,like,{START},\np1,p3,like,{START + DAY},\np2,p3,like,,{START}\n"
    Path("events.csv").write_text(table)
    opened, loaded = open_config(config, emit=silent)
    with gathered(opened, loaded, emit=silent, now=to_micros(NOW)) as found:
        assert (len(found.rows), found.untimed) == (2, 1)
        scores = dict(zip(found.names(), found.standing(found.whole()).score.tolist(), strict=True))
        cut = dict(zip(found.names(), found.standing(found.at(at(1.5), DAY * 2_000_000)).score.tolist(), strict=True))
    assert scores["twitter:p2"] > 1 == cut["twitter:p2"]


def test_without_times_and_without_a_population_there_is_no_spread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    opened, loaded = open_config(write([("p1", "p2", "like", None, 1)]), emit=silent)
    with pytest.raises(NoDataError, match="no two reactions in the table"):
        evaluate_config(opened, loaded, Asked(questions=["spread"]), emit=silent, now=NOW)
    told: list[Event] = []
    found = evaluate_config(opened, loaded, Asked(), emit=told.append, now=NOW)
    assert found.spread is None
    assert len(found.calibration) == 1
    assert any(isinstance(event, Note) and "spread is not measured" in event.text for event in told)
    Path("kleos.toml").write_text("[people.ada]\n")
    opened, loaded = open_config(Path("kleos.toml"), emit=silent)
    with pytest.raises(UsageError, match="measured on a population"):
        evaluate_config(opened, loaded, Asked(), emit=silent, now=NOW)


def test_the_calibration_of_a_population_is_of_those_with_five_actors(opening: Opening) -> None:
    rows = events()
    with opening(rows) as found:
        (compared,) = calibration(found.whole())
        standing = found.standing(found.whole())
    members = standing.score[standing.actors >= 5]
    assert compared.members == len(members)
    assert compared.mean == pytest.approx(members.mean())
    assert compared.top == pytest.approx(np.quantile(members, 0.95))
    assert compared.known
    assert not compared.enough
    assert not math.isnan(compared.distance)
