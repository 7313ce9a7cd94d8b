"""Promises 2 and 4 from end to end: order, splitting, repetition and reactions to oneself change nothing that is scored."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

World = Any
Row = Mapping[str, Any]
ADA = {"ids": ["7"], "handles": ["ada"]}
MOMENTS = ("2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00")
PROFILE = {"type": "profile", "id": "42", "handle": "bob", "audience": 8}

moments = st.none() | st.sampled_from(MOMENTS)
AUTHORS = {"r1": "bob", "r2": "cem"}
"""Whose a reaction is, sources agree on; where they do not, one of the two is taken."""

interactions = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["like", "reply"]),
        "actor": st.sampled_from([None, "bob", "42", "cem"]),
        "item": st.sampled_from(["1", "2", None]),
        "time": moments,
        "id": st.sampled_from([None, "r1", "r2"]),
        "audience": st.none() | st.integers(0, 3),
    }
).filter(lambda row: row["actor"] is not None or row["id"] is not None)
interactions = interactions.map(lambda row: row | {"actor": row["actor"] and AUTHORS.get(row["id"], row["actor"])})
tallies = st.fixed_dictionaries(
    {"type": st.just("tally"), "item": st.sampled_from(["1", "2"]), "total": st.integers(0, 5), "captured": st.sampled_from(MOMENTS)}
)
rows_of_ada = st.lists(interactions | tallies, min_size=1, max_size=10)


def scored(world: World, *exports: Sequence[Sequence[Row]]) -> Counter[tuple[Any, ...]]:
    """Import exports of several pages each into a new store, and return what would be scored, with actors by name."""
    with tempfile.TemporaryDirectory() as folder:
        world = evolve(world, folder=Path(folder)).with_person("ada", "ada")
        for number, pages in enumerate(exports):
            world = world.with_export(f"export{number}", *pages, owner=ADA)
        world.collect()
        names = {world.pseudonym(name): name for name in ("42", "bob", "cem")}
        return Counter((names.get(row[3], row[3]), *row[:3], *row[4:]) for row in world.reactions())


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_ada, seed=st.integers(0, 99))
def test_shuffled_split_and_repeated_exports_are_scored_alike(world: World, rows: list[Row], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    cut = seed % len(rows)
    assert scored(world, [[*rows, PROFILE]]) == scored(world, [shuffled[:cut], [PROFILE]], [shuffled[cut:], rows])


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of_ada, own=st.lists(interactions, min_size=1, max_size=4))
def test_reactions_to_oneself_change_nothing(world: World, rows: list[Row], own: list[Row]) -> None:
    by_ada = [row | {"actor": actor, "id": None} for row, actor in zip(own, ("ada", "7", "@Ada", " ADA "), strict=False)]
    assert scored(world, [rows]) == scored(world, [rows, by_ada])
