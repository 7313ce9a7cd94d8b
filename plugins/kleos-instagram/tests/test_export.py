"""Exports of both ages and any language: what is read, what never is, and what is told."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Owner, Page, Source
from kleos.errors import ExportError, ParseError
from kleos.files import open_export

ADA = "instagram-ada.quill.makes-2026-11-12-Kx3fQ9aB"
BOB = "bob.fettles.bikes_20220612"
POSTS = "logged_information/past_instagram_insights/posts.json"
Reader = Callable[..., Any]


def pack(path: Path, folder: Path, wanted: Callable[[str], bool] = lambda name: True) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and wanted(file.name):
                archive.write(file, file.relative_to(folder))
    return path


def posts(*rows: Mapping[str, Any]) -> str:
    return json.dumps({"organic_insights_posts": list(rows)})


def post(time: int, uri: str = "media/posts/202601/a.jpg", **labels: str) -> dict[str, Any]:
    values = {label: {"href": "", "value": value, "timestamp": 0} for label, value in labels.items()}
    return {"media_map_data": {"Thumbnail": {"uri": uri, "creation_timestamp": time}}, "string_map_data": values}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write an export of these files: ``write({"name": "text"})``."""

    def run(files: Mapping[str, str], name: str = "export") -> Path:
        for file, text in files.items():
            (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / file).write_text(text)
        return tmp_path / name

    return run


def test_every_count_of_the_sample_is_read(samples: Path, read: Reader) -> None:
    found = read(samples / ADA)
    assert found.error is None
    assert not found.flaws
    counted: Counter[str] = Counter()
    words = {
        "Likes": "like",
        "Comments": "comment",
        "Shares": "share",
        "Saves": "save",
        "Impressions": "view",
        "Plays": "view",
        "Replies": "story_reply",
    }
    for file in (samples / ADA / "logged_information/past_instagram_insights").iterdir():
        for row in next(iter(json.loads(file.read_text()).values())):
            for label, value in row["string_map_data"].items():
                kind = words.get(label.removeprefix("Instagram "))
                if kind and value["value"] != "--":
                    counted[kind] += int(value["value"].replace(",", ""))
    totals: Counter[str] = Counter()
    for (kind, _), total in found.totals.items():
        totals[kind] += total
    assert totals == counted
    assert Counter(kind for kind, *_ in found.people) == {"follow": 12, "follow_request": 2}
    assert {row.subject for row in found.tallies} == {"ada.quill.makes"}


def test_a_post_is_known_by_the_id_in_its_pictures_name_which_is_the_apis(read: Reader, write: Callable[..., Path]) -> None:
    ids = ["17940060624158613", "18025938001189213"]
    uris = [f"media/posts/202603/{ids[0]}.jpg", f"media/posts/201904/56560768_1970692303053594_6309902514592175656_n_{ids[1]}.jpg"]
    found = read(
        write({POSTS: posts(*(post(1_767_225_600 + n, uri, Likes="3") for n, uri in enumerate(uris)))}), owner=Owner(handles=["ada"])
    )
    assert [row.item for row in found.tallies] == ids


def test_without_an_id_a_post_is_known_by_its_time(samples: Path, read: Reader) -> None:
    found = read(samples / BOB)
    assert {row.item for row in found.tallies} == {
        row.item_time.strftime("%Y-%m-%dT%H:%M:%SZ") for row in found.tallies if row.item_time is not None
    }
    assert found.totals["like", "2022-04-03T15:30:00Z"] == 1204


def test_an_export_in_german_with_broken_letters_says_the_same(samples: Path, read: Reader) -> None:
    found = read(samples / BOB)
    assert found.error is None
    assert not found.flaws
    assert b"\\u00e2\\u0080\\u009eGef\\u00c3\\u00a4llt mir" in found.pages[0].body
    assert Counter(row.kind for row in found.tallies) == {"like": 4, "comment": 4, "view": 4, "share": 3, "save": 3}
    assert {row.subject for row in found.tallies} == {"bob.fettles.bikes"}


