"""Objects too large to be held at once."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ExportError
from kleos_facebook.export import splitting

LEAVES = st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('a"\\[]{},: é'), max_size=8)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "photos", "comments"]), inner, max_size=3),
    max_leaves=15,
)


def split(body: bytes, size: int = 8) -> tuple[list[Any], Any]:
    """The elements, and what is around them."""
    *parts, around = splitting.split_object(io.BytesIO(body), "file", size)
    return [element for part in parts for element in json.loads(part)], json.loads(around)


def in_lists(tree: Any, key: str = "") -> list[Any]:
    """The elements of all lists that lie in nothing but objects, those called comments left out."""
    if isinstance(tree, dict):
        return [element for name, value in tree.items() for element in in_lists(value, name)]
    return tree if isinstance(tree, list) and key != "comments" else []


@pytest.fixture(params=[1, 3, 1 << 18])
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(splitting, "_BLOCK", request.param)
    return int(request.param)


def test_an_album_is_its_photos_and_the_rest(block: int) -> None:
    album = {"name": 'A "[b]"', "photos": [{"uri": "a", "comments": [{"author": "x"}]}, {"uri": "b"}], "comments": [{"author": "y"}]}
    elements, around = split(json.dumps(album, indent=1).encode())
    assert elements == album["photos"]
    assert around == album | {"photos": []}


def test_records_may_lie_deeper(block: int) -> None:
    elements, around = split(b'{"wall_posts_sent_to_you": {"activity_log_data": [{"a": [1, {"b": "]"}]}, 7, "x"], "n": 1}}')
    assert elements == [{"a": [1, {"b": "]"}]}, 7, "x"]
    assert around == {"wall_posts_sent_to_you": {"activity_log_data": [], "n": 1}}


@given(st.dictionaries(st.sampled_from(["a", "photos", "comments", "v2"]), TREES, max_size=4), st.integers(1, 40), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_nothing_is_lost_wherever_it_is_cut(tree: dict[str, Any], size: int, indent: int) -> None:
    elements, around = split(json.dumps(tree, indent=indent or None).encode(), size)
    assert elements == in_lists(tree)
    assert not in_lists(around)


@given(st.binary(max_size=60) | st.text(st.sampled_from('"\\[]{},:a'), max_size=60).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_cut_or_refused(body: bytes) -> None:
    parts: list[bytes] = []
    with contextlib.suppress(ExportError):
        parts += splitting.split_object(io.BytesIO(body), "file", 8)
    assert sum(len(part) for part in parts) <= len(body) + 3 * len(parts)


def test_what_breaks_off_gives_its_whole_records_first() -> None:
    parts = splitting.split_object(io.BytesIO(b'{"followers_v3": [{"name": "a"}, {"name": "b"}, {"na'), "file", 1)
    assert [next(parts), next(parts)] == [b'[{"name": "a"}]', b'[{"name": "b"}]']
    with pytest.raises(ExportError, match="is cut off"):
        next(parts)


@pytest.mark.parametrize(
    ("limit", "body"), [("_LONGEST", b'{"a": [{"b": "' + b"x" * 100), ("_MOST_AROUND", b'{"a": "' + b"x" * 100 + b'", ')]
)
def test_no_more_is_held_than_a_record(limit: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, limit, 20)
    with pytest.raises(ExportError, match="longer than any"):
        list(splitting.split_object(io.BytesIO(body), "file", 8))
