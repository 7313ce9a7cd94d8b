"""A collection of any size is read item by item."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos.files import open_export
from kleos_mastodon import collection

ITEMS = st.lists(st.text(max_size=9) | st.dictionaries(st.text(max_size=3), st.text(max_size=9) | st.integers(), max_size=3), max_size=12)


def read(path: Path) -> list[Any]:
    with open_export(path) as export:
        return [value for _, value in collection.items(export, path.name)]


@settings(max_examples=40, deadline=None)
@given(values=ITEMS, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]), window=st.integers(1, 9))
def test_items_are_those_of_the_file_wherever_it_is_cut_for_reading(
    values: list[Any], ascii_only: bool, indent: int | None, window: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("collection") / "outbox.json"
    whole = {"@context": ["x", {"y": "[z"}], "totalItems": len(values), "orderedItems": values, "after": [1]}
    path.write_text(json.dumps(whole, ensure_ascii=ascii_only, indent=indent), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collection, "READ", window)
        assert read(path) == values


def test_batches_hold_every_item_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "BATCH", 30)
    path = tmp_path / "outbox.json"
    path.write_text(json.dumps({"orderedItems": [{"n": number} for number in range(50)]}))
    with open_export(path) as export:
        found = list(collection.batches(export, path.name))
    assert len(found) > 10
    assert [json.loads(body) for body, _ in found] == [values for _, values in found]
    assert [value["n"] for _, values in found for value in values] == list(range(50))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cut off"),
        (b'{"type": "OrderedCollection"}', "cut off"),
        (b'{"orderedItems": [{"a": 1}, {"b"', "cut off"),
        (b'{"orderedItems": [{"a": 1}, oops]}', "cut off"),
        (b'{"orderedItems": [{"a": 1}, "\xff"]}', "not UTF-8"),
        (b'{"orderedItems": [{"a": 1}, ' + b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "outbox.json").write_bytes(content)
    with pytest.raises(ExportError, match=sentence) as failed:
        read(tmp_path / "outbox.json")
    assert failed.value.hint


def test_an_item_without_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "READ", 100)
    monkeypatch.setattr(collection, "LONGEST", 1000)
    (tmp_path / "outbox.json").write_text('{"orderedItems": ["' + "x" * 5000 + '"]}')
    with pytest.raises(ExportError, match="more than 32 MB"):
        read(tmp_path / "outbox.json")
