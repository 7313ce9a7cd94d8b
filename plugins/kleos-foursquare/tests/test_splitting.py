"""Files that are too large to be held at once."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Context, Owner, Source
from kleos.errors import ExportError
from kleos_foursquare.export import files
from kleos_foursquare.export.splitting import split_object

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["response", "checkins", "tips", "friends", "items", "self", "count"])
TREES = st.recursive(st.lists(VALUES, max_size=6), lambda inner: st.dictionaries(NAMES, inner | VALUES, max_size=4), max_leaves=6)
INTO = {"response", "checkins", "tips", "lists", "friends", "followers"}


def arrays(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every (path, element) that is to be read, in a plain way."""
    for name, part in value.items():
        if name in INTO and isinstance(part, dict) and len(path) < 2:
            yield from arrays(part, (*path, name))
        elif name == "items" and isinstance(part, list):
            yield from (((*path, name), one) for one in part)
        elif name == "self":
            yield (*path, name), part


def pieces(body: bytes, block: int, size: int) -> list[Any]:
    blocks = (body[start : start + block] for start in range(0, len(body), block))
    return [json.loads(part) for part in split_object(blocks, "w", size)]


@given(st.dictionaries(NAMES, TREES, max_size=4), st.integers(1, 40), st.integers(1, 60), st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_the_blocks_the_pieces_hold_what_the_whole_holds(
    tree: dict[str, Any], block: int, size: int, indent: int | None, ascii_only: bool
) -> None:
    body = json.dumps(tree, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass" if ascii_only else "replace")
    tree = json.loads(body)
    assert [found for piece in pieces(body, block, size) for found in arrays(piece)] == list(arrays(tree))


@given(st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3), min_size=1, max_size=8), st.data())
@settings(max_examples=100, deadline=None)
def test_what_breaks_off_gives_its_whole_elements_and_says_so(items: list[Any], data: st.DataObject) -> None:
    body = json.dumps({"count": len(items), "items": items}).encode()
    cut = data.draw(st.integers(1, len(body) - 1))
    found: list[Any] = []

    def read() -> None:
        for part in split_object(iter([body[:cut]]), "w", 10):
            found.extend(json.loads(part)["items"])

    with pytest.raises(ExportError, match="breaks off"):
        read()
    assert found == items[: len(found)]
    assert len(found) >= len(items) - 1 or cut < len(body) - 2


@pytest.mark.parametrize(
    "body", [b"", b" ", b"[]", b"7", b'{"a" 1}', b"{true: 1}", b'{"items": [1, }', b'{"items": [nope]}', b"{", b"<html>"]
)
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(ExportError, match="breaks off, or is no JSON"):
        list(split_object(iter([body]), "w", 10))


def test_an_element_beyond_measure_is_refused_in_bounded_memory() -> None:
    read = 0

    def blocks() -> Iterator[bytes]:
        nonlocal read
        yield b'{"items": [{"text": "'
        while True:
            read += 1 << 20
            yield b"x" * (1 << 20)

    with pytest.raises(ExportError, match="a part longer than any"):
        list(split_object(blocks(), "w", 10))
    assert read <= 64 << 20


@pytest.mark.parametrize("deep", [b'{"items": [' + b"[" * 100_000, b'{"response": ' * 100_000, b'{"a": ' * 100_000])
def test_deep_nesting_is_refused(deep: bytes) -> None:
    with pytest.raises(ExportError):
        list(split_object(iter([deep]), "w", 10))


@pytest.mark.parametrize("shape", ["export", "answer", "array", "lines"])
def test_memory_stays_small_whatever_the_size(
    shape: str, tmp_path: Path, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of 30 MB is read as if a page were 1 MB at most: what is held follows the page, not the file."""
    monkeypatch.setattr(files, "WHOLE", 1 << 20)
    monkeypatch.setattr(files, "_PART", 1 << 19)
    one = json.dumps({"id": "c#", "createdAt": 1767607200, "type": "checkin", "shout": "é" * 900, "comments": {"count": 1}})
    count = 30_000_000 // len(one)
    wraps = {"export": ('{"count":9,"items":[', ",", "]}"), "answer": ('{"response":{"checkins":{"items":[', ",", "]}}}")}
    wraps |= {"array": ("[", ",", "]"), "lines": ("", "\n", "\n")}
    head, between, tail = wraps[shape]
    name = "checkins1.json" if shape == "export" else "saved.json"
    with (tmp_path / name).open("w", encoding="utf-8") as file:
        file.write(head)
        for number in range(count):
            file.write((between if number else "") + one.replace("#", str(number)))
        file.write(tail)
    source = sources["export"]
    most = rows = 0
    tracemalloc.start()
    try:
        for one_page in source.fetch(source.settings(path=(tmp_path / name,)), Owner(ids=["1"]), context):
            rows += sum(1 for _ in source.parse(one_page))
            most = max(most, len(one_page.body))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == count
    # The core's own pages of arrays and lines are larger than ours of objects.
    page, held = (9 << 20, 80 << 20) if shape in ("array", "lines") else (2 << 20, 24 << 20)
    assert most <= page
    assert peak < held
