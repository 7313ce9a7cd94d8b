"""The promise that one more network never lowers a score, across all the networks that are installed."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kleos.contract import Network
from kleos.plugins import installed, load

from .conftest import NOW, Row, Run, days_ago

NETWORKS = sorted(entry.name for entry in installed() if entry.kind == "network")


def loaded() -> list[Network]:
    """Return the networks that ship, as plugins declare them."""
    return list(load(networks=NETWORKS, metrics=[]).networks.values())


KINDS = {network.name: sorted(network.kinds) for network in loaded()}


@st.composite
def received(draw: st.DrawFn, network: str) -> Row:
    """Draw one row of a table: a reaction of one of the network's own kinds, by name, without, or a total."""
    row: dict[str, Any] = {
        "network": network,
        "kind": draw(st.sampled_from(KINDS[network])),
        "item": draw(st.sampled_from(["", "post1", "post2", "post3"])),
        "time": draw(st.sampled_from(["", *(days_ago(d) for d in (0, 0.5, 3, 8, 40, 89, 120))])),
    }
    form = draw(st.sampled_from(["named", "unnamed", "total"]))
    if form == "named":
        row["actor"] = draw(st.sampled_from([f"actor{n}" for n in range(9)]))
        row["audience"] = draw(st.sampled_from(["", 0, 20, 20_000]))
    else:
        row["count"] = draw(st.integers(1, 40))
    if form == "total":
        row |= {"item": row["item"] or "post1", "time": "", "captured": NOW.isoformat()}
    return row


def listed(network: str) -> st.SearchStrategy[list[Row]]:
    return st.lists(received(network), min_size=1, max_size=8)


def test_the_promise_is_about_seven_networks_that_ship() -> None:
    assert {"facebook", "foursquare", "googleplus", "instagram", "linkedin", "twitter", "youtube"} <= set(KINDS)


@settings(
    # A run takes a second or two: what fails is told as it was found, not shrunk over hundreds of runs.
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.permutations(NETWORKS), st.fixed_dictionaries({network: listed(network) for network in NETWORKS}))
def test_each_further_network_never_lowers_the_score(run: Run, order: list[str], tables: dict[str, list[Row]]) -> None:
    # One person after the other has one network more, in a random order, and receives the same on those that they share.
    # Who is compared with whom changes nobody's score, so one run tells what seven configurations would.
    people = {f"p{most}": {network: [f"p{most}"] for network in order[:most]} for most in range(1, len(order) + 1)}
    rows = [{**row, "subject": person} for person, accounts in people.items() for network in accounts for row in tables[network]]
    scores = [person.score for person in run(rows, people=people).people]
    assert len(scores) == len(NETWORKS)
    for fewer, more in pairwise(scores):
        assert more >= fewer - 1e-9
