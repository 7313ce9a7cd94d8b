"""Whatever the bytes: rows that keep the contract, or a `ParseError`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Flaw, Interaction, Owner, Page, Profile, Tally
from kleos.errors import ParseError
from kleos_googleplus.parse import parse
from kleos_googleplus.plugin import GOOGLEPLUS

SAMPLES = [file.read_bytes() for file in sorted((Path(__file__).parents[1] / "samples").rglob("*")) if file.suffix in (".json", ".html")]
SOURCE = GOOGLEPLUS.sources[0]


@frozen
class Memory:
    """An export of files in memory."""

    files: dict[str, bytes]
    where: str = "memory"

    @property
    def names(self) -> Sequence[str]:
        return sorted(self.files)

    def find(self, suffix: str) -> Sequence[str]:
        return [name for name in self.names if name.endswith(suffix)]

    def open(self, name: str) -> BinaryIO:
        return io.BytesIO(self.files[name])

    def read(self, name: str) -> bytes:
        return self.files[name]

    def chunks(self, name: str) -> Iterator[bytes]:
        yield self.files[name]

    def elements(self, name: str) -> Iterator[bytes]:
        yield self.files[name]


def check(body: bytes, context: dict[str, Any] | None = None) -> None:
    page = Page(network="googleplus", source="takeout", where="page", owner=Owner(ids=["1"]), captured=None, body=body, context=context)
    try:
        rows = list(parse(page))
    except ParseError:
        return
    assert rows == list(parse(page))
    for row in rows:
        assert isinstance(row, Interaction | Tally | Profile | Flaw)
        repr(row).encode()
        if isinstance(row, Interaction):
            assert row.kind in GOOGLEPLUS.kinds
            assert row.subject
            assert row.actor
            assert row.item
            assert row.actor != row.subject
            assert all(moment is None or moment.utcoffset() is not None for moment in (row.time, row.item_time))
        if isinstance(row, Tally):
            assert 0 <= row.total < 2**53


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with a few bytes or stretches replaced, doubled or gone."""
    body = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        body = (
            body[:start]
            + draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b"<div>", b"null", b"\0", b"9999"]))
            + body[end:]
        )
    return body


KEYS = ["url", "author", "creationTime", "comments", "plusOnes", "reshares", "poll", "postAcl", "resourceName", "choices", "votes", "voter",
        "voteCount", "plusOner", "resharer", "displayName", "profilePageUrl"]  # fmt: skip
TEXTS = st.sampled_from(
    ["users/1", "users/2", "https://plus.google.com/+A", "https://plus.google.com/2/posts/x", "2018-01-01 00:00:00+0000", "3"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS | st.text()
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=40
)
TAGS = st.sampled_from(
    [
        '<a class="author" href="https://plus.google.com/+A">A</a>',
        '<a href="https://plus.google.com/2/posts/x">2018-01-01 00:00:00+0000</a>',
        '<div class="comment">', '<div class="comments">', '<div class="plus-oners">', '<div class="resharers">', "</div>", "<table>",
        '<span class="time"> - 2018-01-01 00:00:00+0000</span>', '<a href="https://plus.google.com/3">', "<template>", "<svg>",
        '<div itemtype="http://schema.org/Comment">', '<span itemprop="dateCreated" content="2018">',
        '<div class="poll-choice-votes">', "<!--",
    ]
)  # fmt: skip


@given(st.binary(max_size=300))
def test_any_bytes(body: bytes) -> None:
    check(body)
    check(body, {"members": [["a", len(body) // 2], ["b", len(body) - len(body) // 2]], "unread": []})


@given(damaged())
@settings(max_examples=200, deadline=None)
def test_any_damaged_sample(body: bytes) -> None:
    check(body)


@given(st.dictionaries(st.sampled_from(KEYS), TREES, max_size=10))
def test_any_json_with_the_keys_of_a_post(tree: dict[str, Any]) -> None:
    check(json.dumps(tree).encode())
    whole = {"author": {"resourceName": "users/1"}, "url": "https://plus.google.com/1/posts/x"}
    check(json.dumps(tree | whole).encode())


@given(st.lists(TAGS | st.text(max_size=10), max_size=40))
def test_any_html_with_the_marks_of_a_post(parts: list[str]) -> None:
    check(("<html>plus.google.com" + "".join(parts)).encode())


@given(
    st.dictionaries(st.sampled_from(["a.json", "Posts/20180101 - Post.json", "x/b.html", "x/c.csv"]), damaged() | st.binary(max_size=50))
)
@settings(deadline=None)
def test_any_export_is_recognised_or_not_and_has_an_owner_or_not(files: dict[str, bytes]) -> None:
    export = Memory(files)
    assert SOURCE.recognise(export) in (0.0, 1.0)
    for owner in SOURCE.owners(export):
        assert owner.account


@given(LEAVES | st.lists(LEAVES | st.lists(LEAVES, max_size=3), max_size=3))
def test_any_context(value: Any) -> None:
    check(b"{}", {"members": value})
    check(b"{}", {"unread": value})
