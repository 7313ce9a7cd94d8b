"""What a server does on a bad day: each fault is waited for where that helps, and else one sentence that says what to do."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from kleos.contract import Interaction, Owner, Page
from kleos.errors import FetchError
from kleos_mastodon import asking
from kleos_mastodon.answers import parse

ADA = Owner(person="ada", ids=["ada@127.0.0.1"])
BOB = {"id": "2", "acct": "bob@elsewhere.example", "followers_count": 7, "display_name": "Bob"}
POST = {"id": "11", "uri": "https://127.0.0.1/11", "account": {"id": "1", "acct": "ada"}, "created_at": "2026-11-20T10:00:00.000Z"}
LIKE = {"id": "21", "type": "favourite", "created_at": "2026-11-21T10:00:00.000Z", "account": BOB, "status": POST}

Collect = Callable[..., Iterator[Page]]
Answering = Callable[..., Callable[[BaseHTTPRequestHandler], None]]


@pytest.fixture(autouse=True)
def lists(bad_day: Any) -> None:
    bad_day.lists = {"notifications": [LIKE], "posts": [POST | {"favourites_count": 1}]}


def likes(pages: list[Page]) -> int:
    return sum(isinstance(row, Interaction) for page in pages for row in parse(page))


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'[{"id": "2')
    handler.close_connection = True


def slam(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.connection.close()


def test_a_server_that_is_busy_is_given_the_time_it_asks_for(bad_day: Any, collect: Collect, answering: Answering, hurried: Any) -> None:
    bad_day.faults = [answering(429, {"error": "Too many requests"}, {"retry-after": "17"})]
    assert likes(list(collect(bad_day.host, ADA, stop=hurried))) == 1
    assert [round(wait) for wait in hurried.waits] == [17]


def test_a_server_whose_window_is_used_up_is_not_asked_before_it_opens_again(bad_day: Any, collect: Collect, hurried: Any) -> None:
    bad_day.headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-11-21T10:05:00.123Z"}
    bad_day.date = "Sat, 21 Nov 2026 10:03:20 GMT"
    assert likes(list(collect(bad_day.host, ADA, stop=hurried))) == 1
    assert 99 < hurried.waits[-1] < 102


@pytest.mark.parametrize("fault", [cut, slam], ids=["cut off", "slammed shut"])
def test_a_connection_that_breaks_once_is_no_fault(bad_day: Any, collect: Collect, fault: Any) -> None:
    bad_day.faults = [fault]
    assert likes(list(collect(bad_day.host, ADA))) == 1


def test_a_failing_server_is_asked_again_soon_whatever_its_window(
    bad_day: Any, collect: Collect, answering: Answering, hurried: Any
) -> None:
    bad_day.faults = [answering(500, {}, {"X-RateLimit-Reset": "2026-11-21T10:05:00Z"})]
    assert likes(list(collect(bad_day.host, ADA, stop=hurried))) == 1
    assert [round(wait) for wait in hurried.waits] == [1]


@pytest.mark.parametrize("fault", [cut, slam], ids=["cut off", "slammed shut"])
def test_a_connection_that_stays_broken_is_told(bad_day: Any, collect: Collect, fault: Any) -> None:
    bad_day.faults = [fault] * 4
    with pytest.raises(FetchError) as failed:
        list(collect(bad_day.host, ADA))
    assert failed.value.hint
    assert "notifications" in failed.value.where


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((403, {"error": "This action is outside the authorized scopes"}), ("may not read this", "read:notifications")),
        ((404, {"error": "Record not found"}), ("refuses .404", "Mastodon server")),
        ((302, {}, {"location": "https://elsewhere.example/"}), ("sends elsewhere", "host")),
        ((200, b"<html>Welcome!</html>"), ("no JSON", "run again")),
        ((200, b'[{"id": "2'), ("no JSON", "run again")),
        ((200, b""), ("no JSON", "run again")),
        ((200, {"notifications": []}), ("expected a list", "run again")),
        ((200, [1, 2]), ("entries with an id", "run again")),
        ((200, [{"id": None}]), ("entries with an id", "run again")),
        ((200, b"[" * 100_000), ("no JSON", "run again")),
    ],
)
def test_an_answer_that_is_of_no_use_is_one_sentence_with_what_to_do(
    bad_day: Any, collect: Collect, answering: Answering, answer: Any, told: tuple[str, str]
) -> None:
    bad_day.faults = [answering(*answer)]
    with pytest.raises(FetchError, match=told[0]) as failed:
        list(collect(bad_day.host, ADA))
    assert told[1] in failed.value.hint


def test_an_entry_that_is_not_as_expected_costs_only_itself(bad_day: Any, collect: Collect) -> None:
    bad_day.lists["notifications"] = [LIKE, LIKE | {"id": "20", "account": None}, LIKE | {"id": "19", "created_at": "soon"}]
    assert likes(list(collect(bad_day.host, ADA))) == 1


def test_an_answer_without_end_is_not_read_to_its_end(bad_day: Any, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LARGEST", 100)
    with pytest.raises(FetchError, match="more than 32 MB"):
        list(collect(bad_day.host, ADA, days=1))


def test_without_mastodon_py_one_is_told_how_to_install_it(bad_day: Any, collect: Collect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mastodon", None)
    with pytest.raises(FetchError, match=r"Mastodon\.py") as failed:
        list(collect(bad_day.host, ADA))
    assert "pip install 'kleos-mastodon[api]'" in failed.value.hint


def test_a_server_that_does_not_page_is_not_asked_for_ever(bad_day: Any, collect: Collect, answering: Answering) -> None:
    bad_day.faults = [answering(200, [LIKE])] * 50
    with pytest.raises(FetchError, match="same page again"):
        list(collect(bad_day.host, ADA))
    assert len(bad_day.faults) > 40


def test_an_expired_token_is_told_and_nothing_says_it(
    bad_day: Any, collect: Collect, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    expired = "-".join(["once", "good"])  # not written as one, since a traceback shows the lines of this test
    with pytest.raises(FetchError, match="does not accept the token") as failed:
        list(collect(bad_day.host, ADA, token=expired))
    told = (
        "".join(traceback.format_exception(failed.value))
        + failed.value.hint
        + failed.value.where
        + caplog.text
        + "".join(capfd.readouterr())
    )
    assert "Preferences" in told
    assert expired not in told


def test_a_token_that_no_header_can_hold_is_not_said(bad_day: Any, collect: Collect) -> None:
    with pytest.raises(FetchError, match="no header can hold the token") as failed:
        list(collect(bad_day.host, ADA, token="two" + chr(10) + "lines"))
    assert not re.search(r"two\W{1,2}n?lines", "".join(traceback.format_exception(failed.value)))


def test_a_token_is_in_no_page_and_no_address(bad_day: Any, collect: Collect) -> None:
    pages = list(collect(bad_day.host, ADA))
    assert pages
    assert bad_day.token not in repr(pages) + json.dumps(bad_day.asked)


def test_a_token_of_somebody_else_collects_nothing(bad_day: Any, collect: Collect) -> None:
    with pytest.raises(FetchError, match=r"belongs to ada@127\.0\.0\.1") as failed:
        list(collect(bad_day.host, Owner(person="bob", handles=["bob@127.0.0.1"])))
    assert 'accounts = { mastodon = "ada@127.0.0.1" }' in failed.value.hint


def test_who_interrupts_is_not_kept_waiting(bad_day: Any, collect: Collect, hurried: Any) -> None:
    pages = collect(bad_day.host, ADA, stop=hurried)
    next(pages)
    asked = len(bad_day.asked)
    hurried.set()
    assert list(pages) == []
    assert len(bad_day.asked) == asked
