"""How far a source is, and when it is cut off."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from attrs import evolve

from kleos.collect.pace import Pace
from kleos.config import SourceLimits
from kleos.contract import Context, Owner, Page
from kleos.events import Event, Fault, Progress


def make(*, live: bool) -> tuple[Pace, list[Event]]:
    """Return a pace whose clock ticks once for each look at it, and what it tells."""
    events: list[Event] = []
    ticks = count()
    return Pace(emit=events.append, task="net api", live=live, clock=lambda: float(next(ticks))), events


def test_an_api_is_told_in_pages_rows_and_rows_a_second() -> None:
    pace, events = make(live=True)
    pace.took(100, 30)
    pace.took(100, 6)
    pace.finish()
    assert events == [
        Progress(task="net api", done=1, unit="pages", detail="30 rows, 30 rows/s"),
        Progress(task="net api", done=2, unit="pages", detail="36 rows, 18 rows/s"),
        Progress(task="net api", done=2, unit="pages", detail="36 rows, 12 rows/s", finished=True),
    ]


def test_files_are_told_in_rows_or_in_what_their_plugin_counts() -> None:
    pace, events = make(live=False)
    pace.took(100, 1)
    pace.told(2, 7, "files")
    pace.finish()
    assert events == [
        Progress(task="net api", done=1, unit="rows", detail="1.0 rows/s"),
        Progress(task="net api", done=2, total=7, unit="files", detail="1 row, 0.5 rows/s"),
        Progress(task="net api", done=1, unit="rows", finished=True),
    ]


def test_what_it_waits_for_is_told_until_the_next_page() -> None:
    pace, events = make(live=True)
    pace.told(0, None, "pages, waiting until 14:05:10 for Net")
    pace.took(10, 0)
    assert [(event.waiting, event.unit) for event in events if isinstance(event, Progress)] == [
        ("waiting until 14:05:10 for Net", "pages"),
        ("", "pages"),
    ]


def endless(settings: Any, owner: Owner | None, context: Context) -> Iterator[Page]:
    """A plugin gone wrong: page after page, each with another reaction."""
    for number in count():
        body = f'{{"actor": "{number}a"}}\n{{"actor": "{number}b"}}\n'.encode()
        cursor = str(number + 1)
        yield Page(network="net", source="api", where=f"page {number}", owner=owner, captured=context.now, body=body, cursor=cursor)


@pytest.mark.parametrize(
    ("limits", "said", "key"),
    [
        (SourceLimits(rows=9), "cut off after page 5, which went beyond the 9 rows", "source_rows"),
        (SourceLimits(bytes=100), "which went beyond the 100 bytes", "source_bytes"),
        (SourceLimits(time=1), "cut off after page 1, which went beyond the 1e-06 seconds that one source may give", "source_time"),
    ],
)
def test_a_source_without_end_is_cut_off_and_what_came_before_stays(world: Any, limits: SourceLimits, said: str, key: str) -> None:
    world = evolve(world.with_person("ada", "ada").with_network(fetch=endless), limits=limits).with_api(b"")
    found = world.collect()
    (fault,) = found.faults
    assert (fault.stage, fault.where) == ("fetch", "networks.net.api[0]")
    assert said in fault.error
    assert f"raise {key} under [limits]" in fault.error
    assert "what came before is kept" in fault.error
    assert 0 < found.sources[0].outcome.kept == world.count()
    assert sum(isinstance(event, Fault) for event in world.events) == 1


def test_the_limits_are_those_of_all_owners_of_a_source_together(world: Any) -> None:
    world = world.with_person("ada", "ada").with_person("bob", "bob").with_network(fetch=endless)
    found = evolve(world, limits=SourceLimits(rows=5)).with_api(b"").collect()
    assert [report.person for report in found.sources] == ["ada"]
    assert len(found.faults) == 1


def test_after_an_interrupt_nobody_else_is_asked_for(world: Any) -> None:
    stop = threading.Event()

    def fetch(settings: Any, owner: Owner | None, context: Context) -> Iterator[Page]:
        for page in endless(settings, owner, context):
            stop.set()
            yield page

    world = world.with_person("ada", "ada").with_person("bob", "bob").with_network(fetch=fetch).with_api(b"")
    found = world.collect(stop=stop)
    assert [(report.person, report.pages) for report in found.sources] == [("ada", 1)]
    assert found.interrupted
