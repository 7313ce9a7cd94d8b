"""Whatever the bytes: rows that keep the contract, or a `ParseError`; and never an endless plan."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Batch, Flaw, Interaction, Owner, Page, Profile, Tally, account_key
from kleos.errors import ParseError
from kleos_instagram.api.client import without_token
from kleos_instagram.api.plan import Plan, Scope
from kleos_instagram.api.refusals import refusal_of
from kleos_instagram.api.shapes import decode
from kleos_instagram.api.tasks import Accounts, Look
from kleos_instagram.api.usage import usage_of
from kleos_instagram.plugin import INSTAGRAM

ADA = "17841400000000001"
NOW = datetime(2026, 11, 12, tzinfo=UTC)
SOURCES = {source.name: source for source in INSTAGRAM.sources}
FILES = sorted(path for path in (Path(__file__).parents[1] / "samples").rglob("*.json"))
SAMPLES = [path.read_bytes() for path in FILES]
ASKS = ["look", "accounts", "posts", "comments", "replies", "tags", "mention", "insights", "audience", "refused", "nonsense"]

KEYS = ["data", "paging", "next", "cursors", "after", "id", "user_id", "username", "from", "timestamp", "like_count", "comments_count",
        "replies", "media", "name", "values", "value", "total_value", "followers_count", "business_discovery",
        "mentioned_media", "mentioned_comment",
        "instagram_business_account", "string_map_data", "media_map_data", "string_list_data", "href", "title", "label_values", "label",
        "creation_timestamp", "uri", "Likes", "Comments", "fbid"]  # fmt: skip
TEXTS = st.sampled_from([ADA, "ada", "bob", "1", "2026-01-01T00:00:00+0000", "1,204", "--", "saved", "views",
                         "https://www.instagram.com/x", "a/17900000000000001.jpg", "17900000000000001"])  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=8)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6), max_leaves=30
)
COMMENTS = st.fixed_dictionaries(
    {"id": TEXTS},
    optional={
        "from": st.fixed_dictionaries({}, optional={"id": TEXTS, "username": TEXTS}),
        "username": TEXTS,
        "timestamp": LEAVES,
        "like_count": LEAVES,
        "comments_count": LEAVES,
        "name": TEXTS,
        "values": st.lists(st.fixed_dictionaries({"value": LEAVES}), max_size=2),
    },
)
PAGING = st.fixed_dictionaries({}, optional={"cursors": st.fixed_dictionaries({"after": TEXTS}), "next": TEXTS})
LISTINGS = st.fixed_dictionaries({"data": st.lists(COMMENTS | TREES, max_size=4)}, optional={"paging": PAGING})
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "string_map_data": st.dictionaries(st.sampled_from(["Likes", "Plays", "x"]), st.fixed_dictionaries({"value": LEAVES}), max_size=3),
        "media_map_data": st.dictionaries(TEXTS, st.fixed_dictionaries({"uri": TEXTS, "creation_timestamp": LEAVES}), max_size=2),
        "string_list_data": st.lists(st.fixed_dictionaries({"value": TEXTS, "timestamp": LEAVES}), max_size=2),
        "title": TEXTS,
    },
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
    owner = Owner(handles=["ada"])
    page = Page(network="instagram", source=source, where="page", owner=owner, captured=NOW, body=body, context=context)
    try:
        rows = list(SOURCES[source].parse(page))
    except ParseError:
        return
    assert rows == list(SOURCES[source].parse(page))
    for row in rows:
        assert isinstance(row, Batch | Interaction | Tally | Profile | Flaw)
        if isinstance(row, Batch):
            assert len(row.kind) == len(row.subject) == len(row.actor or ()) == len(row.time or ())
            assert set(row.kind) <= {"follow", "follow_request"}
            assert all(time is None or 0 < time < 2**53 for time in row.time or ())
        if isinstance(row, Interaction):
            assert row.kind in INSTAGRAM.kinds
            assert row.subject
            assert row.id
            assert row.actor is None or (row.actor and account_key(row.actor) != "ada")
        if isinstance(row, Tally):
            assert row.kind in INSTAGRAM.kinds
            assert 0 <= row.total < 2**53
            assert row.item
            assert row.subject
        if isinstance(row, Profile):
            assert row.audience is None or 0 <= row.audience < 2**53


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A sample with a few bytes or stretches replaced, doubled or gone."""
    body = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        middle = draw(st.sampled_from([b"", body[start:end] * 2, b"\xff\xfe", b'"', b"null", b"\0", b"9999", b"]", b"\\ud800"]))
        body = body[:start] + middle + body[end:]
    return body


