"""What is in files: how many reactions, from when to when, to whom; and who is to be scored."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.plugins import Loaded
from kleos.setup.understanding import Understood, understand

Write = Callable[..., Path]
Understand = Callable[..., Understood]


@pytest.fixture
def understood(loaded: Loaded, now: datetime) -> Understand:
    return lambda *paths, **more: understand(paths, more.get("loaded", loaded), now=now)


def test_an_export_is_read_through(export: Write, understood: Understand) -> None:
    result = understood(export("ada.zip", times=["2026-03-01", "2026-03-31", "2026-03-02"]))
    (entry,) = result.entries
    assert entry.survey.counted.told() == "3 trill, 2026-03-01 to 2026-03-31"
    assert (entry.person, entry.survey.rows, entry.survey.complete, entry.outdated) == ("ada", 3, True, False)
    assert result.as_of == datetime(2026, 3, 31, tzinfo=UTC)
    assert [(person.id, person.name) for person in result.people] == [("ada", "Ada Lovelace")]
    assert not result.bystanders


def test_times_after_now_are_no_evidence(export: Write, understood: Understand) -> None:
    assert understood(export("ada", times=["2026-03-01", "2099-01-01"])).as_of == datetime(2026, 3, 1, tzinfo=UTC)


def test_files_without_any_time_have_no_end(export: Write, understood: Understand) -> None:
    result = understood(export("ada", times=["", ""]))
    assert result.as_of is None
    assert result.entries[0].survey.counted.told() == "2 trill, without times"


def test_what_is_older_than_the_window_before_the_end_is_told(export: Write, understood: Understand) -> None:
    result = understood(export("ada", times=["2026-03-31"]), export("bob", ("2", "bob", "Bob"), times=["2025-12-31"]))
    assert [entry.outdated for entry in result.entries] == [False, True]


def test_an_export_that_does_not_say_whose_it_is_gets_a_person_of_its_own(export: Write, understood: Understand) -> None:
    result = understood(export("Mystery.zip", None))
    assert [(person.id, person.name, person.accounts) for person in result.people] == [("mystery", "Mystery", {})]
    assert result.entries[0].found.owner is None


def test_the_same_reaction_in_two_pages_counts_once(export: Write, understood: Understand) -> None:
    row = json.dumps({"kind": "trill", "by": "fan0", "on": "song", "at": "2026-03-01"})
    result = understood(export("ada", times=["2026-03-01"], more={"data/more-trills.jsonl": row}))
    assert result.entries[0].survey.counted.reactions == {("birdsong", "trill"): 1}


# Bulk files and tables


def test_the_ten_most_reacted_to_accounts_of_a_bulk_file_become_people(bulk: Write, understood: Understand) -> None:
    result = understood(bulk("all.birds", {f"bird{number}": number for number in range(1, 13)}))
    assert [person.id for person in result.people] == [f"bird{number}" for number in range(12, 2, -1)]
    assert result.bystanders == tuple(person.id for person in result.people)


def test_accounts_are_ranked_over_all_bulk_files_together(bulk: Write, understood: Understand) -> None:
    one = bulk("a.birds", {"ada": 2, "bob": 3})
    two = bulk("b.birds", {"ada": 2})
    assert [person.id for person in understood(one, two).people] == ["ada", "bob"]


def test_a_file_with_reactions_to_none_of_the_ten_adds_its_first(bulk: Write, understood: Understand) -> None:
    many = bulk("many.birds", {f"bird{number}": 5 for number in range(10)})
    few = bulk("few.birds", {"wren": 1, "tit": 2})
    assert [person.id for person in understood(many, few).people][10:] == ["tit"]


def test_an_owner_in_a_bulk_file_is_one_person_with_their_export(export: Write, bulk: Write, understood: Understand) -> None:
    result = understood(export("ada"), bulk("all.birds", {"1": 3, "2": 1}, ("1", "ada_now", "Ada"), ("2", "bob", "Bob")))
    assert [(person.id, person.accounts["birdsong"]) for person in result.people] == [
        ("ada", ("ada", "1", "ada_now")),
        ("bob", ("bob", "2")),
    ]
    assert result.bystanders == ("bob",)


def test_an_account_known_by_its_handle_and_its_id_is_one(bulk: Write, understood: Understand) -> None:
    (person,) = understood(bulk("all.birds", {"1": 1, "@Ada": 1}, ("1", "ada", "Ada L."))).people
    assert (person.id, person.name, person.accounts) == ("ada", "Ada L.", {"birdsong": ("ada", "1")})


def test_reactions_to_oneself_make_nobody_a_person(bulk: Write, understood: Understand) -> None:
    assert [person.id for person in understood(bulk("all.birds", {"fan0": 1, "ada": 1})).people] == ["ada"]


def test_a_bulk_file_without_a_scored_reaction_is_of_no_use(bulk: Write, understood: Understand) -> None:
    path = bulk("all.birds", {})
    path.write_text('{"kind": "flock", "to": "ada", "by": "bob"}\n', encoding="utf-8")
    result = understood(path)
    assert not result.entries
    assert result.unknown[0].reason == "it is of birdsong (bulk), but holds no reaction that is scored"


def test_an_export_of_which_nothing_can_be_read_is_of_no_use(export: Write, changed: Callable[..., Loaded], understood: Understand) -> None:
    def fetch(*args: Any) -> Any:
        raise OSError("the disk is gone")

    result = understood(export("nods", file="nods.jsonl", kind="nod"), loaded=changed(fetch=fetch))
    assert not result.entries
    assert "the disk is gone" in result.unknown[0].reason


def test_rows_that_cannot_be_read_are_counted_and_the_rest_is_used(export: Write, understood: Understand) -> None:
    path = export("ada", more={"data/x-trills.jsonl": '{"kind": "wave", "by": "bob", "on": "song", "at": "2026-03-01"}'})
    (entry,) = understood(path).entries
    assert entry.survey.counted.reactions == {("birdsong", "trill"): 2}
    assert [fault.stage for fault in entry.survey.faults] == ["clean"]


def test_a_table_tells_its_subjects_in_every_network(tmp_path: Path, understood: Understand) -> None:
    rows = [
        "network,subject,actor,kind,time,count",
        "birdsong,ada,bob,trill,1767225600,1",
        "meadow,eve,bob,nod,1767225600,4",
        "meadow,eve,bob,nod,,1",
    ]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    result = understood(path)
    assert result.entries[0].survey.counted.reactions == {("meadow", "nod"): 5, ("birdsong", "trill"): 1}
    assert [(person.id, person.accounts) for person in result.people] == [("ada", {"birdsong": ("ada",)}), ("eve", {"meadow": ("eve",)})]


def test_running_totals_are_not_added_to_the_reactions_they_count(tmp_path: Path, understood: Understand) -> None:
    text = (
        "network,subject,actor,kind,item,count,captured\nbirdsong,ada,bob,trill,song,1,\nbirdsong,ada,,trill,song,7,1767225600\n"
        "birdsong,ada,,trill,song,5,1767139200\n"
    )
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    assert understood(path).entries[0].survey.counted.reactions == {("birdsong", "trill"): 7}
