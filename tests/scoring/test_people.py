"""What a person reads: names, units, coverage; nothing gets lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.scoring.people import people_scores
from kleos.scoring.reactions import count_rows
from kleos.scoring.result import PersonScore
from slow_twins.small import BIRDSONG, WINDOW
from slow_twins.tables import AS_OF, PEOPLE, Row, likes, rows, run, table

NAMES = {"ada": "Ada", "bob": "Bob"}


def people(drawn: Sequence[Row], **options: object) -> list[PersonScore]:
    found = run(drawn, **options)  # type: ignore[arg-type]
    with table(drawn) as connection:
        counted = count_rows(connection, AS_OF, WINDOW)
    return people_scores(
        NAMES,
        tables=found.tables,
        scores=found.scores,
        bounds=np.array([[1.0, 2.0], [np.nan, np.nan]]),
        counted=counted,
        resolved=found.resolved,
        clock=found.resolved.clock(WINDOW),
    )


@settings(deadline=None, max_examples=25)
@given(st.lists(rows(), max_size=16))
def test_points_of_networks_and_metrics_each_add_up_to_the_score(drawn: list[Row]) -> None:
    for person in people(drawn):
        assert sum(part.points for part in person.networks.values()) == pytest.approx(person.score - 1, abs=1e-9)
        assert sum(part.points for part in person.metrics.values()) == pytest.approx(person.score - 1, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.lists(rows(), max_size=16))
def test_coverage_accounts_for_every_imported_reaction(drawn: list[Row]) -> None:
    for person in people(drawn):
        own = [row for row in drawn if row.person == person.id]
        scorable = [row for row in own if row.kind not in ("glance", "nest")]
        inside = [row for row in scorable if 0 <= row.age <= WINDOW]
        coverage = person.coverage
        assert coverage.imported == sum(row.count for row in scorable)
        assert coverage.scored == sum(coverage.ages.values()) == sum(row.count for row in inside)
        assert coverage.scored == sum(part.interactions for part in person.networks.values())
        assert sum(coverage.kinds.values()) == sum(row.count for row in own)
        assert set(coverage.networks) == set(person.networks) == {row.network for row in scorable}
        if inside:
            assert coverage.actors == pytest.approx(sum(row.count for row in inside if row.actor) / coverage.scored)
            assert coverage.times == pytest.approx(sum(row.count for row in inside if row.time is not None) / coverage.scored)
        else:
            assert coverage.actors is coverage.times is None


def test_people_keep_their_order_names_and_intervals() -> None:
    ada, bob = people(likes(3))
    assert (ada.id, ada.name, ada.interval) == ("ada", "Ada", (1.0, 2.0))
    assert (bob.id, bob.name, bob.interval) == ("bob", "Bob", None)
    assert bob.score == 1.0
    assert bob.networks == {}
    assert set(NAMES) == set(PEOPLE)


def test_metrics_that_people_count_are_shown_unweighted_and_the_others_as_they_are_scored() -> None:
    (quiet, _), (loud, _) = (people([Row(actor=actor, item="x")]) for actor in ("quiet", "loud"))
    assert quiet.metrics["reach"].value == loud.metrics["reach"].value == 1.0
    assert quiet.metrics["prestige"].value < loud.metrics["prestige"].value
    assert quiet.metrics["reach"].points < loud.metrics["reach"].points


def test_a_metrics_value_is_the_sum_over_networks() -> None:
    ada, _ = people(likes(3) + likes(4, network="cafe", kind="nod"))
    assert ada.metrics["reach"].value == 7.0
    assert ada.networks["birdsong"].calibrated
    assert not ada.networks["cafe"].calibrated
    alone, _ = people(likes(3), networks=(BIRDSONG,))
    assert alone.networks["birdsong"].odds == ada.networks["birdsong"].odds
