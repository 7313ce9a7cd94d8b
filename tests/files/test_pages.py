"""Big files in pages: whole lines, and whole elements of one JSON array, equal to the naive result for any page size."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos.files import Limits, OpenExport, open_export

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
layouts = st.sampled_from([{"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}, {"separators": (" ,\n ", " : ")}])


def single(folder: Path, content: bytes, limits: Limits, name: str = "file") -> OpenExport:
    (folder / name).write_bytes(content)
    return open_export(folder / name, limits)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@given(
    lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=20),
    page=st.integers(1, 60),
    end=st.booleans(),
)
def test_chunks_are_whole_lines_and_nothing_is_lost(folder: Path, lines: list[bytes], page: int, end: bool) -> None:
    content = b"\n".join(lines) + (b"\n" if end else b"")
    assume(not content.startswith(b"PK"))  # the beginning of a zip
    with single(folder, content, Limits(page_bytes=page)) as export:
        chunks = list(export.chunks("file"))
    assert b"".join(chunks) == content
    assert all(chunk.endswith(b"\n") for chunk in chunks[:-1])
    assert all(len(chunk) <= page or chunk.count(b"\n", 0, len(chunk) - 1) == 0 for chunk in chunks)
    assert all(chunks)


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("page", [7, 1 << 20])
def test_a_line_beyond_the_limit_is_refused_by_its_number(tmp_path: Path, suffix: str, page: int) -> None:
    content = b"short\n" * 9 + b"x" * 101 + b"\nshort\n"
    packed = gzip.compress(content) if suffix else content
    limits = Limits(line_bytes=100, page_bytes=page)
    with single(tmp_path, packed, limits, f"a.jsonl{suffix}") as export, pytest.raises(ExportError, match="at most 100 bytes") as caught:
        list(export.chunks(f"a.jsonl{suffix}"))
    assert caught.value.where == f"{tmp_path}/a.jsonl{suffix}:10"
    assert "line_bytes" in caught.value.hint


@pytest.mark.parametrize("content", [b"x" * 100, b"x" * 100 + b"\n", b"y\n" + b"x" * 100 + b"\n"])
@pytest.mark.parametrize("page", [7, 1 << 20])
def test_a_line_at_the_limit_is_read(tmp_path: Path, content: bytes, page: int) -> None:
    with single(tmp_path, content, Limits(line_bytes=100, page_bytes=page)) as export:
        assert b"".join(export.chunks("file")) == content


def test_a_streamed_gzip_of_one_endless_line_is_refused_early(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.gz", "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b"abcdefgh" * (1 << 14))
    with open_export(tmp_path / "a.gz", Limits(line_bytes=1000, page_bytes=4096)) as export, pytest.raises(ExportError, match="longer one"):
        list(export.chunks("a.gz"))


def test_gzips_are_unpacked_whatever_browsers_did_to_them(tmp_path: Path) -> None:
    two = gzip.compress(b"a\n") + gzip.compress(b"b\n")
    for content in (two, b"a\nb\n"):
        with single(tmp_path, content, Limits(), "a.jsonl.gz") as export:
            assert b"".join(export.chunks("a.jsonl.gz")) == b"a\nb\n"
    with single(tmp_path, two[:-6], Limits(), "a.jsonl.gz") as export, pytest.raises(ExportError, match="cannot be read"):
        list(export.chunks("a.jsonl.gz"))


def elements(export: OpenExport, found: list[Any] | None = None) -> list[Any]:
    found = [] if found is None else found
    for page in export.elements("file"):
        found += json.loads(page)
    return found


@given(
    values=st.lists(json_values, max_size=12),
    page=st.integers(1, 90),
    layout=layouts,
    around=st.sampled_from([("", ""), ("window.YTD.tweets.part0 = ", "\n"), ("\ufeff  ", " ;\n")]),
)
@example(values=["a\\", '\\"', ']"', "\\\\"], page=1, layout={}, around=("", ""))
@example(values=[[], {}, [[]]], page=2, layout={}, around=("x = ", ";"))
@settings(max_examples=300)
def test_elements_are_those_of_the_array(
    folder: Path, values: list[Any], page: int, layout: dict[str, Any], around: tuple[str, str]
) -> None:
    content = json.dumps(values, **layout).join(around).encode("utf-8", "surrogatepass")
    with single(folder, content, Limits(page_bytes=page)) as export:
        pages = list(export.elements("file"))
    assert [element for one in pages for element in json.loads(one)] == values
    assert all(len(one) <= page + 2 or len(json.loads(one)) == 1 for one in pages)


@given(values=st.lists(json_values, min_size=1, max_size=8), page=st.integers(1, 90), layout=layouts, data=st.data())
def test_an_array_that_is_cut_off_gives_its_whole_elements_and_then_says_where(
    folder: Path, values: list[Any], page: int, layout: dict[str, Any], data: st.DataObject
) -> None:
    texts = [json.dumps(value, **layout).encode() for value in values]
    content = b"[" + b" ,\n".join(texts) + b"]"
    cut = data.draw(st.integers(1, len(content) - 1))
    found: list[Any] = []
    with single(folder, content[:cut], Limits(page_bytes=page)) as export, pytest.raises(ExportError, match="is cut off") as caught:
        elements(export, found)
    assert found == values[: len(found)]
    assert f"{len(found):,} whole elements" in caught.value.message
    ends = list(accumulate((len(text) + 3 for text in texts), initial=-2))[1:]
    assert sum(end + 2 <= cut for end in ends[:-1]) <= len(found) <= sum(end <= cut for end in ends)


@pytest.mark.parametrize(
    "cut", [b'[{"a":1},{"b":2}', b'[{"a":1},{"b":2},', b'[{"a":1},{"b":2}, {"c', b'[{"a":1},{"b":2},"c', b'[{"a":1},{"b":2},12']
)
def test_a_closed_element_at_the_cut_is_kept_an_open_one_is_not(tmp_path: Path, cut: bytes) -> None:
    with single(tmp_path, cut, Limits()) as export:
        pages = export.elements("file")
        assert json.loads(next(pages)) == [{"a": 1}, {"b": 2}]
        with pytest.raises(ExportError, match=r"2 whole elements before byte \d+ were kept"):
            next(pages)


@pytest.mark.parametrize("page", [1, 1000])
def test_an_object_counts_as_an_array_of_one(tmp_path: Path, page: int) -> None:
    content = b'window.__THAR_CONFIG = {"a": [1, {"b": "}"}], "c": 2}'
    with single(tmp_path, content, Limits(page_bytes=page)) as export:
        assert elements(export) == [{"a": [1, {"b": "}"}], "c": 2}]
    with single(tmp_path, content[:-1], Limits(page_bytes=page)) as export, pytest.raises(ExportError, match="cut off"):
        elements(export)


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "found an empty file"), (b" \n", "found an empty file"), (b"hello", "found other text")]
)
def test_a_file_without_an_array_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    with single(tmp_path, content, Limits()) as export, pytest.raises(ExportError, match=message):
        elements(export)


@pytest.mark.parametrize("page", [3, 1000])
@pytest.mark.parametrize("after", [b"x", b" [1]", b"\n\n ]"])
def test_more_text_after_the_array_is_refused_once_its_elements_are_given(tmp_path: Path, page: int, after: bytes) -> None:
    found: list[Any] = []
    with single(tmp_path, b"[1, [2], 3]" + after, Limits(page_bytes=page)) as export, pytest.raises(ExportError, match="found more text"):
        elements(export, found)
    assert found == [1, [2], 3]


@pytest.mark.parametrize("page", [5, 1 << 20])
def test_an_element_beyond_the_limit_is_refused_by_its_number(tmp_path: Path, page: int) -> None:
    content = json.dumps([1, 2, "x" * 200, 3]).encode()
    limits = Limits(line_bytes=100, page_bytes=page)
    with single(tmp_path, content, limits) as export, pytest.raises(ExportError, match=r"at most 100 bytes.*number 3"):
        elements(export)


@given(content=st.binary(max_size=60), page=st.integers(1, 70))
@example(content=b"[\\", page=1)
@example(content=b"]][[", page=1)
def test_any_bytes_end_in_pages_or_an_export_error(folder: Path, content: bytes, page: int) -> None:
    with suppress(ExportError), single(folder, content, Limits(page_bytes=page)) as export:
        for one in export.elements("file"):
            assert one.startswith(b"[")


def test_an_iteration_that_is_left_early_closes_its_file(tmp_path: Path) -> None:
    with single(tmp_path, b"[1, 2, 3]", Limits(page_bytes=2)) as export:
        pages = export.elements("file")
        assert next(pages)
        pages.close()  # type: ignore[attr-defined]  # a generator
