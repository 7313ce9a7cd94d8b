"""What the answers of the API mean, entry by entry."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.contract import Flaw, Interaction, Owner, Page, Profile, Tally
from kleos.errors import ParseError
from kleos_mastodon.answers import parse

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADA = Owner(person="ada", ids=["ada@home.example"], handles=["old_ada@home.example"])
BOB = {"id": "2", "acct": "bob", "display_name": "Bob", "followers_count": 7}
AWAY = {"id": "3", "acct": "cleo@away.example", "display_name": "", "followers_count": 0}
POST = {"id": "11", "uri": "https://home.example/11", "account": {"id": "1", "acct": "ada"}, "created_at": "2026-11-20T10:00:00.000Z"}
THEIRS = {"id": "12", "uri": "https://away.example/12", "account": AWAY, "created_at": "2026-11-21T10:00:00.000Z", "in_reply_to_id": None}


def notification(kind: str, account: Any = BOB, status: Any = POST) -> dict[str, Any]:
    return {"id": "21", "type": kind, "created_at": "2026-11-21T10:00:00.000Z", "account": account, "status": status}


def page(asked: str, body: bytes) -> Page:
    context = {"asked": asked, "id": "1", "domain": "home.example"}
    return Page(network="mastodon", source="api", where="test", owner=ADA, captured=NOW, body=body, context=context)


def rows(*entries: Any, asked: str = "notifications") -> list[Any]:
    return list(parse(page(asked, json.dumps(entries).encode())))


def test_a_favourite_says_who_when_of_what_and_how_many_follow_them() -> None:
    like, profile = rows(notification("favourite"))
    assert (like.kind, like.subject, like.actor, like.item) == ("favourite", "ada@home.example", "bob@home.example", "11")
    assert (like.time, like.item_time) == (datetime(2026, 11, 21, 10, tzinfo=UTC), datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert (profile.id, profile.name, profile.audience) == ("bob@home.example", "Bob", 7)


def test_an_account_elsewhere_keeps_its_own_domain_and_nobody_following_is_known() -> None:
    _, profile = rows(notification("reblog", AWAY))
    assert (profile.id, profile.name, profile.audience) == ("cleo@away.example", None, 0)


def test_a_boost_is_of_the_post_that_was_boosted() -> None:
    boost, _ = rows(notification("reblog", status={"id": "99", "reblog": POST}))
    assert boost.item == "11"


def test_a_mention_in_an_answer_to_the_owner_is_a_reply_and_any_other_is_not() -> None:
    reply, _ = rows(notification("mention", AWAY, THEIRS | {"in_reply_to_id": "11", "in_reply_to_account_id": "1"}))
    mention, _ = rows(notification("mention", AWAY, THEIRS | {"in_reply_to_id": "77", "in_reply_to_account_id": "5"}))
    assert (reply.kind, reply.item) == ("reply", "11")
    assert (mention.kind, mention.item) == ("mention", None)


@pytest.mark.parametrize("quote", [{"state": "accepted", "quoted_status": POST}, {"state": "accepted", "quoted_status_id": "11"}])
def test_a_quote_is_of_the_post_that_was_quoted(quote: Any) -> None:
    found, _ = rows(notification("quote", AWAY, THEIRS | {"quote": quote}))
    assert (found.kind, found.item) == ("quote", "11")


@pytest.mark.parametrize("kind", ["poll", "status", "update", "quoted_update", "severed_relationships", "admin.sign_up", "new in 2030"])
def test_what_is_no_reaction_gives_nothing(kind: str) -> None:
    assert rows(notification(kind)) == []
    assert rows({"id": "1", "type": kind, "account": None, "status": None}) == []


@pytest.mark.parametrize("name", ["ada", "Ada@HOME.example", "old_ada"])
def test_what_the_owner_does_under_any_handle_is_left_out(name: str) -> None:
    assert rows(notification("mention", BOB | {"acct": name}, THEIRS)) == []


def test_what_the_owner_does_is_left_out_though_nobody_configured_the_domain() -> None:
    assert rows(notification("mention", BOB | {"acct": "ada_at_home", "id": "1"}, THEIRS)) == []


def test_somebody_of_the_owners_name_on_another_server_is_somebody_else() -> None:
    assert rows(notification("favourite", BOB | {"acct": "ada@away.example"}))


def test_totals_leave_out_what_the_owner_did_and_hidden_ones_are_unknown() -> None:
    whole = POST | {"favourites_count": 5, "favourited": True, "reblogs_count": 0, "reblogged": False, "replies_count": 9}
    assert [(row.kind, row.item, row.total) for row in rows(whole, asked="posts")] == [("favourite", "11", 4), ("reblog", "11", 0)]
    assert rows(POST | {"favourites_count": None, "reblogs_count": None}, asked="posts") == []


def test_the_total_of_what_somebody_else_wrote_is_not_the_owners() -> None:
    assert rows(POST | {"reblog": THEIRS | {"favourites_count": 900}, "favourites_count": 900}, asked="posts") == []
    assert rows(THEIRS | {"favourites_count": 900}, asked="posts") == []


@pytest.mark.parametrize("followers", [None, -1])
def test_followers_that_a_server_hides_are_unknown(followers: int | None) -> None:
    _, profile = rows(notification("favourite", BOB | {"followers_count": followers}))
    assert profile.audience is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": None},
        {"status": None},
        {"created_at": None},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"type": []},
        {"account": BOB | {"acct": "\ud800"}},
    ],
)
def test_an_entry_that_is_not_as_expected_is_one_flaw(wrong: dict[str, Any]) -> None:
    assert [type(row) for row in rows(notification("favourite") | wrong, notification("favourite"))] == [Flaw, Interaction, Profile]


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"<html>", b"[" * 99_999, b"\xff"])
def test_a_page_of_which_nothing_can_be_understood_raises_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(parse(page("notifications", body)))


def test_a_page_that_does_not_say_which_list_it_is_raises_parse_error() -> None:
    with pytest.raises(ParseError):
        list(parse(page("timeline", b"[]")))


VALUES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["favourite", "mention", "quote", POST, BOB, THEIRS])
)
ENTRIES = st.dictionaries(
    st.sampled_from([*notification(""), "reblog", "favourites_count", "in_reply_to_id"]), VALUES | st.lists(VALUES, max_size=2), max_size=7
)


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(ENTRIES | VALUES, max_size=4), asked=st.sampled_from(["notifications", "posts"]))
def test_whatever_is_in_a_list_gives_rows_or_flaws(entries: list[Any], asked: str) -> None:
    assert all(isinstance(row, Interaction | Tally | Profile | Flaw) for row in rows(*entries, asked=asked))
