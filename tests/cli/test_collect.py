"""``kleos collect``: what came of every source."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

from kleos.collect.report import Outcome

Kleos = Callable[..., Any]


@frozen(kw_only=True)
class Report:
    """Looks like what is told of a source."""

    network: str = "twitter"
    source: str = "archive"
    key_path: str = "networks.twitter.archive[0]"
    where: str = "exports/ada-2026.zip"
    person: str | None = "ada"
    pages: int = 3
    skipped_pages: int = 0
    outcome: Outcome = field(factory=lambda: Outcome(rows=1597, kept=1489, self_reactions=100, left_out=8))


AGAIN = Report(source="interactions", where="more.csv", person=None, pages=1, skipped_pages=1, outcome=Outcome())
NOTHING = Report(pages=0, outcome=Outcome())


@frozen(kw_only=True)
class Collected:
    """Looks like what the pipeline returns for collecting."""

    run: str = "20260331T182000"
    sources: Sequence[Report] = field(factory=lambda: [Report(), AGAIN])
    faults: Sequence[Any] = ()
    live: bool = False
    interrupted: bool = False


def test_every_source_is_accounted_for(config: Path, pipeline: Kleos, kleos_command: Kleos, snapshot: Kleos, fault: Any) -> None:
    def collect_only(*positional: Any, emit: Callable[[Any], None], **named: Any) -> Collected:
        emit(fault)
        return Collected()

    given = pipeline(collect_only=collect_only)
    done = kleos_command("collect", "--keep")
    assert done.code == 1
    assert given.calls[0][1]["keep"]
    snapshot("collect-80", done.out)


@pytest.mark.usefixtures("config")
def test_columns_in_which_nothing_happened_are_left_out(pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline(collect_only=Collected(sources=[Report(outcome=Outcome(rows=5, kept=5))]))
    done = kleos_command("collect")
    assert done.code == 0
    assert done.out.splitlines()[1].split() == ["source", "rows", "kept", "from"]


@pytest.mark.usefixtures("config")
def test_json_has_an_object_for_each_source(pipeline: Kleos, kleos_command: Kleos) -> None:
    pipeline(collect_only=Collected())
    told = json.loads(kleos_command("collect", "--json").out)
    assert set(told) == {"schema", "run", "sources", "faults"}
    assert [source["kept"] for source in told["sources"]] == [1489, 0]


@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(("sources", "told"), [([NOTHING], "no source gave a usable row"), ([], "the configuration names no source")])
def test_no_source_that_could_be_read_ends_with_exit_4(pipeline: Kleos, kleos_command: Kleos, sources: list[Report], told: str) -> None:
    pipeline(collect_only=Collected(sources=sources))
    done = kleos_command("collect")
    assert done.code == 4
    assert told in done.err


@pytest.mark.usefixtures("config")
def test_an_interrupt_keeps_what_was_collected(pipeline: Kleos, kleos_command: Kleos) -> None:
    def collect_only(*positional: Any, **named: Any) -> Collected:
        signal.raise_signal(signal.SIGINT)
        return Collected(interrupted=True)

    pipeline(collect_only=collect_only)
    done = kleos_command("collect")
    assert done.code == 130
    assert "1,489 rows kept" in done.out
