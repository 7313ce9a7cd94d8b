"""A prediction is the score of the changed data, advice keeps what it promises, and wishes are understood or refused plainly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Kind, Network, Role, Source
from kleos.errors import UsageError
from kleos.insight.rescoring import EVERYTHING, Kept, NewReaction, rescore, with_networks_of
from kleos.insight.simulating.advice import Advising
from kleos.insight.simulating.advising import advise_on
from kleos.insight.simulating.certainty import Certainty
from kleos.insight.simulating.efforts import efforts
from kleos.insight.simulating.grammar import read_wish
from kleos.insight.simulating.wishes import new_reactions, understood
from kleos.pipeline.prepare import Prepared, Setting, score_setting
from kleos.scoring.interval import intervals
from kleos.scoring.resolved import resolve_model
from kleos.store import columns_to_table, from_micros
from kleos.store.duck import integers, texts
from slow_twins.models import models
from slow_twins.small import BIRDSONG, CAFE, DAY, METRICS, MODEL, NETWORKS, WINDOW
from slow_twins.tables import AS_OF, AUDIENCES, Row, likes, rows, table

EXACT = 1e-9
LIVE = Source(name="api", title="API", settings=Row, fetch=lambda *_: iter(()), parse=lambda _: (), live=True)
POND = Network(name="pond", title="Pond", kinds={"croak": Kind(role=Role.REPLY, title="croak")}, sources=(LIVE,))
GONE = Network(name="gone", title="Gone", kinds={"sigh": Kind(role=Role.REPLY, title="sigh")}, sources=())
NOD = NewReaction(network="cafe", kind="nod", actor="x", item=None, time=AS_OF)
EVERYWHERE = {network.name: network for network in (*NETWORKS, POND, GONE)}


def setting(**changes: Any) -> Setting:
    plain = Setting(
        people={"ada": "Ada", "bob": "Bob"},
        networks=EVERYWHERE,
        resolved=resolve_model(MODEL, METRICS),
        as_of=from_micros(AS_OF),
        as_of_reason="a test",
        window=WINDOW,
        threads=1,
    )
    return attrs.evolve(plain, **changes)


def tables(some: Sequence[Row], audiences: dict[tuple[str, str], int] | None = None) -> Any:
    """Return a connection with both tables."""
    connection = table(some)
    told = {(network.name, actor): number for network in NETWORKS for actor, number in AUDIENCES.items()} | (audiences or {})
    network, actor = zip(*told, strict=True)
    columns_to_table(connection, "told", {"network": texts(network), "actor": texts(actor), "audience": integers(list(told.values()))})
    connection.execute("CREATE OR REPLACE TABLE audiences AS FROM told")
    return connection


def again(some: Sequence[Row], asked: Setting, kept: Kept = EVERYTHING, added: Sequence[NewReaction] = (), person: str = "ada") -> Prepared:
    with tables(some) as connection:
        return rescore(connection, asked, person, kept=kept, added=added)


def independent(some: Sequence[Row], asked: Setting, audiences: dict[tuple[str, str], int] | None = None) -> Prepared:
    """Score everybody from a table that has the changed rows."""
    with tables(some, audiences) as connection:
        return score_setting(asked, connection)


# Three people can like five posts fifteen times.
WISHES = st.builds(
    "{} {} by {} people{}{} on {}{}".format,
    st.integers(6, 15),
    st.sampled_from(("likes", "nods")),
    st.integers(3, 6),
    st.sampled_from(("", " with 2,000 followers", " with 0 followers")),
    st.sampled_from(("", " to 5 posts")),
    st.just("cafe"),
    st.sampled_from(("", " over 30 days", " over 12 hours")),
) | st.sampled_from(("9 answers by 4 people on birdsong", "12 cheers by 4 people with 700 followers to 3 posts on birdsong over 2 weeks"))


def same(one: Prepared, other: Prepared) -> None:
    """Compare a person alone with the first of several."""
    assert one.scores.score[0] == pytest.approx(other.scores.score[0], abs=EXACT)
    networks = {strength.form.network.name: strength.strength[0] for strength in one.scores.networks}
    for strength in other.scores.networks:
        assert networks.get(strength.form.network.name, 0.0) == pytest.approx(strength.strength[0], abs=EXACT)


@settings(deadline=None, max_examples=20)
@given(st.lists(rows(), max_size=12), models(), st.sampled_from((None, "birdsong", "cafe")), st.one_of(st.none(), WISHES))
def test_a_prediction_is_the_score_of_the_changed_data(drawn: list[Row], model: Any, without: str | None, wish: str | None) -> None:
    asked = setting(resolved=resolve_model(model, METRICS))
    added, told = [], {}
    if wish is not None:
        addition = understood(read_wish(wish), EVERYWHERE, (), window=WINDOW)
        added = new_reactions(addition, AS_OF, name="new")
        told = {(row.network, row.actor): addition.followers for row in added if addition.followers is not None}
    kept = EVERYTHING if without is None else Kept("network <> $without", {"without": without})
    changed = [row for row in drawn if row.network != without]
    changed += [Row(row.network, "ada", row.kind, row.actor, row.item, row.time) for row in added]
    same(again(drawn, asked, kept, added), independent(changed, asked, told))


@settings(deadline=None, max_examples=8)
@given(st.lists(rows(), max_size=12), st.lists(rows(("ada",)).filter(lambda row: row.actor is not None), min_size=1, max_size=4))
def test_scoring_only_the_changed_network_again_is_scoring_all_of_them(drawn: list[Row], more: list[Row]) -> None:
    added = [NewReaction(network="cafe", kind="nod", actor=str(row.actor), item=row.item, time=AS_OF) for row in more]
    asked = setting()
    whole, part = again(drawn, asked, added=added), again(drawn, asked, Kept("network = 'cafe'"), added)
    same(with_networks_of(again(drawn, asked), part), whole)


def test_the_store_s_own_tables_stay_as_they_are() -> None:
    with tables(likes(5)) as connection:
        before = connection.execute("SELECT count(*) FROM reactions").fetchall()
        rescore(
            connection,
            setting(),
            "ada",
            kept=Kept("false"),
            added=[NewReaction(network="cafe", kind="nod", actor="x", item=None, time=AS_OF)],
        )
        assert connection.execute("SELECT count(*) FROM reactions").fetchall() == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 replies", (50, "replies", None, None, None, None, None)),
        ("1 reply by 1 person", (1, "reply", 1, None, None, None, None)),
        (
            "50 replies by 40 people with 2,000 followers to 5 posts on mastodon over 30 days",
            (50, "replies", 40, 2000, 5, "mastodon", 30 * DAY),
        ),
        ("1.5k  likes ON x over 2 weeks With 3m followers", (1500, "likes", None, 3_000_000, None, "x", 14 * DAY)),
        ("5 story replies on Google+", (5, "story replies", None, None, None, "Google+", None)),
    ],
)
def test_a_wish_is_read_in_any_order_and_without_what_may_be_left_out(text: str, expected: tuple[Any, ...]) -> None:
    assert attrs.astuple(read_wish(text))[1:] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("replies", "expected a number and what it is of, such as '50 replies', found 'replies'"),
        ("", "expected a number"),
        ("-5 likes", "expected a number"),
        ("0 likes", "expected at least one of reactions, found 0"),
        ("1.5 likes", "expected a whole number, found 1.5"),
        ("5 likes by dogs", "expected people after 'by', such as 'by 40 people', found 'dogs'"),
        ("5 likes by 3 dogs", "expected people after 'by'"),
        ("5 likes by 6 people", "expected at most as many people as reactions, found 6 people and 5 likes"),
        ("5 likes to 6 posts", "expected at most as many posts as reactions, found 6 posts and 5 likes"),
        ("5 likes over 30", "expected a length of time after 'over'"),
        ("5 likes over 3 moons", "expected hours, days or weeks after 'over'"),
        ("5 likes by 2 people by 3 people", "expected 'by' once, found it twice"),
        ("999999999 likes", "expected at most 100,000 reactions, found 999,999,999"),
    ],
)
def test_a_wish_that_cannot_be_read_is_told_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_wish(text)
    assert raised.value.message.startswith(message)
    assert (raised.value.where, "50 replies by 40 people" in raised.value.hint) == (f"--add {text!r}", True)


def meant(text: str, usual: Sequence[str] = ("birdsong",)) -> tuple[str, str]:
    addition = understood(read_wish(text), EVERYWHERE, usual, window=WINDOW)
    return addition.network, addition.kind


def test_kinds_have_their_own_names_and_those_of_their_roles() -> None:
    assert meant("5 answers") == meant("5 replies") == meant("1 comment") == ("birdsong", "answer")
    assert meant("5 echoes") == meant("5 shares") == meant("5 boosts") == ("birdsong", "echo")
    assert meant("5 waves on cafe") == meant("5 waves on Café") == ("cafe", "wave")
    assert meant("5 likes on cafe") == ("cafe", "nod")
    assert meant("2 replies on pond") == ("pond", "croak")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("5 hugs", "expected a reaction of Birdsong, found 'hugs'", "there are: answer, cheer, echo"),
        ("5 ansers", "expected a reaction of Birdsong, found 'ansers'", "did you mean 'answer'?"),
        ("5 glances", "expected a reaction that is scored, found 'glances'", "there are: cheer, answer, echo"),
        ("5 likes on bird", "expected a network that is installed, found 'bird'", "did you mean 'birdsong'?"),
        ("5 likes over 91 days", "expected a time within the window", "after 'over', say at most 90 days"),
        ("9 cheers by 2 people to 4 posts", "expected at most 8 cheers, found 9", "on Birdsong a person can do that once to a post"),
    ],
)
def test_what_is_not_there_or_cannot_be_is_refused_plainly(text: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        meant(text)
    assert raised.value.message.startswith(message)
    assert raised.value.hint.startswith(hint)


def test_a_network_need_not_be_named_where_there_is_only_one() -> None:
    with pytest.raises(UsageError, match="expected 'on' and a network, found none"):
        meant("5 likes", ("birdsong", "cafe"))
    assert meant("5 likes", ("cafe",)) == ("cafe", "nod")


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 9))
def test_people_take_turns_and_nobody_reacts_to_a_post_twice_as_long_as_there_are_posts(number: int, people: int, posts: int) -> None:
    people, posts = min(people, number), min(posts, number)
    addition = understood(
        read_wish(f"{number} answers by {people} people to {posts} posts over 30 days"), EVERYWHERE, ("birdsong",), window=WINDOW
    )
    made = new_reactions(addition, AS_OF, name="new")
    assert (len(made), len({row.actor for row in made})) == (number, people)
    assert len({row.time for row in made}) == number
    assert all(AS_OF - 30 * DAY <= row.time <= AS_OF for row in made)
    if number <= people * posts:
        assert len({(row.actor, row.item) for row in made}) == number


def advised(some: Sequence[Row], most: int = 50) -> Advising:
    with tables(some) as connection:
        return advise_on(connection, setting(), "ada", most=most)


BUSY = [*likes(30), *likes(12, network="cafe", kind="nod")]


@pytest.fixture(scope="module")
def told() -> Advising:
    """Return all advice for somebody on two networks."""
    return advised(BUSY)


def test_advice_gains_what_scoring_the_changed_data_gains(told: Advising) -> None:
    before = again(BUSY, setting())
    gains = sorted(again(BUSY, setting(), added=effort.rows).scores.score[0] - told.score for effort in efforts(before, setting()))
    assert sorted(one.points for one in told.advice) == pytest.approx([gain for gain in gains if gain > 0], abs=EXACT)
    assert all(one.score == pytest.approx(told.score + one.points) for one in told.advice)


def test_the_largest_gain_comes_first_and_every_sort_is_there_however_few_are_asked_for(told: Advising) -> None:
    few = advised(BUSY[::-1], most=3).advice
    assert {one.sort for one in few} == {"quality", "influencers", "networks"}
    gains = [one.points for one in told.advice]
    assert gains == sorted(gains, reverse=True)
    # The same every time, interval and all, whatever the order of the rows.
    assert few[0] == told.advice[0]


def test_advice_names_networks_that_can_be_asked_and_no_others(told: Advising) -> None:
    assert [one.network for one in told.advice if one.sort == "networks"] == ["pond"]


def test_every_gain_lies_in_its_interval_and_stands_in_its_sentence(told: Advising) -> None:
    for one in told.advice:
        assert one.interval is not None
        low, high = one.interval
        assert 0 <= low <= one.points <= high
        # Bounds that both round to nothing are left out.
        assert (f" ({low:.1f} to {high:.1f}): " if high >= 0.05 else " less than 0.1 points: ") in one.sentence
        assert one.title in one.sentence


def test_nobody_is_told_to_post_more(told: Advising) -> None:
    assert not any("post" in one.sentence for one in told.advice)
    assert "how much you post does not count" in told.note


def test_those_who_react_already_are_asked_for_another_reaction_before_strangers_are(told: Advising) -> None:
    quality = {(one.network, one.kind): one for one in told.advice if one.sort == "quality"}
    answers = quality["birdsong", "answer"]
    assert (answers.familiar, answers.people) == (5, 5)
    assert "one answer each from 5 people who react to you already, but not like this" in answers.sentence


def test_somebody_whom_nobody_reacts_to_is_told_where_to_begin_and_how_little_is_sure() -> None:
    (one,) = advised([]).advice
    assert (one.sort, one.network, one.familiar) == ("networks", "pond", 0)
    assert one.points == pytest.approx(one.score - 1)


def test_a_change_is_surer_than_the_scores_it_lies_between() -> None:
    asked = setting()
    before = again(BUSY, asked)
    after = again(BUSY, asked, added=[NOD])
    certainty = Certainty()
    interval, whole = certainty.of_change(before, after), certainty.interval(before)
    assert interval is not None
    assert whole is not None
    assert interval[1] - interval[0] < whole[1] - whole[0]
    assert whole == tuple(intervals(before.tables, before.scores, before.clock, before.resolved)[0].tolist())


def test_of_too_few_people_no_interval_is_told() -> None:
    asked = setting()
    one, two = again(likes(2), asked), again(likes(3), asked)
    assert Certainty().of_change(one, two) is None
    assert Certainty().interval(one) is None


def test_from_nobody_a_change_is_as_sure_as_the_score_that_comes_of_it() -> None:
    asked = setting()
    nobody, somebody = again([], asked), again(BUSY, asked)
    certainty = Certainty()
    low, high = certainty.interval(somebody) or (0.0, 0.0)
    assert certainty.of_change(nobody, somebody) == pytest.approx((low - 1, high - 1))
    assert certainty.of_change(somebody, nobody) == pytest.approx((1 - high, 1 - low))


def cheered(days: float) -> Sequence[NewReaction]:
    """Return cheers by twenty people whom nobody has met, evenly over so many days."""
    ages = {f"new {k}": round(k * days * DAY / 20) for k in range(20)}
    return [NewReaction(network="birdsong", kind="cheer", actor=actor, item=None, time=AS_OF - age) for actor, age in ages.items()]


def test_people_who_come_all_at_once_make_a_change_less_sure() -> None:
    """As they make a score less sure: people come in crowds."""
    asked = setting()
    before = again(likes(9), asked)
    crowd, steady = (Certainty().of_change(before, again(likes(9), asked, added=cheered(days))) for days in (0.5, 60))
    assert crowd is not None
    assert steady is not None
    assert crowd[1] - crowd[0] > 1.5 * (steady[1] - steady[0])


def test_a_change_is_stretched_as_the_scores_are(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = setting()
    before, after = again(likes(9), asked), again(likes(9), asked, added=cheered(0.5))
    low, high = Certainty().of_change(before, after) or (0.0, 0.0)
    monkeypatch.setattr("kleos.scoring.interval.crowding_by_days", lambda *_: np.ones(1))
    one_by_one = Certainty().of_change(before, after) or (0.0, 0.0)
    assert high - low > 1.5 * (one_by_one[1] - one_by_one[0]) > 0


@settings(deadline=None, max_examples=6)
@given(st.lists(rows(), max_size=12), st.floats(0, 80))
def test_more_reactions_are_never_a_loss_and_fewer_never_a_gain(drawn: list[Row], days: float) -> None:
    asked = setting()
    before, after = again(drawn, asked), again(drawn, asked, added=cheered(days))
    gain, loss = Certainty().of_change(before, after), Certainty().of_change(after, before)
    assert gain is not None
    assert loss is not None
    assert gain[0] >= 0
    assert loss[1] <= 0


def test_what_does_not_change_is_sure() -> None:
    before = again(BUSY, setting())
    assert Certainty().of_change(before, before) == (0.0, 0.0)
    assert math.isclose(before.scores.score[0], independent(BUSY, setting()).scores.score[0])


def test_networks_that_the_model_cannot_tell_apart_are_one_piece_of_advice() -> None:
    twin = attrs.evolve(POND, name="mere", title="Mere")
    with tables(BUSY) as connection:
        told = advise_on(connection, setting(networks={**EVERYWHERE, "mere": twin}), "ada")
    (one,) = [one for one in told.advice if one.sort == "networks"]
    assert (one.network, list(one.alike)) == ("mere", ["Pond"])
    assert "(or on Pond)" in one.sentence
    assert BIRDSONG.title not in one.sentence
    assert CAFE.title not in one.sentence
