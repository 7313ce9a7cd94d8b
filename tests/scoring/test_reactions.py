"""From the table of reactions to arrays: what is coded, what is left out, and that nothing gets lost between the counts."""

from __future__ import annotations

from collections import Counter

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.scoring.reactions import AGE_SOURCES, Reactions, count_rows, gather, newest
from kleos.scoring.resolved import resolve_model
from slow_twins.small import BIRDSONG, DAY, METRICS, MODEL, WINDOW
from slow_twins.tables import AS_OF, PEOPLE, Row, rows, shuffled, table

FORM = resolve_model(MODEL, METRICS).form(BIRDSONG)
tables = st.lists(rows(), max_size=25)


def gathered(drawn: list[Row], people: tuple[str, ...] = PEOPLE) -> Reactions:
    with table(drawn) as connection:
        return gather(connection, FORM, people, {"loud": 20_000}, as_of=AS_OF, window=WINDOW)


def source_of(row: Row) -> str:
    return next((name for name in AGE_SOURCES[:3] if getattr(row, name) is not None), "unknown")


@settings(deadline=None, max_examples=40)
@given(tables)
def test_every_imported_reaction_is_scored_outside_the_window_or_after_as_of(drawn: list[Row]) -> None:
    with table(drawn) as connection:
        tallied = {(t.person, t.network, t.kind): t for t in count_rows(connection, AS_OF, WINDOW)}
    assert set(tallied) == {(row.person, row.network, row.kind) for row in drawn}
    for place, found in tallied.items():
        own = [row for row in drawn if (row.person, row.network, row.kind) == place]
        inside = [row for row in own if 0 <= row.age <= WINDOW]
        assert found.imported == sum(row.count for row in own)
        assert found.after_as_of == sum(row.count for row in own if row.age < 0)
        assert found.outside_window == sum(row.count for row in own if row.age > WINDOW)
        assert found.named == sum(row.count for row in inside if row.actor is not None)
        assert found.ages == {source: sum(row.count for row in inside if source_of(row) == source) for source in AGE_SOURCES}
        assert found.imported == sum(found.ages.values()) + found.outside_window + found.after_as_of


@settings(deadline=None, max_examples=40)
@given(tables)
def test_gathered_rows_are_the_rows_inside_the_window(drawn: list[Row]) -> None:
    found = gathered(drawn)
    expected = Counter[tuple[object, ...]]()
    for row in drawn:
        if row.network == "birdsong" and row.person in PEOPLE and 0 <= row.age <= WINDOW:
            expected[row.person, row.kind, row.actor, row.item, row.age] += row.count
    assert told(found) == expected


def told(found: Reactions) -> Counter[tuple[object, ...]]:
    """Return the arrays' rows in words."""
    rows = Counter[tuple[object, ...]]()
    for part in (found.named, found.anonymous):
        for person, name in enumerate(PEOPLE):
            for row in range(part.start[person], part.start[person + 1]):
                kind = FORM.kinds[part.kind[row]]
                item = found.items[person][part.item[row]] if part.item[row] >= 0 else None
                actor = found.actors[found.named.actor[row]] if part is found.named else None
                rows[name, kind, actor, item, int(part.age[row])] += int(part.reactions[row])
    return rows


