"""A canonical table as a source: taken as given, and imported like anything else."""

from __future__ import annotations

from typing import Any

from kleos.events import Fault, Note

World = Any
HEADER = "subject,kind,actor,item,time,count,id,captured\n"


def test_rows_alike_are_as_many_reactions(world: World) -> None:
    table = HEADER + "ada,reply,bob,1,,,,\n" * 3 + "ada,reply,,1,,2,,\n" * 2
    world = world.with_person("ada", "ada").with_table("t.csv", table)
    report = world.collect().sources[0]
    assert (report.outcome.rows, report.outcome.kept, report.pages) == (5, 5, 1)
    assert world.count() == 7


def test_the_same_table_twice_changes_nothing_and_the_larger_of_two_wins(world: World) -> None:
    row = "ada,reply,bob,1,,,,\n"
    world = world.with_person("ada", "ada").with_table("t.csv", HEADER + row * 2).with_table("copy.csv", HEADER + row * 2)
    world.collect()
    assert world.count() == 2
    more = world.with_table("more.csv", HEADER + row * 5)
    more.collect()
    assert more.count() == 5
    assert [report.skipped_pages for report in more.collect().sources] == [1, 1, 1]
    assert more.count() == 5


def test_a_row_with_captured_and_without_actor_is_a_total(world: World) -> None:
    world = world.with_person("ada", "ada").with_table(
        "t.csv", HEADER + "ada,like,,1,,5,,1700000000\nada,like,,1,,4,,1700000001\nada,like,bob,1,,,,\n"
    )
    world.collect()
    assert sorted(world.reactions("count, captured IS NULL")) == [(1, True), (3, False)]


def test_a_handle_claims_a_subject_in_any_spelling(world: World) -> None:
    world = world.with_person("ada", "@ADA").with_table(
        "t.csv", HEADER + "Ada,like,bob,1,,,,\n@ada,like,@Bob,1,,,,\nada,like,ADA,1,,,,\neve,like,ada,1,,,,\n"
    )
    outcome = world.collect().sources[0].outcome
    assert (outcome.kept, outcome.self_reactions, outcome.unclaimed) == (2, 1, 1)
    assert world.count() == 1


def test_a_table_about_one_account_is_adopted_by_the_only_person_without_one(world: World) -> None:
    world = world.with_person("ada").with_table("t.csv", HEADER + "lovelace,like,bob,1,,,,\n")
    world.collect()
    assert world.reactions("person, count") == [("ada", 1)]
    assert ["lovelace is taken for Ada's account" in event.text for event in world.events if isinstance(event, Note)] == [True]


def test_a_table_about_several_accounts_is_adopted_by_nobody(world: World) -> None:
    world = world.with_person("ada").with_table("t.csv", HEADER + "lovelace,like,bob,1,,,,\nbyron,like,bob,1,,,,\n")
    assert [fault.stage for fault in world.collect().faults] == ["owners"]


def test_flaws_are_told_by_every_run_with_file_and_line(world: World) -> None:
    world = world.with_person("ada", "ada").with_table("t.csv", HEADER + "ada,smile,bob,1,,,,\nada,like,bob,1,never,,,\n")
    for _ in range(2):
        faults = [event for event in world.collect().faults if isinstance(event, Fault)]
        assert [(fault.stage, fault.plugin, fault.distribution, fault.where.rpartition("/")[2], fault.count) for fault in faults] == [
            ("clean", "net", "kleos", "t.csv:2", 1),
            ("clean", "net", "kleos", "t.csv:3", 1),
        ]
        assert world.reactions("time, count") == [(None, 1)]
    assert len(list((world.folder / "store" / "interactions" / "network=net").glob("*.parquet"))) == 1


def test_a_table_that_cannot_be_read_is_a_fault_and_the_next_is_read(world: World) -> None:
    world = world.with_person("ada", "ada").with_table("t.parquet", "nothing").with_table("u.csv", HEADER + "ada,like,bob,1,,,,\n")
    collected = world.collect()
    assert [(fault.stage, fault.where.rpartition("/")[2]) for fault in collected.faults] == [("fetch", "t.parquet")]
    assert [report.pages for report in collected.sources] == [0, 1]
    assert world.count() == 1
