"""Who reacts to everybody gives less to each; who reacts to one person does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.events import silent
from kleos.kernel.records import NOBODY, slots
from kleos.pipeline.populations.blocks import Blocks, Chunk, Plan
from kleos.scoring.accounts import Accounts, kinds_scored
from kleos.scoring.prolific import voices
from kleos.scoring.resolved import resolve_model
from slow_twins.small import BIRDSONG, METRICS, MODEL, WINDOW

FORM = resolve_model(MODEL, METRICS).form(BIRDSONG)
KINDS = list(BIRDSONG.kinds)
Given = tuple[int, int | None, str, int]
"""(person, account, kind, reactions)."""


def heard(given_: list[Given], *, accounts: int, people: int, prolific: float = 20.0) -> list[float]:
    """Return the voice of every account."""
    person, actor, kind, times = (list(column) for column in zip(*given_, strict=True))
    plan = Plan(people, len(given_), 1, accounts, WINDOW, 2, 1 << 20, Path())
    scored = kinds_scored([FORM])
    blocks = Blocks(plan, scored, silent)
    nobody = np.zeros(len(given_), dtype=np.int64)
    blocks.add(
        Chunk(
            np.array(person, dtype=np.uint32),
            np.array([int(NOBODY) if one is None else one for one in actor], dtype=np.uint32),
            slots(nobody, np.array([KINDS.index(name) for name in kind]), nobody == 1),
            np.arange(len(given_), dtype=np.uint64),
            nobody,
            np.array(times, dtype=np.int64),
        )
    )
    whole = Accounts(start=np.array([0, accounts]), audience=None, holder=None, given=blocks.given)
    found: list[float] = voices(blocks, whole, prolific).tolist()
    return found


def crowd(number: int, first: int = 0) -> list[Given]:
    """Return one reaction each by so many accounts, to person 0."""
    return [(0, first + i, "cheer", 1) for i in range(number)]


def test_whoever_reacts_to_everybody_is_heard_less_in_proportion() -> None:
    bot = [(person, 0, "cheer", 1) for person in range(400)]
    voice = heard([*bot, *crowd(399, first=1)], accounts=400, people=400)
    mean = (400 + 399) / 400
    assert voice[0] == pytest.approx(20 * mean / 399)  # 400 less the one whom it reacts to most
    assert voice[1:] == [1.0] * 399


def test_a_fan_of_one_person_is_heard_however_often_they_react() -> None:
    fan = [(1, 0, "answer", 1) for _ in range(300)] + [(1, 0, "cheer", 5_000)]
    assert heard([*fan, *crowd(399, first=1)], accounts=400, people=2)[0] == 1.0


def test_views_and_follows_are_not_what_an_actor_gives() -> None:
    glances = [(person, 0, "glance", 9) for person in range(400)] + [(person, 0, "nest", 1) for person in range(400)]
    assert heard([*glances, *crowd(399, first=1)], accounts=400, people=400)[0] == 1.0


def test_a_stricter_rule_lowers_more() -> None:
    bot = [(person, 0, "cheer", 2) for person in range(400)]
    strict, lenient = (heard([*bot, *crowd(399, first=1)], accounts=400, people=400, prolific=times)[0] for times in (5.0, 20.0))
    assert 0 < strict < lenient < 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 4)), st.sampled_from(KINDS), st.integers(1, 50)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from((0.5, 1.0, 3.0)),
)
def test_the_voice_is_what_its_words_say(drawn: list[Given], prolific: float) -> None:
    found = heard(drawn, accounts=5, people=6, prolific=prolific)
    to: list[dict[int, int]] = [{} for _ in range(5)]
    for person, account, kind, times in drawn:
        if account is not None and BIRDSONG.kinds[kind].role.in_any:
            to[account][person] = to[account].get(person, 0) + times
    giving = [sum(one.values()) for one in to if one]
    mean = sum(giving) / max(1, len(giving))
    for account, voice in enumerate(found):
        others = sum(to[account].values()) - max(to[account].values(), default=0)
        assert voice == pytest.approx(min(1.0, prolific * mean / others) if others else 1.0)