@settings(deadline=None, max_examples=40)
@given(tables)
def test_the_arrays_are_sorted_and_coded_as_the_engine_expects(drawn: list[Row]) -> None:
    found = gathered(drawn)
    named, blocks = found.named, found.anonymous
    assert [named.kind.dtype, named.actor.dtype, named.item.dtype, named.age.dtype] == [np.int16, np.int32, np.int32, np.int64]
    assert [blocks.kind.dtype, blocks.item.dtype, blocks.reactions.dtype] == [np.int16, np.int32, np.int64]
    assert named.start[-1] == len(named.age)
    assert blocks.start[-1] == len(blocks.age)
    assert len(found.audience) == len(found.hashes) == len(found.actors) == len(set(found.actors))
    assert len(found.block_hashes) == len(blocks.age)
    for person in range(len(PEOPLE)):
        of_named, of_blocks = (slice(part.start[person], part.start[person + 1]) for part in (named, blocks))
        pairs = list(zip(named.actor[of_named].tolist(), named.item[of_named].tolist(), strict=True))
        assert pairs == sorted(pairs)
        keys = list(zip(*(column[of_blocks].tolist() for column in (blocks.kind, blocks.item, blocks.age)), strict=True))
        assert keys == sorted(set(keys))
        items = {item for item in (*named.item[of_named].tolist(), *blocks.item[of_blocks].tolist()) if item >= 0}
        assert items == set(range(len(found.items[person])))
        assert all(item == -1 - min(age * 90 // WINDOW, 89) for _, item, age in keys if item < 0)


@settings(deadline=None, max_examples=15)
@given(tables)
def test_the_order_of_rows_changes_neither_codes_nor_hashes(drawn: list[Row]) -> None:
    one, other = gathered(drawn), gathered(shuffled(drawn))
    assert one.actors == other.actors
    assert one.items == other.items
    for name in ("audience", "hashes", "block_hashes"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    for name in one.anonymous._fields:
        assert getattr(one.anonymous, name).tobytes() == getattr(other.anonymous, name).tobytes()


def test_audiences_belong_to_actors_by_their_text() -> None:
    found = gathered([Row(actor="quiet", item="x"), Row(actor="loud", item="x")])
    assert dict(zip(found.actors, found.audience.tolist(), strict=True)) == pytest.approx({"loud": 20_000, "quiet": np.nan}, nan_ok=True)


def test_an_actors_hash_depends_on_network_and_name_only() -> None:
    early = gathered([Row(actor="b", item="x")])
    late = gathered([Row(actor=actor, person="bob", item="y") for actor in "abc"])
    assert late.hashes[late.actors.index("b")] == early.hashes[0]
    assert len(set(late.hashes.tolist())) == 3


def test_all_anonymous_reactions_of_one_item_and_kind_are_one_block_of_the_bootstrap() -> None:
    found = gathered(
        [Row(item=item, kind=kind, time=AS_OF - day * DAY) for item in ("x", "y", None) for kind in ("cheer", "echo") for day in (0, 9)]
    )
    assert len(found.block_hashes) == 12
    assert len(set(found.block_hashes.tolist())) == 6


def test_unknown_kinds_networks_and_rows_that_count_nothing_are_left_out() -> None:
    found = gathered([Row(kind="sneeze"), Row(network="elsewhere"), Row(count=0), Row(actor="eve", count=0)])
    assert found.named.start.tolist() == [0, 0, 0]
    assert found.anonymous.start.tolist() == [0, 0, 0]
    assert found.actors == []


def test_an_empty_table_and_an_empty_roster_are_no_trouble() -> None:
    assert gathered([]).named.start.tolist() == [0, 0, 0]
    assert gathered([Row()], people=()).anonymous.start.tolist() == [0]
    with table([]) as connection:
        assert count_rows(connection, AS_OF, WINDOW) == []


def test_counts_beyond_what_an_integer_holds_are_no_trouble() -> None:
    found = gathered([Row(item="x", count=2**62), Row(item="x", count=2**62), Row(item="x", count=2**62)])
    assert found.anonymous.reactions[0] > 0


def test_the_newest_time_is_that_of_any_column_up_to_now() -> None:
    drawn = [Row(time=AS_OF - 5, item_time=AS_OF + 10), Row(time=None, captured=AS_OF - 2), Row(time=None)]
    with table(drawn) as connection:
        assert newest(connection, AS_OF) == AS_OF - 2
        assert newest(connection, AS_OF + 10) == AS_OF + 10
        assert newest(connection, 0) is None
    with table([attrs.evolve(drawn[2])]) as connection:
        assert newest(connection, AS_OF) is None
