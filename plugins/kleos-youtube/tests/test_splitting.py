"""A dump cut into pages says what it said whole."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos_youtube.dumps import splitting

TEXTS = st.sampled_from(["", "comments", 'quo"te', "back\\", '\\"', "{", "}]", ",", "ü\n", '"comments": [']) | st.text(max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def dumps(draw: st.DrawFn) -> tuple[dict[str, Any], bytes]:
    items = list(draw(st.dictionaries(TEXTS.filter(lambda key: key != "comments"), VALUES, max_size=3)).items())
    if draw(st.booleans()):
        items.insert(draw(st.integers(0, len(items))), ("comments", draw(st.lists(VALUES, max_size=4))))
    whole = dict(items)
    return whole, json.dumps(whole, indent=draw(st.sampled_from([None, 1])), ensure_ascii=draw(st.booleans())).encode("utf-8", "replace")


def cut(body: bytes, size: int) -> list[Any]:
    return [one for part in splitting.split_comments(io.BytesIO(body), "w", size) for one in json.loads(part)]


@given(dumps(), st.integers(1, 40), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_outline_and_comments_are_the_dump(dump: tuple[dict[str, Any], bytes], block: int, size: int) -> None:
    _, body = dump
    whole = json.loads(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "_BLOCK", block)
        around = json.loads(splitting.outline(io.BytesIO(body), "w", 1 << 20))
        assert cut(body, size) == whole.get("comments", [])
    assert around == whole | ({"comments": []} if "comments" in whole else {})


@given(dumps(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_dump_that_breaks_off_anywhere_gives_its_first_comments(dump: tuple[dict[str, Any], bytes], data: st.DataObject) -> None:
    body = dump[1]
    comments = json.loads(body).get("comments", [])
    broken = body[: data.draw(st.integers(0, len(body) - 1))]
    found: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "_BLOCK", data.draw(st.integers(1, 40)))
        parts = splitting.split_comments(io.BytesIO(broken), "w", 30)
        with pytest.raises(ExportError, match="is cut off"):
            found.extend(one for part in parts for one in json.loads(part))
    assert found == comments[: len(found)]


HOSTILE = [b"{" * 300_000, b"[" * 300_000, b'{"a' + b"\\" * 300_000, b'{"comments": [' + b'{"x": "' * 50_000, b'"' * 299_999]


@pytest.mark.parametrize("hostile", HOSTILE, ids=["objects", "arrays", "escapes", "comments", "quotes"])
def test_hostile_texts_are_refused_in_no_time(hostile: bytes) -> None:
    with pytest.raises(ExportError, match="is cut off"):
        cut(hostile, 1000)
    assert splitting.outline(io.BytesIO(hostile), "w", 1 << 20) is not None


def test_what_is_larger_than_any_dump_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExportError, match="more beside its comments"):
        splitting.outline(io.BytesIO(b'{"formats": [' + b"1," * 1000 + b'1], "comments": []}'), "w", 500)
    monkeypatch.setattr(splitting, "_LONGEST", 1000)
    monkeypatch.setattr(splitting, "_BLOCK", 100)
    with pytest.raises(ExportError, match="longer than any"):
        cut(b'{"comments": ["' + b"x" * 5000 + b'"]}', 10)
