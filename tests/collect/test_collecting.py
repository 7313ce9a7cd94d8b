"""From exports to merged reactions: what is kept, and what is said about the rest."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import threading
from typing import Any

import pytest

from kleos.errors import KleosError, PluginError, StoreError
from kleos.events import Fault, Note, Progress
from kleos.store import Store

World = Any
ADA = {"ids": ["7"], "handles": ["ada"]}
LIKE = {"actor": "bob", "time": "2026-01-01T00:00:00+00:00"}
MICROS = 1_767_225_600_000_000


def faults(world: World) -> list[tuple[str, str, int]]:
    return [(event.stage, event.error, event.count) for event in world.events if isinstance(event, Fault)]


def notes(world: World) -> list[str]:
    return [event.text for event in world.events if isinstance(event, Note)]


def test_an_export_of_a_configured_person_is_imported(world: World) -> None:
    world = world.with_person("ada", "@Ada").with_export(
        "a", [LIKE, {"type": "tally", "total": 3}, {"kind": "reply", "id": "1"}], owner=ADA
    )
    collected = world.collect()
    (report,) = collected.sources
    assert (report.person, report.pages, report.outcome.rows, report.outcome.kept) == ("ada", 1, 3, 3)
    assert not collected.faults
    assert not collected.live
    bob = world.pseudonym("bob")
    captured = 1_769_904_000_000_000
    assert world.reactions() == [
        ("net", "ada", "like", bob, "post", MICROS, None, captured, 1, None),
        ("net", "ada", "like", None, "post", None, None, captured, 2, None),
        ("net", "ada", "reply", None, "post", None, captured, None, 1, None),
    ]
    assert any(isinstance(event, Progress) and event.finished for event in world.events)


def test_a_second_run_parses_nothing_and_says_the_same(world: World) -> None:
    world = world.with_person("ada", "ada").with_export("a", [LIKE, {"actor": "ada"}], [LIKE | {"actor": "cem"}], owner=ADA)
    first = world.collect().sources[0]
    before = world.reactions()
    second = world.collect().sources[0]
    assert (second.pages, second.skipped_pages, second.outcome) == (2, 2, first.outcome)
    assert world.reactions() == before


def test_importing_from_elsewhere_too_changes_nothing(world: World) -> None:
    rows = [LIKE, {"kind": "reply", "id": "1", "actor": "cem"}, {"type": "tally", "total": 9}, {"actor": None, "time": LIKE["time"]}]
    world = world.with_person("ada", "ada").with_export("a", rows, owner=ADA)
    world.collect()
    before = world.reactions()
    world.with_export("b", rows[2:], rows[:2], owner=ADA).with_export("c", rows[::-1], owner=ADA).collect()
    assert world.reactions() == before


def test_an_archive_of_nobody_becomes_one_fault_with_the_line_to_add(world: World) -> None:
    world = world.with_person("ada", "ada").with_person("eve", "eve").with_export("a", [LIKE], owner={"ids": ["9"], "handles": ["bob"]})
    assert world.collect().sources[0].outcome.rows == 0
    assert faults(world) == [
        (
            "owners",
            'nobody in the configuration claims this export of bob (id 9); add accounts = { net = "bob" } to the person whose it is',
            1,
        )
    ]


def test_the_only_person_without_an_account_adopts_an_export(world: World) -> None:
    world = world.with_person("ada").with_export("a", [LIKE, {"actor": "old_ada"}], owner=ADA | {"handles": ["ada", "old_ada"]})
    world.collect()
    assert world.count() == 1
    settle = 'to settle it, add accounts = { net = "ada" } to people.ada'
    assert notes(world) == [f"net: the export of ada (id 7) is taken for Ada's, the only person here; {settle}"]
    world.collect()
    assert len(notes(world)) == 1, "from then on it is known"


def test_the_only_person_with_another_account_adopts_nothing(world: World) -> None:
    world = world.with_person("ada", "somebody").with_export("a", [LIKE], owner=ADA)
    world.collect()
    assert [stage for stage, _, _ in faults(world)] == ["owners"]


def test_an_export_that_does_not_say_whose_it_is_needs_a_person(world: World) -> None:
    anonymous = world.with_person("ada", "ada").with_person("eve").with_export("a", [LIKE])
    anonymous.collect()
    assert [stage for stage, _, _ in faults(anonymous)] == ["owners"]
    assert 'person = "…" }, with one of ada, eve' in faults(anonymous)[0][1]
    told = world.with_person("ada", "ada").with_person("eve").with_export("a", [LIKE], person="eve")
    told.collect()
    assert told.reactions("person, count") == [("eve", 1)]
    assert len(faults(told)) == 1, "the one from before"
    only = world.with_person("ada").with_export("a", [LIKE])
    only.collect()
    assert only.reactions("person, count") == [("ada", 1)]
    assert "does not say whose it is is taken for Ada's" in notes(only)[0]


def test_an_export_that_two_people_claim_is_a_fault(world: World) -> None:
    two = world.with_person("ada", "ada").with_person("eve", "7").with_export("a", [LIKE], owner=ADA)
    two.collect()
    assert faults(two)[0][1].startswith("this export of ada (id 7) is claimed by ada and eve")
    other = world.with_person("ada", "ada").with_person("eve").with_export("a", [LIKE], owner=ADA, person="eve")
    other.collect()
    assert "claimed by ada by their accounts, and by eve by its path" in faults(other)[1][1]


def test_self_reactions_by_any_own_account_are_dropped(world: World) -> None:
    rows = [LIKE, {"actor": "@ADA"}, {"actor": "7"}, {"actor": "ada_work"}]
    world = world.with_person("ada", "ada", "ada_work").with_export("a", rows, owner=ADA)
    assert world.collect().sources[0].outcome.self_reactions == 3
    assert world.count() == 1


def test_of_a_bulk_file_the_configured_people_are_kept_and_the_rest_counted(world: World) -> None:
    rows = [LIKE | {"subject": name} for name in ("ada", "bob", "cem", "@Ada")]
    world = world.with_person("ada", "ada").with_bulk("b", rows)
    outcome = world.collect().sources[0].outcome
    assert (outcome.rows, outcome.kept, outcome.unclaimed, outcome.self_reactions) == (4, 2, 2, 0)
    assert world.count() == 1, "the two are one like, told twice"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_one_source_teaches_counts_for_all_whatever_their_order(world: World, order: tuple[int, ...]) -> None:
    world = (
        world.with_person("ada", "ada")
        .with_bulk("b", [LIKE | {"subject": "7"}, LIKE | {"subject": "7", "actor": "ada"}, LIKE | {"subject": "99", "item": "other"}])
        .with_bulk("c", [{"type": "profile", "id": "7", "handle": "Ada"}])
        .with_table("t.csv", "subject,kind,actor,item\nother_ada,like,cem,1\n7,like,dan,1\n")
    )
    ordered = type(world)(world.folder, people=world.people, sources=tuple(world.sources[index] for index in order))
    outcomes = {report.where.rpartition("/")[2]: report.outcome for report in ordered.collect().sources}
    assert sorted(ordered.reactions("item, count")) == [("1", 1), ("post", 1)]
    assert (outcomes["b"].kept, outcomes["b"].self_reactions, outcomes["b"].unclaimed) == (1, 1, 1)
    assert (outcomes["t.csv"].kept, outcomes["t.csv"].unclaimed) == (1, 1)
    assert faults(ordered) == []


def test_a_new_claim_brings_in_what_was_left_out_before(world: World) -> None:
    rows = [LIKE | {"subject": "ada"}, LIKE | {"subject": "eve"}]
    world = world.with_person("ada", "ada").with_bulk("b", rows)
    world.collect()
    assert world.count() == 1
    both = world.with_person("eve", "eve")
    assert both.collect().sources[0].outcome.kept == 2
    assert both.count() == 2


def test_a_source_about_strangers_only_says_so_in_every_run(world: World) -> None:
    world = world.with_person("ada", "ada").with_bulk("b", [LIKE | {"subject": "eve"}] * 3)
    world.collect()
    world.collect()
    assert [error.split(";")[0] for _, error, _ in faults(world)] == [
        "none of its 3 reactions is to an account of a person in the configuration"
    ] * 2


def test_rows_that_cannot_be_are_left_out_and_told_once_each_run(world: World) -> None:
    rows = [
        LIKE,
        LIKE | {"kind": "smile"},
        LIKE | {"kind": "smile"},
        LIKE | {"subject": " "},
        {"type": "tally", "total": -1},
        LIKE | {"network": "other"},
        {"actor": "cem", "time": "0001-01-01T00:00:00+00:00", "audience": -5},
        {"actor": "dan", "time": "2026-01-01T00:00:00"},
        {"type": "flaw", "where": "line 9", "reason": "a line could not be read"},
        {"type": "profile", "id": "", "handle": "x"},
    ]
    world = world.with_person("ada", "ada").with_export("a", rows, owner=ADA)
    for _ in range(2):
        report = world.collect().sources[0]
        assert (report.outcome.rows, report.outcome.kept, report.outcome.left_out) == (7, 3, 4)
        told = {error: count for _, error, count in faults(world)}
        assert told == {
            "rows of the kind 'smile' were left out: net has like, reply, view": 2,
            "a row was left out: it has no subject": 1,
            "a row was left out: its count is not a whole number from 0 to 10^12": 1,
            "a row was left out: it names another network than its page": 1,
            "the time of a row was left out: expected a zone-aware time from 1970 until before 2200": 2,
            "the audience of a row was left out: expected a whole number from 0 to 10^12": 1,
            "a line could not be read": 1,
            "a profile was left out: expected texts for id and handle and a zone-aware time": 1,
        }
        assert world.count() == 3
        world.events.clear()
    assert len(list((world.folder / "store" / "interactions" / "network=net").glob("*.parquet"))) == 1
    where = [fault.where for fault in world.collect().faults if "smile" in fault.error]
    assert where[0].endswith("a: page0.jsonl: row 2")


def test_a_page_that_breaks_off_keeps_its_rows_and_is_read_again(world: World) -> None:
    whole = b'{"actor": "bob"}\n'
    world = world.with_person("ada", "ada").with_export("a", whole + b'{"actor": "ce', [{"actor": "dan"}], owner=ADA)
    report = world.collect().sources[0]
    assert (report.outcome.kept, report.pages) == (2, 2)
    assert [(fault.stage, fault.plugin, fault.distribution, fault.version, fault.error) for fault in world.collect().faults] == [
        ("parse", "net", "kleos-net", "1.0", "expected a line of JSON")
    ]
    (world.folder / "a" / "page0.jsonl").write_bytes(whole + b'{"actor": "cem"}')
    assert not world.collect().faults
    assert world.count() == 3


@pytest.mark.parametrize(
    ("changes", "stage", "error"),
    [
        (
            {"owners": lambda export: 1 / 0},
            "owners",
            "ZeroDivisionError: division by zero (a bug in the plugin; update it, or tell its author",
        ),
        ({"fetch": lambda *_: [].pop()}, "fetch", "IndexError: pop from empty list (a bug in the plugin; update it, or tell its author"),
        (
            {"fetch": lambda *_: iter(["x"])},
            "fetch",
            "TypeError: expected a Page of net with a body of bytes, found str (a bug in the plugin",
        ),
        ({"parse": lambda page: {}["x"]}, "parse", "KeyError: 'x' (a bug in the plugin; update it, or tell its author"),
        ({"parse": lambda page: [1]}, "parse", "TypeError: expected a Batch, Interaction, Tally, Profile or Flaw, found int (a bug in"),
        ({"parse": lambda page: sys.exit(3)}, "parse", "SystemExit: 3 (a bug in the plugin; update it, or tell its author"),
    ],
)
def test_a_plugin_that_fails_is_a_fault_and_the_others_go_on(world: World, changes: Any, stage: str, error: str) -> None:
    world = (
        world.with_network(**changes)
        .with_person("ada", "ada")
        .with_export("a", [LIKE], owner=ADA)
        .with_table("t.csv", "subject,kind,actor\nada,like,eve\n")
    )
    collected = world.collect()
    assert [(fault.stage, fault.distribution) for fault in collected.faults] == [(stage, "kleos-net")]
    assert collected.faults[0].error.startswith(error)
    assert world.count() == 1
    with pytest.raises(PluginError, match=error.split(" (", maxsplit=1)[0].replace("(", r"\(")):
        world.collect(strict=True)


def test_values_of_a_wrong_type_are_a_bug_of_the_plugin(world: World) -> None:
    world = world.with_person("ada", "ada").with_export("a", [{"actor": ["x"]}], [LIKE], owner=ADA)
    assert [fault.error.split(" (")[0] for fault in world.collect().faults] == ["TypeError: actor: expected text, found list"]
    assert world.count() == 1


def test_a_path_that_is_no_export_is_a_fault(world: World) -> None:
    (world.folder / "empty").mkdir()
    world = world.with_person("ada", "ada").with_export("a", [LIKE], owner=ADA)
    broken = world.with_export("empty", owner=ADA)
    for path in (world.folder / "empty").iterdir():
        path.unlink()
    collected = broken.collect()
    assert [(fault.stage, fault.error.split(";")[0]) for fault in collected.faults] == [
        ("fetch", "expected an export, found no file in it")
    ]
    assert broken.count() == 1
    with pytest.raises(KleosError):
        broken.collect(strict=True)


def test_batches_and_rows_give_the_same(world: World) -> None:
    rows = [{"actor": name, "kind": kind, "id": id_, "audience": 9} for name, kind, id_ in (("bob", "like", None), ("cem", "reply", "1"))]
    columns = {"type": "batch", "subject": ["ada"] * 2, "item": ["post"] * 2, "audience": [9, 9.0]}
    columns |= {name: [row[name] for row in rows] for name in ("actor", "kind", "id")}
    plain = world.with_person("ada", "ada").with_export("a", rows, owner=ADA)
    plain.collect()
    before = plain.reactions()
    batched = plain.with_export("b", [columns], owner=ADA)
    batched.collect()
    assert batched.reactions() == before
    assert batched.collect().sources[1].outcome.kept == 2


def test_totals_and_profiles_in_columns_and_one_by_one_give_the_same(world: World) -> None:
    from attrs import evolve

    of_the_page = "2026-02-01T00:00:00+00:00"
    captured = ["2026-01-31T00:00:00+00:00", None]
    micros = [1_769_817_600_000_000, None]
    reaction = {"actor": "@Bob", "item": "1", "id": "9"}
    rows = [
        {"type": "tally", "item": item, "total": total, "item_time": moment, "captured": moment or of_the_page}
        for item, total, moment in zip("12", (7, 3), captured, strict=True)
    ]
    rows += [
        {"type": "profile", "id": id_, "handle": handle, "audience": audience, "captured": moment}
        for id_, handle, audience, moment in zip(("42", "43"), ("bob", None), (8, None), captured, strict=True)
    ]
    totals = {"type": "tallies", "kind": ["like"] * 2, "subject": ["ada"] * 2, "item": ["1", "2"], "total": [7, 3]}
    people = {"type": "profiles", "id": ["42", "43"], "handle": ["bob", None], "audience": [8, None], "captured": micros}
    found = []
    for name, told in (("rows", rows), ("columns", [{**totals, "item_time": micros, "captured": micros}, people])):
        one = evolve(world, folder=world.folder / name)
        (one.folder / "store").mkdir(parents=True)
        (one.folder / "store" / "key").write_bytes(bytes(32))  # pseudonyms under one key only can be compared
        one = one.with_person("ada", "ada").with_export("a", [reaction, *told], owner=ADA)
        assert one.collect().faults == ()
        found.append(one.reactions())
    assert found[0] == found[1]
    assert len(found[0]) == 3


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"type": "tallies", "total": [1], "captured": [None] * 2}, "expected 2 values in the column total of Tallies, found 1"),
        ({"type": "profiles", "id": ["1", "2"], "handle": ["a"]}, "expected 2 values in the column handle of Profiles, found 1"),
        ({"type": "profiles", "id": ["1", 2], "captured": [1, "soon"]}, "a profile was left out: expected texts"),
        ({"type": "tallies", "total": [1, None], "captured": [None, None]}, "its count is not a whole number from 0 to 10^12"),
    ],
)
def test_columns_that_cannot_be_are_told(world: World, columns: dict[str, Any], said: str) -> None:
    if columns["type"] == "tallies":
        columns = {"kind": ["like"] * 2, "subject": ["ada"] * 2, "item": ["1", "2"]} | columns
    world = world.with_person("ada", "ada").with_export("a", [columns], owner=ADA)
    assert said in world.collect().faults[0].error


def test_columns_of_unequal_length_are_a_bug_of_the_plugin(world: World) -> None:
    batch = {"type": "batch", "kind": ["like"] * 2, "subject": ["ada"] * 2, "actor": ["bob"]}
    world = world.with_person("ada", "ada").with_export("a", [batch], owner=ADA)
    assert "expected 2 values in the column actor of a Batch, found 1" in world.collect().faults[0].error


def test_an_api_goes_on_where_it_left_off_and_is_live(world: World) -> None:
    from attrs import evolve

    bodies = tuple(b'{"actor": "%d", "subject": "ada"}' % number for number in range(3))
    settings = world.network.sources[2].settings
    first = world.with_person("ada", "ada").with_source("api", settings(bodies=bodies))
    collected = first.collect()
    assert collected.live
    assert collected.sources[0].pages == 3
    assert first.collect().sources[0].pages == 0, "the cursor stands behind the last page"
    assert first.count() == 3
    with Store.open(first.config.run.store) as store:
        from datetime import UTC, datetime

        assert store.ledger("net", datetime(2026, 3, 1, 13, tzinfo=UTC)).spent("units") == 3
    broken = evolve(first, folder=world.folder / "other").with_source("api", settings(bodies=(bodies[0], b"{", bodies[1])))
    broken = evolve(broken, sources=broken.sources[1:])
    broken.folder.mkdir()
    assert len(broken.collect().faults) == 1
    assert broken.collect().sources[0].pages == 1, "the page that failed is asked for again, and so is what came after it"


def test_an_api_is_asked_for_everybody_with_an_account(world: World) -> None:
    settings = world.network.sources[2].settings
    world = (
        world.with_person("ada", "ada")
        .with_person("bob")
        .with_person("eve", "eve")
        .with_source("api", settings(bodies=(b'{"actor": "x"}',)))
    )
    assert [(report.person, report.outcome.kept) for report in world.collect().sources] == [("ada", 1), ("eve", 1)]


def test_the_account_that_a_token_belongs_to_is_adopted(world: World) -> None:
    settings = world.network.sources[2].settings
    world = world.with_person("ada").with_source("api", settings(bodies=(b'{"actor": "x", "subject": "me"}',)))
    world.collect()
    assert world.count() == 1
    assert "me is taken for Ada's account" in notes(world)[0]


def test_a_stop_ends_the_collecting_and_keeps_what_was_read(world: World) -> None:
    stop = threading.Event()
    world = (
        world.with_person("ada", "ada")
        .with_export("a", [LIKE], [{"actor": "cem"}], owner=ADA)
        .with_export("b", [{"actor": "d"}], owner=ADA)
    )
    original = world.network.sources[0].parse

    def parse_once(page: Any) -> Any:
        stop.set()
        return original(page)

    collected = world.with_network(parse=parse_once).collect(stop=stop)
    assert collected.interrupted
    assert world.count() == 1
    assert not world.collect().interrupted
    assert world.count() == 3


def test_raw_pages_are_kept_where_the_user_wants_them(world: World) -> None:
    world = world.with_person("ada", "ada").with_export("a", [LIKE], owner=ADA)
    run = world.collect(keep=True).run
    kept = sorted(path.name for path in (world.folder / "store" / "raw" / run).iterdir())
    assert kept == ["000001.body", "000001.json"]
    assert not (world.folder / "store" / "raw" / world.collect().run).exists()


def test_nobody_outside_the_configuration_is_named_in_the_store(world: World) -> None:
    rows = [
        {"actor": "Stranger-Handle", "id": "reaction-of-stranger", "audience": 5, "time": LIKE["time"]},
        {"type": "profile", "id": "stranger-id", "handle": "Stranger-Handle", "name": "Stranger Name", "audience": 7},
        {"actor": "stranger-id", "kind": "reply"},
    ]
    bulk = [
        {"subject": "stranger-subject", "actor": "stranger-actor", "item": "stranger-item"},
        {"subject": "ada", "actor": "stranger-actor"},
    ]
    table = "subject,kind,actor,id\nada,reply,stranger-third,stranger-row\nstranger-fourth,like,ada,\n"
    world = world.with_person("ada", "ada").with_export("a", rows, owner=ADA).with_bulk("b", bulk).with_table("t.csv", table)
    world.collect()
    assert world.count() == 4
    with sqlite3.connect(world.folder / "store" / "catalog.sqlite") as catalog:
        dump = "\n".join(catalog.iterdump())
    catalog.close()
    held = dump.encode() + b"".join(path.read_bytes() for path in (world.folder / "store").rglob("*") if path.is_file())
    assert b"stranger" not in held.lower()
    parquet = sorted((world.folder / "store").rglob("*.parquet"))
    assert parquet
    from kleos.store import connect

    with connect() as connection:
        for path in parquet:
            assert "stranger" not in str(connection.execute("FROM read_parquet($1)", [str(path)]).fetchall()).lower()


def test_a_handle_and_an_id_of_one_actor_are_one(world: World) -> None:
    rows = [{"actor": "bob", "item": "1"}, {"actor": "42", "item": "1"}, {"type": "profile", "id": "42", "handle": "@Bob", "audience": 8}]
    world = world.with_person("ada", "ada").with_export("a", rows, owner=ADA)
    world.collect()
    assert world.reactions("actor, count") == [(world.pseudonym("42"), 1)]


def test_two_runs_at_once_are_refused(world: World) -> None:
    world = world.with_person("ada", "ada").with_export("a", [LIKE], owner=ADA)
    with Store.open(world.config.run.store) as store:
        from datetime import UTC, datetime

        store.begin_run(datetime.now(UTC))
        with pytest.raises(StoreError, match="another Kleos"):
            world.collect()
