"""The limits hold while reading, whatever an archive's headers say."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from kleos.errors import ExportError
from kleos.files import Limits, open_export
from kleos.files.limits import plain_size


def bomb(path: Path, size: int, *, claim: int | None = None) -> Path:
    """Write a zip of `size` zeros; `claim` is the size that its headers claim instead."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.json", bytes(size))
    if claim is not None:
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, claim)
        struct.pack_into("<I", data, data.index(b"PK\x03\x04") + 22, claim)
        path.write_bytes(data)
    return path


def test_a_member_beyond_the_limit_is_refused_while_it_is_read(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.zip", 3 << 20)
    with (
        open_export(path, Limits(member_bytes=1 << 20, ratio=1e9)) as export,
        pytest.raises(ExportError, match="larger than 1 MB") as caught,
    ):
        export.read("big.json")
    assert caught.value.where == f"{path}: big.json"
    assert "member_bytes" in caught.value.hint


def test_a_zip_bomb_is_known_by_its_ratio(tmp_path: Path) -> None:
    with open_export(bomb(tmp_path / "a.zip", 8 << 20)) as export, pytest.raises(ExportError, match="zip bomb"):
        for _ in export.chunks("big.json"):
            pass


def test_a_header_that_lies_about_the_size_gains_nothing(tmp_path: Path) -> None:
    with open_export(bomb(tmp_path / "a.zip", 8 << 20, claim=0xFFFF0000)) as export, pytest.raises(ExportError, match="zip bomb"):
        export.read("big.json")
    with open_export(bomb(tmp_path / "b.zip", 8 << 20, claim=10)) as export, pytest.raises(ExportError, match="cannot be read"):
        export.read("big.json")


def test_all_members_together_are_bounded_and_a_second_reading_is_free(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(bytes(100))
    with open_export(tmp_path, Limits(total_bytes=250)) as export:
        for _ in range(5):
            export.read("a")
            export.read("b")
        with pytest.raises(ExportError, match="the export is larger than 250 bytes"):
            export.read("c")


def test_a_gzip_inside_of_an_export_is_bounded_too(tmp_path: Path) -> None:
    (tmp_path / "big.jsonl.gz").write_bytes(gzip.compress(bytes(8 << 20)))
    with open_export(tmp_path) as export, pytest.raises(ExportError, match="zip bomb"):
        list(export.chunks("big.jsonl.gz"))
    with open_export(tmp_path, Limits(ratio=1e9, member_bytes=1 << 20)) as export, pytest.raises(ExportError, match="larger than 1 MB"):
        list(export.chunks("big.jsonl.gz"))


def test_a_gzipped_tar_bomb_is_refused_while_it_is_unpacked(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        info = tarfile.TarInfo("big")
        info.size = 8 << 20
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    with pytest.raises(ExportError, match="zip bomb"):
        open_export(tmp_path / "a.tgz")
    with pytest.raises(ExportError, match="larger than 2 MB"):
        open_export(tmp_path / "a.tgz", Limits(ratio=1e9, total_bytes=2 << 20))


def test_a_file_too_large_to_be_read_at_once_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(2000))
    with open_export(tmp_path, Limits(read_bytes=1000)) as export:
        with pytest.raises(ExportError, match="too large to be read at once"):
            export.read("a")
        assert sum(len(chunk) for chunk in export.chunks("a")) == 2000


def test_a_well_packed_short_file_is_no_bomb(tmp_path: Path) -> None:
    with open_export(bomb(tmp_path / "a.zip", 1 << 20)) as export:
        assert len(export.read("big.json")) == 1 << 20


def test_memory_stays_bounded_on_a_large_export(tmp_path: Path) -> None:
    row = b'{"tweet": {"id_str": "1", "full_text": "' + b"x" * 200 + b'"}}'
    rows = 100_000  # 24 MB
    with gzip.open(tmp_path / "lines.jsonl.gz", "wb", compresslevel=1) as file:
        file.write((row + b"\n") * rows)
    with zipfile.ZipFile(tmp_path / "array.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("tweets.js", b"window.YTD.tweets.part0 = [" + b", ".join([row] * rows) + b"]")
    limits = Limits(page_bytes=1 << 20, ratio=1000)
    tracemalloc.start()
    try:
        with open_export(tmp_path / "lines.jsonl.gz", limits) as export:
            assert sum(chunk.count(b"\n") for chunk in export.chunks("lines.jsonl.gz")) == rows
        with open_export(tmp_path / "array.zip", limits) as export:
            assert sum(page.count(b"tweet") for page in export.elements("tweets.js")) == rows
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("count", "text"), [(1, "1 bytes"), (100, "100 bytes"), (1536, "1.5 kB"), (64 << 20, "64 MB"), (3 << 40, "3 TB")])
def test_sizes_are_told_as_people_say_them(count: int, text: str) -> None:
    assert plain_size(count) == text


def test_a_limit_is_a_number_above_zero() -> None:
    with pytest.raises(ValueError, match="members: expected a number above 0"):
        Limits(members=0)
