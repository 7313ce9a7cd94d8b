"""A change taken apart adds up, at every level; and every step is what scoring the chosen rows by themselves gives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.insight.explaining.between import explain_between
from kleos.insight.explaining.change import STEPS, Change, FactorChange, Step, moved
from kleos.insight.explaining.tellings import audiences_at
from kleos.pipeline.prepare import Prepared, Setting, score_setting
from kleos.scoring.model import Model
from kleos.scoring.resolved import resolve_model
from kleos.store import Connection, columns_to_table, from_micros, to_micros
from kleos.store.duck import integers, texts
from slow_twins.models import models
from slow_twins.small import DAY, METRICS, MODEL, NETWORKS, WINDOW
from slow_twins.tables import AS_OF, AUDIENCES, Row, likes, rows, table

EXACT = 1e-9
Told = Mapping[str, Mapping[str, int]]
Pair = tuple[Told, Told]
BOTH = {network.name: AUDIENCES for network in NETWORKS}


def told(connection: Connection, audiences: Told) -> None:
    """Make the table `audiences`."""
    every = [(network, actor, number) for network, actors in audiences.items() for actor, number in actors.items()]
    network, actor, audience = zip(*every, strict=True) if every else ((), (), ())
    columns_to_table(connection, "told", {"network": texts(network), "actor": texts(actor), "audience": integers(audience)})
    connection.execute("CREATE OR REPLACE TABLE audiences AS FROM told")


def setting(model: Model = MODEL, *, as_of: datetime | None = None, window: int = WINDOW) -> Setting:
    return Setting(
        people={"ada": "Ada"},
        networks={network.name: network for network in NETWORKS},
        resolved=resolve_model(model, METRICS),
        as_of=as_of or from_micros(AS_OF),
        as_of_reason="a test",
        window=window,
        threads=1,
    )


def alone(some: Iterable[Row], asked: Setting, audiences: Told) -> Prepared:
    """Score rows that were chosen elsewhere."""
    with table([row for row in some if row.person == "ada"]) as connection:
        told(connection, audiences)
        return score_setting(asked, connection)


def inside(row: Row, asked: Setting) -> bool:
    times = [time for time in (row.time, row.item_time, row.captured) if time is not None]
    return not times or 0 <= to_micros(asked.as_of) - times[0] <= asked.window


def change(
    some: Sequence[Row], days: int, *, old: Setting | None = None, new: Setting | None = None, told_of: Pair = (BOTH, BOTH)
) -> Change:
    """Explain the change of the last days; `told_of` are the audiences before and after."""
    then, now = told_of
    with table(some) as connection:
        told(connection, now)
        since, until = from_micros(AS_OF - days * DAY), from_micros(AS_OF)
        return explain_between(connection, old or setting(), new or setting(), "ada", (since, until), audiences=then, times={})


def adds_up(found: Change) -> None:
    close = pytest.approx
    assert math.fsum(step.points for step in found.steps) == close(found.points, abs=EXACT)
    assert math.fsum(found.by_network().values()) == close(found.points, abs=EXACT)
    assert math.fsum(found.by_metric().values()) == close(found.points, abs=EXACT)
    assert [step.way for step in found.steps] == list(STEPS)
    assert [found.before.score, *(step.after for step in found.steps)] == [*(step.before for step in found.steps), found.after.score]
    for step in found.steps:
        assert math.fsum(network.points for network in step.networks) == close(step.points, abs=EXACT)
        for network in step.networks:
            assert math.fsum(metric.points for metric in network.metrics) == close(network.points, abs=EXACT)
            for metric in network.metrics:
                assert metric.computed or math.fsum(factor.points for factor in metric.factors) == close(metric.points, abs=EXACT)
                for factor in metric.factors:
                    leads_back(factor)


def leads_back(factor: FactorChange) -> None:
    points = factor.shares.points.tolist()
    assert math.fsum(points) == pytest.approx(factor.points, abs=EXACT)
    for codes in factor.shares[:2]:
        assert math.fsum(part for _, part in moved(codes, factor.shares.points)) == pytest.approx(factor.points, abs=EXACT)


def audiences() -> st.SearchStrategy[Told]:
    some = st.dictionaries(st.sampled_from(("loud", "quiet", "eve")), st.sampled_from((0, 20, 700, 20_000)))
    return st.fixed_dictionaries({"birdsong": some, "cafe": some})


@st.composite
def settings_of_both(draw: st.DrawFn) -> tuple[Setting, Setting]:
    """Draw the settings of two times: mostly of one model, else with another window, too."""
    model, other = draw(models()), draw(st.one_of(st.none(), models()))
    return setting(model), setting(model) if other is None else setting(other, window=WINDOW // 2)


@settings(deadline=None, max_examples=20)
@given(st.lists(rows(), max_size=14), st.integers(1, 60), settings_of_both(), st.tuples(audiences(), audiences()))
def test_a_change_is_the_sum_of_its_steps_and_each_step_of_its_parts(
    drawn: list[Row], days: int, both: tuple[Setting, Setting], told_of: Pair
) -> None:
    old, new = both
    found = change(drawn, days, old=old, new=new, told_of=told_of)
    adds_up(found)
    assert found.steps[0].points <= EXACT
    assert found.steps[2].points >= -EXACT


@settings(deadline=None, max_examples=8)
@given(st.lists(rows(), max_size=14), st.integers(1, 60), st.tuples(audiences(), audiences()))
def test_every_step_is_what_scoring_the_chosen_rows_alone_gives(drawn: list[Row], days: int, told_of: Pair) -> None:
    then, now = told_of
    early, late, other = setting(as_of=from_micros(AS_OF - days * DAY)), setting(), setting(window=WINDOW // 2)
    stays = [row for row in drawn if inside(row, early) and inside(row, late)]
    expected = [
        alone(drawn, early, then),
        alone(stays, early, then),
        alone(stays, late, then),
        alone(drawn, late, then),
        alone(drawn, late, now),
        alone(drawn, other, now),
    ]
    found = change(drawn, days, new=other, told_of=told_of)
    for step, (before, after) in zip(found.steps, pairwise(expected), strict=True):
        assert (step.before, step.after) == pytest.approx((before.scores.score[0], after.scores.score[0]), abs=EXACT)


def step(found: Change, name: str) -> Step:
    return next(one for one in found.steps if one.name == name)


def test_what_left_what_came_and_how_many_there_were() -> None:
    old, fresh = [attrs.evolve(row, time=AS_OF - 95 * DAY) for row in likes(4)], likes(3, kind="answer")
    found = change([*old, *[attrs.evolve(row, time=AS_OF) for row in fresh]], 10)
    (gone,), (came,) = step(found, "aged_out").networks, step(found, "arrived").networks
    assert (dict(gone.reactions), dict(came.reactions)) == ({"cheer": 4}, {"answer": 3})
    assert gone.points < 0 < came.points
    assert {came.items[item] for item, _ in moved(came.shares.item, came.shares.points)} == {"item 0", "item 1", "item 2"}
    assert {came.actors[actor] for actor, _ in moved(came.shares.actor, came.shares.points)} == {"fan 0", "fan 1", "fan 2"}


def test_a_network_where_nothing_happened_is_credited_with_nothing_though_its_share_became_smaller() -> None:
    before = [attrs.evolve(row, time=None) for row in likes(12)]
    found = change([*before, *[attrs.evolve(row, time=AS_OF) for row in likes(8, network="cafe", kind="nod")]], 10)
    assert set(found.by_network()) == {"birdsong", "cafe"}
    assert found.by_network()["birdsong"] == pytest.approx(0.0, abs=EXACT)
    assert found.by_network()["cafe"] == pytest.approx(found.points)


def test_a_step_up_has_no_losers_even_where_a_newcomer_takes_the_peak_from_another() -> None:
    steady = [Row(actor=f"fan {k}", item="x", time=None) for k in range(3)]
    crowd = [Row(actor=f"new {k}", item="y", time=AS_OF) for k in range(9)]
    (came,) = step(change([*steady, *crowd], 10), "arrived").networks
    assert min(came.shares.points.tolist()) > 0
    assert "x" not in came.items


def test_an_audience_that_grew_is_a_step_of_its_own_and_says_whose_reactions_it_is_about() -> None:
    quiet = [Row(actor="loud", item="x", time=None), Row(actor="eve", item="x", time=None)]
    found = change(quiet, 10, told_of=({"birdsong": {"loud": 10}}, {"birdsong": {"loud": 50_000}}))
    (network,) = step(found, "audiences").networks
    assert found.points == pytest.approx(network.points)
    assert network.points > 0
    assert dict(network.reactions) == {"cheer": 1}
    # `items`, `days` and `peak` are shared by all who were there: most of it is by the one who became known.
    assert network.actors[moved(network.shares.actor, network.shares.points)[0][0]] == "loud"


def test_under_another_model_the_difference_in_points_is_told() -> None:
    other = attrs.evolve(MODEL, metrics={**MODEL.metrics, "applause": attrs.evolve(MODEL.metrics["applause"], weight=3.0)})
    found = change([attrs.evolve(row, time=None) for row in likes(9)], 10, new=setting(other))
    (network,) = step(found, "model").networks
    assert found.before.model != found.after.model
    points = {metric.name: metric.points for metric in network.metrics}
    assert points["applause"] > 0 > points["reach"]
    assert step(found, "arrived").networks == []


def test_nothing_but_time_makes_what_is_recent_older() -> None:
    found = change([attrs.evolve(row, time=AS_OF - 20 * DAY - k) for k, row in enumerate(likes(9))], 10)
    (network,) = step(found, "grew_older").networks
    assert {metric.name for metric in network.metrics if metric.points < 0} == {"lately"}
    assert dict(network.reactions) == {"cheer": 9}


def test_parts_that_cancel_each_other_are_shared_by_size() -> None:
    swap = {"birdsong": {"loud": 10, "quiet": 50_000}}, {"birdsong": {"loud": 50_000, "quiet": 10}}
    found = change([Row(actor=actor, item=None, time=None) for actor in ("loud", "quiet")], 5, told_of=swap)
    adds_up(found)
    assert found.points == pytest.approx(0.0, abs=EXACT)


def test_what_moved_most_comes_first_whichever_way() -> None:
    assert moved(np.array([3, 1, 1, 2]), np.array([-4.0, 1.0, 1.0, 2.0])) == [(3, -4.0), (1, 2.0), (2, 2.0)]


def test_followers_at_a_time_are_the_newest_told_until_then_else_the_first_told_afterwards() -> None:
    with table([]) as connection:
        connection.execute(
            """
            CREATE OR REPLACE TABLE tellings(network VARCHAR, actor VARCHAR, told BIGINT, audience BIGINT);
            INSERT INTO tellings VALUES
                ('pond', 'early', 5, 10), ('pond', 'early', 9, 20), ('pond', 'early', 9, 15), ('pond', 'early', 11, 30),
                ('pond', 'late', 11, 40), ('pond', 'late', 12, 50), ('pond', 'late', 11, 44),
                ('pond', 'undated', NULL, 60), ('lake', 'early', 10, 0)
            """
        )
        assert audiences_at(connection, 10) == {"pond": {"early": 20, "late": 44, "undated": 60}, "lake": {"early": 0}}
        assert audiences_at(connection, 4)["pond"]["early"] == 10
