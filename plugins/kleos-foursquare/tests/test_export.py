"""Data exports, and check-ins saved from the API."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Context, Owner, Source, Tally
from kleos.errors import ExportError
from kleos.files import open_export

ADA, BEA, FAY = "71900042", "71900101", "71900105"
FIRST = "65f2c0de0000000000000000"
STALL = "65f2c0de0000000000000004"

ReadExport = Callable[..., Any]


def write(folder: Path, **files: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


def pack(path: Path, folder: Path, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{top}{file.name}")
    return path


def check_in(id_: str = "c1", at: str | int = "2026-01-05 10:00:00.000000", **keys: Any) -> dict[str, Any]:
    return {"id": id_, "createdAt": at, "type": "checkin"} | keys


def test_what_others_did_is_read_from_every_file(samples: Path, read: ReadExport) -> None:
    found = read(samples / "data-export")
    assert found.error is None
    assert not found.flaws
    assert found.kinds == {"friend": 7, "follow": 2, "comment": 2}
    totals = Counter[str]()
    for (kind, _), total in found.totals.items():
        totals[kind] += total
    assert totals == {"comment": 10 - 2, "agree": 44, "view": 1840, "list_follow": 6}
    assert found.subjects == {ADA}


def test_text_times_are_utc(samples: Path, read: ReadExport) -> None:
    found = read(samples / "data-export")
    times = {row.item: row.item_time for row in found.rows if isinstance(row, Tally)}
    assert times[FIRST] == datetime(2026, 3, 14, 18, 22, 7, tzinfo=UTC)
    assert datetime.fromtimestamp(min(time for *_, time, _ in found.reactions if time) / 1e6, UTC).year == 2026


def test_counts_are_of_the_newest_thing_in_the_export(samples: Path, read: ReadExport) -> None:
    (captured,) = {row.captured for row in read(samples / "data-export").rows if isinstance(row, Tally)}
    assert captured == datetime(2026, 3, 15, 18, 22, 7, tzinfo=UTC)  # shares.json


def test_a_time_in_the_future_dates_nothing(tmp_path: Path, read: ReadExport) -> None:
    items = [check_in("c1", comments={"count": 1}), check_in("c2", "2091-01-01 00:00:00.000000", comments={"count": 1})]
    write(tmp_path, checkins1={"count": 2, "items": items})
    assert {page.captured for page in read(tmp_path).pages} == {datetime(2026, 1, 5, 10, tzinfo=UTC)}


def test_a_comment_with_a_name_is_not_counted_a_second_time(samples: Path, read: ReadExport) -> None:
    found = read(samples / "data-export")
    assert {(actor, item) for kind, actor, item, *_ in found.reactions if kind == "comment"} == {(BEA, None), (FAY, None)}
    assert (found.totals["comment", FIRST], found.totals["comment", STALL]) == (2 - 1, 3 - 1)


def test_more_names_than_comments_are_never_less_than_none(tmp_path: Path, read: ReadExport) -> None:
    items = [check_in("c2", "2026-01-06 10:00:00.000000", comments={"count": 1}), check_in("c1", comments={"count": 1})]
    said = [{"time": "2026-01-07 10:00:00.000000", "userId": person, "comment": "…"} for person in (BEA, FAY, "7", ADA)]
    write(tmp_path, checkins1={"items": items}, comments={"items": [*said, {"time": None, "userId": 8}]}, users={"self": {"id": ADA}})
    found = read(tmp_path)
    assert (found.totals["comment", "c1"], found.totals["comment", "c2"]) == (0, 0)
    assert found.kinds["comment"] == 4


def test_comments_whose_author_may_be_the_owner_are_left_out(tmp_path: Path, read: ReadExport) -> None:
    write(tmp_path, comments={"items": [{"time": "2026-01-07 10:00:00.000000", "userId": BEA}]}, checkins1={"items": [check_in()]})
    found = read(tmp_path)
    assert not found.reactions
    assert "may be the owner's own" in found.flaws[0].reason
    assert read(tmp_path, Owner(ids=[ADA])).kinds == {"comment": 1}


def test_lists_of_others_and_people_followed_are_the_owners_own_doing(samples: Path, read: ReadExport) -> None:
    found = read(samples / "data-export")
    assert {item for kind, item in found.totals if kind == "list_follow"} == {f"{ADA}/l1", f"{ADA}/todos"}
    assert "71900111" not in {actor for _, actor, *_ in found.reactions}


def test_the_owner_is_known_by_id_handle_and_name(samples: Path, sources: Mapping[str, Source]) -> None:
    with open_export(samples / "data-export") as export:
        (owner,) = sources["export"].owners(export)
    assert (owner.ids, owner.handles, owner.names) == ((ADA,), ("adamuster",), ("Ada Muster",))


@pytest.mark.parametrize("gone", [["users.json"], ["users.json", "tips.json"]])
def test_without_users_the_owner_is_who_wrote_the_tips_and_made_the_lists(
    gone: list[str], samples: Path, tmp_path: Path, sources: Mapping[str, Source]
) -> None:
    folder = shutil.copytree(samples / "data-export", tmp_path / "export")
    for name in gone:
        (folder / name).unlink()
    with open_export(folder) as export:
        assert [owner.ids for owner in sources["export"].owners(export)] == [(ADA,)]


def test_an_export_of_check_ins_only_does_not_say_whose_it_is(tmp_path: Path, sources: Mapping[str, Source]) -> None:
    with open_export(write(tmp_path, checkins1={"items": [check_in()]})) as export:
        assert sources["export"].owners(export) == ()


@pytest.mark.parametrize("top", ["", "data-export-1234567/", "4sq-export/"])
def test_a_zip_gives_what_the_folder_gives(
    top: str, samples: Path, tmp_path: Path, read: ReadExport, sources: Mapping[str, Source]
) -> None:
    packed = pack(tmp_path / "4sq.zip", samples / "data-export", top)
    assert read(packed).rows == read(samples / "data-export").rows
    with open_export(packed) as export:
        assert sources["export"].recognise(export) == 1.0


def test_likes_of_saved_check_ins_have_their_actors(samples: Path, read: ReadExport) -> None:
    found = read(samples / "saved-check-ins")
    assert found.error is None
    assert not found.flaws
    likes = {(actor, item) for kind, actor, item, *_ in found.reactions if kind == "like"}
    assert len(likes) == 4 + 1 + 7 + 10 + 2 + 2 + 1 + 5
    assert found.totals["like", "65f2c0de0000000000000002"] == 9 - 1  # the owner likes it, too
    assert found.totals["like", "65f2c0de0000000000000009"] == 7  # two of them nobody names
    assert found.subjects == {ADA}


def test_of_two_counts_the_one_that_knows_the_owners_own_comments_is_taken(samples: Path, read: ReadExport) -> None:
    found = read(samples / "saved-check-ins")
    assert found.totals["comment", STALL] == 2  # the list says 3
    assert {(actor, id_) for kind, actor, item, _, id_ in found.reactions if kind == "comment" and item == STALL} == {
        (FAY, "65f2c1000000000000000001"),
        ("71900110", "65f2c1000000000000000003"),
    }


@pytest.mark.parametrize(
    "written",
    [
        lambda items: json.dumps({"meta": {"code": 200}, "notifications": [{}], "response": {"checkins": {"count": 2, "items": items}}}),
        lambda items: json.dumps({"items": items}, indent=1),
        lambda items: json.dumps({"count": 2, "items": items}),
        lambda items: "\ufeff" + json.dumps(items),
        lambda items: "\n".join(map(json.dumps, items)),
        lambda items: "\r\n".join(json.dumps({"response": {"checkin": one}}) for one in items) + "\r\n\r\n",
        lambda items: "\n".join(json.dumps({"response": {"checkins": {"items": [one]}}}) for one in items),
    ],
)
@pytest.mark.parametrize("name", ["swarm.json", "swarm.ndjson", "2026/a page.JSON"])
def test_saved_check_ins_are_read_in_every_wrapping(
    written: Callable[[Any], str], name: str, tmp_path: Path, read: ReadExport, sources: Mapping[str, Source]
) -> None:
    people = [{"id": BEA, "firstName": "B", "relationship": "friend"}, {"id": ADA, "relationship": "self"}]
    crowd = {"count": 3, "groups": [{"type": "friends", "count": 2, "items": people}]}
    items = [check_in("c1", 1767607200, likes=crowd), check_in("c2", 1767693600, likes={"count": 0, "groups": []}, comments={"count": 4})]
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(written(items), encoding="utf-8")
    found = read(tmp_path)
    assert not found.flaws
    assert found.error is None
    assert [(kind, actor, item) for kind, actor, item, *_ in found.reactions] == [("like", BEA, "c1")]
    assert found.totals == {("like", "c1"): 2, ("like", "c2"): 0, ("comment", "c2"): 4}
    with open_export(tmp_path) as export:
        assert sources["export"].recognise(export) == 0.9
        assert [owner.ids for owner in sources["export"].owners(export)] == [(ADA,)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tweets.js", "window.YTD.tweets.part0 = []"),
        ("users.json", '{"users": []}'),
        ("comments.json", '{"comments_media_comments": []}'),
        ("lists.json", "[]"),
        ("checkins1.csv", "id,createdAt\n"),
        ("a.json", '{"type": "checkout"}'),
        ("broken.json", '{"type": "che'),
    ],
)
def test_other_files_are_not_taken_for_an_export(name: str, content: str, tmp_path: Path, sources: Mapping[str, Source]) -> None:
    (tmp_path / name).write_text(content)
    with open_export(tmp_path) as export:
        assert sources["export"].recognise(export) == 0.0
        assert sources["export"].owners(export) == ()


def test_what_is_no_export_says_what_was_expected(tmp_path: Path, read: ReadExport) -> None:
    (tmp_path / "photos1.json").write_text('{"items": []}')
    assert "expected a Foursquare export (checkins1.json" in str(read(tmp_path).error)
    (tmp_path / "checkins1.csv").write_text("id\n")
    assert "found only the same as CSV" in str(read(tmp_path).error)


def test_what_the_owner_did_is_not_even_read(samples: Path, read: ReadExport) -> None:
    names = {page.where.rpartition(": ")[2] for page in read(samples / "data-export").pages}
    assert names == {"users.json", "comments.json", "tips.json", "lists.json", "checkins1.json", "checkins2.json"}


def test_ten_comes_after_two(tmp_path: Path, read: ReadExport) -> None:
    write(tmp_path, **{f"checkins{number}": {"items": [check_in(f"c{number}")]} for number in (1, 2, 10)})
    assert [page.where.rpartition(": ")[2] for page in read(tmp_path).pages] == ["checkins1.json", "checkins2.json", "checkins10.json"]


def test_one_bad_element_costs_only_itself(tmp_path: Path, read: ReadExport) -> None:
    items = [
        check_in("c1", comments={"count": 2}),
        7,
        check_in("", comments={"count": 2}),
        check_in("c3", "yesterday", comments={"count": 3}),
        check_in("c4", comments={"count": -4}),
        check_in("c5", comments={"count": "many"}),
        check_in("c6", user={"id": BEA, "relationship": "friend"}, comments={"count": 9}),
        check_in("c7", comments={"count": 1, "items": [{"user": {}}]}),
    ]
    write(tmp_path, checkins1={"count": 8, "items": items}, users={"self": {"id": ADA}, "friends": {"items": [{}, {"id": 9}]}})
    found = read(tmp_path)
    assert found.totals == {("comment", "c1"): 2, ("comment", "c3"): 3, ("comment", "c7"): 1}
    assert found.kinds == {"friend": 1}
    assert Counter(flaw.reason for flaw in found.flaws) == {
        "a check-in whose fields have an unexpected type": 2,
        "a check-in without an id": 1,
        "a check-in whose time makes no sense": 1,
        "a count that makes no sense": 1,
        "a check-in by somebody else: reactions to it are not received": 1,
        "a comment that says neither whose nor which it is: it is counted only": 1,
        "a friend or follower without an id": 1,
    }


def test_counts_that_nothing_dates_are_told(tmp_path: Path, read: ReadExport) -> None:
    write(tmp_path, tips={"items": [{"id": "t1", "agreeCount": 3, "viewCount": 5, "user": {"id": ADA}}]})
    found = read(tmp_path)
    assert found.totals == {}
    assert [flaw.reason for flaw in found.flaws] == ["nothing says when the counts were taken: they are left out"]


def test_a_file_that_breaks_off_gives_what_is_whole_of_it(samples: Path, tmp_path: Path, read: ReadExport) -> None:
    folder = shutil.copytree(samples / "data-export", tmp_path / "export")
    whole = read(folder)
    file = folder / "checkins1.json"
    file.write_bytes(file.read_bytes()[:-40])
    found = read(folder)
    assert len(found.totals) == len(whole.totals) - 1
    assert found.kinds == whole.kinds
    assert isinstance(found.error, ExportError)
    assert "breaks off" in found.error.message
    assert found.error.where.endswith("checkins1.json")
    (folder / "tips.json").write_bytes(b"")
    assert "(and 1 more files have problems)" in str(read(folder).error)


def test_a_line_that_breaks_off_costs_only_itself(samples: Path, tmp_path: Path, read: ReadExport) -> None:
    body = (samples / "saved-check-ins/later.ndjson").read_bytes()
    (tmp_path / "later.ndjson").write_bytes(body[:-100])
    found = read(tmp_path, Owner(ids=[ADA]))
    assert {item for _, item in found.totals} == {f"65f2c0de000000000000000{number}" for number in (6, 7, 8)}
    assert [flaw.reason for flaw in found.flaws] == ["a line that is no check-in, or breaks off"]


def test_an_interrupted_run_hands_on_no_more_pages(samples: Path, context: Context, sources: Mapping[str, Source]) -> None:
    source = sources["export"]
    pages = source.fetch(source.settings(path=(samples / "data-export",)), Owner(ids=[ADA]), context)
    assert next(pages).where.endswith("users.json")
    context.stop.set()
    assert list(pages) == []


def test_names_of_others_and_texts_stay_in_the_export(samples: Path, read: ReadExport) -> None:
    rows = repr([*read(samples / "data-export").rows, *read(samples / "saved-check-ins").rows])
    assert "Ada Muster" in rows
    assert not any(text in rows for text in ("Ortmann", "On my way", "Glasur", "plum cake"))