def test_counts_are_of_the_day_in_the_name_else_of_the_newest_time(samples: Path, tmp_path: Path, read: Reader) -> None:
    assert {row.captured for row in read(samples / ADA).tallies} == {datetime(2026, 11, 12, tzinfo=UTC)}
    assert {row.captured for row in read(samples / BOB).tallies} == {datetime(2022, 6, 12, tzinfo=UTC)}
    renamed = read(pack(tmp_path / "mine.zip", samples / BOB))
    assert {row.captured for row in renamed.tallies} == {datetime(2022, 6, 6, 15, 33, tzinfo=UTC)}


def test_a_zip_and_split_zips_give_what_the_folder_gives(samples: Path, tmp_path: Path, read: Reader) -> None:
    whole = pack(tmp_path / f"{ADA}.zip", samples / ADA)
    parts = (
        pack(tmp_path / f"{ADA}-1.zip", samples / ADA, lambda name: name < "m"),
        pack(tmp_path / f"{ADA}-2.zip", samples / ADA, lambda name: name >= "m"),
    )
    rows = read(samples / ADA).rows
    assert read(whole).rows == rows
    assert read(parts).rows == rows


def test_what_the_owner_gave_and_chats_are_never_read(samples: Path, read: Reader) -> None:
    found = read(samples / ADA)
    names = {page.where.rpartition("/")[2] for page in found.pages}
    assert names == {"posts.json", "reels.json", "stories.json", "followers_1.json", "follow_requests_you've_received.json"}
    assert not {"threads.only", "national_gallery_of_ink"} & {actor for _, _, actor, _ in found.people}


def test_followers_are_read_in_every_form(read: Reader, write: Callable[..., Path]) -> None:
    def row(link: Mapping[str, Any], title: str = "") -> dict[str, Any]:
        return {"title": title, "media_list_data": [], "string_list_data": [link]}

    time = 1_778_167_678
    rows = [
        row({"href": "https://www.instagram.com/fi", "value": "fiona.example", "timestamp": time}),
        row({"href": "https://www.instagram.com/rene_beispiel", "timestamp": time}, "rene_beispiel"),
        row({"href": "https://www.instagram.com/_u/ana.ejemplo", "timestamp": time * 1000}),
        row({"href": "https://example.org/x", "timestamp": time}),
        row({"href": "https://www.instagram.com/ada", "value": "ada", "timestamp": time}),
        row({"value": "early", "timestamp": 7}),
    ]
    files = {"followers_and_following/followers_1.json": json.dumps(rows), POSTS: posts(post(time, Likes="1"))}
    found = read(write(files), owner=Owner(handles=["ada"]))
    moment = time * 1_000_000
    follows = [(actor, at) for _, _, actor, at in found.people]
    assert follows == [("fiona.example", moment), ("rene_beispiel", moment), ("ana.ejemplo", moment), ("early", None)]
    assert [flaw.where.rpartition(": ")[2] for flaw in found.flaws] == ["row 4", "row 6"]


def test_labels_of_a_language_that_is_not_known_are_named_and_can_be_taught(read: Reader, write: Callable[..., Path]) -> None:
    strange = write({POSTS: posts(post(1_770_000_000, **{"Hoşuma getdi": "12", "Şərhlər": "3"}), post(1_770_000_001, Rest="--"))})
    found = read(strange, owner=Owner(handles=["ada"]))
    assert found.tallies == []
    (flaw,) = found.flaws
    assert "Hoşuma getdi, Şərhlər" in flaw.where
    assert "`labels`" in flaw.reason
    taught = read(strange, owner=Owner(handles=["ada"]), labels={"Hoşuma getdi": "like", "şərhlər": "comment"})
    assert taught.totals == {("like", "2026-02-02T02:40:00Z"): 12, ("comment", "2026-02-02T02:40:00Z"): 3}
    assert taught.flaws == []


def test_the_label_setting_takes_only_what_an_export_counts(sources: Mapping[str, Source]) -> None:
    with pytest.raises(ValueError, match="'Polubienia': expected what it counts, one of like, comment"):
        sources["export"].settings(path=(Path(),), labels={"Polubienia": "tag"})


