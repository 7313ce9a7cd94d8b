"""Pages that were kept are read again, and give what they gave; a token that a network repeats is on none of them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from kleos.collect.report import Outcome
from kleos.contract import Context, Owner, Page
from kleos.errors import StoreError
from kleos.secrets import Secret
from kleos.store import Store

TOKEN = "a-token/that=nobody+may-see"
BODIES = tuple(
    b'{"actor": "fan%d", "item": "post %d", "time": "2026-02-1%dT00:00:00Z"}' % (number % 2, number, number) for number in range(3)
)


def never(*_: Any) -> Iterator[Page]:
    raise AssertionError("a replay asks nobody")


def outcome(collected: Any) -> Outcome:
    return sum((report.outcome for report in collected.sources), start=Outcome())


def raw(world: Any) -> Path:
    return Path(world.config.run.store) / "raw"


def elsewhere(world: Any, **changes: Any) -> Any:
    """Return the same world with a store of its own."""
    folder = world.folder / "elsewhere"
    folder.mkdir()
    return evolve(world, folder=folder, events=[], **changes)


def rows(world: Any) -> list[Any]:
    """Return all reactions, with names in place of the pseudonyms, which each store has its own."""
    known = {world.pseudonym(name): name for name in ("fan0", "fan1", "bob", "zed")}
    found = world.reactions("person, kind, actor, item, time, item_time, count")
    return sorted(str((*row[:2], known[row[2]], *row[3:])) for row in found)


def test_kept_pages_of_an_api_give_the_same_without_asking(world: Any) -> None:
    first = world.with_person("ada", "ada").with_api(*BODIES)
    collected = first.collect(keep=True)
    again = elsewhere(first.with_network(fetch=never))
    replayed = again.collect(replay=raw(first))
    assert replayed.faults == ()
    assert outcome(replayed) == outcome(collected)
    assert rows(again) == rows(first)
    assert len(rows(again)) == 3
    with Store.open(again.config.run.store) as store:
        assert store.ledger("net", datetime(2026, 3, 1, 12, tzinfo=UTC)).used() == {}


def test_kept_pages_of_exports_and_bulk_files_give_the_same(world: Any) -> None:
    """Whose an export is was learnt from it, and is learnt from its pages."""
    owner = {"ids": ["42"], "handles": ["ada"], "names": ["Ada"]}
    first = (
        world.with_person("ada", "ada")
        .with_bulk("bulk", [{"subject": "42", "actor": "zed", "item": "other"}])
        .with_export("a", [{"subject": "42", "actor": "bob"}, {"subject": "ada", "actor": "42"}], owner=owner)
    )
    collected = first.collect(keep=True)
    again = elsewhere(first.with_network(fetch=never))
    replayed = again.collect(replay=raw(first))
    assert outcome(replayed) == outcome(collected) == Outcome(rows=3, kept=2, self_reactions=1)
    assert rows(again) == rows(first)


def test_a_replay_into_the_same_store_counts_nothing_twice_and_moves_no_cursor(world: Any) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect(keep=True)
    before = rows(world)
    (run,) = raw(world).iterdir()
    replayed = world.collect(replay=run)
    (report,) = replayed.sources
    assert (report.pages, report.skipped_pages) == (3, 3)
    assert rows(world) == before
    assert world.collect().sources[0].pages == 0, "the cursor still stands behind the last page"


def test_an_interrupted_replay_ends_after_the_page_at_hand(world: Any) -> None:
    stop = threading.Event()
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect(keep=True)
    stop.set()
    assert world.collect(replay=raw(world), stop=stop).sources == ()


def test_pages_that_nothing_installed_reads_are_a_fault(world: Any) -> None:
    first = world.with_person("ada", "ada").with_api(*BODIES)
    first.collect(keep=True)
    gone = elsewhere(evolve(first, network=evolve(first.network, sources=first.network.sources[:2]), sources=()))
    (fault,) = gone.collect(replay=raw(first)).faults
    assert "nothing that is installed reads pages of net api" in fault.error


def test_pages_of_somebody_who_is_no_longer_configured_are_nobodys(world: Any) -> None:
    first = world.with_person("ada", "ada").with_api(*BODIES)
    first.collect(keep=True)
    other = elsewhere(evolve(first, people={}).with_person("eve", "eve"))
    replayed = other.collect(replay=raw(first))
    assert outcome(replayed).unclaimed == 3
    assert "none of its 3 reactions is to an account of a person" in replayed.faults[0].error


@pytest.mark.parametrize("damage", ["{", "[]", '{"network": "net"}'])
def test_what_is_no_kept_page_is_told_before_anything_is_read(world: Any, damage: str) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect(keep=True)
    next(raw(world).rglob("*2.json")).write_text(damage)
    with pytest.raises(StoreError, match="expected a page as --keep leaves it"):
        world.collect(replay=raw(world))


def test_a_body_that_is_gone_costs_only_its_own_page(world: Any) -> None:
    world = world.with_person("ada", "ada").with_api(*BODIES)
    world.collect(keep=True)
    next(raw(world).rglob("*2.body")).unlink()
    again = elsewhere(world)
    replayed = again.collect(replay=raw(world))
    assert outcome(replayed).kept == 2
    assert "FileNotFoundError" in replayed.faults[0].error


def test_a_folder_without_pages_says_how_to_keep_some(world: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        world.with_person("ada", "ada").collect(replay=tmp_path / "nothing")
    assert "kleos collect --keep" in caught.value.hint


def test_a_token_that_the_network_repeats_is_kept_nowhere(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some answers hold the address of the next page, and in it the token."""
    monkeypatch.setenv("KLEOS_TEST_TOKEN", TOKEN)
    Secret(env="KLEOS_TEST_TOKEN").reveal()
    quoted = "a-token%2Fthat%3Dnobody%2Bmay-see"
    escaped = TOKEN.replace("/", "\\/")

    def leaky(settings: Any, owner: Owner | None, context: Context) -> Iterator[Page]:
        for number, body in enumerate(BODIES):
            told = json.loads(body) | {"id": f"{number} {TOKEN} {quoted}"}
            where, more = f"https://net.example/likes?after={number}&token={quoted}", {"next": TOKEN, "raw": escaped}
            text = json.dumps(told).replace(TOKEN, escaped, 1)
            yield Page(
                network="net", source="api", where=where, owner=owner, captured=context.now, body=text.encode(), cursor="1", context=more
            )

    world = world.with_person("ada", "ada").with_network(fetch=leaky).with_api(b"")
    assert outcome(world.collect(keep=True)).kept == 3
    store = Path(world.config.run.store)
    files = [file for file in store.rglob("*") if file.is_file()]
    assert sum(file.suffix == ".body" for file in files) == 3
    for file in files:
        assert not any(part in file.read_bytes() for part in (TOKEN.encode(), quoted.encode(), escaped.encode())), file
    again = elsewhere(world)
    assert outcome(again.collect(replay=raw(world))).kept == 3
    assert rows(again) == rows(world)


def test_a_cursor_with_the_token_in_it_is_a_bug_of_the_plugin(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_TOKEN", TOKEN)
    Secret(env="KLEOS_TEST_TOKEN").reveal()

    def leaky(settings: Any, owner: Owner | None, context: Context) -> Iterator[Page]:
        for number, body in enumerate(BODIES):
            cursor = f"https://net.example/?token={TOKEN}" if number else "1"
            yield Page(network="net", source="api", where=f"{number}", owner=owner, captured=context.now, body=body, cursor=cursor)

    world = world.with_person("ada", "ada").with_network(fetch=leaky).with_api(b"")
    collected = world.collect()
    assert outcome(collected).kept == 1
    assert "the cursor of a page holds the token" in collected.faults[0].error
    assert TOKEN not in repr(collected)
