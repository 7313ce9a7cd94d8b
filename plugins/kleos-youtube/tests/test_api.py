"""The Data API v3, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kleos.contract import Context, Owner, Source

Collect = Callable[..., Any]


def test_everything_that_others_did_is_received_once(youtube: Any, collect: Collect, ada: str) -> None:
    found = collect()
    assert found.error is None
    assert not found.flaws
    assert found.received() == {"comment": 4 + 1 + 2 + 3, "reply": 1}
    assert {(kind, subject) for kind, subject, *_ in found.reactions} == {("comment", ada), ("reply", ada)}
    assert ada not in {actor for _, _, actor, *_ in found.reactions}
    times = {id_: time for *_, time, id_ in found.reactions}
    assert times["Ug-thread-3.r3"] == int(datetime(2026, 2, 4, 2, tzinfo=UTC).timestamp() * 1e6)


def test_a_comment_is_about_the_video_and_a_reply_about_the_comment(collect: Collect) -> None:
    items = {id_: (kind, item) for kind, _, _, item, _, id_ in collect().reactions}
    assert items["Ug-thread-1"] == ("comment", "vid-one-001")
    assert items["Ug-thread-3.r2"] == ("comment", "vid-one-001")
    assert items["Ug-own.r0"] == ("reply", "Ug-own")


def test_likes_and_views_are_running_totals(collect: Collect, ada: str) -> None:
    totals = collect().totals
    assert totals == {
        ("view", ada, "vid-one-001"): 12_000,
        ("like", ada, "vid-one-001"): 640,
        ("view", ada, "vid-two-002"): 900,
        ("view", ada, "vid-three-3"): 5,
        ("like", ada, "vid-three-3"): 0,
        ("like", ada, "Ug-own"): 23,
    }


def test_commenters_have_their_audiences_and_nothing_else(collect: Collect, ada: str) -> None:
    profiles = {profile.id: profile for profile in collect().profiles}
    own = profiles.pop(ada)
    assert (own.handle, own.name, own.audience) == ("adamuster", "Adamuster", 1840)
    audiences = {profile.id[9:11]: profile.audience for profile in profiles.values()}
    assert audiences == {"00": 1, "01": 10, "02": 100, "05": 10**5, "06": 10**6, "07": 10**7, "09": 10**9}
    assert {(profile.handle, profile.name) for profile in profiles.values()} == {(None, None)}


def test_a_handle_is_enough_to_find_the_channel(collect: Collect, ada: str) -> None:
    by_handle = collect(owner=Owner(handles=["adamuster"]))
    assert by_handle.distinct == collect().distinct
    assert by_handle.pages[0].where == "channels.list?part=snippet%2CcontentDetails%2Cstatistics&forHandle=%40adamuster"
    both = collect(owner=Owner(ids=[ada, ada.casefold()], handles=["adamuster", "@AdaMuster"]))
    assert len(both.pages) == len(by_handle.pages) + 1


def test_every_question_is_charged_before_it_is_asked(youtube: Any, collect: Collect, context: Context) -> None:
    found = collect()
    assert context.quota is not None
    assert context.quota.spent("units") == len(youtube.asked) == len(found.pages)
    assert Counter(resource for resource, _ in youtube.asked) == {
        "channels": 1 + 1,
        "commentThreads": 3,
        "comments": 1 + 2 + 2,
        "playlistItems": 2,
        "videos": 1,
    }


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(youtube: Any, collect: Collect) -> None:
    whole = collect()
    for kept in range(1, len(whole.pages)):
        youtube.asked.clear()
        first = collect(most=kept)
        rest = collect(cursor=first.pages[-1].cursor)
        assert len(first.pages) + len(rest.pages) == len(whole.pages) == len(youtube.asked)
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert first.reactions + rest.reactions == whole.reactions


def test_the_next_run_asks_for_what_is_new(youtube: Any, collect: Collect, ada: str) -> None:
    first = collect()
    later = datetime(2026, 4, 20, 12, tzinfo=UTC)
    youtube.thread(youtube.comment("Ug-new", "UCperson-01-of-the-testx", later - timedelta(days=1), video="vid-three-3"))
    youtube.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later, look_back_days=0)
    assert {id_ for *_, id_ in second.reactions} - {id_ for *_, id_ in first.reactions} == {"Ug-new"}
    assert youtube.count("comments") == 0
    assert youtube.count("commentThreads") < 3
    assert second.totals["view", ada, "vid-one-001"] == 12_000


def test_late_replies_to_known_threads_are_found_within_the_days_looked_back(youtube: Any, collect: Collect) -> None:
    first = collect()
    later = datetime(2026, 3, 2, 12, tzinfo=UTC)
    top = "Ug-thread-3"
    reply = youtube.comment(f"{top}.late", "UCperson-08-of-the-testx", later - timedelta(hours=1), parent=top)
    youtube.replies[top].insert(0, reply)
    youtube.threads[1]["snippet"]["totalReplyCount"] += 1
    youtube.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later)
    assert f"{top}.late" in {id_ for *_, id_ in second.reactions}
    assert "UCperson-08-of-the-testx" in {profile.id for profile in second.profiles}
    # the replies are listed newest first: one page of old ones is enough to see that there is nothing more
    assert [asked for resource, asked in youtube.asked if resource == "comments" and asked.get("pageToken", "0") not in ("0", "2")] == []


def test_the_cursor_of_another_account_or_another_age_starts_from_the_beginning(collect: Collect, ada: str) -> None:
    whole = collect()
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', json.dumps({"accounts": ["UCx"], "known": {ada: 9e15}})):
        assert collect(cursor=cursor).reactions == whole.reactions


def test_pages_can_be_replayed_without_the_network(collect: Collect, sources: dict[str, Source]) -> None:
    found = collect()
    again = [row for page in found.pages for row in sources["api"].parse(page)]
    assert again == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    whole = collect()
    first = collect(max_pages=5)
    assert len(first.pages) == 5
    assert first.error is None
    assert len(collect(cursor=first.pages[-1].cursor).pages) == len(whole.pages) - 5


def test_units_are_never_spent_beyond_the_limit(youtube: Any, collect: Collect, context: Context) -> None:
    found = collect(daily_units=7)
    assert len(found.pages) == len(youtube.asked) == 7
    assert "7 units that the configuration allows a day are used up" in str(found.error)
    assert "run again tomorrow" in found.error.hint
    assert collect(cursor=found.pages[-1].cursor, daily_units=7).pages == []
    assert len(youtube.asked) == 7


def test_without_a_ledger_the_limit_holds_for_the_run(collect: Collect, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(context, "quota", None)
    assert len(collect(daily_units=3).pages) == 3


@pytest.mark.parametrize(
    ("status", "reason", "said", "told"),
    [
        (403, "quotaExceeded", "Google's quota for today is used up", "midnight Pacific time"),
        (429, "quotaExceeded", "Google's quota for today is used up", "midnight Pacific time"),
        (403, "dailyLimitExceeded", "Google's quota for today is used up", "midnight Pacific time"),
        (400, "keyInvalid", "refuses the key", "make a new key"),
        (401, "authError", "refuses the key", "make a new key"),
        (401, "", "refuses the key", "make a new key"),
        (403, "accessNotConfigured", "not switched on", "Library"),
        (403, "ipRefererBlocked", "limited to other APIs", "Credentials"),
        (403, "somethingNew", "refuses to answer (403, somethingNew)", "run again"),
        (418, "", "refuses to answer (418)", "run again"),
        (302, "", "refuses to answer (302)", "run again"),
    ],
)
def test_a_refusal_ends_the_run_with_what_to_do(
    *, status: int, reason: str, said: str, told: str, youtube: Any, collect: Collect, fault: Any, key: str
) -> None:
    youtube.faults = [fault("comments", status, reason, headers={"Location": "http://127.0.0.1:9/"} if status == 302 else {})]
    found = collect()
    assert youtube.count("comments") == 1
    assert found.received()["comment"] >= 1
    assert said in found.error.message
    assert told in found.error.hint
    assert found.error.where.startswith("comments.list?")
    assert key not in str(found.error)


def test_an_expired_key_is_told_by_the_details_of_the_error(youtube: Any, collect: Collect, fault: Any) -> None:
    body = b"""{"error": {"code": 400, "message": "API key expired. Please renew the API key.", "errors": [{"reason": "badRequest"}],
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]}}"""
    youtube.faults = [fault("channels", 400, body=body)]
    found = collect()
    assert found.pages == []
    assert "is not valid, or has expired" in found.error.message


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500}, [1.0, 2.0]),
        ({"status": 503, "reason": "backendError"}, [1.0, 2.0]),
        ({"status": 403, "reason": "rateLimitExceeded"}, [1.0, 2.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        ({"status": 429, "headers": {"Retry-After": "Sun, 01 Mar 2099 12:00:09 GMT"}}, None),
        ({"status": 429, "headers": {"Retry-After": "soon"}}, [1.0, 2.0]),
        ({"cut": True, "body": b'{"kind": "youtube#commentThreadListResponse", "items": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"kind": "youtube#commentThreadListResponse", "items": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"kind": 7}'}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float] | None, youtube: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    youtube.asked.clear()
    youtube.faults = [fault("commentThreads", times=2, skip=1, **one)]
    found = collect()
    if waited is None:
        assert "YouTube asks to come back later (429)" in found.error.message
        assert context.stop.waited == []  # type: ignore[attr-defined]  # a wait of years is not begun
        return
    assert found.error is None
    assert found.reactions == whole.reactions
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    assert context.quota is not None
    assert context.quota.spent("units") == 2 * len(whole.pages) + 2


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"status": 500}, "YouTube has a fault of its own (500)"),
        ({"status": 403, "reason": "userRateLimitExceeded"}, "come back later"),
        ({"cut": True, "body": b'{"kind"'}, "the connection to YouTube broke"),
        ({"status": 200, "body": b'{"kind": "youtube#commentThreadListResponse", "items": [{]}'}, "or one that breaks off"),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, youtube: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    youtube.asked.clear()
    youtube.faults = [fault("commentThreads", skip=2, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    assert context.stop.waited == [1.0, 2.0, 4.0]  # type: ignore[attr-defined]
    youtube.faults = []
    rest = collect(cursor=found.pages[-1].cursor)
    assert found.reactions + rest.reactions == whole.reactions


def test_a_server_that_is_not_there_is_told(youtube: Any, collect: Collect) -> None:
    youtube.close()
    found = collect()
    assert found.pages == []
    assert "the connection to YouTube broke (ConnectionRefusedError)" in found.error.message


def test_an_interrupted_wait_ends_the_run_without_a_word(youtube: Any, collect: Collect, fault: Any, context: Context) -> None:
    youtube.faults = [fault("commentThreads", 503, skip=1)]
    original = context.stop.wait
    context.stop.wait = lambda seconds=None: (context.stop.set(), original(seconds))[1]  # type: ignore[method-assign,func-returns-value]
    found = collect()
    assert found.error is None
    assert 0 < len(found.pages) < 5
    assert collect().pages == []


def test_switched_off_comments_are_told_once_the_counts_are_collected(youtube: Any, collect: Collect, fault: Any, ada: str) -> None:
    youtube.faults = [fault("commentThreads", 403, "commentsDisabled")]
    found = collect()
    assert "comments are switched off" in found.error.message
    assert found.reactions == []
    assert found.totals["view", ada, "vid-one-001"] == 12_000


def test_a_channel_that_is_not_there_is_told_and_the_others_collected(collect: Collect, ada: str) -> None:
    found = collect(owner=Owner(ids=["UCnobody-nobody-nobody-x", ada], handles=["nobody"]))
    assert found.error.message == "YouTube knows no channel UCnobody-nobody-nobody-x (and 1 more questions had no answer)"
    assert found.received()["comment"] == 10


@pytest.mark.parametrize("resource", ["comments", "playlistItems"])
def test_what_vanished_meanwhile_is_left_out(resource: str, youtube: Any, collect: Collect, fault: Any) -> None:
    youtube.faults = [fault(resource, 404, "playlistNotFound" if resource == "playlistItems" else "", times=1)]
    found = collect()
    assert found.error is None
    assert found.received()["reply"] == 1


def test_a_list_whose_pages_moved_begins_again_once(youtube: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    first = collect(most=3)
    youtube.faults = [fault("commentThreads", 400, "invalidPageToken", times=1)]
    rest = collect(cursor=first.pages[-1].cursor)
    assert rest.error is None
    assert first.distinct | rest.distinct == whole.distinct
    youtube.faults = [fault("commentThreads", 400, "processingFailure", skip=1)]
    youtube.asked.clear()
    stubborn = collect()
    assert "refuses to answer (400, processingFailure)" in stubborn.error.message
    assert youtube.count("commentThreads") == 3


def test_a_question_that_is_refused_for_good_does_not_end_every_run(youtube: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    youtube.faults = [fault("comments", 400, "somethingNew", skip=1)]
    runs = [collect()]
    for _ in range(3):
        runs.append(collect(cursor=next(run.pages[-1].cursor for run in reversed(runs) if run.pages)))
    assert all("somethingNew" in str(run.error) for run in runs)
    found = set().union(*(run.distinct for run in runs))
    missed = {id_ for _, _, id_ in whole.distinct - found}
    assert missed == {"Ug-thread-3.r2", "Ug-thread-3.r3", "Ug-thread-2.r1", "Ug-thread-2.r2", "Ug-thread-1.r1"}
    assert {kind for run in runs for kind, *_ in run.totals} == {"view", "like"}


def test_nobody_to_ask_for_is_told(collect: Collect) -> None:
    found = collect(owner=Owner(names=["Ada"]))
    assert "whose channel" in found.error.message
    assert "accounts = { youtube" in found.error.hint


def test_the_key_is_nowhere_to_be_seen(
    *, youtube: Any, collect: Collect, fault: Any, key: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [repr(collect())]
    for one in (
        fault("videos", 403, "forbidden"),
        fault("channels", 400, "keyInvalid"),
        fault("comments", 500),
        fault("comments", cut=True),
    ):
        youtube.faults = [one]
        found = collect()
        error: BaseException | None = found.error
        while error is not None:
            seen += [str(error), repr(error), repr(error.args)]
            error = error.__cause__ or error.__context__
        seen.append(repr(found.pages))
    assert not any(key in asked_for for asked_for in [*seen, repr(youtube.asked), caplog.text, *capfd.readouterr()])
    assert caplog.text


@pytest.mark.parametrize("bad", ["two words in it", "short", "AIza\nsy0123456789", "schlüssel-schlüssel"])
def test_a_text_that_can_be_no_key_is_refused_unseen(bad: str, youtube: Any, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_YOUTUBE_KEY", bad)
    found = collect()
    assert "expected an API key" in found.error.message
    assert bad not in str(found.error)
    assert youtube.asked == []


def test_without_the_client_library_the_extra_is_named(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "googleapiclient.discovery", None)
    assert "pip install 'kleos-youtube[api]'" in collect().error.hint
