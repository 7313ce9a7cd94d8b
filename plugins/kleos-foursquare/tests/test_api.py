"""The API v2, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from kleos.contract import Context, Owner, Source
from kleos.secrets import Secret
from kleos_foursquare.api.settings import ApiSettings

Collect = Callable[..., Any]
ADA, BEA, CEM, DORA, EMIL, FAY = "71900042", "71900101", "71900102", "71900103", "71900104", "71900105"
NOON = datetime(2026, 3, 19, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 21, 12, tzinfo=UTC)


def test_everything_that_others_did_is_received(foursquare: Any, collect: Collect) -> None:
    found = collect()
    assert found.error is None
    assert not found.flaws
    likes = {(actor, item) for kind, actor, item, *_ in found.reactions if kind == "like"}
    assert likes == {(BEA, "c0"), (BEA, "c1"), (CEM, "c1"), (DORA, "c1"), (EMIL, "c3"), (BEA, "c4"), (FAY, "c4")}
    assert Counter(actor for kind, actor, *_ in found.reactions if kind == "comment") == {CEM: 2, DORA: 1}
    assert {actor for kind, actor, *_ in found.reactions if kind == "agree"} == {DORA, EMIL, FAY}
    assert {actor for kind, actor, *_ in found.reactions if kind == "friend"} == {BEA, CEM, DORA}
    assert found.subjects == {ADA}


def test_what_the_owner_did_is_neither_named_nor_counted(collect: Collect) -> None:
    found = collect()
    assert ADA not in {actor for _, actor, *_ in found.reactions}
    assert found.totals["like", "c1"] == 3
    assert found.totals["comment", "c1"] == 2


def test_comments_have_their_time_and_their_id(collect: Collect) -> None:
    comments = {id_: (item, time) for kind, _, item, time, id_ in collect().reactions if kind == "comment"}
    assert comments["m4"] == ("c4", int(datetime(2026, 2, 21, 10, tzinfo=UTC).timestamp() * 1e6))


def test_counts_are_running_totals(collect: Collect) -> None:
    totals = collect().totals
    assert totals["like", "c3"] == 5
    assert totals["like", "c2"] == totals["comment", "c2"] == 0
    assert (totals["agree", "t0"], totals["view", "t0"], totals["agree", "t1"]) == (2, 900, 3)
    assert totals["list_follow", "71900042/l1"] == 6


def test_whose_token_it_is_is_told_first(collect: Collect) -> None:
    found = collect()
    (profile,) = found.profiles
    assert (profile.id, profile.handle, profile.name) == (ADA, "adamuster", "Ada Muster")
    assert found.pages[0].where == "users/self"
    assert found.pages[1].where == "users/self/checkins?limit=250&sort=newestfirst&offset=0"


@pytest.mark.parametrize("owner", [Owner(handles=["AdaMuster"]), Owner(ids=["1", ADA]), Owner(), Owner(names=["Ada"])])
def test_an_id_or_a_handle_or_nothing_at_all_is_enough_to_go_by(owner: Owner, collect: Collect) -> None:
    found = collect(owner=owner)
    assert found.error is None
    assert found.subjects == {ADA}


def test_a_token_of_somebody_else_is_refused_with_what_to_write(collect: Collect, foursquare: Any) -> None:
    found = collect(owner=Owner(ids=[BEA], handles=["bea"]))
    assert found.pages == []
    assert "the token is of the account 71900042" in found.error.message
    assert 'accounts = { foursquare = "71900042" }' in found.error.hint


def test_only_what_the_lists_leave_out_is_asked_for_one_by_one(foursquare: Any, collect: Collect, context: Context) -> None:
    found = collect()
    assert Counter(path for path, _ in foursquare.asked) == {
        "users/self": 1,
        "users/self/checkins": 3,
        "checkins/c4": 1,
        "checkins/c3": 1,
        "checkins/c1": 1,
        "users/self/tips": 1,
        "tips/t1": 1,
        "users/self/lists": 1,
        "users/self/friends": 2,
    }
    assert context.quota is not None
    assert context.quota.spent("questions") == len(foursquare.asked) == len(found.pages)
    assert {asked["v"] for _, asked in foursquare.asked} == {"20261001"}


def test_older_things_are_counted_and_not_asked_for_one_by_one(foursquare: Any, collect: Collect) -> None:
    found = collect(name_days=0)
    assert not [path for path, _ in foursquare.asked if not path.startswith("users/")]
    assert found.totals["comment", "c1"] == 3  # the owner's own among them: nothing tells which
    assert found.kinds["comment"] == 0


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(foursquare: Any, collect: Collect) -> None:
    whole = collect()
    for kept in range(1, len(whole.pages)):
        foursquare.asked.clear()
        first = collect(most=kept)
        rest = collect(cursor=first.pages[-1].cursor)
        assert len(first.pages) + len(rest.pages) == len(whole.pages) == len(foursquare.asked)
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert first.rows + rest.rows == whole.rows


def test_the_next_run_asks_for_what_is_new(foursquare: Any, collect: Collect) -> None:
    first = collect()
    foursquare.check_in("c5", LATER - timedelta(hours=3), [CEM])
    foursquare.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=LATER, look_back_days=0)
    assert {(kind, actor, item) for kind, actor, item, *_ in second.reactions if item == "c5"} == {("like", CEM, "c5")}
    assert foursquare.count("users/self/checkins") == 2  # the second page holds nothing new, so there is no third
    assert not [path for path, _ in foursquare.asked if not path.startswith("users/")]


def test_a_check_in_of_the_future_does_not_hide_the_next_ones(foursquare: Any, collect: Collect) -> None:
    foursquare.check_in("c9", datetime(2031, 1, 1, tzinfo=UTC))
    first = collect()
    for number in range(5):
        foursquare.check_in(f"d{number}", LATER - timedelta(hours=9 - number), [CEM])
    second = collect(cursor=first.pages[-1].cursor, now=LATER, look_back_days=0)
    assert {item for kind, _, item, *_ in second.reactions if kind == "like"} >= {f"d{number}" for number in range(5)}


def test_an_id_that_is_no_part_of_an_address_is_not_asked_for_and_counted_all_the_same(foursquare: Any, collect: Collect) -> None:
    foursquare.check_in("../users/1", NOON, [CEM])
    foursquare.comment("../users/1", "m9", BEA, NOON)
    found = collect()
    assert found.error is None
    assert found.totals["comment", "../users/1"] == 1


def test_what_has_not_changed_is_not_asked_for_again_and_keeps_its_count(foursquare: Any, collect: Collect) -> None:
    first = collect()
    foursquare.comment("c4", "m5", EMIL, LATER - timedelta(hours=1))
    foursquare.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=LATER, look_back_days=60)
    assert [path for path, _ in foursquare.asked if not path.startswith("users/")] == ["checkins/c4"]
    assert {id_ for kind, *_, id_ in second.reactions if kind == "comment"} == {"m4", "m5"}
    assert ("comment", "c1") not in second.totals  # its count has the owner's own comment in it, which the first run has taken off
    assert second.totals["comment", "c4"] == 2
    third = collect(cursor=second.pages[-1].cursor, now=LATER, look_back_days=60, name_days=1)
    assert ("comment", "c1") not in third.totals


def test_the_cursor_of_another_account_or_another_age_starts_from_the_beginning(collect: Collect) -> None:
    whole = collect()
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', json.dumps({"accounts": ["1"], "known": 9 * 10**15}), '{"known": []}'):
        assert collect(cursor=cursor).rows == whole.rows


def test_pages_can_be_replayed_without_the_network(collect: Collect, sources: Mapping[str, Source]) -> None:
    found = collect()
    assert [row for page in found.pages for row in sources["api"].parse(page)] == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    whole = collect()
    first = collect(max_pages=5)
    assert (len(first.pages), first.error) == (5, None)
    assert len(collect(cursor=first.pages[-1].cursor).pages) == len(whole.pages) - 5


def test_no_more_is_asked_than_is_allowed_a_day(foursquare: Any, collect: Collect) -> None:
    found = collect(daily_questions=4)
    assert len(found.pages) == len(foursquare.asked) == 4
    assert "the 4 questions that the configuration allows a day are used up" in found.error.message
    assert "daily_questions" in found.error.hint
    assert collect(cursor=found.pages[-1].cursor, daily_questions=4).pages == []
    assert len(foursquare.asked) == 4


@pytest.mark.parametrize(
    ("status", "reason", "said", "told"),
    [
        (401, "invalid_auth", "refuses the token", "make a new token"),
        (401, "", "refuses the token", "make a new token"),
        (403, "not_authorized", "does not allow this token", "the account whose check-ins"),
        (410, "deprecated", "no longer answers", "newer kleos-foursquare"),
        (400, "param_error", "refuses to answer (400, param_error)", "run again"),
        (418, "", "refuses to answer (418)", "run again"),
        (302, "", "refuses to answer (302)", "run again"),
    ],
)
def test_a_refusal_ends_the_run_with_what_to_do(
    *, status: int, reason: str, said: str, told: str, foursquare: Any, collect: Collect, fault: Any, token: str
) -> None:
    where = {"Location": "http://127.0.0.1:9/"} if status == 302 else {}
    foursquare.faults = [fault("users/self/checkins", status, reason, skip=1, headers=where)]
    found = collect()
    assert foursquare.count("users/self/checkins") == 2
    assert found.kinds["like"] >= 1
    assert said in found.error.message
    assert told in found.error.hint
    assert found.error.where == "users/self/checkins?limit=250&sort=newestfirst&offset=2"
    assert token not in str(found.error)


def test_an_expired_token_is_told_at_once(foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault("users/self", 401, "invalid_auth")]
    found = collect()
    assert (found.pages, len(foursquare.asked)) == ([], 1)
    assert "it is not valid, or has been revoked" in found.error.message


def test_a_refusal_inside_an_answer_that_says_all_is_well_is_a_refusal(foursquare: Any, collect: Collect, fault: Any) -> None:
    body = b'{"meta": {"code": 401, "errorType": "invalid_auth", "errorDetail": "OAuth token invalid or revoked."}, "response": {}}'
    foursquare.faults = [fault("users/self", 200, body=body)]
    assert "refuses the token" in collect().error.message


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500}, [1.0, 2.0]),
        ({"status": 503, "headers": {"Retry-After": "7"}}, [7.0, 7.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        ({"status": 429}, [1.0, 2.0]),
        ({"status": 403, "reason": "rate_limit_exceeded"}, [1.0, 2.0]),
        ({"status": 403, "reason": "rate_limit_exceeded", "headers": {"X-RateLimit-Reset": "90"}}, [90.0, 90.0]),
        ({"status": 403, "headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}}, [60.0, 60.0]),
        ({"cut": True, "body": b'{"meta": {"code": 200}, "response": {'}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"meta": {"code": 200}, "response": {'}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"meta": {"code": 500, "errorType": "server_error"}}'}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float], foursquare: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    foursquare.faults = [fault("users/self/checkins", times=2, skip=1, **one)]
    found = collect()
    assert found.error is None
    assert found.rows == whole.rows
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    assert context.quota is not None
    assert context.quota.spent("questions") == 2 * len(whole.pages) + 2


@pytest.mark.parametrize(
    ("one", "said", "waited"),
    [
        ({"status": 500}, "a fault of its own", [1.0, 2.0, 4.0]),
        ({"status": 403, "reason": "rate_limit_exceeded"}, "as many questions as Foursquare allows an hour", [1.0, 2.0, 4.0]),
        (
            {"status": 403, "reason": "rate_limit_exceeded", "headers": {"X-RateLimit-Reset": "2500"}},
            "as many questions as Foursquare allows an hour",
            [],
        ),
        ({"cut": True, "body": b'{"meta"'}, "the connection to Foursquare broke", [1.0, 2.0, 4.0]),
        ({"status": 200, "body": b'{"meta": {"code": 200}, "response": {]}'}, "or one that breaks off", [1.0, 2.0, 4.0]),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, waited: list[float], foursquare: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    foursquare.faults = [fault("users/self/checkins", skip=2, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    foursquare.faults = []
    assert found.rows + collect(cursor=found.pages[-1].cursor).rows == whole.rows


def test_a_long_wait_is_told_in_minutes_and_not_begun(foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault("users/self/tips", 403, "rate_limit_exceeded", headers={"X-RateLimit-Reset": "2500"})]
    assert "run again in 42 minutes, and it goes on from there" in collect().error.hint


def test_the_last_question_of_the_hour_is_followed_by_a_wait(foursquare: Any, collect: Collect, context: Context) -> None:
    foursquare.headers = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "100"}
    found = collect(max_pages=3)
    assert (len(found.pages), found.error) == (3, None)
    assert context.stop.waited == [100.0, 100.0]  # type: ignore[attr-defined]
    assert len(foursquare.asked) == 3
    foursquare.headers["X-RateLimit-Reset"] = "3000"
    ended = collect()
    assert len(ended.pages) == 1
    assert "allows an hour" in ended.error.message


def test_headers_of_limits_are_not_missed_where_there_are_none(foursquare: Any, collect: Collect) -> None:
    foursquare.headers = {}
    assert collect().error is None


def test_a_wait_is_told_while_it_lasts(foursquare: Any, collect: Collect, fault: Any, context: Context) -> None:
    told: list[str] = []
    object.__setattr__(context, "progress", lambda done, total, unit: told.append(unit))
    foursquare.faults = [fault("users/self/checkins", 503, times=1)]
    collect()
    assert any(unit.startswith("pages, waiting until ") and unit.endswith(" for Foursquare") for unit in told)
    assert told[-1] == "pages"


def test_a_server_that_is_not_there_is_told(foursquare: Any, collect: Collect) -> None:
    foursquare.close()
    found = collect()
    assert found.pages == []
    assert "the connection to Foursquare broke" in found.error.message


def test_an_interrupted_wait_ends_the_run_without_a_word(foursquare: Any, collect: Collect, fault: Any, context: Context) -> None:
    foursquare.faults = [fault("users/self/checkins", 503, skip=1)]
    original = context.stop.wait
    context.stop.wait = lambda seconds=None: (context.stop.set(), original(seconds))[1]  # type: ignore[method-assign,func-returns-value]
    found = collect()
    assert found.error is None
    assert 0 < len(found.pages) < 5
    assert collect().pages == []


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_check_in_or_tip_that_vanished_meanwhile_is_left_out(status: int, foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault("checkins/c4", status, "param_error"), fault("tips/t1", status)]
    found = collect()
    assert found.error is None
    assert found.kinds["comment"] == 2
    assert found.totals["agree", "t1"] == 3


@pytest.mark.parametrize("path", ["users/self/tips", "users/self/lists", "users/self/friends"])
def test_a_list_that_is_refused_is_told_once_all_else_is_collected(path: str, foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault(path, 410, "deprecated")]
    found = collect()
    assert "no longer answers" in found.error.message
    assert found.error.where.startswith(path)
    assert found.kinds["like"] >= 7
    assert len(found.pages) >= 10


def test_several_refusals_are_one_error(foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault(f"users/self/{one}", 410, "deprecated") for one in ("tips", "lists", "friends")]
    assert collect().error.message.endswith("(and 2 more questions had no answer)")


def test_an_answer_to_another_question_is_told(foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault("checkins/c3", 200, body=b'{"meta": {"code": 200}, "response": {"venue": {}}}')]
    found = collect()
    assert "expected what the Foursquare API answers" in found.error.message
    assert found.error.where == "checkins/c3"
    assert found.kinds["friend"] == 3


def test_a_page_that_is_refused_for_good_does_not_end_every_run(foursquare: Any, collect: Collect, fault: Any) -> None:
    foursquare.faults = [fault("users/self/checkins", 400, "param_error", skip=1)]
    first = collect()
    assert "param_error" in first.error.message
    second = collect(cursor=first.pages[-1].cursor)
    assert "param_error" in second.error.message
    assert second.kinds["friend"] == 3


def test_the_token_is_nowhere(foursquare: Any, collect: Collect, fault: Any, token: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    foursquare.faults = [
        fault("users/self/checkins", 500, times=1),
        fault("checkins/c4", 403, "not_authorized"),
        fault("users/self/friends", 401, "invalid_auth"),
    ]
    found = collect()
    assert found.error is not None
    assert all(asked["oauth_token"] == token for _, asked in foursquare.asked)
    assert "HTTP Request" in caplog.text
    assert token not in caplog.text
    assert token not in "".join(traceback.format_exception(found.error)) + repr(found.error) + str(found.error)
    assert not any(token in repr(page) for page in found.pages)


@pytest.mark.parametrize("one", [{"cut": True, "body": b'{"meta"'}, {"status": 429}, {"status": 401, "reason": "invalid_auth"}])
def test_the_token_is_in_no_error_behind_an_error(one: dict[str, Any], foursquare: Any, collect: Collect, fault: Any, token: str) -> None:
    foursquare.faults = [fault("users/self/checkins", **one)]
    error: BaseException | None = collect().error
    assert error is not None
    while error is not None:
        assert token not in f"{error!r}{error}{vars(error)}"
        error = error.__cause__ or error.__context__


def test_a_text_that_is_no_token_is_refused_without_being_shown(context: Context, sources: Mapping[str, Source]) -> None:
    settings = ApiSettings(token=Secret(command=("printf", "two words of it")), host="http://127.0.0.1:9")
    with pytest.raises(Exception, match="no token has") as caught:
        list(sources["api"].fetch(settings, Owner(), context))
    assert "two words" not in str(caught.value)


def test_a_missing_library_is_told_with_the_line_that_installs_it(
    context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    settings = ApiSettings(token=Secret(command=("printf", "TOKENTOKEN")), host="http://127.0.0.1:9")
    with pytest.raises(Exception, match="needs the library httpx2") as caught:
        list(sources["api"].fetch(settings, Owner(), evolve(context, cursor=None)))
    assert "pip install 'kleos-foursquare[api]'" in str(caught.value)
