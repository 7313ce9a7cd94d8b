"""The table q: told audiences for a roster, audiences and own odds for a population; frozen, and the same for the same rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import AGGREGATIONS
from kleos.events import silent
from kleos.kernel.layout import Influence
from kleos.kernel.records import slots
from kleos.pipeline.populations.blocks import Blocks, Chunk, Plan
from kleos.scoring.accounts import Accounts, kinds_scored
from kleos.scoring.earned import earned_influence
from kleos.scoring.influence import outranked_by_audience, table_digest, told_influence
from kleos.scoring.reactions import Reactions, gather
from kleos.scoring.resolved import resolve_model
from kleos.scoring.strength import measure
from slow_twins.small import BIRDSONG, CAFE, METRICS, MODEL, WINDOW
from slow_twins.tables import AS_OF, Row, likes, shuffled, table

RESOLVED = resolve_model(MODEL, METRICS)
FORM = RESOLVED.form(BIRDSONG)
RULES = MODEL.influence


def q_of(*audience: float) -> list[float]:
    result: list[float] = outranked_by_audience(np.array(audience, dtype=np.float64), FORM, RULES).tolist()
    return result


def gathered(rows: Sequence[Row], audiences: Mapping[str, int], people: Sequence[str]) -> Reactions:
    with table(rows) as connection:
        return gather(connection, FORM, people, audiences, as_of=AS_OF, window=WINDOW)


def earned(rows: Sequence[Row], audiences: Mapping[str, int], people: Sequence[str]) -> tuple[Reactions, Influence]:
    """Return a population's table, in which accounts and people have the same names."""
    reactions = gathered(rows, audiences, people)
    named, actors = reactions.named, reactions.actors
    holder = np.array([people.index(actor) if actor in people else -1 for actor in actors], dtype=np.int64)
    plan = Plan(len(people), len(named.actor), 1, len(actors), WINDOW, 2, 1 << 20, Path())
    blocks = Blocks(plan, kinds_scored([FORM]), silent)
    person = np.repeat(np.arange(len(people), dtype=np.uint32), np.diff(named.start))
    slot = slots(np.zeros(len(person), dtype=np.uint16), named.kind.astype(np.uint16), named.item < 0)
    item = np.maximum(named.item, 0).astype(np.uint64)
    blocks.add(Chunk(person, named.actor.astype(np.uint32), slot, item, named.age, named.reactions))
    accounts = Accounts(start=np.array([0, len(actors)]), audience=reactions.audience, holder=holder, given=blocks.given)
    q, _ = earned_influence(blocks, accounts, [FORM], RESOLVED)
    return reactions, Influence(q=q, unknown=RULES.unknown, given=blocks.given.astype(np.float64), attention=FORM.attention)


def q_by_name(reactions: Reactions, influence: Influence) -> dict[str, float]:
    return dict(zip(reactions.actors, influence.q.tolist(), strict=True))


def test_a_told_audience_outranks_its_share_of_the_reference_curve() -> None:
    assert q_of(0, 10, 100, 1_000, 100_000) == pytest.approx([0.001, 0.2, 0.5, 0.8, 1.0])
    assert 0.2 < q_of(20)[0] < 0.5
    assert 0.8 < q_of(20_000)[0] < 1.0


def test_an_audience_beyond_the_curve_has_the_share_of_its_end() -> None:
    assert q_of(10**9) == [1.0]


def test_an_audience_that_was_not_told_is_unknown_and_not_small() -> None:
    assert q_of(np.nan) == [0.5]
    told = told_influence(gathered([Row(actor="eve"), Row(actor="alone")], {"alone": 0}, ("ada",)), RULES)
    assert told.q.tolist() == [0.001, 0.5]
    assert told.given.tolist() == [0.0, 0.0]
    assert told.attention == 30.0
    assert told.weights().tolist() == [round(0.002 * 2**30), 2**30]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=2).map(sorted))
def test_a_larger_audience_never_means_less_influence(audiences: list[float]) -> None:
    low, high = q_of(*audiences)
    assert 0.0 < low <= high <= 1.0


def test_in_a_population_influence_is_earned() -> None:
    rows = [*likes(40, "star"), Row(person="ada", actor="star"), Row(person="bob", actor="nobody"), Row(person="bob", actor="alone")]
    q = q_by_name(*earned(rows, {"alone": 0}, ("ada", "bob", "star")))
    assert q["star"] > 0.9
    assert q["nobody"] == 0.5, "who received nothing and told nothing is unknown"
    assert q["alone"] == 0.001, "only a told audience of nobody, with nothing received, gets the floor"


def test_the_larger_of_told_and_earned_influence_counts() -> None:
    rows = [Row(person="small", actor="fan"), Row(person="ada", actor="small")]
    q = {audience: q_by_name(*earned(rows, {"small": audience}, ("ada", "small")))["small"] for audience in (0, 20_000)}
    assert q[20_000] == pytest.approx(q_of(20_000)[0])
    assert 0.001 < q[0] < 0.5


def test_who_received_a_little_never_weighs_less_than_a_stranger() -> None:
    q = q_by_name(*earned([Row(person="small", actor="fan"), Row(person="ada", actor="small")], {}, ("ada", "small")))
    assert q["small"] == q["fan"] == 0.5


