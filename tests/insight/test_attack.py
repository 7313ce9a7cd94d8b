"""Attacks: the world that is attacked is the population that a run scores, and every attack does what it says."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest

from kleos import pipeline
from kleos.config import Config, read, resolve
from kleos.errors import KleosError, UsageError
from kleos.events import Event, Note, silent
from kleos.insight.attacking import attacks
from kleos.insight.attacking.asking import attack_configured
from kleos.insight.attacking.opened import world_of
from kleos.insight.attacking.outcome import Left, Outcome, Points
from kleos.insight.attacking.synthetic import invented_world
from kleos.insight.attacking.trying import try_all
from kleos.insight.attacking.world import Rows, World, scored
from kleos.plugins import Loaded, load
from kleos.scoring.model import load_model
from kleos.scoring.resolved import resolve_model
from slow_twins.small import BIRDSONG, METRICS, MODEL

NOW = datetime(2026, 6, 30, tzinfo=UTC)
RESOLVED = resolve_model(MODEL, METRICS)


def small_world(people: int = 60, strangers: int = 300) -> World:
    return invented_world(RESOLVED, RESOLVED.form(BIRDSONG), people=people, strangers=strangers)


def columns(rows: Rows) -> bytes:
    return b"".join(column.tobytes() for column in attrs.astuple(rows, recurse=False))


def configured(folder: Path, extra: str = "") -> tuple[Config, Loaded]:
    """Return a configuration with a population of two networks: names, told audiences, items, and reactions without names."""
    dice = np.random.default_rng(4)
    with (folder / "events.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["network", "subject", "actor", "kind", "item", "time", "count", "audience"])
        for i in range(900):
            to, by = dice.zipf(1.6) % 40, int(dice.integers(0, 200))
            network, kind = ("twitter", ["like", "reply", "view"][i % 3]) if i % 4 else ("youtube", "comment")
            actor, count = ("", 1 + i % 5) if i % 11 == 0 else (f"a{by}", 1)
            item = "" if i % 7 == 0 else f"p{i % 5}"
            time = f"2026-0{1 + i % 5}-1{i % 9}T12:00:00Z"
            writer.writerow([network, f"a{to}", actor, kind, item, time, count, by * 3 if actor and by % 3 == 0 else ""])
    text = f'[run]\nas_of = 2026-06-01\nwindow = "90d"\n[population]\ninteractions = "events.csv"\n{extra}'
    raw = read(text, "kleos.toml")
    loaded = load(networks=["twitter", "youtube"], metrics=list(load_model().metrics))
    return resolve(raw, loaded.networks, loaded.metrics, folder=folder), loaded


def test_an_untouched_world_has_the_scores_that_a_run_gives(tmp_path: Path) -> None:
    config, loaded = configured(tmp_path)
    world = world_of(config, loaded, emit=silent, now=NOW)
    assert {form.network.name for form in world.forms} == {"twitter", "youtube"}
    assert (world.rows.account < 0).any()
    assert world.rows.itemless.any()
    found = scored(world)
    assert found.score.max() > 10
    assert np.sort(found.score).tolist() == pipeline.population(config, loaded, emit=silent, now=NOW).scores.tolist()


def test_the_order_of_rows_and_the_number_of_threads_change_no_bit() -> None:
    world = small_world()
    order = np.random.default_rng(0).permutation(len(world.rows))
    shuffled = attrs.evolve(
        world, rows=attrs.evolve(world.rows, **{name: column[order] for name, column in attrs.asdict(world.rows, recurse=False).items()})
    )
    assert scored(shuffled, threads=3).score.tobytes() == scored(world, threads=1).score.tobytes()


def test_the_same_seed_invents_the_same_population() -> None:
    assert columns(small_world().rows) == columns(small_world().rows)
    other = invented_world(RESOLVED, RESOLVED.form(BIRDSONG), people=60, strangers=300, seed=2)
    assert columns(other.rows) != columns(small_world().rows)


def test_nobody_in_the_invented_population_reacts_to_themselves() -> None:
    world = small_world()
    assert not (world.accounts[0].holder[world.rows.account] == world.rows.person).any()


def test_a_crowd_is_as_many_new_accounts_with_one_reaction_each_to_one_new_item() -> None:
    world, targets = small_world(), np.array([3, 5])
    changed = attacks.crowd(world, targets, 7, kind=0, audience=0.0)
    added = changed.rows.of(np.arange(len(changed.rows)) >= len(world.rows))
    assert np.bincount(added.person, minlength=6).tolist() == [0, 0, 0, 7, 0, 7]
    assert len(np.unique(added.account)) == 14
    assert added.account.min() == len(world.accounts[0])
    assert len(np.unique(added.item)) == 1
    assert not np.isin(added.item, world.rows.item).any()
    assert changed.accounts[0].audience[added.account].tolist() == [0.0] * 14
    assert added.age.max() < world.window // 90
    assert scored(changed).actors[3] == scored(world).actors[3] + 7


def test_a_pod_and_its_outsiders_give_every_member_the_same_reactions() -> None:
    world, members = small_world(), np.array([1, 4, 9, 11])
    inside, outside = attacks.pod(world, members, kind=1, every=3), attacks.outsiders(world, members, kind=1, every=3)

    def told(changed: World) -> list[tuple[int, ...]]:
        added = changed.rows.of(np.arange(len(changed.rows)) >= len(world.rows))
        columns: list[list[int]] = [added.person.tolist(), added.item.tolist(), added.age.tolist()]
        return sorted(zip(*columns, strict=True))

    assert told(inside) == told(outside)
    assert len(told(inside)) == 4 * 3 * 30
    added = inside.rows.of(np.arange(len(inside.rows)) >= len(world.rows))
    givers = inside.accounts[0].holder[added.account]
    assert set(givers.tolist()) == set(members.tolist())
    assert not (givers == added.person).any()


def test_members_without_an_account_get_one() -> None:
    world = small_world()
    known = attrs.evolve(world.accounts[0], holder=np.where(world.accounts[0].holder == 4, -1, world.accounts[0].holder))
    world = attrs.evolve(world, accounts=[known])
    changed, accounts = world.accounts_of(0, np.array([3, 4]))
    assert changed.accounts[0].holder[accounts].tolist() == [3, 4]
    assert accounts[1] == len(known)


def test_repeating_everything_on_a_second_network_adds_its_odds() -> None:
    world, target = small_world(), np.array([8])
    changed = attacks.twice(world, target)
    assert len(changed.forms) == 2
    before, after = scored(world), scored(changed)
    assert after.actors[8] == 2 * before.actors[8]
    assert after.score[8] > before.score[8]
    others = np.arange(world.people) != 8
    # Who is reacted to on one network more weighs nothing on the other.
    assert after.score[others].tolist() == before.score[others].tolist()


def test_a_bot_reaches_everybody_who_received_anything_once() -> None:
    world = small_world()
    changed = attacks.reacting_to_everybody(world, kind=0)
    added = changed.rows.of(np.arange(len(changed.rows)) >= len(world.rows))
    assert sorted(added.person.tolist()) == np.unique(world.rows.person).tolist()
    assert len(np.unique(added.account)) == 1


def test_a_steady_person_has_evenly_spread_strangers_and_a_break_moves_them_back() -> None:
    world = small_world()
    steady, person = attacks.steady(world, 9, kind=0, an_item=3)
    late, same = attacks.steady(world, 9, kind=0, an_item=3, days_ago=20)
    mine, theirs = (w.rows.of(w.rows.person == person) for w in (steady, late))
    assert person == same == world.people
    assert np.diff(np.sort(mine.age)).tolist() == pytest.approx([world.window // 9] * 8, abs=1)
    assert (theirs.age - mine.age).tolist() == [20 * (world.window // 90)] * 9
    assert len(np.unique(mine.item)) == 3
    assert scored(late).score[person] < scored(steady).score[person]


def test_bounds_are_for_the_most_and_losses_are_told_as_losses() -> None:
    def outcome(most: float, **changes: Any) -> Outcome:
        told = Points(1.0, most)
        return attrs.evolve(Outcome(attack="x", title="x", population=told, people=Points(1.0, 9.0), bound=3.0), **changes)

    assert outcome(2.0).holds is False
    assert outcome(2.0, everywhere=False).holds is True
    assert outcome(3.5, everywhere=False).holds is False
    assert outcome(9.0, bound=None).holds is None
    assert outcome(9.0, bound=None, left=(Left(30, 0.9), Left(60, 0.3, 0.25))).holds is False


def test_a_population_without_average_people_says_what_to_do() -> None:
    with pytest.raises(KleosError, match="expected at least 20 people") as failed:
        try_all(small_world(people=12), population="twelve")
    assert "--invented" in failed.value.hint


def test_without_a_population_an_invented_one_is_attacked_and_that_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, loaded = configured(tmp_path)
    heard: list[Event] = []
    attacked: list[tuple[int, str]] = []
    monkeypatch.setattr("kleos.insight.attacking.asking.try_all", lambda world, **told: attacked.append((world.people, told["population"])))
    bare = attrs.evolve(config, population=None)
    attack_configured(bare, loaded, emit=heard.append, now=NOW)
    assert any(isinstance(event, Note) and "no [population]" in event.text for event in heard)
    attack_configured(config, loaded, emit=silent, now=NOW)
    attack_configured(config, loaded, emit=silent, now=NOW, invented=True)
    invented = (4_000, "an invented population on Twitter / X")
    assert [attacked[0], attacked[2]] == [invented, invented]
    assert attacked[1][1] == "events.csv"
    with pytest.raises(UsageError, match="needs a population"):
        world_of(bare, loaded, emit=silent, now=NOW)
