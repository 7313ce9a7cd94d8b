"""The Graph API, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kleos.contract import Context, Owner, Source

Collect = Callable[..., Any]
FIRST, SECOND, THIRD = (f"1790000000000000{number}" for number in (1, 2, 3))


def test_everything_that_others_did_is_received_once(collect: Collect, ada: str) -> None:
    found = collect()
    assert found.error is None
    assert not found.flaws
    assert found.received == {"comment": 4 + 1 + 1, "reply": 3, "tag": 4}
    assert len(found.distinct) == len(found.reactions)
    assert {row.subject for row in found.reactions} == {ada}
    assert not {"777", "ada.quill.makes"} & {row.actor for row in found.reactions}


def test_a_comment_is_about_the_post_and_a_reply_about_the_comment(collect: Collect) -> None:
    rows = {row.id: row for row in collect().reactions}
    assert (rows["12"].kind, rows["12"].item, rows["12"].actor) == ("comment", FIRST, "55002")
    assert rows["12"].time == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert rows["12"].item_time == datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert (rows["to-own-2"].kind, rows["to-own-2"].item) == ("reply", "own")
    assert (rows["to-3"].kind, rows["to-3"].item, rows["to-3"].actor) == ("comment", FIRST, "onlyname")
    assert (rows["to-own-0"].kind, rows["to-own-0"].actor) == ("reply", None)
    tag = rows["18000000000000000"]
    assert (tag.kind, tag.actor, tag.item) == ("tag", "tagger_0", None)


def test_likes_saves_shares_and_views_are_running_totals(collect: Collect) -> None:
    found = collect()
    assert found.totals == {
        ("like", FIRST): 73,
        ("like", THIRD): 0,
        ("like", "own"): 5,
        ("like", "own-too"): 1,
        ("save", FIRST): 4,
        ("share", FIRST): 2,
        ("view", FIRST): 1204,
        ("save", SECOND): 0,
        ("share", SECOND): 0,
        ("view", SECOND): 88,
        ("save", THIRD): 0,
        ("share", THIRD): 0,
        ("view", THIRD): 0,
    }
    assert all(row.captured == datetime(2026, 11, 12, 12, tzinfo=UTC) for row in found.tallies)


def test_user_names_lead_to_the_ids_that_comments_have(collect: Collect, ada: str) -> None:
    handles = {profile.handle: profile.id for profile in collect().profiles}
    assert handles == {"ada.quill.makes": ada, **{f"reader_{number}": f"5500{number}" for number in range(4)}}


def test_insights_can_be_left_out(instagram: Any, collect: Collect) -> None:
    assert {kind for kind, _ in collect(insights=False).totals} == {"like"}
    assert instagram.count("insights") == 0


def test_a_post_without_comments_is_not_asked_about(instagram: Any, collect: Collect) -> None:
    collect()
    assert not any(THIRD in path for path in instagram.paths if "/comments" in path)


def test_every_question_is_charged_and_asked_once(instagram: Any, collect: Collect, context: Context) -> None:
    found = collect()
    assert context.quota is not None
    assert context.quota.spent("questions") == len(instagram.asked) == len(found.pages)
    assert Counter(edge for edge, _ in instagram.asked) == {
        "me": 1,
        "media": 2,
        "comments": 3 + 1,
        "replies": 1,
        "insights": 3,
        "tags": 4,  # the list does not say that it has ended: an empty page does
    }


def test_the_login_of_facebook_finds_the_account_by_its_name_and_tells_audiences(instagram: Any, collect: Collect, ada: str) -> None:
    found = collect(login="facebook")
    assert found.error is None
    assert found.received == collect().received
    audiences = {profile.id: profile.audience for profile in found.profiles if profile.audience is not None}
    assert audiences == {ada: 1043, "55000": 12, "55002": 5000, "onlyname": 7}
    assert instagram.count("accounts") == 2
    assert instagram.count("discovery") == len({"reader_0", "reader_1", "reader_2", "reader_3", "onlyname"})
    assert not any("somebody" in repr(row) for row in found.rows)


def test_the_login_of_facebook_takes_an_id_as_it_is(instagram: Any, collect: Collect, ada: str) -> None:
    found = collect(login="facebook", owner=Owner(ids=[ada]), audiences=2)
    assert found.received == collect().received
    assert instagram.count("accounts") == 0
    assert instagram.count("discovery") == 2


def test_without_an_account_in_the_configuration_the_only_one_is_taken(instagram: Any, collect: Collect) -> None:
    assert collect(owner=Owner()).received["comment"] == 6
    instagram.linked = instagram.linked[:3:2]
    assert collect(owner=Owner(), login="facebook").error is None


def test_a_token_of_somebody_else_is_told(collect: Collect) -> None:
    found = collect(owner=Owner(handles=["bob"]))
    assert found.error.message == "expected a token of @bob, found one of @ada.quill.makes"
    assert "logged in to that account" in found.error.hint
    assert found.rows == []
    both = collect(owner=Owner(), login="facebook")
    assert "nothing says which of them is meant" in both.error.message
    assert "accounts = { instagram" in both.error.hint


def test_who_is_no_professional_account_is_asked_about_once(instagram: Any, collect: Collect) -> None:
    instagram.followers.clear()
    first = collect(login="facebook")
    assert first.error is None
    assert instagram.count("discovery") == 5
    collect(login="facebook", cursor=first.pages[-1].cursor)
    assert instagram.count("discovery") == 5


def test_mentions_are_asked_for_where_notifications_tell_of_them(instagram: Any, collect: Collect, tmp_path: Path, ada: str) -> None:
    def notice(number: int, *, comment: str | None = None, account: str = ada) -> str:
        value = {"media_id": str(number)} | ({"comment_id": comment} if comment else {})
        change = {"field": "mentions", "value": value}
        return json.dumps(
            {"object": "instagram", "entry": [{"id": account, "time": 1, "changes": [change, {"field": "comments", "value": {}}]}]}
        )

    instagram.mentioned = {
        "501": {"id": "501", "timestamp": "2026-10-20T08:00:00+0000", "username": "mentioner"},
        "901": {"id": "901", "timestamp": "2026-10-21T08:00:00+0000", "username": "second", "media": {"id": "7", "username": "else"}},
        "902": {"id": "902", "timestamp": "2026-10-21T08:00:00+0000", "username": "x", "media": {"id": "8", "username": "ada.quill.makes"}},
    }
    file = tmp_path / "mentions.jsonl"
    lines = [notice(501), notice(600, comment="901"), notice(601, comment="902"), notice(502, account="1"), notice(404)]
    file.write_text("\n".join([*lines, lines[0]]) + "\n")
    found = collect(login="facebook", mentions=(file,))
    assert found.error is None
    mentions = [(row.actor, row.item, row.id) for row in found.reactions if row.kind == "mention"]
    assert mentions == [("mentioner", None, "501"), ("second", None, "901")]
    assert instagram.count("mentioned") == 4

    file.write_text(file.read_text() + notice(503) + "\n")
    instagram.mentioned["503"] = {"id": "503", "timestamp": "2026-11-13T08:00:00+0000", "username": "late"}
    again = collect(login="facebook", mentions=(file,), cursor=found.pages[-1].cursor, now=datetime(2026, 11, 14, tzinfo=UTC))
    assert [row.actor for row in again.reactions if row.kind == "mention"] == ["late"]

    file.write_text("not json\n")
    assert "expected notifications" in collect(login="facebook", mentions=(file,)).error.message


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(instagram: Any, collect: Collect) -> None:
    whole = collect(login="facebook")
    for kept in range(1, len(whole.pages)):
        instagram.asked.clear()
        first = collect(login="facebook", most=kept)
        rest = collect(login="facebook", cursor=first.pages[-1].cursor)
        assert len(first.pages) + len(rest.pages) == len(whole.pages) == len(instagram.asked)
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert first.rows + rest.rows == whole.rows


def test_the_next_run_asks_for_what_is_new(instagram: Any, collect: Collect) -> None:
    first = collect()
    later = datetime(2026, 11, 20, 12, tzinfo=UTC)
    instagram.comment("new", SECOND, "reader_9:55009", later - timedelta(days=1))
    instagram.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later)
    assert {row.id for row in second.reactions} - {row.id for row in first.reactions} == {"new"}
    assert instagram.count("comments") == 2  # of the first post the first page is enough to see that nothing is new
    assert second.totals["like", FIRST] == 73


def test_posts_older_than_the_days_looked_back_are_left_alone(instagram: Any, collect: Collect) -> None:
    first = collect()
    instagram.asked.clear()
    collect(cursor=first.pages[-1].cursor, now=datetime(2027, 6, 1, tzinfo=UTC), look_back_days=10)
    # Seen from the last run, the posts are older than ten days: one page of them is enough to see that.
    assert Counter(edge for edge, _ in instagram.asked) == {"me": 1, "media": 1, "tags": 1}


def test_a_list_in_another_order_is_read_to_its_end(instagram: Any, collect: Collect) -> None:
    first = collect()
    later = datetime(2026, 11, 20, 12, tzinfo=UTC)
    instagram.comment("new", FIRST, "reader_9:55009", later - timedelta(days=1))
    instagram.comments[FIRST].reverse()
    assert "new" in {row.id for row in collect(cursor=first.pages[-1].cursor, now=later).reactions}


def test_the_cursor_of_another_account_or_another_age_starts_from_the_beginning(collect: Collect) -> None:
    whole = collect()
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', json.dumps({"accounts": ["x"], "known": {"x": 9e15}})):
        assert collect(cursor=cursor).rows == whole.rows


def test_pages_can_be_replayed_without_the_network(collect: Collect, sources: dict[str, Source]) -> None:
    found = collect()
    assert [row for page in found.pages for row in sources["api"].parse(page)] == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    whole = collect()
    first = collect(max_pages=5)
    assert len(first.pages) == 5
    assert first.error is None
    assert len(collect(cursor=first.pages[-1].cursor).pages) == len(whole.pages) - 5


def test_the_version_is_part_of_the_address_only_where_it_is_given(instagram: Any, collect: Collect) -> None:
    collect(most=1)
    collect(most=1, version="v26.0")
    assert [path.partition("?")[0] for path in instagram.paths] == ["/me", "/v26.0/me"]


def test_the_token_is_in_no_page_no_address_and_no_log(
    *, instagram: Any, collect: Collect, token: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    found = collect(login="facebook")
    assert any(b"access_token=***" in page.body for page in found.pages)
    written = token.replace("|", "%7C")
    for seen in (repr(found), repr(instagram.paths), caplog.text, *capfd.readouterr(), *(page.body.decode() for page in found.pages)):
        assert token not in seen
        assert written not in seen
    assert caplog.text
