"""The Community Management API, over real sockets on the loopback."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kleos.contract import Context, Owner, Source

Collect = Callable[..., Any]
PAGE = "urn:li:organization:2414183"
FIRST = "urn:li:share:7300000000000000001"
QUESTIONS = 2 + (3 + 1 + 1) + (2 + 1 + 1) + (2 + 2)
"""Posts; reactions to and comments under each; answers to two comments. At two elements an answer: one that is full may not be the last."""


def test_everything_that_others_did_is_received_once(collect: Collect) -> None:
    found = collect()
    assert found.error is None
    assert not found.flaws
    assert found.received == {"reaction": 5, "comment": 3 + 1, "reply": 3}
    assert {row.subject for row in found.reactions} == {PAGE}
    assert len(found.distinct) == len(found.reactions)


def test_what_the_page_did_itself_is_left_out(collect: Collect) -> None:
    for owner in (Owner(handles=[PAGE]), Owner(ids=["2414183"])):
        found = collect(owner=owner)
        assert len(found.reactions) == 12
        assert PAGE not in {row.actor for row in found.reactions}


def test_an_answer_to_the_page_is_about_its_comment_and_any_other_about_the_post(collect: Collect) -> None:
    rows = {row.id: row for row in collect().reactions if row.kind != "reaction"}
    answer = rows[f"urn:li:comment:({FIRST},12)"]
    assert (answer.kind, answer.item, answer.actor) == ("comment", FIRST, "urn:li:person:p7_-x")
    reply = rows[f"urn:li:comment:({FIRST},20)"]
    assert (reply.kind, reply.item) == ("reply", f"urn:li:comment:({FIRST},3)")
    assert reply.item_time == datetime(2026, 10, 1, 16, 30, tzinfo=UTC)


def test_reactions_and_comments_have_their_times_and_those_of_the_post(collect: Collect) -> None:
    row = next(row for row in collect().reactions if row.kind == "reaction" and row.actor == "urn:li:person:p2_-x")
    assert (row.item, row.time) == (FIRST, datetime(2026, 10, 1, 11, 30, tzinfo=UTC))
    assert row.item_time == datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


def test_the_number_of_a_page_and_its_urn_are_one(collect: Collect) -> None:
    profiles = collect(owner=Owner(ids=["2414183"])).profiles
    assert {(profile.id, profile.handle) for profile in profiles} == {(PAGE, "2414183")}


def test_the_headers_say_version_and_protocol(linkedin: Any, collect: Collect, token: str) -> None:
    collect()
    collect(version="202604")
    assert {headers["x-restli-protocol-version"] for headers in linkedin.headers} == {"2.0.0"}
    assert {headers["authorization"] for headers in linkedin.headers} == {f"Bearer {token}"}
    assert Counter(headers["linkedin-version"] for headers in linkedin.headers) == {"202608": QUESTIONS, "202604": QUESTIONS}
    collect(now=datetime(2027, 2, 1, tzinfo=UTC))
    assert linkedin.headers[-1]["linkedin-version"] == "202611"


@pytest.mark.parametrize(("links", "total"), [(True, False), (False, True), (False, False), (True, True)])
def test_every_sort_of_paging_is_followed_to_its_end(*, links: bool, total: bool, linkedin: Any, collect: Collect) -> None:
    linkedin.links, linkedin.total = links, total
    assert collect().received == {"reaction": 5, "comment": 4, "reply": 3}


def test_every_question_is_charged_before_it_is_asked(linkedin: Any, collect: Collect, context: Context) -> None:
    found = collect()
    assert context.quota is not None
    assert context.quota.spent("requests") == len(linkedin.asked) == len(found.pages) == QUESTIONS


def test_a_run_that_is_killed_anywhere_goes_on_without_asking_or_counting_twice(linkedin: Any, collect: Collect) -> None:
    whole = collect()
    for kept in range(1, len(whole.pages)):
        linkedin.asked.clear()
        first = collect(most=kept)
        rest = collect(cursor=first.pages[-1].cursor)
        assert len(first.pages) + len(rest.pages) == len(linkedin.asked) == QUESTIONS
        assert [page.where for page in (*first.pages, *rest.pages)] == [page.where for page in whole.pages]
        assert first.reactions + rest.reactions == whole.reactions


def test_the_next_run_finds_what_is_new_and_leaves_old_posts_alone(linkedin: Any, collect: Collect) -> None:
    first = collect()
    later = datetime(2026, 12, 1, tzinfo=UTC)
    new = "urn:li:share:7300000000000000009"
    linkedin.post(new, later - timedelta(days=2))
    linkedin.react(new, "urn:li:person:new", later - timedelta(days=1))
    linkedin.react(FIRST, "urn:li:person:late", later - timedelta(hours=5))
    linkedin.asked.clear()
    second = collect(cursor=first.pages[-1].cursor, now=later)
    assert {row.actor for row in second.reactions if row.kind == "reaction"} >= {"urn:li:person:new", "urn:li:person:late"}
    # The reactions are listed newest first: after an answer with nothing new, the third is not asked for.
    assert sum("reactions" in path and FIRST.replace(":", "%3A") in path for path in linkedin.asked) == 2
    linkedin.asked.clear()
    third = collect(cursor=first.pages[-1].cursor, now=later, look_back_days=0)
    assert {row.actor for row in third.reactions} == {"urn:li:person:new"}
    assert linkedin.count("reactions") == linkedin.count("comments") == 1


def test_the_cursor_of_another_page_or_another_age_starts_from_the_beginning(collect: Collect) -> None:
    whole = collect()
    known = json.dumps({"organizations": ["urn:li:organization:1"], "known": {PAGE: 9e15}})
    for cursor in ("", "not json", '{"todo": [{"ask": "gone"}]}', known):
        assert collect(cursor=cursor).reactions == whole.reactions


def test_pages_can_be_replayed_without_the_network(collect: Collect, sources: Mapping[str, Source]) -> None:
    found = collect()
    assert [row for page in found.pages for row in sources["api"].parse(page)] == found.rows


def test_a_limit_of_pages_ends_the_run_and_the_next_goes_on(collect: Collect) -> None:
    first = collect(max_pages=5)
    assert (len(first.pages), first.error) == (5, None)
    assert len(collect(cursor=first.pages[-1].cursor).pages) == QUESTIONS - 5


def test_requests_are_never_made_beyond_the_limit(linkedin: Any, collect: Collect) -> None:
    found = collect(daily_requests=7)
    assert len(found.pages) == len(linkedin.asked) == 7
    assert "the 7 requests that the configuration allows a day are used up" in found.error.message
    assert "raise daily_requests" in found.error.hint
    assert collect(cursor=found.pages[-1].cursor, daily_requests=7).pages == []
    assert len(linkedin.asked) == 7


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (401, "is not valid, or has expired", "make a new one"),
        (403, "does not allow this token to read the page", "r_organization_social"),
        (426, "does not serve the version", "set version"),
        (418, "refuses to answer (418)", "run again"),
        (302, "refuses to answer (302)", "run again"),
    ],
)
def test_a_refusal_ends_the_run_with_what_to_do(
    *, status: int, said: str, told: str, linkedin: Any, collect: Collect, fault: Any, token: str
) -> None:
    linkedin.faults = [fault("comments", status, skip=2, headers={"Location": "http://127.0.0.1:9/"} if status == 302 else {})]
    found = collect()
    assert linkedin.count("comments") == 3
    assert found.received == {"reaction": 5, "comment": 1}
    assert said in found.error.message
    assert told in found.error.hint
    assert found.error.where.startswith("GET /rest/socialActions/")
    assert token not in str(found.error)
    linkedin.faults = []
    assert len(found.distinct | collect(cursor=found.pages[-1].cursor).distinct) == 12


@pytest.mark.parametrize(
    ("one", "waited"),
    [
        ({"status": 500}, [1.0, 2.0]),
        ({"status": 429, "headers": {"Retry-After": "30"}}, [30.0, 30.0]),
        ({"status": 429, "headers": {"Retry-After": "soon"}}, [1.0, 2.0]),
        ({"cut": True, "body": b'{"elements": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"elements": ['}, [1.0, 2.0]),
        ({"status": 200, "body": b"<html>Sign in to the hotel</html>"}, [1.0, 2.0]),
        ({"status": 200, "body": b'{"elements": 7}'}, [1.0, 2.0]),
    ],
)
def test_what_passes_is_asked_again_after_a_while(
    *, one: dict[str, Any], waited: list[float], linkedin: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    linkedin.faults = [fault("reactions", times=2, skip=1, **one)]
    found = collect()
    assert found.error is None
    assert found.reactions == whole.reactions
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    assert context.quota is not None
    assert context.quota.spent("requests") == 2 * QUESTIONS + 2


@pytest.mark.parametrize(
    ("one", "said", "waited"),
    [
        ({"status": 503}, "has a fault of its own (503)", [1.0, 2.0, 4.0]),
        ({"status": 429, "headers": {"Retry-After": "86400"}}, "asks to come back later (429)", []),
        ({"cut": True, "body": b'{"elements"'}, "the connection to LinkedIn broke", [1.0, 2.0, 4.0]),
        ({"status": 200, "body": b'{"elements": [{]}'}, "or one that breaks off", [1.0, 2.0, 4.0]),
    ],
)
def test_what_does_not_pass_ends_the_run_and_keeps_what_came(
    *, one: dict[str, Any], said: str, waited: list[float], linkedin: Any, collect: Collect, fault: Any, context: Context
) -> None:
    whole = collect()
    linkedin.faults = [fault("reactions", skip=2, **one)]
    found = collect()
    assert said in found.error.message
    assert "run again" in found.error.hint
    assert context.stop.waited == waited  # type: ignore[attr-defined]
    linkedin.faults = []
    rest = collect(cursor=found.pages[-1].cursor)
    assert found.reactions + rest.reactions == whole.reactions


def test_a_server_that_is_not_there_is_told(linkedin: Any, collect: Collect) -> None:
    linkedin.close()
    found = collect()
    assert found.pages == []
    assert "the connection to LinkedIn broke (ConnectError)" in found.error.message


def test_an_interrupted_wait_ends_the_run_without_a_word(linkedin: Any, collect: Collect, fault: Any, context: Context) -> None:
    linkedin.faults = [fault("comments", 503)]
    context.stop.wait = lambda timeout=None: context.stop.set() or True  # type: ignore[method-assign,func-returns-value]
    found = collect()
    assert found.error is None
    assert 0 < len(found.pages) < QUESTIONS
    assert collect().pages == []


def test_a_page_that_is_not_there_is_told_and_the_others_collected(linkedin: Any, collect: Collect) -> None:
    found = collect(owner=Owner(handles=["urn:li:organization:404", PAGE]))
    assert found.error.message == "LinkedIn knows nothing of that kind"
    assert "urn%3Ali%3Aorganization%3A404" in found.error.where
    assert len(found.reactions) == 12
    # Once it is there, all of its posts are asked about.
    linkedin.post("urn:li:share:7300000000000000040", datetime(2020, 1, 1, tzinfo=UTC), "urn:li:organization:404")
    linkedin.react("urn:li:share:7300000000000000040", "urn:li:person:old", datetime(2020, 1, 2, tzinfo=UTC))
    again = collect(owner=Owner(handles=["urn:li:organization:404", PAGE]), cursor=found.pages[-1].cursor)
    assert "urn:li:person:old" in {row.actor for row in again.reactions}


def test_a_post_that_vanished_meanwhile_is_left_out(linkedin: Any, collect: Collect, fault: Any) -> None:
    linkedin.faults = [fault("comments", 404, times=1)]
    found = collect()
    assert found.error is None
    assert found.received["reaction"] == 5


def test_a_question_that_is_refused_for_good_does_not_end_every_run(linkedin: Any, collect: Collect, fault: Any) -> None:
    linkedin.faults = [fault("comments", 400, times=2)]
    found = collect()
    assert found.error.message == "LinkedIn refuses to answer (400) (and 1 more questions had no answer)"
    assert found.received["reaction"] == 5


def test_somebody_without_a_name_still_counts(linkedin: Any, collect: Collect) -> None:
    for row in linkedin.lists["reactions", FIRST][:2]:
        row["created"].pop("actor")
    linkedin.lists["comments", FIRST].append({"created": {"time": 1_790_000_000_000}})
    linkedin.lists["reactions", FIRST].append({"created": "yesterday"})
    found = collect()
    assert sum(row.actor is None for row in found.reactions) == 2
    assert Counter(flaw.reason for flaw in found.flaws) == {"expected a reaction or comment of the API, found something else": 2}


def test_drafts_and_posts_in_review_are_left_out(linkedin: Any, collect: Collect) -> None:
    linkedin.post("urn:li:share:7300000000000000030", datetime(2026, 11, 1, tzinfo=UTC), lifecycleState="DRAFT")
    assert not any("0030" in page.where for page in collect().pages)


def test_nobody_to_ask_for_is_told(collect: Collect, linkedin: Any) -> None:
    found = collect(owner=Owner(handles=["ada-quill"]))
    assert "pages only, and no member's posts" in found.error.message
    assert "accounts = { linkedin" in found.error.hint
    assert linkedin.asked == []


def test_the_token_is_nowhere_to_be_seen(
    *, linkedin: Any, collect: Collect, fault: Any, token: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = [repr(collect())]
    for one in (fault("reactions", 403), fault("posts", 401), fault("comments", 500), fault("comments", cut=True), fault("posts", 400)):
        linkedin.faults = [one]
        found = collect()
        error: BaseException | None = found.error
        assert error is not None
        while error is not None:
            seen += [str(error), repr(error), repr(error.args)]
            error = error.__cause__ or error.__context__
        seen.append(repr(found.pages))
    assert not any(token in text for text in [*seen, repr(linkedin.asked), caplog.text, *capfd.readouterr()])
    assert caplog.text


def test_without_the_client_library_the_extra_is_named(collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx2", None)
    assert "pip install 'kleos-linkedin[api]'" in collect().error.hint
