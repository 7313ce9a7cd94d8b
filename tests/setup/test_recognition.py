"""What a path is and whose: asked of networks that answer, disagree, are unsure, and fail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kleos.events import Fault
from kleos.plugins import Loaded
from kleos.setup.recognition import Guess, Recognised, Recognition, recognise

Write = Callable[..., Path]


def only(recognition: Recognition) -> Recognised:
    assert not recognition.unknown
    (found,) = recognition.found
    return found


@pytest.mark.parametrize("name", ["ada", "ada.zip"])
def test_an_export_is_recognised_with_its_owner(name: str, export: Write, loaded: Loaded) -> None:
    found = only(recognise([export(name)], loaded))
    assert (found.network, found.source, found.sure, found.owned) == ("birdsong", "archive", 1.0, True)
    assert found.owner is not None
    assert (found.owner.ids, found.owner.handles, found.owner.names) == (("1",), ("ada",), ("Ada Lovelace",))


def test_a_path_given_twice_counts_once(export: Write, loaded: Loaded, tmp_path: Path) -> None:
    export("ada.zip")
    assert len(recognise([tmp_path / "ada.zip", tmp_path / "." / "ada.zip"], loaded).found) == 1


def test_a_folder_and_what_lies_in_it_count_once(export: Write, loaded: Loaded) -> None:
    ada, bob = export("all/ada.zip"), export("all/bob.zip", ("2", "bob", "Bob"))
    assert len(recognise([bob, ada.parent], loaded).found) == 2


def test_a_bulk_file_has_no_owner(bulk: Write, loaded: Loaded) -> None:
    found = only(recognise([bulk("all.birds", {"ada": 1})], loaded))
    assert (found.source, found.owned, found.owner) == ("bulk", False, None)


def test_what_nobody_knows_is_told_with_what_is_installed(tmp_path: Path, loaded: Loaded) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    (stranger,) = recognise([tmp_path / "notes.txt"], loaded).unknown
    assert stranger.reason == "no installed network knows it"
    assert "Birdsong, Meadow" in stranger.hint
    assert not stranger.broken


def test_a_zip_that_is_cut_off_is_broken(export: Write, loaded: Loaded) -> None:
    path = export("ada.zip")
    path.write_bytes(path.read_bytes()[:-30])
    (stranger,) = recognise([path], loaded).unknown
    assert stranger.broken
    assert "cut off" in stranger.reason
    assert "download it again" in stranger.hint


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_no_configuration_could_hold_is_not_used(tmp_path: Path, loaded: Loaded) -> None:
    path = tmp_path / "ada\udcff.birds"
    path.write_text("", encoding="utf-8")
    (stranger,) = recognise([path], loaded).unknown
    assert (stranger.reason, stranger.hint) == ("its name is not UTF-8, and cannot be written down", "rename it")


# Networks that disagree


def test_the_surest_network_wins_and_a_near_one_is_told(export: Write, changed: Callable[..., Loaded]) -> None:
    found = only(recognise([export("ada")], changed(recognise=lambda export: 0.95)))
    assert found.network == "birdsong"
    assert found.others == (Guess("meadow", "archive", 0.95),)


def test_of_equal_answers_the_first_by_name_is_taken(export: Write, changed: Callable[..., Loaded]) -> None:
    found = only(recognise([export("ada")], changed(recognise=lambda export: 1)))
    assert (found.network, found.others) == ("birdsong", (Guess("meadow", "archive", 1.0),))


def test_a_network_that_is_far_less_sure_is_not_told(export: Write, changed: Callable[..., Loaded]) -> None:
    assert only(recognise([export("ada")], changed(recognise=lambda export: 0.7))).others == ()


def test_half_sure_is_enough_and_less_is_not(tmp_path: Path, changed: Callable[..., Loaded]) -> None:
    (tmp_path / "nods.jsonl").write_text("", encoding="utf-8")
    assert only(recognise([tmp_path], changed(recognise=lambda export: 0.5))).network == "meadow"
    (stranger,) = recognise([tmp_path / "nods.jsonl"], changed(recognise=lambda export: 0.49)).unknown
    assert stranger.reason == "it may be of meadow (archive), but that is not sure enough (49 %)"


def test_an_unsure_network_says_itself_why_it_does_not_read_a_file(tmp_path: Path, changed: Callable[..., Loaded]) -> None:
    (tmp_path / "other.jsonl").write_text("", encoding="utf-8")
    (stranger,) = recognise([tmp_path / "other.jsonl"], changed(recognise=lambda export: 0.3)).unknown
    assert stranger.reason == "meadow: expected a file that ends with nods.jsonl, found none"


# Networks that fail


def raising(error: BaseException) -> Callable[[Any], Any]:
    def fail(export: Any) -> Any:
        raise error

    return fail


def answering(value: object) -> Callable[[Any], Any]:
    return lambda export: value


@pytest.mark.parametrize(
    "answer",
    [raising(KeyError("x")), raising(SystemExit(3)), *map(answering, (1.5, -1, "1", None, True, float("nan")))],
    ids=["raises", "exits", "above 1", "below 0", "a text", "nothing", "true", "nan"],
)
def test_a_network_that_fails_to_recognise_is_a_fault_and_the_others_go_on(
    answer: Callable[[Any], Any], export: Write, changed: Callable[..., Loaded], faults: Any
) -> None:
    assert only(recognise([export("ada")], changed(recognise=answer), emit=faults)).network == "birdsong"
    (fault,) = faults.heard
    assert isinstance(fault, Fault)
    assert (fault.plugin, fault.stage) == ("meadow", "recognise")


def test_a_network_that_fails_to_name_the_owner_is_a_fault(export: Write, changed: Callable[..., Loaded], faults: Any) -> None:
    broken = changed(recognise=lambda export: 1.0, owners=raising(ZeroDivisionError("oh")))
    recognition = recognise([export("nods", file="nods.jsonl", kind="nod")], broken, emit=faults)
    assert [fault.stage for fault in faults.heard] == ["owners"]
    assert recognition.unknown[0].broken


def test_an_export_whose_owner_cannot_be_read_says_why(export: Write, loaded: Loaded, faults: Any) -> None:
    (stranger,) = recognise([export("ada", None, more={"me.json": "{"})], loaded, emit=faults).unknown
    assert (stranger.reason, stranger.hint) == ("expected JSON in me.json, found something else", "download it again")
    assert not faults.heard


# Parts


def test_the_parts_of_a_split_export_are_one_entry(export: Write, loaded: Loaded) -> None:
    one = export("ada-001.zip", file="data/1-trills.jsonl", more={"data/index.html": "1"})
    two = export("ada-002.zip", file="data/2-trills.jsonl", more={"data/photo.jpg": "2"})
    found = only(recognise([one, two], loaded))
    assert found.paths == (one, two)


def test_a_part_that_does_not_say_whose_it_is_joins_the_only_export_there_is(export: Write, loaded: Loaded) -> None:
    rest = export("second.zip", None, file="data/2-trills.jsonl")
    first = export("first.zip", file="data/1-trills.jsonl")
    found = only(recognise([rest, first], loaded))
    assert set(found.paths) == {first, rest}
    assert found.owner is not None


def test_a_part_is_told_by_the_number_in_its_name(export: Write, loaded: Loaded) -> None:
    ada = export("ada-1.zip", file="data/1-trills.jsonl")
    bob = export("bob-part1.zip", ("2", "bob", "Bob"), file="data/1-trills.jsonl")
    rest = export("bob-part2.zip", None, file="data/2-trills.jsonl")
    assert [found.paths for found in recognise([ada, bob, rest], loaded).found] == [(ada,), (bob, rest)]


def test_a_part_that_may_be_of_several_exports_is_not_used(export: Write, loaded: Loaded) -> None:
    export("ada.zip", file="data/1-trills.jsonl")
    export("bob.zip", ("2", "bob", "Bob"), file="data/1-trills.jsonl")
    rest = export("rest.zip", None, file="data/2-trills.jsonl")
    (stranger,) = recognise(sorted(rest.parent.glob("*.zip")), loaded).unknown
    assert stranger.path == rest
    assert stranger.reason == "a part of a birdsong export, of 1 or 2: it does not say"


def test_two_exports_of_one_account_made_at_two_times_stay_two(export: Write, loaded: Loaded) -> None:
    old = export("ada-1.zip", times=["2025-03-01"])
    new = export("ada-2.zip", times=["2025-03-01", "2026-03-01"])
    assert [found.paths for found in recognise([old, new], loaded).found] == [(old,), (new,)]


def test_a_split_export_beside_an_older_one_of_the_same_account(export: Write, loaded: Loaded) -> None:
    old = export("2025.zip", file="data/1-trills.jsonl", times=["2025-01-01"])
    new = [export(f"2026-{part}.zip", file=f"data/{part}-trills.jsonl", more={f"photo{part}.jpg": ""}) for part in (1, 2)]
    assert [found.paths for found in recognise([old, *new], loaded).found] == [(old,), tuple(new)]


def test_exports_of_two_accounts_are_never_parts(export: Write, loaded: Loaded) -> None:
    paths = [export("part-1.zip", file="data/1-trills.jsonl"), export("part-2.zip", ("2", "bob", "Bob"), file="data/2-trills.jsonl")]
    assert len(recognise(paths, loaded).found) == 2


# Folders


def test_a_folder_of_exports_is_unfolded(export: Write, bulk: Write, loaded: Loaded, tmp_path: Path) -> None:
    ada, bob = export("all/ada"), export("all/bob.zip", ("2", "bob", "Bob"))
    nods = export("all/deeper/meadow", file="nods.jsonl", kind="nod")
    birds = bulk("all/every.birds", {"ada": 1})
    (tmp_path / "all" / "notes.txt").write_text("", encoding="utf-8")
    recognition = recognise([tmp_path / "all"], loaded)
    assert {found.paths[0] for found in recognition.found} == {ada, bob, nods.parent, birds}
    assert [stranger.path.name for stranger in recognition.unknown] == ["notes.txt"]


def test_a_folder_around_one_export_is_that_export(export: Write, loaded: Loaded) -> None:
    path = export("downloads/ada").parent
    assert only(recognise([path], loaded)).paths == (path,)


def test_a_folder_of_bulk_files_is_one_source(bulk: Write, loaded: Loaded) -> None:
    folder = bulk("birds/a.birds", {"ada": 1}).parent
    bulk("birds/b.birds", {"bob": 1})
    assert only(recognise([folder], loaded)).paths == (folder,)


def test_of_a_folder_with_other_files_only_the_bulk_files_are_named(bulk: Write, loaded: Loaded) -> None:
    one, two = bulk("birds/a.birds", {"ada": 1}), bulk("birds/b.birds", {"bob": 1})
    for number in range(3):
        (one.parent / f"{number}.txt").write_text("", encoding="utf-8")
    recognition = recognise([one.parent], loaded)
    assert [found.paths for found in recognition.found] == [(one,), (two,)]
    (stranger,) = recognition.unknown
    assert stranger.reason == "no installed network knows 3 of the files in it, such as 0.txt"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_to_folders_are_not_followed(export: Write, loaded: Loaded) -> None:
    folder = export("all/ada").parent
    export("all/bob", ("2", "bob", "Bob"))
    (folder / "again").symlink_to(folder)
    assert len(recognise([folder], loaded).found) == 2


# Canonical tables


def table(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_canonical_table_is_known_by_its_header(tmp_path: Path, loaded: Loaded) -> None:
    path = table(tmp_path, "t.csv", "network,subject,actor,kind\nbirdsong,ada,bob,trill\nmeadow,ada,bob,nod\nbirds,ada,eve,trill\n")
    found = only(recognise([path], loaded))
    assert (found.network, found.source, found.networks, found.unnamed) == ("birdsong", "interactions", ("birdsong", "meadow"), False)


def test_a_table_without_networks_is_of_the_one_that_has_its_kinds(tmp_path: Path, loaded: Loaded) -> None:
    path = table(tmp_path, "t.csv", "subject,actor,kind\nada,bob,trill\nada,eve,echo\n")
    found = only(recognise([path], loaded))
    assert (found.network, found.networks, found.unnamed) == ("birdsong", ("birdsong",), True)


def test_a_table_whose_kinds_several_networks_have_asks_which(tmp_path: Path, loaded: Loaded) -> None:
    (stranger,) = recognise([table(tmp_path, "t.csv", "subject,actor,kind\nada,bob,echo\n")], loaded).unknown
    assert stranger.reason == "it names no network, and its kinds of reactions may be of birdsong or meadow"
    assert 'under [networks.birdsong]: interactions = "t.csv"' in stranger.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("subject,actor,kind\nada,bob,wave\n", "it names no network, and no installed network has its kinds"),
        ("network,subject,actor,kind\nbirdsong,ada,bob,wave\n", "none of its 1 rows is of use"),
        ("network,subject,actor,kind\n", "it has no rows"),
        ("who,whom\nada,bob\n", "expected the columns subject, kind, actor or count"),
        ("", "expected a header line"),
    ],
)
def test_a_table_of_no_use_says_why(text: str, reason: str, tmp_path: Path, loaded: Loaded) -> None:
    (stranger,) = recognise([table(tmp_path, "t.csv", text)], loaded).unknown
    assert stranger.reason.startswith(reason)


def test_lines_of_json_are_a_table_where_the_first_has_its_keys(tmp_path: Path, loaded: Loaded) -> None:
    path = table(tmp_path, "t.ndjson", '\n{"subject": "ada", "kind": "trill", "actor": "bob", "network": "birdsong"}\n')
    assert only(recognise([path], loaded)).source == "interactions"
    assert recognise([table(tmp_path, "u.ndjson", '{"text": "hello"}\n')], loaded).unknown[0].unknown


def test_tables_of_the_same_networks_are_one_entry(tmp_path: Path, loaded: Loaded) -> None:
    paths = [table(tmp_path, f"{name}.csv", "network,subject,actor,kind\nbirdsong,ada,bob,trill\n") for name in "ab"]
    assert only(recognise(paths, loaded)).paths == tuple(paths)
