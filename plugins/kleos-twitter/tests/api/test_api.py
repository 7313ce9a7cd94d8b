"""The X API v2, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from kleos.contract import Batch, Owner, Source

Collect = Callable[..., Any]
ADA = "1001"


def test_everything_that_others_did_is_received_once(x: Any, collect: Collect) -> None:
    found = collect()
    assert found.error is None
    assert found.flaws == []
    assert found.received == {"reply": 12, "mention": 12, "quote": 1, "retweet": 2, "like": 15}
    assert {subject for _, subject, _, _ in found.reactions} == {ADA}
    assert ADA not in {actor for _, _, actor, _ in found.reactions}


def test_every_reaction_knows_what_it_is_about_and_when_it_was(x: Any, collect: Collect) -> None:
    found = collect()
    first, second, third, _ = sorted(x.posts)
    items: dict[str, set[str | None]] = {}
    for kind, _, _, item in found.reactions:
        items.setdefault(kind, set()).add(item)
    assert items == {"reply": {second}, "mention": {None}, "quote": {third}, "retweet": {second}, "like": {first, second}}
    for batch in (row for row in found.rows if isinstance(row, Batch)):
        timed = batch.time is not None and None not in batch.time
        dated = batch.item_time is not None and None not in batch.item_time
        assert timed or dated


def test_totals_are_of_own_posts_only(x: Any, collect: Collect) -> None:
    first, second, third, reply = sorted(x.posts)
    totals = collect().totals
    assert {item for _, item in totals} == {first, second, third, reply}
    assert (totals["like", second], totals["retweet", second], totals["reply", second]) == (12, 2, 12)
    assert (totals["quote", third], totals["view", reply]) == (1, 1000)


def test_audiences_are_told_of_everybody_and_nobody_is_looked_up_twice(x: Any, collect: Collect) -> None:
    found = collect()
    assert found.audiences == {ADA: 480} | {str(2000 + number): 10 * number for number in range(12)}
    looked_up = [id_ for path, asked in x.asked if path == "/2/users" for id_ in asked["ids"].split(",")]
    assert looked_up == []  # everybody liked the second post as well, and came along with that


def test_whom_no_answer_brought_along_is_looked_up(x: Any, collect: Collect) -> None:
    found = collect(ask=("mentions", "audiences"))
    assert [path for path, _ in x.asked][-1] == "/2/users"
    assert len(found.audiences) == 13
    assert found.received == {"reply": 12, "mention": 12}


@pytest.mark.parametrize(
    "owner", [Owner(ids=[ADA]), Owner(handles=["ADA_makes"]), Owner(names=["Ada"]), Owner(ids=[ADA], handles=["ada_makes"])]
)
def test_an_id_a_handle_or_the_token_alone_says_whose_it_is(collect: Collect, owner: Owner) -> None:
    if "ADA_makes" in owner.handles:
        owner = Owner(handles=["@Ada_Makes"])
    assert collect(owner=owner).received == {"reply": 12, "mention": 12, "quote": 1, "retweet": 2, "like": 15}


def test_the_words_of_2026_say_the_same(x: Any, collect: Collect) -> None:
    before = collect()
    x.dialect = "posts"
    after = collect()
    assert after.error is None
    assert (after.received, after.totals, after.audiences) == (before.received, before.totals, before.audiences)
    refused = [asked for _, asked in x.asked if "tweet.fields" in asked][-1]
    assert "post.fields" not in refused
    assert json.loads(after.pages[-1].cursor)["dialect"] == "posts"


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(x: Any, collect: Collect) -> None:
    whole = collect()
    for kept in range(1, len(whole.pages)):
        x.asked.clear()
        first = collect(most=kept)
        rest = collect(cursor=first.pages[-1].cursor)
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert len(x.asked) == len(whole.pages)
        assert first.reactions + rest.reactions == whole.reactions


def test_the_next_run_asks_for_what_is_new(x: Any, collect: Collect) -> None:
    first = collect()
    later = datetime.fromisoformat("2026-03-12T12:00:00+00:00")
    _, second, *_ = sorted(x.posts)
    x.mention("2003", later - timedelta(hours=3), ADA)
    x.likers[second] = ["3001", *x.likers[second]]
    x.user("3001", "newcomer", 77)
    x.asked.clear()
    found = collect(cursor=first.pages[-1].cursor, now=later)
    assert found.received == {"mention": 1, "like": 1}
    assert [actor for kind, _, actor, _ in found.reactions if kind == "like"] == ["3001"]
    naming = [id_ for id_, one in x.others.items() if "entities" in one and one["created_at"] < "2026-03-10T12"]
    assert next(asked for path, asked in x.asked if path.endswith("/mentions"))["since_id"] == max(naming)
    assert [asked["max_results"] for path, asked in x.asked if path.endswith("/liking_users")] == ["1"]
    assert x.count("retweeted_by|quote_tweets") == 0
    assert found.audiences["2003"] == 30


def test_what_an_earlier_run_left_is_finished_first_and_after_an_hour_seen_anew(x: Any, collect: Collect) -> None:
    whole = collect()
    cursor = json.loads(whole.pages[-1].cursor)
    assert cursor["todo"] == cursor["authors"] == []
    first = collect(most=3)
    later = datetime.fromisoformat("2026-03-10T14:00:00+00:00")
    rest = [page.where.partition("?")[0] for page in collect(cursor=first.pages[-1].cursor, now=later).pages]
    left = [page.where.partition("?")[0] for page in whole.pages[3:]]
    assert rest[: len(left)] == left
    assert rest[len(left)] == "GET /2/users/by"


def test_a_place_in_a_list_that_is_gone_is_left_for_its_beginning(x: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    errors = [{"parameters": {"since_id": ["1"]}, "message": "'since_id' must be a tweet id created after …"}]
    problem = {"type": "https://api.twitter.com/2/problems/invalid-request", "errors": errors}
    x.faults = [fault("/mentions", 400, problem, times=1)]
    again = collect(cursor=whole.pages[-1].cursor, now=datetime.fromisoformat("2026-03-10T15:00:00+00:00"))
    assert again.error is None
    assert again.received["mention"] == 12


def test_the_cursor_of_another_account_or_another_age_starts_from_the_beginning(collect: Collect) -> None:
    whole = collect()
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', '{"accounts": ["bob"], "counts": {"1": {"likes": 3}}}'):
        assert collect(cursor=cursor).reactions == whole.reactions


def test_pages_can_be_replayed_without_the_network(x: Any, collect: Collect, api: Source) -> None:
    found = collect()
    x.close()
    assert [row for page in found.pages for row in api.parse(page)] == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    whole = collect()
    first = collect(max_pages=4)
    assert (len(first.pages), first.error) == (4, None)
    assert len(collect(cursor=first.pages[-1].cursor).pages) == len(whole.pages) - 4


@pytest.mark.parametrize(
    ("status", "problem", "said", "told"),
    [
        (401, {"title": "Unauthorized"}, "X refuses the token: it is not valid, or has expired", "two hours"),
        (402, {"title": "CreditsDepleted"}, "the credits of this app are used up", "buy credits"),
        (403, {"reason": "client-not-enrolled"}, "may not use the API v2", "console.x.com"),
        (403, {"type": "https://api.twitter.com/2/problems/client-forbidden"}, "refuses to answer (403, client-forbidden)", "run again"),
        (418, {}, "refuses to answer (418)", "run again"),
        (302, {}, "refuses to answer (302)", "run again"),
    ],
)
def test_a_refusal_ends_the_run_with_what_to_do(
    *, status: int, problem: dict[str, Any], said: str, told: str, x: Any, collect: Collect, fault: Any, token: str
) -> None:
    headers = {"Location": "http://127.0.0.1:9/"} if status == 302 else {}
    x.faults = [fault("/tweets$", status, problem, headers=headers)]
    found = collect()
    assert found.received["mention"] == 12
    assert said in found.error.message
    assert told in found.error.hint
    assert found.error.where.startswith("GET /2/users/1001/tweets?")
    assert token not in str(found.error)


def test_a_token_that_is_wrong_costs_the_cheapest_question(x: Any, collect: Collect, ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_X_TOKEN", "expired-0123456789")
    found = collect()
    assert "refuses the token" in found.error.message
    assert found.pages == []
    assert ledger.used == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500}, [1.0, 2.0]),
        ({"status": 503}, [1.0, 2.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        (
            {"status": 429, "headers": {"Date": "Tue, 10 Mar 2026 12:00:00 GMT", "x-rate-limit-reset": "1773144840"}},
            [840.0, 840.0],
        ),
        ({"status": 429, "headers": {"Date": "Tue, 10 Mar 2026 12:00:00 GMT", "x-rate-limit-reset": "1773244840"}}, None),
        ({"cut": True, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"meta": 7}'}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float] | None, x: Any, collect: Collect, fault: Any, stop: Any, ledger: Any
) -> None:
    whole = collect()
    charged, ledger.used = ledger.used, 0.0
    x.faults = [fault("/mentions", times=2, skip=1, **one)]
    found = collect()
    if waited is None:
        assert "asks to come back later" in found.error.message
        assert stop.waited == []  # a wait of a day is not begun
        return
    assert found.error is None
    assert found.reactions == whole.reactions
    assert stop.waited == waited
    assert ledger.used == pytest.approx(charged)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"status": 500}, "has a fault of its own (500)"),
        ({"status": 429}, "asks to come back later (429)"),
        ({"cut": True, "body": b'{"data"'}, "the connection to X broke"),
        ({"status": 200, "body": b'{"data": [{]}'}, "or one that breaks off"),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, x: Any, collect: Collect, fault: Any
) -> None:
    whole = collect()
    headers = {"x-rate-limit-reset": "soon"} if one.get("status") == 429 else {}
    x.faults = [fault("/mentions", skip=1, headers=headers, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    x.faults = []
    rest = collect(cursor=found.pages[-1].cursor)
    assert found.reactions + rest.reactions == whole.reactions


def test_a_server_that_is_not_there_is_told(x: Any, collect: Collect) -> None:
    x.close()
    found = collect()
    assert found.pages == []
    assert "the connection to X broke" in found.error.message


def test_an_interrupted_wait_ends_the_run_without_a_word(x: Any, collect: Collect, fault: Any, stop: Any) -> None:
    x.faults = [fault("/mentions", 503, skip=1)]
    original = stop.wait
    stop.wait = lambda seconds=None: (stop.set(), original(seconds))[1]
    found = collect()
    assert found.error is None
    assert len(found.pages) == 2
    assert collect().pages == []


def test_a_token_that_is_not_told_who_liked_is_told_once_and_all_else_collected(x: Any, collect: Collect, fault: Any) -> None:
    x.faults = [fault("/liking_users", 403, {"type": "https://api.twitter.com/2/problems/unsupported-authentication"})]
    found = collect()
    assert found.error.message == "X does not tell this token who liked"
    assert "like.read" in found.error.hint
    assert x.count("/liking_users") == 1
    assert found.received == {"reply": 12, "mention": 12, "quote": 1, "retweet": 2}
    assert sum(total for (kind, _), total in found.totals.items() if kind == "like") == 15
    x.faults = []
    later = datetime.fromisoformat("2026-03-11T12:00:00+00:00")
    assert collect(cursor=found.pages[-1].cursor, now=later).received["like"] == 15


def test_posts_that_are_gone_meanwhile_are_left_out(x: Any, collect: Collect, fault: Any) -> None:
    x.faults = [fault("/retweeted_by", 404, {"type": "https://api.twitter.com/2/problems/resource-not-found"})]
    found = collect()
    assert found.error is None
    assert found.received == {"reply": 12, "mention": 12, "quote": 1, "like": 15}


def test_an_account_that_x_does_not_know_is_told_and_the_others_collected(collect: Collect) -> None:
    found = collect(owner=Owner(handles=["nobody_at_all", "ada_makes"]))
    assert found.error.message == "X knows no account nobody_at_all"
    assert found.received["mention"] == 12


def test_a_protected_account_is_told(x: Any, collect: Collect, fault: Any) -> None:
    body = b'{"errors": [{"title": "Authorization Error", "type": "https://api.twitter.com/2/problems/not-authorized-for-resource"}]}'
    x.faults = [fault("/mentions", 200, body=body)]
    found = collect()
    assert found.error.message == "X gives nothing of this account to this token"
    assert found.received["like"] == 15


def test_an_apps_token_without_an_account_is_told(x: Any, collect: Collect, fault: Any) -> None:
    x.faults = [fault("/users/me", 403, {"type": "https://api.twitter.com/2/problems/unsupported-authentication"})]
    found = collect(owner=Owner(names=["Ada"]))
    assert "whose account" in found.error.message
    assert "accounts = { twitter" in found.error.hint


def test_a_question_that_is_refused_for_good_does_not_end_every_run(x: Any, collect: Collect, fault: Any) -> None:
    x.faults = [fault("/mentions", 400, {"type": "https://api.twitter.com/2/problems/something-new"})]
    first = collect()
    assert "something-new" in str(first.error)
    second = collect(cursor=first.pages[-1].cursor)
    assert "something-new" in str(second.error)
    assert second.received["like"] == 15


def test_the_token_is_nowhere_to_be_seen(
    *, x: Any, collect: Collect, fault: Any, token: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [repr(collect())]
    for one in (fault("/tweets$", 403), fault("/mentions", 401), fault("/users/by", 500), fault("/mentions", cut=True, body=b"{")):
        x.faults = [one]
        found = collect()
        error: BaseException | None = found.error
        while error is not None:
            seen += [str(error), repr(error), repr(error.args)]
            error = error.__cause__ or error.__context__
        seen.append(repr(found.pages))
    assert not any(token in text for text in [*seen, repr(x.asked), caplog.text, *capfd.readouterr()])


def test_without_the_client_library_the_extra_is_named(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx2", None)
    assert "pip install 'kleos-twitter[api]'" in collect().error.hint
