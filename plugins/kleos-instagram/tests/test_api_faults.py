"""What the Graph API does wrong, over real sockets on the loopback: the right rows, and one sentence that says what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from kleos.contract import Context

Collect = Callable[..., Any]
USED = json.dumps({"17841400000000001": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 1}]})
USED_UP = json.dumps({"17841400000000001": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 19}]})


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500, "code": 2}, [1.0, 2.0]),
        ({"status": 503, "body": b"<html>busy"}, [1.0, 2.0]),
        ({"status": 400, "code": 1}, [1.0, 2.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        ({"status": 429, "headers": {"X-Business-Use-Case-Usage": USED}}, [60.0, 60.0]),
        ({"status": 403, "code": 4, "headers": {"X-Business-Use-Case-Usage": USED}}, [60.0, 60.0]),
        ({"status": 400, "code": 80002}, [1.0, 2.0]),
        ({"cut": True, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"data": 7}'}, [1.0, 2.0]),
        ({"status": 200, "code": 2}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float], instagram: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    instagram.faults = [fault("comments", times=2, skip=1, **one)]
    found = collect()
    assert found.error is None
    assert found.rows == whole.rows
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    assert context.quota is not None
    assert context.quota.spent("questions") == 2 * len(whole.pages) + 2


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"status": 500}, "has a fault of its own"),
        ({"status": 400, "code": 2}, "has a fault of its own (code 2)"),
        ({"status": 400, "code": 17}, "limit for an hour is used up (code 17)"),
        ({"cut": True, "body": b'{"data"'}, "the connection to Instagram broke"),
        ({"status": 200, "body": b'{"data": [{]}'}, "or one that breaks off"),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, instagram: Any, collect: Collect, fault: Any, context: Context, token: str
) -> None:
    whole = collect()
    instagram.faults = [fault("comments", skip=2, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    assert found.error.where.startswith("17900000000000001/comments?")
    assert token not in str(found.error)
    assert context.stop.waited == [1.0, 2.0, 4.0]  # type: ignore[attr-defined]
    instagram.faults = []
    rest = collect(cursor=found.pages[-1].cursor)
    assert found.rows + rest.rows == whole.rows


@pytest.mark.parametrize("header", ["X-App-Usage", "X-Business-Use-Case-Usage"])
def test_nothing_more_is_asked_once_nearly_all_is_used(header: str, instagram: Any, collect: Collect, fault: Any, context: Context) -> None:
    usage = {"call_count": 12, "total_time": 96, "total_cputime": 3, "a_new_field": "x"}
    written = json.dumps({"178414": [usage]} if header.startswith("X-B") else usage)
    instagram.faults = [fault("comments", answers=True, headers={header: written}, times=1)]
    found = collect()
    assert "96 % of what Instagram allows an hour is used" in found.error.message
    assert "run again in an hour" in found.error.hint
    assert len(instagram.asked) == len(found.pages)
    assert context.stop.waited == []  # type: ignore[attr-defined]  # an hour is more than is waited
    rest = collect(cursor=found.pages[-1].cursor)
    assert rest.error is None
    assert found.received + rest.received == collect().received


def test_a_short_time_until_access_is_waited_out_and_a_long_one_is_not(
    instagram: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    instagram.faults = [fault("comments", answers=True, headers={"X-Business-Use-Case-Usage": USED}, times=1)]
    assert collect().rows == whole.rows
    assert context.stop.waited == [60.0]  # type: ignore[attr-defined]
    instagram.faults = [fault("comments", answers=True, headers={"X-Business-Use-Case-Usage": USED_UP}, times=1)]
    assert "100 % of what Instagram allows" in collect().error.message
    assert context.stop.waited == [60.0]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "header", ["", "nonsense", "[]", '{"call_count": "many"}', '{"x": [7, {"call_count": null}]}', '{"call_count": -1}']
)
def test_usage_that_makes_no_sense_says_nothing(header: str, instagram: Any, collect: Collect, fault: Any) -> None:
    instagram.faults = [fault("comments", answers=True, headers={"X-App-Usage": header})]
    assert collect().error is None


@pytest.mark.parametrize(
    ("one", "said", "told"),
    [
        ({"status": 400, "code": 190, "subcode": 463}, "refuses the token", "make a new one"),
        ({"status": 401}, "refuses the token", "make a new one"),
        ({"status": 400, "code": 102}, "refuses the token", "make a new one"),
    ],
)
def test_an_expired_token_ends_the_run_at_once(
    *, one: dict[str, Any], said: str, told: str, instagram: Any, collect: Collect, fault: Any, token: str
) -> None:
    for edge in ("me", "comments", "insights"):
        instagram.asked.clear()
        instagram.faults = [fault(edge, **one)]
        found = collect()
        assert instagram.asked[-1][0] == edge
        assert instagram.count(edge) == 1
        assert said in found.error.message
        assert told in found.error.hint
        assert token not in str(found.error)


@pytest.mark.parametrize("edge", ["me", "media"])
@pytest.mark.parametrize(("status", "code"), [(403, 10), (400, 100), (418, 0), (302, 0)])
def test_without_the_account_or_its_posts_nothing_goes_on(
    *, edge: str, status: int, code: int, instagram: Any, collect: Collect, fault: Any
) -> None:
    instagram.faults = [fault(edge, status, code, headers={"Location": "http://127.0.0.1:9/"} if status == 302 else {})]
    found = collect()
    assert ("may not ask this" in found.error.message) if code == 10 else ("refuses to answer" in found.error.message)
    assert instagram.asked[-1][0] == edge


@pytest.mark.parametrize("edge", ["comments", "insights", "tags", "replies"])
def test_what_the_token_may_not_ask_is_told_once_and_the_rest_collected(edge: str, instagram: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    instagram.asked.clear()
    instagram.faults = [fault(edge, 403, 10)]
    found = collect()
    assert instagram.count(edge) == 1
    assert "the token may not ask this (code 10)" in found.error.message
    assert "permissions" in found.error.hint
    assert found.totals["like", "17900000000000001"] == 73
    if edge != "comments":
        assert found.received["comment"] == whole.received["comment"]


def test_what_was_not_allowed_is_collected_from_its_beginning_once_it_is(instagram: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    instagram.faults = [fault("comments", 403, 10)]
    first = collect()
    assert first.received["comment"] == 0
    instagram.faults = []
    later = collect(cursor=first.pages[-1].cursor)
    assert later.received == whole.received


@pytest.mark.parametrize(("edge", "skip"), [("comments", 0), ("insights", 1), ("replies", 0)])
def test_what_vanished_meanwhile_is_left_out(edge: str, skip: int, instagram: Any, collect: Collect, fault: Any) -> None:
    instagram.faults = [fault(edge, 400, 100, 33, times=1, skip=skip)]
    found = collect()
    assert found.error is None
    assert found.received["tag"] == 4


def test_another_refusal_costs_one_question_and_is_told(instagram: Any, collect: Collect, fault: Any) -> None:
    instagram.faults = [fault("insights", 400, 9999, times=2)]
    found = collect()
    assert found.error.message == "Instagram refuses to answer (400, code 9999) (and 1 more questions had no answer)"
    assert sum(kind == "view" for kind, _ in found.totals) == 1


def test_a_list_whose_pages_moved_begins_again_once(instagram: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    instagram.faults = [fault("comments", 400, 100, times=1, skip=2)]
    found = collect()
    assert found.error is None
    assert found.distinct == whole.distinct
    instagram.faults = [fault("media", 400, 100, skip=1, times=1), fault("media", 400, 100, skip=1)]
    assert "code 100" in collect().error.message


def test_questions_are_never_asked_beyond_the_limit(instagram: Any, collect: Collect) -> None:
    found = collect(daily_questions=7)
    assert len(found.pages) == len(instagram.asked) == 7
    assert "7 questions that the configuration allows a day are used up" in str(found.error)
    assert "raise daily_questions" in found.error.hint


def test_a_server_that_is_not_there_is_told(instagram: Any, collect: Collect) -> None:
    instagram.close()
    found = collect()
    assert found.pages == []
    assert "the connection to Instagram broke" in found.error.message


def test_an_interrupted_wait_ends_the_run_without_a_word(instagram: Any, collect: Collect, fault: Any, context: Context) -> None:
    instagram.faults = [fault("comments", 503, skip=1)]
    original = context.stop.wait
    context.stop.wait = lambda seconds=None: (context.stop.set(), original(seconds))[1]  # type: ignore[method-assign,func-returns-value]
    found = collect()
    assert found.error is None
    assert instagram.asked[-1][0] == "comments"
    assert instagram.count("comments") == 2


def test_the_token_is_in_no_error_no_traceback_and_no_log(
    *, instagram: Any, collect: Collect, fault: Any, token: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    for one in (
        fault("me", 400, 190),
        fault("comments", 400, 9999),
        fault("comments", 500),
        fault("comments", cut=True),
        fault("media", 200, body=b"{" + token.encode()),
    ):
        instagram.faults = [one]
        error: BaseException | None = collect().error
        assert error is not None
        while error is not None:
            seen += [str(error), repr(error), repr(error.args), repr(getattr(error, "__notes__", ""))]
            error = error.__cause__ or error.__context__
    assert not any(token in text or token.replace("|", "%7C") in text for text in [*seen, caplog.text, *capfd.readouterr()])
    assert caplog.text


@pytest.mark.parametrize("bad", ["two words in it", "short", "IGAA\nxyz0123456789", "schlüssel-schlüssel"])
def test_a_text_that_can_be_no_token_is_refused_unseen(bad: str, instagram: Any, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_INSTAGRAM_TOKEN", bad)
    found = collect()
    assert "expected an access token" in found.error.message
    assert bad not in str(found.error)
    assert instagram.asked == []


def test_without_the_client_library_the_extra_is_named(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx2", None)
    assert "pip install 'kleos-instagram[api]'" in collect().error.hint
