"""Whatever the bytes: rows that keep the contract, or the one error that is declared."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Context, Flaw, Owner, Page, Profile, Tally
from kleos.errors import ExportError, ParseError
from kleos.testing.watching import untouched
from kleos_foursquare.api.plan import Plan
from kleos_foursquare.api.refusals import failure, meta_of
from kleos_foursquare.parsing import parse
from kleos_foursquare.plugin import FOURSQUARE

ADA = "71900042"
EXPORT = FOURSQUARE.sources[0]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "samples").rglob("*.*json"))]
FILES = ["checkins1.json", "tips.json", "lists.json", "users.json", "comments.json", "shares.json", "saved.json", "saved.ndjson"]

KEYS = [
    "meta",
    "response",
    "checkins",
    "checkin",
    "tips",
    "tip",
    "lists",
    "friends",
    "followers",
    "user",
    "self",
    "items",
    "groups",
    "count",
    "id",
    "createdAt",
    "time",
    "userId",
    "relationship",
    "likes",
    "like",
    "comments",
    "agreeCount",
    "viewCount",
    "canonicalUrl",
    "firstName",
]
TEXTS = st.sampled_from(
    ["c1", ADA, "71900101", "self", "friend", "2026-01-01 10:00:00.000000", "checkin", "https://foursquare.com/ada", ""]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.integers(10**9, 2 * 10**9) | TEXTS | st.text(max_size=6)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=30
)
PEOPLE = st.fixed_dictionaries({}, optional={"id": LEAVES, "relationship": TEXTS})
PARTS = st.fixed_dictionaries({"items": st.lists(PEOPLE, max_size=3)})
CROWDS = st.fixed_dictionaries({}, optional={"count": LEAVES, "items": st.lists(PEOPLE, max_size=3), "groups": st.lists(PARTS, max_size=2)})
THINGS = st.fixed_dictionaries(
    {"id": LEAVES, "createdAt": LEAVES},
    optional={"likes": CROWDS, "like": LEAVES, "comments": CROWDS, "followers": CROWDS, "user": PEOPLE, "agreeCount": LEAVES,
              "viewCount": LEAVES, "userId": LEAVES, "time": LEAVES},
)  # fmt: skip
GROUPS = st.fixed_dictionaries({"items": st.lists(THINGS | LEAVES, max_size=4)}, optional={"count": LEAVES})
ANSWERS = st.fixed_dictionaries(
    {"response": st.dictionaries(st.sampled_from(["checkins", "tips", "lists", "friends"]), GROUPS, max_size=2)}
) | st.fixed_dictionaries({"response": st.dictionaries(st.sampled_from(["checkin", "tip", "user"]), THINGS, min_size=1, max_size=2)})
HOLDS = st.sampled_from(["check-in", "tip", "list", "friend", "follower", "comment", "self", "nonsense", 7, None])


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


def check(body: bytes, context: dict[str, Any] | None = None, captured: datetime | None = NOW) -> None:
    page = Page(network="foursquare", source="export", where="p", owner=Owner(ids=[ADA]), captured=captured, body=body, context=context)
    try:
        with untouched():
            rows = list(parse(page))
    except ParseError:
        return
    assert rows == list(parse(page))
    for row in rows:
        assert isinstance(row, Batch | Tally | Profile | Flaw)
        repr(row).encode("utf-8", "replace")
        if isinstance(row, Batch):
            columns = (row.kind, row.subject, row.actor, row.item, row.time, row.id, row.item_time)
            assert all(column is not None and len(column) == len(row) for column in columns)
            assert set(row.kind) <= set(FOURSQUARE.kinds)
            assert ADA not in (row.actor or ())
            assert all(actor or id_ for actor, id_ in zip(row.actor or (), row.id or (), strict=True))
            assert all(time is None or 10**15 < time < 2**53 for time in [*(row.time or ()), *(row.item_time or ())])
        if isinstance(row, Tally):
            assert 0 <= row.total <= 10**12
            assert row.kind in FOURSQUARE.kinds
            assert row.item
            assert row.captured.utcoffset() is not None


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with a few stretches replaced, doubled or gone."""
    body = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        put = draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b"null", b"\0", b"9" * 5000, b"]", b"\n", b"\\ud800"]))
        body = body[:start] + put + body[end:]
    return body


@given(st.binary(max_size=300), HOLDS, st.booleans())
def test_any_bytes(body: bytes, holds: Any, lines: bool) -> None:
    check(body, {"holds": holds, "lines": lines})


@given(damaged(), HOLDS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_damaged_sample(body: bytes, holds: Any, lines: bool) -> None:
    check(body, {"holds": holds, "lines": lines})


@given(TREES | ANSWERS | GROUPS | st.lists(THINGS, max_size=4), HOLDS, st.sampled_from([None, NOW]))
@settings(max_examples=150, deadline=None)
def test_any_json_with_the_keys_of_foursquare(tree: Any, holds: Any, captured: datetime | None) -> None:
    check(json.dumps(tree).encode(), {"holds": holds}, captured)


@given(st.dictionaries(st.sampled_from(["self", "holds", "lines", "one_by_one", "named_elsewhere"]), TREES), GROUPS)
@settings(max_examples=60, deadline=None)
def test_any_context(context: dict[str, Any], tree: Any) -> None:
    check(json.dumps(tree).encode(), context)


@given(st.dictionaries(st.sampled_from(FILES), damaged() | GROUPS.map(lambda tree: json.dumps(tree).encode()) | st.binary(max_size=60)))
@settings(max_examples=60, deadline=None)
def test_any_export_is_read_or_refused(files: dict[str, bytes]) -> None:
    export = Memory(files)
    assert 0.0 <= EXPORT.recognise(export) <= 1.0
    owners = EXPORT.owners(export)
    assert all(owner.account for owner in owners)
    context = Context(open_export=lambda path: export, stop=threading.Event(), now=NOW)
    pages = EXPORT.fetch(EXPORT.settings(path=(Path("x"),)), Owner(ids=[ADA]), context)
    with suppress(ExportError):
        for page in pages:
            assert page.captured is None or page.captured <= NOW
            check(page.body, dict(page.context or {}), page.captured)


@given(st.lists(ANSWERS, min_size=1, max_size=8), st.text(max_size=20) | st.none(), st.integers(0, 400))
@settings(max_examples=80, deadline=None)
def test_any_answers_lead_to_questions_that_a_cursor_can_hold(trees: list[Any], cursor: str | None, days: int) -> None:
    def plan_of(told: str | None) -> Plan:
        return Plan([ADA], told, 1_780_000_000_000_000, look_back=0, naming=days * 86_400_000_000)

    plan = plan_of(cursor)
    for tree in trees:
        question = plan.next()
        if question is None:
            break
        try:
            plan.answered(question, json.dumps(tree).encode())
        except ParseError:
            plan.dropped(question)
        if plan.next() is not None:
            assert plan_of(plan.cursor()).next() == plan.next()
            assert set(question.path()) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/")


@given(TREES)
def test_any_refusal_is_a_sentence(tree: Any) -> None:
    for body in (json.dumps(tree).encode(), json.dumps({"meta": tree}).encode()):
        code, reason = meta_of(body) or (0, "")
        assert failure(code, reason, "w").message