@given(st.binary(max_size=300), st.sampled_from(ASKS))
def test_any_bytes(body: bytes, ask: str) -> None:
    for content in ("insights", "followers", "requests"):
        check("export", body, {"content": content, "account": "ada"})
    check("api", body, {"ask": ask, "user": ADA, "media": "1", "comment": "2", "actor": "3", "own": [ADA]})


@given(
    TREES | LISTINGS,
    st.sampled_from(ASKS),
    st.dictionaries(st.sampled_from(["user", "own", "media", "comment", "actor", "published", "to_own"]), TREES),
)
@settings(max_examples=150, deadline=None)
def test_any_answer_in_any_context(tree: Any, ask: str, context: dict[str, Any]) -> None:
    body = json.dumps(tree).encode()
    check("api", body, {**context, "ask": ask})
    check("api", body, {"ask": ask, "user": ADA, "media": "1", "comment": "2", "actor": "3", "own": [ADA]})


@given(
    st.lists(ROWS | TREES, max_size=4),
    st.sampled_from(["insights", "followers", "requests"]),
    st.dictionaries(st.sampled_from(["account", "labels"]), TREES),
)
@settings(max_examples=150, deadline=None)
def test_any_rows_of_an_export(rows: list[Any], content: str, context: dict[str, Any]) -> None:
    check("export", json.dumps(rows).encode(), {"account": "bob", **context, "content": content})


@given(
    st.dictionaries(
        st.sampled_from(["followers_1.json", "past_instagram_insights/posts.json", "b.json"]), damaged() | st.binary(max_size=60)
    )
)
@settings(deadline=None)
def test_any_export_is_recognised_or_not_and_has_an_owner_or_not(files: dict[str, bytes]) -> None:
    for source in SOURCES.values():
        assert 0.0 <= source.recognise(Memory(files)) <= 1.0
        for owner in source.owners(Memory(files)):
            assert owner.account


@given(
    st.lists(LISTINGS | COMMENTS | TREES, min_size=1, max_size=8),
    st.text(max_size=20) | st.none(),
    st.sampled_from(["instagram", "facebook"]),
)
@settings(max_examples=100, deadline=None)
def test_any_answers_lead_to_questions_that_a_cursor_can_hold(trees: list[Any], cursor: str | None, login: str) -> None:
    scope = Scope(accounts=["ada", ADA], login=login, look_back=86_400_000_000, audiences=3, mentions=[(ADA, "1", "2")])
    now = 1_772_000_000_000_000
    plan = Plan(scope, cursor, now)
    for tree in trees:
        task = plan.next()
        if task is None:
            break
        user = {"id": ADA, "username": "ada"}
        known = {"data": [{"instagram_business_account": user}]} if isinstance(task, Accounts) else user
        try:
            answer = decode(json.dumps(known if isinstance(task, Look | Accounts) else tree).encode(), task.answer, "w")
        except ParseError:
            plan.dropped(task)
            continue
        plan.answered(task, answer)
        assert Plan(scope, plan.cursor(), now).next() == plan.next() or plan.next() is None
        assert task.parameters()
        assert task.path


@given(TREES, st.integers(100, 599))
def test_any_refusal_is_a_sentence(tree: Any, status: int) -> None:
    for body in (
        json.dumps(tree).encode(),
        json.dumps({"error": tree}).encode(),
        json.dumps({"error": {"code": 4, "more": tree}}).encode(),
    ):
        refusal = refusal_of(status, body)
        if refusal is None:
            assert status == 200
        else:
            assert refusal.error("w").message
            assert refusal.error("w").hint


@given(TREES)
def test_any_usage_is_a_number(tree: Any) -> None:
    usage = usage_of({"x-app-usage": json.dumps(tree), "x-business-use-case-usage": json.dumps({"1": [tree]})})
    assert 0 <= usage.percent < 1e6
    assert usage.seconds is None or usage.seconds > 0


@given(st.text(st.sampled_from("abcXYZ019|/_-.=+~"), min_size=8, max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_form_of_the_token_stays_in_an_answer(token: str, before: str, after: str) -> None:
    next_ = f"https://graph.instagram.com/1/media?access_token={quote(token, safe='')}&after=x"
    body = json.dumps({"a": before, "next": next_, "plain": token, "b": after}).replace("/", "\\/").encode()
    struck = without_token(body, token)
    for written in (token, quote(token, safe=""), token.replace("/", "\\/")):
        assert written.encode() not in struck
    assert json.loads(struck)["next"].endswith("access_token=***&after=x")
