"""Whatever the bytes: rows that keep the contract, or a `ParseError`; and never an endless plan."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Flaw, Owner, Page, Profile, Tally
from kleos.errors import ParseError
from kleos_youtube.answers.shapes import decode
from kleos_youtube.api.plan import Plan
from kleos_youtube.api.refusals import failure, reason_of
from kleos_youtube.plugin import YOUTUBE

ADA = "UCAdaMuster-Pottery-7A0w"
SOURCES = {source.name: source for source in YOUTUBE.sources}
FILES = sorted(path for path in (Path(__file__).parents[1] / "samples").rglob("*") if path.is_file())
SAMPLES = [path.read_bytes() for path in FILES]
SHAPES = st.sampled_from(["answer", "comments", "info", "lines", "nonsense", 7, None])

KEYS = ["kind", "items", "nextPageToken", "id", "snippet", "topLevelComment", "replies", "comments", "authorChannelId", "value", "parentId",
        "likeCount", "publishedAt", "totalReplyCount", "channelId", "videoId", "statistics", "viewCount", "subscriberCount",
        "contentDetails", "relatedPlaylists", "uploads", "parent", "author_id", "author", "timestamp", "like_count", "cid", "channel",
        "time_parsed", "votes", "channel_id", "uploader_id", "view_count", "epoch", "upload_date", "extractor_key", "_type",
        "author_is_uploader"]  # fmt: skip
TEXTS = st.sampled_from(["Ug1", "Ug1.a", "root", ADA, "@ada", "2026-01-01T00:00:00Z", "20260101", "1.2K", "-1", "video", "Youtube", "3",
                         "youtube#commentThreadListResponse", "youtube#commentListResponse", "youtube#videoListResponse",
                         "youtube#channelListResponse", "youtube#playlistItemListResponse"])  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=8)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=30
)
COMMENTS = st.fixed_dictionaries(
    {"id": TEXTS},
    optional={"snippet": st.fixed_dictionaries({}, optional=dict.fromkeys(("parentId", "likeCount", "publishedAt"), LEAVES))},
)
THREADS = st.fixed_dictionaries(
    {"snippet": st.fixed_dictionaries({"topLevelComment": COMMENTS}, optional={"channelId": TEXTS, "totalReplyCount": LEAVES})},
    optional={"replies": st.fixed_dictionaries({"comments": st.lists(COMMENTS | LEAVES, max_size=3)})},
)
ANSWERS = st.fixed_dictionaries(
    {"kind": TEXTS, "items": st.lists(THREADS | COMMENTS | TREES, max_size=4)}, optional={"nextPageToken": st.none() | st.text(max_size=3)}
)


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


def check(source: str, body: bytes, context: dict[str, Any] | None = None) -> None:
    page = Page(network="youtube", source=source, where="page", owner=Owner(ids=[ADA]), captured=None, body=body, context=context)
    try:
        rows = list(SOURCES[source].parse(page))
    except ParseError:
        return
    assert rows == list(SOURCES[source].parse(page))
    for row in rows:
        assert isinstance(row, Batch | Tally | Profile | Flaw)
        if isinstance(row, Batch):
            columns = (row.kind, row.subject, row.actor, row.item, row.time, row.id)
            assert all(column is not None and len(column) == len(row) for column in columns)
            assert set(row.kind) <= set(YOUTUBE.kinds)
            assert all(row.subject)
            assert all(row.id or ())
            assert all(actor != subject for actor, subject in zip(row.actor or (), row.subject, strict=True))
            assert all(time is None or 0 < time < 2**53 for time in row.time or ())
        if isinstance(row, Tally):
            assert 0 <= row.total < 2**53
            assert row.item
            assert row.subject
            assert row.captured.utcoffset() is not None
        if isinstance(row, Profile):
            assert row.audience is None or 0 <= row.audience < 2**53


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with a few bytes or stretches replaced, doubled or gone."""
    body = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        body = (
            body[:start]
            + draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b"null", b"\0", b"9999", b"]", b"\n"]))
            + body[end:]
        )
    return body


@given(st.binary(max_size=300), SHAPES)
def test_any_bytes(body: bytes, shape: Any) -> None:
    for source in SOURCES:
        check(source, body, {"shape": shape})


@given(damaged(), SHAPES)
@settings(max_examples=150, deadline=None)
def test_any_damaged_sample(body: bytes, shape: Any) -> None:
    for source in SOURCES:
        check(source, body, {"shape": shape, "channel": ADA, "video": "v"})


@given(
    TREES | ANSWERS, SHAPES, st.dictionaries(st.sampled_from(["own", "channel", "video", "parent_author", "captured", "authors"]), TREES)
)
@settings(max_examples=150, deadline=None)
def test_any_json_in_any_context(tree: Any, shape: Any, context: dict[str, Any]) -> None:
    body = json.dumps(tree).encode()
    check("api", body, context)
    check("comments", body, {**context, "shape": shape})
    check("comments", json.dumps([tree, tree]).encode(), {**context, "shape": "comments", "channel": ADA})
    check("comments", json.dumps({"comments": [tree], "channel_id": ADA, "id": "v"}).encode(), {**context, "shape": "info"})


@given(st.lists(st.lists(TEXTS | st.text(max_size=5), max_size=4), max_size=5))
def test_any_table(rows: list[list[str]]) -> None:
    check("takeout", "\n".join(",".join(row) for row in rows).encode("utf-8", "replace"))


@given(st.dictionaries(st.sampled_from(["YouTube/a.csv", "b.csv", "x.info.json", "y.jsonl", "z.json"]), damaged() | st.binary(max_size=60)))
@settings(deadline=None)
def test_any_export_is_recognised_or_not_and_has_an_owner_or_not(files: dict[str, bytes]) -> None:
    for source in SOURCES.values():
        assert 0.0 <= source.recognise(Memory(files)) <= 1.0
        for owner in source.owners(Memory(files)):
            assert owner.account


@given(st.lists(ANSWERS, min_size=1, max_size=6), st.text(max_size=20) | st.none())
@settings(max_examples=100, deadline=None)
def test_any_answers_lead_to_questions_that_a_cursor_can_hold(trees: list[Any], cursor: str | None) -> None:
    plan = Plan([ADA], 30 * 86_400_000_000, cursor, 1_772_000_000_000_000)
    for tree in trees:
        task = plan.next()
        if task is None:
            break
        try:
            answer = decode(json.dumps(tree).encode(), "w")
        except ParseError:
            plan.dropped(task)
            continue
        plan.answered(task, answer)
        again = Plan([ADA], 30 * 86_400_000_000, plan.cursor(), 1_772_000_000_000_000)
        assert again.next() == plan.next() or plan.next() is None
        assert task.parameters()


@given(TREES)
def test_any_refusal_is_a_sentence(tree: Any) -> None:
    for body in (
        json.dumps(tree).encode(),
        json.dumps({"error": tree}).encode(),
        msgspec.json.encode({"error": {"errors": [{"reason": "x"}]}}),
    ):
        reason = reason_of(body)
        assert failure(403, reason, "w").message
