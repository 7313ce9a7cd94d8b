"""A score taken apart adds up again, at every level and whatever it is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS, Metric, Term
from kleos.errors import UsageError
from kleos.insight.explaining.explain import explain
from kleos.insight.explaining.explanation import Explanation, ranked
from kleos.scoring.model import Weight
from slow_twins.models import weights
from slow_twins.world import Reaction, World
from slow_twins.worlds import worlds

DAY = 86_400_000_000
EXACT = 1e-9


def metric(name: str, *terms: Term, **changes: Any) -> Metric:
    return Metric(name=name, title=name.title(), family="all", unit="acts", definition="A number.", source="us", terms=terms, **changes)


REACH = metric("reach", Term("any.actors"))
APPLAUSE = metric("applause", Term("role:LIKE.acts"), Term("k2.acts", 0.5))
COMPUTED = metric("computed", compute=lambda factors: np.sqrt(factors["any.count"]))


@st.composite
def metrics(draw: st.DrawFn) -> list[Metric]:
    """Draw metrics of any terms, one of them computed now and then."""
    selectors = st.builds("{}.{}".format, st.sampled_from(("any", "role:LIKE", "role:SHARE", "k0", "k3")), st.sampled_from(AGGREGATIONS))
    terms = st.lists(st.builds(Term, selectors, st.sampled_from((0.0, 0.5, 1.0, 3.0))), min_size=1, max_size=3)
    drawn = [metric(f"m{k}", *some) for k, some in enumerate(draw(st.lists(terms, min_size=1, max_size=4)))]
    return [*drawn, COMPUTED] if draw(st.booleans()) else drawn


@st.composite
def neighbours(draw: st.DrawFn) -> dict[str, World]:
    """Draw one or two networks with the same window."""
    first, second = draw(worlds()), draw(worlds())
    ages = [min(row.age, first.window) for row in second.rows]
    rows = tuple(attrs.evolve(row, age=age) for row, age in zip(second.rows, ages, strict=True))
    both = {"pond": first, "lake": attrs.evolve(second, window=first.window, rows=rows)}
    return both if draw(st.booleans()) else {"pond": first}


def total(parts: Iterable[Any]) -> float:
    return math.fsum(part.points for part in parts)


def adds_up(explanation: Explanation) -> None:
    assert total(explanation.networks) == pytest.approx(explanation.score - 1, abs=EXACT)
    assert total(explanation.table()) == pytest.approx(explanation.score - 1, abs=EXACT)
    for network in explanation.networks:
        assert total(network.metrics) == pytest.approx(network.points, abs=EXACT)
        for share in network.metrics:
            assert share.points >= 0
            assert share.computed or total(share.factors) == pytest.approx(share.points, abs=EXACT)
            for factor in share.factors:
                assert math.fsum(factor.shares.points.tolist()) == pytest.approx(factor.points, abs=EXACT)
                for codes in factor.shares[:2]:
                    assert math.fsum(points for _, points in ranked(codes, factor.shares.points)) == pytest.approx(factor.points, abs=EXACT)


@settings(deadline=None, max_examples=80)
@given(neighbours(), metrics(), st.data())
def test_every_level_adds_up_to_the_one_above(scored: Any, drawn: dict[str, World], measured: list[Metric], data: st.DataObject) -> None:
    prepared = scored(drawn, measured, {share.name: data.draw(weights()) for share in measured})
    for person in prepared.people:
        adds_up(explain(prepared, person))


def pond(*rows: Reaction) -> dict[str, World]:
    return {"pond": World(rows=rows, people=2, in_any=(True, True, True, False), q=(0.5, 1.0), given=(0.0, 0.0), window=90 * DAY)}


LIKED = pond(Reaction(0, 0, 0, 0, 0), Reaction(0, 1, 1, 1, DAY), Reaction(0, 2, None, 1, DAY, 3), Reaction(0, 3, 0, 0, 0, 9))
WEIGHTS = {"reach": Weight(weight=1.0), "applause": Weight(weight=0.5)}


def test_a_role_counts_each_kind_as_often_as_the_kind_weighs(scored: Any) -> None:
    (network,) = explain(scored(LIKED, [APPLAUSE], WEIGHTS), "p0").networks
    (applause,) = network.metrics
    assert [(factor.name, factor.value, factor.weight) for factor in applause.factors] == [
        ("pond.k0.acts", 1.0, 1.0),
        ("pond.k1.acts", 2.0, 2.0),
        ("pond.k2.acts", 3.0, 0.5),
    ]
    assert [factor.points / applause.points for factor in applause.factors] == pytest.approx([1 / 6.5, 4 / 6.5, 1.5 / 6.5])


def test_the_table_names_actors_and_items_and_leaves_the_unnamed_unnamed(scored: Any) -> None:
    rows = list(explain(scored(LIKED, [APPLAUSE], WEIGHTS), "p0").table())
    assert [(row.factor, row.actor, row.item) for row in rows] == [
        ("pond.k0.acts", f"{0:032x}", "item 0"),
        ("pond.k1.acts", f"{1:032x}", "item 1"),
        ("pond.k2.acts", None, "item 1"),
    ]


def test_a_computed_metric_stays_whole(scored: Any) -> None:
    explanation = explain(scored(LIKED, [REACH, COMPUTED], {**WEIGHTS, "computed": Weight(weight=2.0)}), "p0")
    (network,) = explanation.networks
    whole = network.metrics[1]
    assert (whole.computed, list(whole.factors)) == (True, [])
    assert [(row.factor, row.actor, row.item, row.points) for row in explanation.table() if row.metric == "computed"] == [
        (None, None, None, whole.points)
    ]
    assert float(network.shares.points.sum()) == pytest.approx(network.points - whole.points)


def test_a_metric_is_valued_as_people_count_and_its_factor_as_the_score_weighs(scored: Any) -> None:
    (network,) = explain(scored(LIKED, [REACH], WEIGHTS), "p0").networks
    (reach,) = network.metrics
    assert reach.value == 5  # two with a name, three without
    assert reach.factors[0].value == 6  # the second weighs twice as much


def test_a_person_to_whom_nobody_reacted_has_nothing_to_explain(scored: Any) -> None:
    explanation = explain(scored(LIKED, [REACH], WEIGHTS), "p1")
    assert (explanation.score, list(explanation.networks), list(explanation.table())) == (1.0, [], [])


def test_coverage_tells_kind_by_kind_what_was_scored_and_what_is_not_known(scored: Any) -> None:
    explanation = explain(scored(LIKED, [REACH], WEIGHTS), "p0")
    assert [(kind.kind, kind.counts, kind.imported, kind.scored, kind.anonymous, kind.untimed) for kind in explanation.kinds] == [
        ("k0", True, 1, 1, 0, 0),
        ("k1", True, 1, 1, 0, 0),
        ("k2", True, 3, 3, 3, 0),
        ("k3", False, 9, 0, 0, 0),
    ]
    assert explanation.coverage.imported == explanation.networks[0].interactions == 5


def test_what_comes_from_whom_does_not_depend_on_the_order_of_the_rows(scored: Any) -> None:
    rows = LIKED["pond"].rows
    one, other = (list(explain(scored(pond(*some), [REACH, APPLAUSE], WEIGHTS), "p0").table()) for some in (rows, rows[::-1]))
    assert one == other


@pytest.mark.parametrize(
    ("person", "hint"), [("pp1", "did you mean 'p1'"), ("person 1", "did you mean 'p1'"), ("zebra", "there are: p0, p1")]
)
def test_an_unknown_person_is_told_who_there_is(scored: Any, person: str, hint: str) -> None:
    with pytest.raises(UsageError, match="expected the id of a person") as raised:
        explain(scored(LIKED, [REACH], WEIGHTS), person)
    assert hint in raised.value.hint
