"""The promises of the design, told on whole runs: from a table on disk to the score."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kleos.scoring.result import PersonScore

from .conftest import Row, Run, days_ago

Ada = Callable[..., PersonScore]

# A run takes half a second: what fails is told as it was found, not shrunk over hundreds of runs.
SLOW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.explicit, Phase.generate]
)


@st.composite
def reactions(draw: st.DrawFn, network: str = "twitter", subject: str = "ada") -> Row:
    kinds = {"twitter": ["like", "retweet", "reply", "mention"], "googleplus": ["plusone", "comment", "reshare"]}[network]
    row: dict[str, Any] = {
        "network": network,
        "subject": subject,
        "kind": draw(st.sampled_from(kinds)),
        "item": draw(st.sampled_from(["", "post1", "post2", "post3"])),
        "time": draw(st.sampled_from(["", *(days_ago(d) for d in (0, 0.5, 3, 8, 40, 89, 120))])),
    }
    if draw(st.booleans()):
        row["actor"] = draw(st.sampled_from([f"actor{n}" for n in range(9)]))
        row["audience"] = draw(st.sampled_from(["", 0, 20, 20_000]))
    else:
        row["count"] = draw(st.integers(1, 40))
    return row


tables = st.lists(reactions(), min_size=1, max_size=12)
pluses = st.lists(reactions("googleplus"), min_size=1, max_size=8)


def test_nobody_reacted_is_exactly_one(run: Run) -> None:
    people = {"ada": {"twitter": ["ada"]}, "bob": {"twitter": ["bob"]}}
    bob = run([{"subject": "ada", "actor": "x", "kind": "like"}], people=people).people[1]
    assert bob.score == 1.0
    assert bob.interval is None


@SLOW
@given(tables)
def test_scores_stay_from_1_to_below_100_and_points_add_up(ada: Ada, table: list[Row]) -> None:
    person = ada(table)
    assert 1 <= person.score < 100
    assert math.isclose(sum(part.points for part in person.networks.values()), person.score - 1, abs_tol=1e-9)
    assert math.isclose(sum(part.points for part in person.metrics.values()), person.score - 1, abs_tol=1e-9)


@SLOW
@given(tables, st.lists(reactions(), min_size=1, max_size=4))
def test_activity_of_ones_own_changes_no_bit(run: Run, table: list[Row], mine: list[Row]) -> None:
    people = {"ada": {"twitter": ["ada", "ada_too"], "googleplus": ["ada"]}, "bob": {"twitter": ["bob"]}}
    plain = run(table, people=people).people[0]
    own = [{**row, "actor": actor, "count": 1} for row in mine for actor in ("ada", "@Ada_Too")]
    given = [{**row, "subject": "bob", "actor": "ada", "count": 1} for row in mine]
    context = [{"subject": "ada", "actor": f"f{n}", "kind": "follow", "audience": 10**6} for n in range(3)]
    more = run(table + own + given + context, people=people).people[0]
    assert more.score == plain.score
    assert more.interval == plain.interval
    assert more.networks == plain.networks
    assert {name: (part.value, part.points) for name, part in more.metrics.items()} == {
        name: (part.value, part.points) for name, part in plain.metrics.items()
    }


@SLOW
@given(tables, reactions())
def test_one_more_reaction_never_lowers_the_score(ada: Ada, table: list[Row], more: Row) -> None:
    told = {row["actor"]: row["audience"] for row in table if "actor" in row}
    # The table of the actors' influence is frozen: who is known already says nothing new about themselves.
    table = [{**row, "audience": told.get(row.get("actor", ""), "")} for row in table]
    if more.get("actor") in told:
        more = {**more, "audience": told[more["actor"]]}
    assert ada([*table, more]).score >= ada(table).score - 1e-9


@SLOW
@given(tables, pluses)
def test_one_more_network_never_lowers_the_score(ada: Ada, table: list[Row], plus: list[Row]) -> None:
    both = ada(table, plus).score
    assert both >= ada(table).score - 1e-9
    assert both >= ada(plus).score - 1e-9


@SLOW
@given(tables, pluses, st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_splits_repetition_and_threads_change_no_bit(run: Run, table: list[Row], plus: list[Row], dice: Any, threads: int) -> None:
    # Untimed and nameless rows are as many reactions as a table tells; over several tables an id tells which are the same.
    rows = [{**row, "id": f"r{number}"} for number, row in enumerate([*table, *plus])]
    once = run(rows)
    shuffled = list(rows)
    dice.shuffle(shuffled)
    cut = dice.randrange(len(rows) + 1)
    again = run(shuffled[:cut], shuffled[cut:], rows, settings=f"threads = {threads}")
    assert [p.score for p in again.people] == [p.score for p in once.people]
    assert [p.interval for p in again.people] == [p.interval for p in once.people]
    assert again.people[0].metrics == once.people[0].metrics
    assert again.people[0].coverage == once.people[0].coverage


def test_importing_a_file_twice_changes_nothing(run: Run, tmp_path: Any) -> None:
    rows = [{"subject": "ada", "kind": "reply", "actor": "x", "item": "p"}] * 3 + [
        {"subject": "ada", "kind": "like", "count": 5, "item": "p"}
    ]
    home = tmp_path / "home"
    once = run(rows, folder=home).people[0]
    twice = run(rows, folder=home).people[0]  # the same rows in a second file, into the same store
    assert once.coverage.imported == 8
    assert (twice.score, twice.coverage.imported) == (once.score, 8)


def test_a_like_from_20000_followers_beats_one_from_20(ada: Ada) -> None:
    def liked_by(audience: int | str) -> float:
        return ada([{"subject": "ada", "kind": "like", "actor": "x", "item": "p", "time": days_ago(3), "audience": audience}]).score

    assert liked_by(20_000) > liked_by("") > liked_by(20) > liked_by(0)


def test_people_beat_clicks(ada: Ada) -> None:
    def retweeted_by(people: int) -> float:
        return ada(
            [
                {"subject": "ada", "kind": "retweet", "actor": f"a{n % people}", "item": f"p{n}", "time": days_ago(1 + n % 60)}
                for n in range(100)
            ]
        ).score

    assert retweeted_by(100) > retweeted_by(10) > retweeted_by(1)


def test_fewer_than_five_actors_have_no_interval_and_more_have_a_narrower_one(ada: Ada) -> None:
    def liked_by(people: int) -> PersonScore:
        return ada(
            [{"subject": "ada", "kind": "like", "actor": f"a{n}", "item": f"p{n % 7}", "time": days_ago(n % 80)} for n in range(people)]
        )

    assert liked_by(4).interval is None
    few, many = liked_by(8), liked_by(400)
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval[0] <= few.score <= few.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_the_coverage_accounts_for_every_reaction(ada: Ada) -> None:
    rows = [
        {"subject": "ada", "kind": "like", "actor": "a", "item": "p", "time": days_ago(1)},
        {"subject": "ada", "kind": "like", "count": 7, "item": "p", "item_time": days_ago(2)},
        {"subject": "ada", "kind": "reply", "actor": "b", "item": "p", "time": days_ago(91)},
        {"subject": "ada", "kind": "reply", "actor": "b", "item": "p", "time": days_ago(-1)},
        {"subject": "ada", "kind": "follow", "actor": "c"},
    ]
    coverage = ada(rows).coverage
    assert (coverage.imported, coverage.outside_window, coverage.after_as_of, coverage.scored) == (10, 1, 1, 8)
    assert coverage.actors == pytest.approx(1 / 8)
    assert coverage.times == pytest.approx(1 / 8)


def test_the_key_of_the_pseudonyms_does_not_matter(run: Run) -> None:
    rows = [{"subject": "ada", "kind": "like", "actor": f"a{n}", "item": f"p{n % 3}", "time": days_ago(n)} for n in range(30)]
    assert run(rows, key=b"a" * 32).people[0].score == run(rows, key=b"b" * 32).people[0].score
