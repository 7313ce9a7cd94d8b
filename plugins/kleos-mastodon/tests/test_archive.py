"""What an archive tells: how often, never who; and nothing that its owner did."""

from __future__ import annotations

import copy
import json
import shutil
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.cli import main
from kleos.contract import Context, Flaw, Owner, Page, Tally, account_key
from kleos.errors import ExportError, ParseError
from kleos.files import open_export
from kleos.testing.strategies import exports, write_export
from kleos_mastodon.archive import Archive, fetch, owners, parse, recognise

ADA = Path(__file__).parents[1] / "samples" / "archive" / "ada"
OWNER = Owner(person="ada", handles=["ada@mastodon.example"])
OUTBOX = json.loads((ADA / "outbox.json").read_text())


def reading(path: Path) -> Iterator[Page]:
    with ExitStack() as opened:
        context = Context(
            open_export=lambda paths: opened.enter_context(open_export(paths)),
            stop=threading.Event(),
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )
        yield from fetch(Archive(path=(path,)), OWNER, context)


def pages(path: Path) -> list[Page]:
    return list(reading(path))


def totals(path: Path) -> dict[tuple[str, str], int]:
    return {(row.item, row.kind): row.total for page in pages(path) for row in parse(page) if isinstance(row, Tally)}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Makes a copy of the sample with another outbox, or without a file."""

    def change(outbox: Any = None, without: str | None = None) -> Path:
        folder = shutil.copytree(ADA, tmp_path / "changed")
        if outbox is not None:
            (folder / "outbox.json").write_text(outbox if isinstance(outbox, str) else json.dumps(outbox))
        if without:
            (folder / without).unlink()
        return folder

    return change


def test_an_independent_count_of_the_sample_agrees() -> None:
    counted = sum(
        activity["object"][field]["totalItems"]
        for activity in OUTBOX["orderedItems"]
        if activity["type"] == "Create"
        for field in ("likes", "shares")
    )
    assert sum(totals(ADA).values()) == counted - 2  # one post has a favourite and a boost of her own


def test_the_sample_scores_somebody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["run", str(ADA.parents[1] / "kleos.toml"), "--json"]) == 0
    (ada,) = json.loads(capfd.readouterr().out)["people"]
    assert ada["score"] > 1
    assert ada["coverage"]["imported"] == sum(totals(ADA).values())


def test_favourites_and_boosts_by_the_owner_are_taken_off() -> None:
    found = totals(ADA)
    (boosted,) = [a["object"] for a in OUTBOX["orderedItems"] if a["type"] == "Announce" and a["object"].startswith(a["actor"])]
    (post,) = [a["object"] for a in OUTBOX["orderedItems"] if a["type"] == "Create" and a["object"]["id"] == boosted]
    item = boosted.rpartition("/")[2]
    assert found[item, "favourite"] == post["likes"]["totalItems"] - 1
    assert found[item, "reblog"] == post["shares"]["totalItems"] - 1


def test_an_own_boost_that_holds_the_post_itself_is_taken_off_too(changed: Callable[..., Path]) -> None:
    outbox = copy.deepcopy(OUTBOX)
    for activity in outbox["orderedItems"]:
        if activity["type"] == "Announce":
            activity["object"] = {"id": activity["object"], "type": "Note"}
    assert totals(changed(outbox)) == totals(ADA)


def test_folder_zip_and_tar_give_the_same_and_name_the_owner(tmp_path: Path) -> None:
    zipped, tarred = tmp_path / "archive-20261115093000-0a1b.zip", tmp_path / "archive-20261115093000-0a1b.tar.gz"
    with zipfile.ZipFile(zipped, "w") as archive:
        for file in ADA.iterdir():
            archive.write(file, file.name)
    with tarfile.open(tarred, "w:gz") as tar:
        tar.add(ADA, arcname="backup")
    for path in (ADA, zipped, tarred):
        with open_export(path) as export:
            assert recognise(export) == 1.0
            (owner,) = owners(export)
        assert account_key("Ada@mastodon.example") in map(account_key, owner.handles)
        assert totals(path) == totals(ADA)


def test_totals_are_dated_by_the_name_of_the_archive_else_by_its_newest_post(tmp_path: Path) -> None:
    named = shutil.copytree(ADA, tmp_path / "archive-20261115093000-0a1b")
    assert pages(named)[0].captured == datetime(2026, 11, 15, 9, 30, tzinfo=UTC)
    assert pages(ADA)[0].captured == datetime(2026, 11, 12, 19, 31, 52, tzinfo=UTC)


def test_an_archive_of_an_old_server_is_told_to_hold_nothing_received(changed: Callable[..., Path]) -> None:
    outbox = copy.deepcopy(OUTBOX)
    for activity in outbox["orderedItems"]:
        if activity["type"] == "Create":
            del activity["object"]["likes"], activity["object"]["shares"]
    with pytest.raises(ExportError, match=r"before Mastodon 4\.4") as failed:
        totals(changed(outbox))
    assert "api" in failed.value.hint


@pytest.mark.parametrize("name", ["actor.json", "outbox.json", "likes.json"])
def test_an_archive_without_one_of_its_files_is_told(changed: Callable[..., Path], name: str) -> None:
    with pytest.raises(ExportError, match=name):
        pages(changed(without=name))


def test_an_outbox_that_is_cut_off_gives_its_whole_posts_and_then_says_so(changed: Callable[..., Path]) -> None:
    found = reading(changed((ADA / "outbox.json").read_text()[:-900]))
    assert [row for row in parse(next(found)) if isinstance(row, Tally)]
    with pytest.raises(ExportError, match="cut off"):
        next(found)


@pytest.mark.parametrize(
    "wrong",
    [
        {"likes": {"totalItems": -1}},
        {"likes": {"totalItems": "9"}},
        {"likes": {"totalItems": True}},
        {"likes": 3},
        {"published": "soon"},
        {"id": " "},
    ],
)
def test_a_post_that_is_not_as_expected_is_a_flaw_and_the_others_are_read(changed: Callable[..., Path], wrong: dict[str, Any]) -> None:
    outbox = copy.deepcopy(OUTBOX)
    posts = [activity for activity in outbox["orderedItems"] if activity["type"] == "Create"]
    posts[3]["object"] |= wrong
    found = [row for page in pages(changed(outbox)) for row in parse(page)]
    assert sum(isinstance(row, Flaw) for row in found) == 1
    assert sum(isinstance(row, Tally) for row in found) == 2 * (len(posts) - 1)


def test_a_count_that_is_not_told_is_unknown_and_not_zero(changed: Callable[..., Path]) -> None:
    outbox = copy.deepcopy(OUTBOX)
    post = next(activity["object"] for activity in outbox["orderedItems"] if activity["type"] == "Create")
    post["likes"] = {"type": "Collection"}
    post["shares"] = None
    assert post["id"].rpartition("/")[2] not in {item for item, _ in totals(changed(outbox))}


NEARLY = st.sampled_from(
    [b'{"preferredUsername": "ada"}', b'{"preferredUsername": "a", "id": "x"}', b'{"preferredUsername": 1, "id": "https://["}', b"[]"]
)


@settings(max_examples=30, deadline=None)
@given(files=exports("actor.json", "outbox.json", "likes.json", bodies=NEARLY))
def test_junk_has_an_owner_or_cannot_be_understood(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_export(write_export(tmp_path_factory.mktemp("junk"), files)) as export:
        assert 0 <= recognise(export) <= 1
        with suppress(ParseError):
            assert all(owner.account for owner in owners(export))
