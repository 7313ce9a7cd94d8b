"""One object around a long array, in pieces: the same elements, whatever the blocks, and never more of it than needed."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos_instagram.export import splitting
from kleos_instagram.export.splitting import split_wrapped

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a"\\[]{},:é😀 '), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.sampled_from('"\\{}k'), max_size=3), inner, max_size=3),
    max_leaves=12,
)


class Dribble(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, size: int) -> None:
        super().__init__(data)
        self.size = size

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self.size)


@given(st.lists(VALUES, max_size=6), st.integers(1, 40), st.integers(1, 60), st.booleans(), st.booleans())
@settings(deadline=None)
def test_any_elements_are_found_in_any_blocks(rows: list[Any], block: int, size: int, indent: bool, ascii_: bool) -> None:
    wrapped = {"about": {"a": [1, "x"], "b": "]"}, "rows": rows, "end": None}
    data = json.dumps(wrapped, indent=2 if indent else None, ensure_ascii=ascii_).encode()
    pieces = [json.loads(piece) for piece in split_wrapped(Dribble(data, block), "w", size)]
    assert [row for piece in pieces for row in piece] == rows


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, min_size=1, max_size=3), max_size=5), st.data())
@settings(deadline=None)
def test_a_file_that_breaks_off_gives_its_whole_elements(rows: list[Any], data: st.DataObject) -> None:
    whole = json.dumps({"rows": rows}).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    given_: list[Any] = []
    pieces = split_wrapped(io.BytesIO(whole[:cut]), "w", 20)
    error = ""
    try:
        for piece in pieces:
            given_ += json.loads(piece)
    except ExportError as caught:
        error = caught.message
    assert "cut off" in error
    assert given_ == rows[: len(given_)]


@given(st.binary(max_size=200), st.integers(1, 30))
def test_any_bytes_end(data: bytes, block: int) -> None:
    hint = "none"
    try:
        list(split_wrapped(Dribble(data, block), "w", 50))
    except ExportError as error:
        hint = error.hint
    assert hint


def test_an_element_beyond_measure_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_LONGEST", 1000)
    data = json.dumps({"rows": [1, "x" * 5000]}).encode()
    with pytest.raises(ExportError, match="longer than any"):
        list(split_wrapped(Dribble(data, 100), "w", 50))


def test_memory_stays_bounded_whatever_the_size() -> None:
    row = json.dumps({"title": "x" * 2000, "string_list_data": [{"value": "x", "timestamp": 1_700_000_000}]}).encode()
    blocks = [b'{"relationships_followers": [' + row, *[(b"," + row) * 500] * 40, b"]}"]

    class Long(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return blocks.pop(0) if blocks else b""

    size = sum(len(block) for block in blocks)
    tracemalloc.start()
    given_ = sum(len(piece) for piece in split_wrapped(Long(), "w", 1 << 20))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert given_ > 0.99 * size > 40_000_000
    assert peak < 12_000_000
