"""The Graph API, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from kleos.contract import Context, Owner, Source

Collect = Callable[..., Any]
START = datetime(2026, 2, 10, 9, tzinfo=UTC)
USED_UP = {"X-App-Usage": '{"call_count":100,"total_time":3,"total_cputime":4}'}


def regained(minutes: float) -> dict[str, str]:
    return {"X-Business-Use-Case-Usage": json.dumps({"1": [{"type": "pages", "estimated_time_to_regain_access": minutes}]})}


def micros(time: datetime) -> int:
    return int(time.timestamp()) * 1_000_000


def test_everything_that_others_did_is_received_once(collect: Collect, page: str) -> None:
    found = collect()
    assert found.error is None
    assert not found.flaws
    assert found.kinds == {"reaction": 6, "comment": 3, "reply": 1, "share": 1, "wall_post": 1, "mention": 2}
    assert len(found.reactions) == len(found.distinct)
    assert {subject for _, subject, *_ in found.reactions} == {page}
    assert page not in {actor for _, _, actor, *_ in found.reactions}


def test_totals_leave_out_the_own_reaction_and_hold_those_without_names(collect: Collect, page: str) -> None:
    assert collect().totals == {
        ("reaction", f"{page}_p1"): 5 + 3,
        ("share", f"{page}_p1"): 4,
        ("reaction", "p1_c1"): 6,
        ("reaction", f"{page}_p2"): 1,
        ("reaction", f"{page}_p3"): 0,
    }


def test_a_comment_is_about_the_post_and_a_reply_about_the_comment(collect: Collect, page: str) -> None:
    found = {id_: (kind, actor, item, time) for kind, _, actor, item, time, id_ in collect().reactions if id_}
    assert found["p1_c2"] == ("reply", "202", "p1_c1", micros(START + timedelta(hours=2)))
    assert found["p1_c3"][:3] == ("comment", "203", f"{page}_p1")
    assert found["p1_c4"][:3] == ("comment", "204", f"{page}_p1")
    assert found["p1_c5"][:3] == ("comment", None, f"{page}_p1")


def test_a_visitor_who_mentions_the_page_on_it_counts_once(collect: Collect) -> None:
    kinds = Counter((kind, actor) for kind, _, actor, *_ in collect().reactions)
    assert kinds["wall_post", "205"] == 1
    assert kinds["mention", "205"] == 0
    assert kinds["mention", "206"] == kinds["mention", None] == 1


def test_the_page_is_known_by_id_user_name_and_audience(collect: Collect, page: str) -> None:
    (profile,) = collect().profiles
    assert (profile.id, profile.handle, profile.name, profile.audience) == (page, "cleoceramics", "Cleo Mara Ceramics", 5120)


@pytest.mark.parametrize(
    ("owner", "settings", "asked"),
    [
        (Owner(ids=["104000000000001"], handles=["cleo.mara", "Cleo Mara"]), {}, "104000000000001"),
        (Owner(handles=["Cleo Mara", "cleoceramics"]), {}, "cleoceramics"),
        (Owner(names=["Cleo Mara"]), {}, "me"),
        (Owner(handles=["cleo.mara"]), {"page": "cleoceramics"}, "cleoceramics"),
    ],
)
def test_the_page_is_found_by_what_is_known_of_it(owner: Owner, settings: dict[str, Any], asked: str, collect: Collect) -> None:
    found = collect(owner=owner, **settings)
    assert found.error is None
    assert found.pages[0].where == asked
    assert found.distinct == collect().distinct


def test_the_name_of_a_person_is_no_page(collect: Collect, facebook: Any) -> None:
    found = collect(owner=Owner(handles=["Cleo Mara"]))
    assert "which Page" in found.error.message
    assert "page =" in found.error.hint
    assert facebook.asked == []


def test_every_question_is_charged_before_it_is_asked(facebook: Any, collect: Collect, context: Context) -> None:
    found = collect()
    assert context.quota is not None
    assert context.quota.spent("requests") == len(facebook.asked) == len(found.pages)
    assert Counter(edge for edge, _ in facebook.asked) == {
        "look": 1,
        "posts": 2,
        "reactions": 3 + 1,
        "comments": 3,
        "sharedposts": 2,
        "feed": 2,
        "tagged": 2,
    }


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(facebook: Any, collect: Collect) -> None:
    whole = collect()
    for kept in range(1, len(whole.pages)):
        facebook.asked.clear()
        first = collect(most=kept)
        rest = collect(cursor=first.pages[-1].cursor)
        assert len(first.pages) + len(rest.pages) == len(whole.pages) == len(facebook.asked)
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert first.reactions + rest.reactions == whole.reactions


def test_the_next_run_asks_only_for_what_has_changed(facebook: Any, collect: Collect, page: str) -> None:
    first = collect()
    later = datetime(2026, 3, 2, 12, tzinfo=UTC)
    facebook.comment(f"{page}_p1", "late", "208", later - timedelta(hours=2))
    facebook.react(f"{page}_p3", "209")
    facebook.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later)
    assert second.error is None
    assert {(kind, actor) for kind, _, actor, *_ in second.distinct - first.distinct} == {("comment", "208"), ("reaction", "209")}
    assert facebook.count("reactions") == 1
    # the comments are listed newest first: once an answer holds only old ones, there is nothing more
    assert facebook.count("comments") == 2
    assert facebook.count("sharedposts") == 0
    third = collect(cursor=second.pages[-1].cursor, now=later + timedelta(days=1))
    assert third.error is None
    assert facebook.count("reactions") == 1


def test_posts_older_than_the_days_looked_back_are_not_looked_at_again(facebook: Any, collect: Collect, page: str) -> None:
    first = collect(look_back_days=5)
    later = datetime(2026, 4, 20, 12, tzinfo=UTC)
    facebook.react(f"{page}_p1", "299")
    new = facebook.post("new", later - timedelta(days=1))
    facebook.react(new, "298")
    facebook.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later, look_back_days=5)
    assert {actor for _, _, actor, *_ in second.distinct - first.distinct} == {"298"}
    assert (facebook.count("posts"), facebook.count("feed"), facebook.count("tagged")) == (2, 2, 1)


def test_comments_that_are_not_listed_newest_first_are_all_read(facebook: Any, collect: Collect, page: str) -> None:
    first = collect()
    later = datetime(2026, 3, 2, 12, tzinfo=UTC)
    facebook.comment(f"{page}_p1", "late", "208", later - timedelta(hours=2))
    facebook.comments[f"{page}_p1"].reverse()
    second = collect(cursor=first.pages[-1].cursor, now=later)
    assert "208" in {actor for _, _, actor, *_ in second.reactions}


def test_the_cursor_of_another_page_or_another_age_starts_from_the_beginning(collect: Collect, page: str) -> None:
    whole = collect()
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', json.dumps({"accounts": ["1"], "known": {page: 9e15}})):
        assert collect(cursor=cursor).reactions == whole.reactions


def test_pages_can_be_replayed_without_the_network(collect: Collect, sources: dict[str, Source]) -> None:
    found = collect()
    kept = [evolve(page, context=json.loads(json.dumps(page.context))) for page in found.pages]
    assert [row for page in kept for row in sources["api"].parse(page)] == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    whole = collect()
    first = collect(max_pages=5)
    assert len(first.pages) == 5
    assert first.error is None
    assert len(collect(cursor=first.pages[-1].cursor).pages) == len(whole.pages) - 5


def test_no_more_requests_are_made_than_are_allowed(facebook: Any, collect: Collect) -> None:
    found = collect(daily_requests=7)
    assert len(found.pages) == len(facebook.asked) == 7
    assert "7 requests" in found.error.message
    assert "raise daily_requests" in found.error.hint
    assert collect(cursor=found.pages[-1].cursor, daily_requests=7).pages == []
    assert len(facebook.asked) == 7


@pytest.mark.parametrize(
    ("status", "code", "subcode", "said", "told"),
    [
        (400, 190, 463, "refuses the token", "make a new token"),
        (401, 0, 0, "refuses the token", "make a new token"),
        (400, 102, 0, "refuses the token", "make a new token"),
        (400, 368, 0, "has blocked the app", "alerts"),
    ],
)
def test_a_refused_token_ends_the_run_with_what_to_do(
    *, status: int, code: int, subcode: int, said: str, told: str, facebook: Any, collect: Collect, fault: Any, token: str
) -> None:
    facebook.faults = [fault("reactions", status, code, subcode, skip=1)]
    found = collect()
    assert facebook.count("reactions") == 2
    assert found.kinds["reaction"] == 1
    assert said in found.error.message
    assert told in found.error.hint
    assert found.error.where.startswith("104000000000001_p")
    assert token not in str(found.error)


@pytest.mark.parametrize(("edge", "needs"), [("reactions", "pages_read_engagement"), ("comments", "pages_read_user_content")])
def test_a_permission_that_is_lacking_is_asked_for_once_and_told(
    edge: str, needs: str, facebook: Any, collect: Collect, fault: Any
) -> None:
    facebook.faults = [fault(edge, 403, 10)]
    found = collect()
    assert facebook.count(edge) == 1
    assert found.error.message == "the token may not ask this"
    assert needs in found.error.hint
    assert found.totals["reaction", "104000000000001_p1"] == 8
    assert found.kinds["mention"] == 2


@pytest.mark.parametrize(("status", "code"), [(400, 100), (403, 200)])
def test_where_shares_have_no_names_their_number_remains(status: int, code: int, facebook: Any, collect: Collect, fault: Any) -> None:
    facebook.faults = [fault("sharedposts", status, code)]
    found = collect()
    assert found.error is None
    assert found.kinds["share"] == 0
    assert found.totals["share", "104000000000001_p1"] == 4


@pytest.mark.parametrize("how", [(400, 100, 33), (404, 0, 0), (400, 803, 0)])
def test_a_post_that_vanished_meanwhile_is_left_out(how: tuple[int, int, int], facebook: Any, collect: Collect, fault: Any) -> None:
    facebook.faults = [fault("reactions", *how, times=1)]
    found = collect()
    assert found.error is None
    assert found.kinds["comment"] == 3


@pytest.mark.parametrize(("code", "status"), [(803, 404), (100, 400)])
def test_a_page_that_is_not_there_is_told(code: int, status: int, facebook: Any, collect: Collect, fault: Any) -> None:
    facebook.faults = [fault("look", status, code)]
    found = collect(owner=Owner(ids=["999"]))
    assert "there is no Page 999" in found.error.message
    assert "token of the Page" in found.error.hint


def test_one_page_that_is_not_there_does_not_cost_the_other(collect: Collect, page: str) -> None:
    found = collect(owner=Owner(ids=["999", page]))
    assert "there is no Page 999" in found.error.message
    assert found.distinct == collect().distinct


@pytest.mark.parametrize("how", [(418, 0), (400, 100), (400, 12345)])
def test_after_three_refusals_of_a_kind_of_question_no_more_of_it_are_asked(
    how: tuple[int, int], facebook: Any, collect: Collect, fault: Any
) -> None:
    for number in range(6):
        facebook.react(facebook.post(f"q{number}", START - timedelta(days=number + 1)), "300")
    facebook.faults = [fault("reactions", *how)]
    found = collect()
    assert f"refuses to answer ({', '.join(str(part) for part in how if part)})" in found.error.message
    assert "2 more questions" in found.error.message
    assert facebook.count("reactions") == 3
    assert found.kinds == {"comment": 3, "reply": 1, "share": 1, "wall_post": 1, "mention": 2}


def test_a_list_whose_pages_moved_begins_again_once(facebook: Any, collect: Collect, fault: Any) -> None:
    whole = collect()
    facebook.faults = [fault("comments", 400, 100, skip=1, times=1)]
    found = collect()
    assert found.error is None
    assert found.distinct == whole.distinct
    facebook.faults = [fault("comments", 400, 100, skip=1), fault("comments", 400, 100)]
    assert "refuses to answer (400, 100)" in collect().error.message


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500}, [1.0, 2.0]),
        ({"status": 503, "code": 2}, [1.0, 2.0]),
        ({"status": 400, "code": 2}, [1.0, 2.0]),
        ({"status": 400, "code": 1}, [1.0, 2.0]),
        ({"status": 200, "code": 2}, [1.0, 2.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        ({"status": 400, "code": 4}, [60.0, 60.0]),
        ({"status": 403, "code": 32}, [60.0, 60.0]),
        ({"status": 400, "code": 17, "headers": regained(1.5)}, [90.0, 90.0]),
        ({"status": 429, "headers": regained(2)}, [120.0, 120.0]),
        ({"cut": True, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"data": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"data": 7}'}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float], facebook: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    facebook.faults = [fault("comments", times=2, skip=1, **one)]
    found = collect()
    assert found.error is None
    assert found.reactions == whole.reactions
    assert context.stop.waited == waited  # type: ignore[attr-defined]  # the event of these tests
    assert context.quota is not None
    assert context.quota.spent("requests") == 2 * len(whole.pages) + 2


@pytest.mark.parametrize(
    ("one", "said", "waited"),
    [
        ({"status": 500}, "Facebook has a fault of its own", [1.0, 2.0, 4.0]),
        ({"status": 400, "code": 613}, "keeps asking to come back later", [60.0, 60.0, 60.0]),
        ({"status": 400, "code": 80001, "headers": USED_UP}, "keeps asking", []),
        ({"status": 400, "code": 4, "headers": regained(19)}, "keeps asking", []),
        ({"cut": True, "body": b'{"data"'}, "the connection to Facebook broke", [1.0, 2.0, 4.0]),
        ({"status": 200, "body": b'{"data": [{]}'}, "or one that breaks off", [1.0, 2.0, 4.0]),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, waited: list[float], facebook: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    facebook.faults = [fault("comments", skip=1, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    facebook.faults = []
    rest = collect(cursor=found.pages[-1].cursor)
    assert found.reactions + rest.reactions == whole.reactions


@pytest.mark.parametrize(
    ("header", "usage", "waits"),
    [
        ("X-App-Usage", {"call_count": 89, "total_time": 4, "total_cputime": 3}, []),
        ("X-App-Usage", {"call_count": 28, "total_time": 92, "total_cputime": 3, "new_word": 1}, [60.0]),
        ("X-Page-Usage", {"call_count": 90, "total_time": 4, "total_cputime": 3}, [60.0]),
        ("X-Business-Use-Case-Usage", {"1": [{"type": "pages", "call_count": 95, "estimated_time_to_regain_access": 0}]}, [60.0]),
        ("X-Business-Use-Case-Usage", {"1": [{"type": "pages", "call_count": 5, "estimated_time_to_regain_access": 1}]}, [60.0]),
        ("X-App-Usage", "nonsense", []),
        ("X-Business-Use-Case-Usage", {"1": 7, "2": [8, {"call_count": "many"}]}, []),
    ],
)
def test_a_nearly_used_up_allowance_slows_the_questions_down(
    *, header: str, usage: Any, waits: list[float], facebook: Any, collect: Collect, context: Context
) -> None:
    facebook.usage = [{header: usage if isinstance(usage, str) else json.dumps(usage)}]
    found = collect()
    assert found.error is None
    assert found.kinds["reaction"] == 6
    assert context.stop.waited == waits  # type: ignore[attr-defined]


def test_a_used_up_allowance_ends_the_run_before_the_next_question(facebook: Any, collect: Collect) -> None:
    facebook.usage = [{}, USED_UP]
    found = collect()
    assert len(facebook.asked) == len(found.pages) == 2
    assert "allowance at Facebook is used up" in found.error.message
    assert collect(cursor=found.pages[-1].cursor).error is None


def test_a_server_that_is_not_there_is_told(facebook: Any, collect: Collect) -> None:
    facebook.close()
    found = collect()
    assert found.pages == []
    assert "the connection to Facebook broke (ConnectError)" in found.error.message


def test_a_redirect_is_not_followed(facebook: Any, collect: Collect, fault: Any) -> None:
    facebook.faults = [fault("look", 302, headers={"Location": f"{facebook.host}/v26.0/me"})]
    found = collect()
    assert "refuses to answer (302)" in found.error.message
    assert len(facebook.asked) == 1


def test_an_interrupted_wait_ends_the_run_without_a_word(facebook: Any, collect: Collect, fault: Any, context: Context) -> None:
    facebook.faults = [fault("comments", 503)]
    original = context.stop.wait
    context.stop.wait = lambda seconds=None: (context.stop.set(), original(seconds))[1]  # type: ignore[method-assign,func-returns-value]
    found = collect()
    assert found.error is None
    assert 0 < len(found.pages) < 10
    assert collect().pages == []


def test_the_token_is_nowhere_to_be_seen(
    *, facebook: Any, collect: Collect, fault: Any, token: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    whole = collect()
    assert any(b"access_token=***" in page.body for page in whole.pages)
    seen = [repr(whole)]
    for one in (
        fault("posts", 403, 10),
        fault("look", 400, 190),
        fault("comments", 500),
        fault("comments", cut=True),
        fault("comments", 200, body=f'{{"data": [], "paging": {{"next": "https:\\/\\/x\\/y?access_token={token}&after=2"}}'.encode()),
        fault("posts", 200, body=json.dumps({"data": [], "echo": token, "access_token": token}).encode()),
    ):
        facebook.faults = [one]
        found = collect()
        if found.error is not None:
            seen += traceback.format_exception(found.error)
            seen += [repr(found.error.__context__), repr(found.error.__cause__), repr(found.error.args)]
        seen.append(repr(found.pages))
    out = [*seen, caplog.text, *capfd.readouterr()]
    secret = token.rpartition("|")[2]
    assert not any(secret in text for text in out)
    assert secret not in repr(facebook.asked)
    assert caplog.text


@pytest.mark.parametrize("bad", ["two\nlines", "schlüssel-schlüssel"])
def test_a_text_that_can_be_no_token_is_refused_unseen(bad: str, facebook: Any, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLEOS_TEST_FACEBOOK_TOKEN", bad)
    found = collect()
    assert "no token has" in found.error.message
    assert bad not in str(found.error)
    assert facebook.asked == []


def test_without_the_client_library_the_extra_is_named(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx2", None)
    assert "pip install 'kleos-facebook[api]'" in collect().error.hint
