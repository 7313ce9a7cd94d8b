import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Interaction, Profile
from kleos.files import open_export
from kleos_googleplus.plugin import GOOGLEPLUS

SOURCE = GOOGLEPLUS.sources[0]
ADA = "100000000000000007919"
RECEIVED = {"plusone": 9, "comment": 5, "reshare": 1, "poll_vote": 3}
POSTS = "Takeout/Google+ Stream/Posts"


def pack(path: Path, folder: Path, names: Callable[[str], bool] = lambda name: True) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and names(file.name):
                archive.write(file, file.relative_to(folder))
    return path


@pytest.mark.parametrize("variant", ["takeout-json", "takeout-html", "takeout-microdata"])
def test_every_reaction_of_others_is_read_and_none_of_the_owner(variant: str, samples: Path, read: Callable[..., Any]) -> None:
    found = read(samples / variant)
    assert Counter(row.kind for row in found.reactions) == RECEIVED
    assert not found.flaws
    assert {row.subject for row in found.reactions}.isdisjoint(row.actor for row in found.reactions)
    assert all(row.actor and row.item and row.item_time for row in found.reactions)


def test_only_comments_have_a_time_of_their_own(samples: Path, read: Callable[..., Any]) -> None:
    rows = read(samples / "takeout-json").reactions
    assert all((row.time is not None) == (row.kind == "comment") for row in rows)
    kiln = [row for row in rows if row.item == "Sd4kilnWarm1"]
    assert {row.item_time for row in kiln} == {datetime(2018, 5, 12, 16, 4, 11, tzinfo=UTC)}
    assert min(row.time for row in kiln if row.time) == datetime(2018, 5, 12, 16, 20, 5, tzinfo=UTC)


def test_both_kinds_of_html_say_the_same(samples: Path, read: Callable[..., Any]) -> None:
    assert read(samples / "takeout-html").distinct == read(samples / "takeout-microdata").distinct


def test_json_and_html_of_the_same_posts_fall_into_one(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    both = tmp_path / POSTS
    both.mkdir(parents=True)
    for variant in ("takeout-json", "takeout-html"):
        for file in (samples / variant / POSTS).iterdir():
            (both / file.name).write_bytes(file.read_bytes())
    found = read(tmp_path)
    assert len(found.reactions) == 2 * sum(RECEIVED.values())
    assert found.distinct == read(samples / "takeout-json").distinct
    assert found.owner.ids == (ADA,)
    assert found.owner.handles == ("+AdaMuster",)


def test_custom_addresses_are_resolved_before_html_needs_them(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    rows = read(pack(tmp_path / "t.zip", samples)).rows
    custom = [index for index, row in enumerate(rows) if isinstance(row, Interaction) and (row.actor or "").startswith("+")]
    profiles = [index for index, row in enumerate(rows) if isinstance(row, Profile)]
    assert profiles
    assert custom
    assert max(profiles) < min(custom)


def test_what_the_owner_gave_is_never_read(samples: Path, read: Callable[..., Any]) -> None:
    for variant in ("takeout-json", "takeout-html"):
        found = read(samples / variant)
        names = [name for page in found.pages for name, _ in page.context["members"]]
        assert len(names) == 5
        assert not any("ActivityLog" in name for name in names)
        assert not any("Original" in (row.item or "") for row in found.reactions)


def test_a_poll_tells_how_many_voted_without_the_owner(samples: Path, read: Callable[..., Any]) -> None:
    (tally,) = read(samples / "takeout-json").tallies
    assert (tally.kind, tally.item, tally.total) == ("poll_vote", "QgLazeP0ll22", 4)
    assert tally.captured == datetime(2018, 6, 5, 10, 0, 0, tzinfo=UTC)


def test_the_name_of_an_archive_dates_its_counts(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    found = read(pack(tmp_path / "takeout-20190131T101112Z-001.zip", samples / "takeout-json"))
    assert found.tallies[0].captured == datetime(2019, 1, 31, 10, 11, 12, tzinfo=UTC)


def test_a_zip_and_split_zips_give_what_the_folder_gives(samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    folder = samples / "takeout-json"
    whole = pack(tmp_path / "whole.zip", folder)
    parts = (
        pack(tmp_path / "t-001.zip", folder, lambda name: name < "20190105"),
        pack(tmp_path / "t-002.zip", folder, lambda name: name >= "20190105"),
    )
    assert read(whole).distinct == read(parts).distinct == read(folder).distinct


def test_one_post_is_an_archive_too(samples: Path, read: Callable[..., Any]) -> None:
    file = samples / "takeout-json" / POSTS / "20190105 - Post(1).json"
    assert Counter(row.kind for row in read(file).reactions) == {"plusone": 1, "comment": 1}


@pytest.mark.parametrize("variant", ["takeout-json", "takeout-html", "takeout-microdata"])
def test_folders_and_files_in_any_language_are_recognised(variant: str, samples: Path, tmp_path: Path, read: Callable[..., Any]) -> None:
    archive = tmp_path / "archive.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr(
            "Takeout/index.html", "<html><body>plus.google.com <a class='author' href='https://plus.google.com/1'>x</a></body></html>"
        )
        target.writestr(
            "Takeout/Google Fotos/a.jpg.json", json.dumps({"url": "https://plus.google.com/x", "creationTime": {"timestamp": "1"}})
        )
        for index, file in enumerate(sorted((samples / variant / POSTS).iterdir())):
            target.writestr(f"Takeout/Google+ 訊息串/訊息/2018年 {index}{file.suffix}", file.read_bytes())
    with open_export(archive) as export:
        assert SOURCE.recognise(export) == 1.0
    assert Counter(row.kind for row in read(archive).reactions) == RECEIVED


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tweets.js", "window.YTD.tweets.part0 = []"),
        ("photo.jpg.json", '{"title": "photo.jpg", "url": "https://plus.google.com/1", "creationTime": {"timestamp": "1"}}'),
        (
            "20180512 - blog.html",
            '<a class="author" href="https://plus.google.com/1">me</a><div class="main-content">2018-05-12 10:00:00</div>',
        ),
        ("20180512 - other.json", '{"id": 1}'),
        ("20180512 - list.json", "[1, 2]"),
        ("broken.json", '{"url": "https://plus.google.com/+A/posts/1", '),
    ],
)
def test_other_files_are_not_taken_for_posts(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with open_export(tmp_path) as export:
        assert SOURCE.recognise(export) == 0.0
        assert SOURCE.owners(export) == ()


def test_the_owner_is_who_wrote_the_posts(samples: Path) -> None:
    with open_export(samples / "takeout-json") as export:
        (owner,) = SOURCE.owners(export)
    assert (owner.ids, owner.handles, owner.names) == ((ADA,), ("+AdaMuster",), ("Ada Muster",))
    with open_export(samples / "takeout-html") as export:
        (owner,) = SOURCE.owners(export)
    assert (owner.ids, owner.handles, owner.names) == ((), ("+AdaMuster",), ("Ada Muster",))


def test_names_of_others_stay_in_the_archive(samples: Path, read: Callable[..., Any]) -> None:
    rows = read(samples / "takeout-json").rows
    assert {row.name for row in rows if isinstance(row, Profile)} == {"Ada Muster", None}
    assert not any("Lindgren" in repr(row) for row in rows)
