"""A large export is the small one many times, in the shape in which networks give more."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kleos.testing.large import enlarged

SIZE = 200_000


def lines(body: bytes) -> list[object]:
    return [json.loads(line) for line in body.splitlines()]


def rows(body: bytes) -> list[object]:
    heading, *others = csv.reader(body.decode().splitlines())
    assert heading == ["who", "what"]
    return list(others)


def behind_a_name(body: bytes) -> list[object]:
    found: list[object] = json.loads(body.removeprefix(b"window.part0 = "))
    return found


@pytest.mark.parametrize(
    ("name", "body", "read"),
    [
        ("a.jsonl", b'{"n": 1}\n{"n": 2}\n', lines),
        ("a.jsonl", b'{"n": 1}\r\n{"n": 2}', lines),
        ("a.txt", b'{"n": 1}\n{"n": 2}\n', lines),
        ("a.csv", b"who,what\nbob,like\neve,like\n", rows),
        ("a.json", b'[{"n": 1}, [2]]\n', json.loads),
        ("a.js", b'window.part0 = [ {"n": 1}, {"n": 2} ]', behind_a_name),
    ],
)
def test_lines_and_elements_are_repeated_and_can_be_read(
    tmp_path: Path, name: str, body: bytes, read: Callable[[bytes], list[object]]
) -> None:
    sample = tmp_path / name
    sample.write_bytes(body)
    (tmp_path / "large").mkdir()
    large = enlarged(sample, tmp_path / "large", SIZE)
    small, found = read(body), read(large.read_bytes())
    assert large.name == name
    assert found[: len(small)] == small
    assert found == small * (len(found) // len(small))
    assert 0.5 * SIZE < large.stat().st_size < 2 * SIZE
    assert sample.read_bytes() == body


@pytest.mark.parametrize("packed", [False, True])
def test_files_of_another_kind_are_repeated_under_other_names(tmp_path: Path, packed: bool) -> None:
    body = b'{"post": [1, 2, 3]}' * 50
    sample = tmp_path / "export"
    (sample / "Top" / "posts").mkdir(parents=True)
    (sample / "Top" / "posts" / "one.json").write_bytes(body)
    if packed:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            archive.write(sample / "Top" / "posts" / "one.json", "Top/posts/one.json")
        sample = tmp_path / "export.zip"
    (tmp_path / "large").mkdir()
    large = enlarged(sample, tmp_path / "large", SIZE)
    posts = list((large / "Top" / "posts").iterdir())
    assert {"one.json", "one-2.json"} <= {post.name for post in posts}
    assert {post.read_bytes() for post in posts} == {body}
    assert sum(post.stat().st_size for post in posts) > 0.5 * SIZE


def test_a_single_object_in_a_file_of_its_own_stays_as_it_is(tmp_path: Path) -> None:
    sample = tmp_path / "one.json"
    sample.write_bytes(b'{"a": [1, 2]}')
    (tmp_path / "large").mkdir()
    assert enlarged(sample, tmp_path / "large", SIZE).read_bytes() == b'{"a": [1, 2]}'