def test_attention_is_shared_among_all_whom_an_actor_reacts_to() -> None:
    """A hundred followers who react to everybody make nobody influential; a hundred who react to one make that one so."""
    crowd = [f"p{i}" for i in range(60)]
    everybody = [Row(person=to, actor=by) for to in crowd for by in crowd if to != by]
    star = [Row(person="star", actor=f"fan {i}") for i in range(60)]
    people = (*crowd, "star", "ada")
    q = q_by_name(*earned([*everybody, *star, Row(person="ada", actor="star"), Row(person="ada", actor="p1")], {}, people))
    assert q["p1"] < q["star"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd"), st.integers(1, 5)), max_size=14), st.sampled_from([None, 0, 300])
)
def test_the_table_is_what_its_slow_twin_finds(drawn: list[tuple[str, str, int]], audience: int | None) -> None:
    rows = [Row(person=to, actor=by, count=times, item="x") for to, by, times in drawn if to != by]
    people = ("a", "b", "c")
    told = {} if audience is None else {"a": audience}
    assert q_by_name(*earned(rows, told, people)) == pytest.approx(slowly(rows, told, people), abs=1e-6)


def slowly(rows: Sequence[Row], told: Mapping[str, int], people: Sequence[str]) -> dict[str, float]:
    """Return what everybody's influence is by the words of docs/score.md."""
    actors = sorted({row.actor for row in rows if row.actor})
    gave = {actor: sum(row.count for row in rows if row.actor == actor) for actor in actors}
    known = {actor: q_of(told[actor])[0] if actor in told else 0.5 for actor in actors}
    q = dict(known)
    for _ in range(RULES.iterations):
        q = {
            actor: max(
                known[actor],
                share(sum(q[row.actor] / 0.5 * row.count / gave[row.actor] for row in rows if row.person == actor and row.actor))
                if actor in people
                else 0.0,
            )
            for actor in actors
        }
    return q


def share(received: float) -> float:
    """Return the share of the reference population that receives less attention."""
    strength, knots, logs = math.log1p(received), FORM.earned.strength.tolist(), FORM.earned.log_odds.tolist()
    if strength <= 0:
        return 0.0
    if strength < knots[0]:
        return 1 / (1 + math.exp(-(logs[0] + math.log(strength / knots[0]))))
    if strength >= knots[-1]:
        slope = (logs[-1] - logs[-2]) / (knots[-1] - knots[-2])
        return 1 / (1 + math.exp(-(logs[-1] + (strength - knots[-1]) * slope)))
    return 1 / (1 + math.exp(-float(np.interp(strength, knots, logs))))


def test_a_reaction_from_a_star_counts_more_than_one_from_a_small_account() -> None:
    def score_of(actor: str) -> float:
        rows = [*likes(40, "star"), *likes(1, "small"), Row(person="ada", actor=actor)]
        reactions, influence = earned(rows, {}, ("ada", "small", "star"))
        return float(measure(reactions, influence, RESOLVED.clock(WINDOW), RESOLVED).strength[0])

    assert score_of("star") > score_of("small")


def test_puppets_to_whom_nobody_reacts_weigh_next_to_nothing() -> None:
    puppets = [f"puppet {i}" for i in range(50)]
    rows = [Row(person="ada", actor=puppet, item="x") for puppet in puppets] + [Row(person="bob", actor="stranger", item="x")]
    reactions, influence = earned(rows, dict.fromkeys(puppets, 0), ("ada", "bob", *puppets))
    strength = measure(reactions, influence, RESOLVED.clock(WINDOW), RESOLVED).strength
    assert 0.0 < strength[0] < strength[1]


def test_what_an_actor_gave_is_counted_over_everybody_without_views_and_follows() -> None:
    rows = [Row(person=person, actor="eve", item=f"{i}") for i, person in enumerate(("ada", "bob", "bob"))]
    rows += [Row(person="ada", actor="eve", kind="glance", count=9), Row(person="ada", actor="dan", item="z", count=3)]
    reactions, influence = earned(rows, {}, ("ada", "bob"))
    assert dict(zip(reactions.actors, influence.given.tolist(), strict=True)) == {"dan": 3.0, "eve": 3.0}
    values = measure(reactions, influence, RESOLVED.clock(WINDOW), RESOLVED).folded.values
    assert values[:, -1, AGGREGATIONS.index("share_of_attention")].tolist() == pytest.approx([1 + 1 / 3, 2 / 3])


def test_the_same_rows_in_another_order_give_the_same_table() -> None:
    rows = [
        *likes(30, "star"),
        *likes(8, "fan 3"),
        *likes(5, "fan 4"),
        Row(person="fan 4", actor="star"),
        Row(person="star", actor="fan 4"),
    ]
    people = ("fan 3", "fan 4", "star")
    one, other = earned(rows, {"fan 1": 50}, people), earned(shuffled(rows), {"fan 1": 50}, people)
    assert one[1].q.tobytes() == other[1].q.tobytes()
    assert table_digest([one]) == table_digest([other])


def test_the_digest_tells_other_tables_apart_and_ignores_the_order_of_networks() -> None:
    rows = [Row(actor="eve"), Row(actor="dan")]
    (reactions, influence), (_, louder) = (earned(rows, told, ("ada",)) for told in ({}, {"eve": 5}))
    assert table_digest([(reactions, influence)]) != table_digest([(reactions, louder)])
    assert len(table_digest([])) == 64
    with table(likes(3, network="cafe", kind="nod")) as connection:
        cafe = gather(connection, RESOLVED.form(CAFE), ("ada",), {}, as_of=AS_OF, window=WINDOW)
    both = [(reactions, influence), (cafe, told_influence(cafe, RULES))]
    assert table_digest(both) == table_digest(both[::-1])