def test_the_newest_shape_with_labels_in_a_list_is_read(read: Reader, write: Callable[..., Path]) -> None:
    row = {"timestamp": 1_770_000_000, "media": [], "label_values": [{"label": "Likes", "value": "1,204"}], "fbid": "17900000000000123"}
    found = read(write({POSTS: json.dumps([row])}), owner=Owner(handles=["ada"]))
    assert found.totals == {("like", "17900000000000123"): 1204}


def test_a_row_that_is_none_costs_only_itself(read: Reader, write: Callable[..., Path]) -> None:
    rows = [
        post(1_770_000_000, Likes="3"),
        {"media_map_data": [1, 2]},
        7,
        post(0, "", Likes="3"),
        post(1_770_000_005, Likes="many", Comments="2"),
    ]
    found = read(write({POSTS: posts(*rows)}), owner=Owner(handles=["ada"]))  # type: ignore[arg-type]  # wrong on purpose
    assert found.totals == {("like", "2026-02-02T02:40:00Z"): 3, ("comment", "2026-02-02T02:40:05Z"): 2}
    assert len(found.flaws) == 4


def test_the_larger_of_impressions_and_plays_are_the_views(read: Reader, write: Callable[..., Path]) -> None:
    found = read(write({POSTS: posts(post(1_770_000_000, Impressions="90", Plays="120", Views="--"))}), owner=Owner(handles=["ada"]))
    assert found.totals == {("view", "2026-02-02T02:40:00Z"): 120}


def test_an_export_that_is_cut_off_gives_what_is_whole_and_says_so(samples: Path, read: Reader, write: Callable[..., Path]) -> None:
    text = (samples / ADA / POSTS).read_text()
    found = read(write({POSTS: text[: len(text) // 2]}), owner=Owner(handles=["ada"]))
    assert 3 < len({row.item for row in found.tallies}) < 14
    assert "cut off" in found.error.message
    assert "download" in found.error.hint


def test_a_personal_account_is_told_that_nothing_counts(read: Reader, write: Callable[..., Path]) -> None:
    row = {"title": "", "string_list_data": [{"value": "fiona.example", "timestamp": 1_778_167_678}]}
    found = read(write({"followers_1.json": json.dumps([row])}), owner=Owner(handles=["ada"]))
    assert len(found.people) == 1
    assert "only professional accounts" in found.error.message
    assert "source api" in found.error.hint


def test_web_pages_are_recognised_and_the_right_format_named(
    write: Callable[..., Path], read: Reader, sources: Mapping[str, Source]
) -> None:
    folder = write({"connections/followers_and_following/followers_1.html": "<html>", "start_here.html": "<html>"})
    with open_export(folder) as export:
        assert sources["export"].recognise(export) == 0.6
    found = read(folder, owner=Owner(handles=["ada"]))
    assert "found one of web pages" in found.error.message
    assert '"JSON"' in found.error.hint


def test_another_folder_is_told_what_was_expected(write: Callable[..., Path], read: Reader) -> None:
    found = read(write({"tweets.js": "[]"}), owner=Owner(handles=["ada"]))
    assert isinstance(found.error, ExportError)
    assert "expected an export of Instagram as JSON" in found.error.message


@pytest.mark.parametrize("context", [None, {}, {"content": "person", "account": "a"}, {"content": ["insights"]}, {"content": "insights"}])
def test_a_page_that_does_not_say_what_or_whose_it_is_is_refused(context: Any, sources: Mapping[str, Source]) -> None:
    page = Page(network="instagram", source="export", where="p", owner=None, captured=None, body=b"[]", context=context)
    with pytest.raises(ParseError):
        list(sources["export"].parse(page))


def test_counts_that_nothing_dates_are_left_out(sources: Mapping[str, Source]) -> None:
    body = json.dumps([post(1_770_000_000, Likes="3")]).encode()
    told = {"content": "insights", "account": "ada"}
    page = Page(network="instagram", source="export", where="p", owner=None, captured=None, body=body, context=told)
    assert ["nothing says when" in row.reason for row in sources["export"].parse(page)] == [True]  # type: ignore[union-attr]
