"""Opening an export: a folder, a zip, parts, a tar, a file; and everything that is none of these."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos.files import Limits, open_export

MEMBERS = {
    "data/tweets.js": b"window.YTD.tweets.part0 = [ ]",
    "data/manifest.js": b"window.__THAR_CONFIG = {}",
    "Your archive.html": b"<html>",
}


def make_zip(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def make_folder(path: Path, members: Mapping[str, bytes]) -> Path:
    for name, content in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def make_tar(path: Path, members: Mapping[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize("top", ["", "ada/", "ada/export/"])
@pytest.mark.parametrize(
    ("make", "name"), [(make_folder, "x"), (make_zip, "x.zip"), (make_tar, "x.tar"), (make_tar, "x.tar.gz"), (make_tar, "x.tgz")]
)
def test_every_container_gives_the_same_view_without_its_top_folder(tmp_path: Path, make, name: str, top: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path / name, {top + member: content for member, content in MEMBERS.items()})
    with open_export(path) as export:
        inner = top.partition("/")[2]
        assert export.names == tuple(sorted(inner + member for member in MEMBERS))
        assert export.find("data/tweets.js") == [inner + "data/tweets.js"]
        for member, content in MEMBERS.items():
            assert export.read(inner + member) == content
            with export.open(inner + member) as stream:
                assert stream.read(3) + stream.read() == content
        assert export.where == str(path)


def test_a_suffix_may_speak_of_a_folder_that_is_left_out_of_the_names(tmp_path: Path) -> None:
    packed = make_zip(tmp_path / "a.zip", {"data/tweets.js": b"[]", "data/like.js": b"[]"})
    with open_export(packed) as export:
        assert export.names == ("like.js", "tweets.js")
        assert export.find("data/tweets.js") == ["tweets.js"]
        assert export.find("a/tweets.js") == export.find("eets.js") == []
    with open_export(make_folder(tmp_path / "data", {"tweets.js": b"[]"})) as export:
        assert export.find("data/tweets.js") == ["tweets.js"]


def test_a_single_file_is_an_export_of_one(tmp_path: Path) -> None:
    file = tmp_path / "bulk.jsonl"
    file.write_bytes(b"{}\n")
    with open_export(str(file)) as export:
        assert export.names == ("bulk.jsonl",)
        assert list(export.chunks("bulk.jsonl")) == [b"{}\n"]


def test_a_zip_without_the_suffix_is_a_zip_and_a_workbook_is_a_file(tmp_path: Path) -> None:
    with open_export(make_zip(tmp_path / "download", MEMBERS)) as export:
        assert len(export.names) == len(MEMBERS)
    with open_export(make_zip(tmp_path / "posts.xlsx", MEMBERS)) as export:
        assert export.names == ("posts.xlsx",)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("ada/", "ada/"), ("ada-1/", "ada-2/")])
def test_the_parts_of_a_split_zip_are_one_export(tmp_path: Path, first: str, second: str) -> None:
    one = make_zip(tmp_path / "one.zip", {first + "data/tweets.js": b"[1]", first + "index.html": b"same"})
    two = make_zip(tmp_path / "two.zip", {second + "data/tweets-part1.js": b"[2]", second + "index.html": b"same"})
    with open_export([one, two]) as export:
        assert export.names == ("data/tweets-part1.js", "data/tweets.js", "index.html")
        assert export.read("data/tweets-part1.js") == b"[2]"
        assert export.where == f"{one}, {two}"


def test_a_folder_inside_of_one_part_is_no_top_folder(tmp_path: Path) -> None:
    one = make_zip(tmp_path / "one.zip", {"data/tweets.js": b"[1]", "assets/x.js": b""})
    two = make_zip(tmp_path / "two.zip", {"data/tweets-part1.js": b"[2]"})
    with open_export([one, two]) as export:
        assert export.names == ("assets/x.js", "data/tweets-part1.js", "data/tweets.js")


def test_a_name_that_differs_in_two_parts_is_kept_twice(tmp_path: Path) -> None:
    one = make_zip(tmp_path / "one.zip", {"Takeout/browser.html": b"1", "Takeout/a.json": b"[]"})
    two = make_zip(tmp_path / "two.zip", {"Takeout/browser.html": b"2", "Takeout/b.json": b"[]"})
    with open_export([one, two]) as export:
        assert export.names == ("a.json", "b.json", "browser.html", "two.zip/Takeout/browser.html")
        assert export.find("browser.html") == ["browser.html", "two.zip/Takeout/browser.html"]
        assert export.read("two.zip/Takeout/browser.html") == b"2"


def test_the_same_zip_twice_is_the_same_export(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", MEMBERS)
    with open_export([path, path]) as twice, open_export(path) as once:
        assert twice.names == once.names


def test_backslashes_are_folders(tmp_path: Path) -> None:
    with open_export(make_zip(tmp_path / "a.zip", {"ada\\data\\tweets.js": b"[]", "ada\\assets\\": b"", "ada\\x": b""})) as export:
        assert export.names == ("data/tweets.js", "x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "data\\tweets.js").write_bytes(b"[]")
    with open_export(tmp_path / "folder") as export:
        assert export.find("tweets.js") == ["tweets.js"]
        assert export.read("tweets.js") == b"[]"


def test_the_litter_of_file_managers_is_left_out(tmp_path: Path) -> None:
    members = {"ada/data/tweets.js": b"[]", "__MACOSX/ada/data/._tweets.js": b"x", "ada/.DS_Store": b"x"}
    with open_export(make_zip(tmp_path / "a.zip", members)) as export:
        assert export.find("data/tweets.js") == ["data/tweets.js"]
        assert len(export.ignored) == 2


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/passwd", "C:/x", "c:\\x", "..\\x", "\\\\server\\x"])
@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_name_that_points_outside_is_refused(tmp_path: Path, make, name: str) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path / ("a.zip" if make is make_zip else "a.tar"), {"data/tweets.js": b"[]", name: b""})
    with pytest.raises(ExportError, match="points outside") as caught:
        open_export(path)
    assert caught.value.where == str(path)
    assert caught.value.hint


def test_two_files_of_one_name_in_a_zip_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"data/a.js": b"1", "data\\a.js": b"2"})
    with pytest.raises(ExportError, match=r"two files named 'data/a\.js'"):
        open_export(path)


def test_the_same_file_twice_in_a_zip_is_one(tmp_path: Path) -> None:
    with open_export(make_zip(tmp_path / "a.zip", {"data/a.js": b"1", "data\\a.js": b"1", "b.js": b""})) as export:
        assert export.names == ("b.js", "data/a.js")


def test_names_are_safe_to_be_shown(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\n.js").write_bytes(b"1")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff.js")).write_bytes(b"2")
    with open_export(tmp_path) as export:
        assert export.names == ("\\udcff.js", "a\ufffd[31m\ufffd.js")
        assert [export.read(name) for name in export.names] == [b"2", b"1"]


def test_links_in_a_folder_are_followed_only_inside(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    folder = make_folder(tmp_path / "x", {"data/real.js": b"[]", "other": b""})
    (folder / "inside.js").symlink_to(folder / "data" / "real.js")
    (folder / "outside.js").symlink_to(outside)
    (folder / "nowhere.js").symlink_to(folder / "gone")
    (folder / "circle").symlink_to(folder)
    (folder / "itself").symlink_to(folder / "itself")
    with open_export(folder) as export:
        assert export.names == ("data/real.js", "inside.js", "other")
        assert sorted(export.ignored) == ["circle", "itself", "nowhere.js", "outside.js"]


def test_devices_and_pipes_are_never_opened(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "x", {"a.js": b"[]"})
    os.mkfifo(folder / "pipe")
    with open_export(folder) as export:
        assert export.names == ("a.js",)
        assert export.ignored == ("pipe",)
    with pytest.raises(ExportError, match="a device or a pipe"):
        open_export(folder / "pipe")


def test_links_in_archives_are_left_out(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.js", "[]")
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"link{kind.decode()}")
            info.type = kind
            info.linkname = "/etc/passwd"
            tar.addfile(info)
        tar.addfile(tarfile.TarInfo("a.js"))
    for name, count in (("a.zip", 1), ("a.tar", 4)):
        with open_export(tmp_path / name) as export:
            assert export.names == ("a.js",)
            assert len(export.ignored) == count


def encrypted(path: Path) -> Path:
    data = bytearray(make_zip(path, MEMBERS).read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    return path


def test_what_cannot_be_opened_is_said_in_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "whole.zip", MEMBERS).read_bytes()
    tarred = make_tar(tmp_path / "whole.tgz", MEMBERS).read_bytes()
    cases: dict[str, tuple[bytes, str]] = {
        "none.zip": (b"hello", "expected a zip, found something else"),
        "page.zip": (b"\n<!DOCTYPE html><html>", "expected a zip, found a web page"),
        "zero.zip": (b"", "expected a zip, found an empty file"),
        "cut.zip": (whole[: len(whole) // 2], "expected a zip, found one that is cut off"),
        "empty.zip": (b"PK\x05\x06" + bytes(18), "expected an export, found no file"),
        "none.tar": (b"hello" * 300, "expected a tar, found something else"),
        "cut.tgz": (tarred[: len(tarred) // 2], "cannot be read"),
        "none.tgz": (b"hello" * 300, "expected a tar, found something else"),
        "a.7z": (b"7z\xbc\xaf", "another kind of archive"),
        "a.rar": (b"Rar!", "another kind of archive"),
    }
    for name, (content, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ExportError, match=message) as caught:
            open_export(tmp_path / name)
        assert caught.value.where == str(tmp_path / name)
        assert caught.value.hint, name
    (tmp_path / "nothing").mkdir()
    for path, message in (("nothing", "found no file"), ("gone.zip", "no such file"), ("whole.zip/x", "cannot be opened")):
        with pytest.raises(ExportError, match=message) as caught:
            open_export(tmp_path / path)
        assert caught.value.hint
    with pytest.raises(ExportError, match="encrypted"):
        open_export(encrypted(tmp_path / "locked.zip"))
    with pytest.raises(ExportError, match="cannot be opened"):
        open_export("nul\0byte")
    with pytest.raises(ExportError, match="empty list"):
        open_export([])


def test_a_part_that_cannot_be_opened_closes_those_before_it(tmp_path: Path) -> None:
    good = make_zip(tmp_path / "good.zip", MEMBERS)  # an open file that is forgotten is a ResourceWarning: an error here
    with pytest.raises(ExportError):
        open_export([good, tmp_path / "gone.zip"])


def test_a_member_that_is_not_there_is_named(tmp_path: Path) -> None:
    with open_export(make_zip(tmp_path / "a.zip", MEMBERS)) as export, pytest.raises(ExportError, match=r"no file 'data/none\.js'"):
        export.read("data/none.js")


@pytest.mark.parametrize("make", [make_zip, make_tar, make_folder])
def test_too_many_names_are_refused(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    suffix = {make_zip: ".zip", make_tar: ".tar", make_folder: ""}[make]
    path = make(tmp_path / f"many{suffix}", {f"data/{number}": b"" for number in range(30)})
    with pytest.raises(ExportError, match="more than 20 files"):
        open_export(path, Limits(members=20))
    open_export(path, Limits(members=30)).close()


def test_too_many_names_in_several_parts_are_refused(tmp_path: Path) -> None:
    parts = [make_zip(tmp_path / f"{part}.zip", {f"{part}-{number}": b"" for number in range(15)}) for part in "ab"]
    with pytest.raises(ExportError, match="more than 20 files"):
        open_export(parts, Limits(members=20))


def test_a_directory_of_a_zip_too_large_for_memory_is_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_zip(tmp_path / "many.zip", {f"{number:06}" + "x" * 60: b"" for number in range(10_000)})
    long = make_zip(tmp_path / "long.zip", {f"{number:06}" + "x" * 30_000: b"" for number in range(100)})
    made = Counter[str]()
    monkeypatch.setattr(zipfile, "ZipInfo", lambda *_, **__: made.update(["entry"]))
    with pytest.raises(ExportError, match="more than 9,000 files"):
        open_export(path, Limits(members=9_000))
    with pytest.raises(ExportError, match="list of files is too large"):
        open_export(long, Limits(members=200))
    assert not made


@given(data=st.data(), suffix=st.sampled_from([".zip", ".tar", ".tgz", ""]))
def test_damaged_archives_raise_nothing_but_export_errors(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, suffix: str
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / f"a{suffix}"
    make = make_zip if suffix in (".zip", "") else make_tar
    content = bytearray(make(path, {name: value * 50 for name, value in MEMBERS.items()}).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content)
    with suppress(ExportError), open_export(path, Limits(total_bytes=1 << 22)) as export:
        for name in export.names:
            export.read(name)
