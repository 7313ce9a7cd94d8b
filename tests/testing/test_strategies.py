"""What the strategies draw is what their users were promised."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from kleos.contract import Interaction, Kind, Network, Role
from kleos.files import open_export
from kleos.testing.strategies import exports, interactions, populations, write_export

NETWORK = Network(name="net", title="Net", kinds={name: Kind(role=Role.LIKE, title=name) for name in ("like", "clap")}, sources=())
UNHURRIED = settings(deadline=None, max_examples=50)


@UNHURRIED
@given(interactions(NETWORK))
def test_an_interaction_is_one_that_the_contract_allows(drawn: Interaction) -> None:
    assert drawn.network == "net"
    assert drawn.kind in NETWORK.kinds
    assert drawn.actor != drawn.subject
    assert drawn.time is None or drawn.time.utcoffset() is not None


@UNHURRIED
@given(exports("data/likes.jsonl", bodies=st.just(b"near")))
def test_an_export_can_be_written_and_opened(drawn: Mapping[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_export(write_export(Path(folder) / "export", drawn)) as export:
        found = {export.read(name) for name in export.names}
    assert found == set(drawn.values())


@UNHURRIED
@given(populations(NETWORK))
def test_a_population_is_a_canonical_table(drawn: list[dict[str, Any]]) -> None:
    assert drawn
    assert all(row["kind"] in NETWORK.kinds and row["count"] >= 1 for row in drawn)


def test_the_interesting_cases_are_drawn() -> None:
    for strategy, interesting in (
        (interactions(NETWORK), lambda drawn: drawn.actor is None and drawn.captured is not None),
        (exports("a.json", bodies=st.just(b"near")), lambda drawn: drawn.get("a.json") == b"near"),
        (exports("a.json"), lambda drawn: "a.json" not in drawn),
        (populations(NETWORK), lambda drawn: any(row["actor"] == row["subject"] for row in drawn)),
    ):
        find(strategy, interesting, settings=settings(phases=[Phase.generate]))
