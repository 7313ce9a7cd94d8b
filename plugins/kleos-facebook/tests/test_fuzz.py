"""Whatever the bytes: rows that keep the contract, or a `ParseError`; and never an endless plan."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Flaw, Owner, Page, Profile, Tally, account_key
from kleos.errors import ParseError
from kleos_facebook.api.plan import Plan
from kleos_facebook.api.refusals import failure, refusal_in
from kleos_facebook.api.shapes import decode
from kleos_facebook.api.usage import usage_in
from kleos_facebook.plugin import FACEBOOK
from kleos_facebook.values import BAD

SOURCES = {source.name: source for source in FACEBOOK.sources}
OWN = Owner(ids=["1"], names=["Cleo Mara"])
SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "samples").rglob("*.json"))]
HOLDS = st.sampled_from(["album", "media", "posts", "wall", "pokes", "followers", "requests", "friends", "nonsense", 7, None])
ASKS = st.sampled_from(["look", "posts", "visitors", "tagged", "reactions", "comments", "shares", "nonsense", None])

KEYS = ["photos", "comments", "author", "timestamp", "uri", "creation_timestamp", "name", "cover_photo", "attachments", "data", "media",
        "title", "poker", "pokee", "label_values", "pokes_v2", "id", "from", "created_time", "like_count", "parent", "shares", "count",
        "reactions", "summary", "total_count", "viewer_reaction", "paging", "next", "error", "code", "username", "fan_count"]  # fmt: skip
TEXTS = st.sampled_from(
    ["1", "1_2", "Cleo Mara", "Ann", "Zo\u00c3\u00ab", "2026-01-01T00:00:00+0000", "a/b.jpg", "https://x/y?after=2&access_token=x", "NONE"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=8)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=30
)
PEOPLE = st.fixed_dictionaries({"id": TEXTS})
POSTS = st.fixed_dictionaries(
    {"id": TEXTS},
    optional={
        "from": PEOPLE,
        "created_time": TEXTS,
        "like_count": st.integers(-1, 9),
        "parent": st.fixed_dictionaries({"id": TEXTS}, optional={"from": PEOPLE}),
        "shares": st.fixed_dictionaries({"count": st.integers(-1, 9)}),
        "reactions": st.fixed_dictionaries({"summary": st.fixed_dictionaries({"total_count": st.integers(-1, 9)})}),
    },
)
ANSWERS = st.fixed_dictionaries(
    {"data": st.lists(POSTS | TREES, max_size=4)},
    optional={"paging": st.fixed_dictionaries({"next": TEXTS | st.text(max_size=9)}), "id": TEXTS},
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


def check(source: str, body: bytes, context: dict[str, Any]) -> None:
    page = Page(network="facebook", source=source, where="page", owner=OWN, captured=None, body=body, context=context)
    try:
        rows = list(SOURCES[source].parse(page))
    except ParseError:
        return
    assert rows == list(SOURCES[source].parse(page))
    for row in rows:
        assert isinstance(row, Batch | Tally | Profile | Flaw)
        if isinstance(row, Batch):
            columns = (row.kind, row.subject, row.actor, row.item, row.time, row.id, row.item_time)
            assert all(column is not None and len(column) == len(row) for column in columns)
            assert set(row.kind) <= set(FACEBOOK.kinds)
            assert all(row.subject)
            own = {"1", "cleo mara"} if source == "export" else {"1"}
            assert not own & {account_key(actor) for actor in row.actor or () if actor}
            assert all(time is None or 0 < time < 2**53 for time in (*(row.time or ()), *(row.item_time or ())))
        if isinstance(row, Tally):
            assert 0 <= row.total < 2**53
            assert row.item
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
            + draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b"null", b"\0", b"9999", b"]", b"\n", b"\\ud800"]))
            + body[end:]
        )
    return body


@given(damaged() | st.binary(max_size=300), HOLDS)
@settings(max_examples=150, deadline=None)
def test_any_damaged_sample(body: bytes, holds: Any) -> None:
    check("export", body, {"holds": holds, "frames": [["", " hat geschrieben."]]})


@given(TREES | ANSWERS, HOLDS, ASKS, st.dictionaries(st.sampled_from(["own", "post", "time", "frames", "file"]), TREES))
@settings(max_examples=200, deadline=None)
def test_any_json_in_any_context(tree: Any, holds: Any, ask: Any, context: dict[str, Any]) -> None:
    body = json.dumps(tree).encode()
    check("export", body, {**context, "holds": holds})
    check("api", body, {"page": "1", **context, "ask": ask})


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "profile_information/profile_information.json",
                "posts/album/0.json",
                "other_activity/pokes.json",
                "comments/comments.json",
                "your_facebook_activity/x.json",
            ]
        ),
        damaged() | st.binary(max_size=60) | TREES.map(lambda tree: json.dumps({"profile_v2": tree}).encode()),
    )
)
@settings(deadline=None)
def test_any_export_is_recognised_or_not_and_has_an_owner_or_not(files: dict[str, bytes]) -> None:
    assert 0.0 <= SOURCES["export"].recognise(Memory(files)) <= 1.0
    for owner in SOURCES["export"].owners(Memory(files)):
        assert owner.account


@given(st.lists(ANSWERS, min_size=1, max_size=8), st.text(max_size=20) | st.none())
@settings(max_examples=100, deadline=None)
def test_any_answers_lead_to_questions_that_a_cursor_can_hold(trees: list[Any], cursor: str | None) -> None:
    now = 1_772_000_000_000_000
    plan = Plan(["1"], 30 * 86_400_000_000, cursor, now)
    for number, tree in enumerate(trees):
        task = plan.next()
        if task is None:
            break
        try:
            answer = decode(json.dumps({**tree, "id": "1"} if number == 0 else tree).encode(), "w")
        except ParseError:
            plan.dropped(task)
            continue
        plan.answered(task, answer)
        following = plan.next()
        assert following != task
        assert following is None or Plan(["1"], 30 * 86_400_000_000, plan.cursor(), now).next() == following
        assert task.parameters()
        assert not any(name == "access_token" for name in task.parameters())


@given(TREES, st.integers(200, 599))
def test_any_refusal_is_a_sentence(tree: Any, status: int) -> None:
    for body in (json.dumps(tree).encode(), json.dumps({"error": tree}).encode()):
        refusal = refusal_in(status, body)
        assert failure(refusal, "w", needs="x").message
        assert failure(refusal, "w", needs="x").hint


@given(TREES | st.text(max_size=20))
def test_any_usage_is_a_number(tree: Any) -> None:
    for name in ("x-app-usage", "x-page-usage", "x-business-use-case-usage"):
        usage = usage_in({name: tree if isinstance(tree, str) else json.dumps(tree)})
        assert usage.percent >= 0 <= usage.regain
        assert BAD not in (usage.percent, usage.regain)
