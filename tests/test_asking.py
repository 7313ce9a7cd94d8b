"""Asking an API with patience, within an allowance, the token nowhere in sight: over real sockets on the loopback."""

from __future__ import annotations

import gzip
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from attrs import define, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from kleos.asking import Allowance, AskAgainError, StoppedError, broken, busy, exchange, patiently, safe_host, seconds_asked
from kleos.contract import Charge, Context
from kleos.errors import FetchError

httpx2 = pytest.importorskip("httpx2", reason="pip install httpx2 to test asking APIs")

TOKEN = "a-token-that-nobody-may-see=/+42"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Patience(threading.Event):
    """A stop event that never waits, and remembers how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()


class Purse:
    """A quota ledger in memory."""

    def __init__(self) -> None:
        self.used: dict[str, float] = {}

    def spent(self, unit: str) -> float:
        return self.used.get(unit, 0.0)

    def spend(self, unit: str, amount: float) -> None:
        self.used[unit] = self.spent(unit) + amount


@frozen
class Answer:
    """What the server does: `cut` promises more bytes than it sends."""

    status: int = 200
    headers: Mapping[str, str] = field(factory=dict)
    body: bytes = b"{}"
    cut: bool = False


@define
class Loopback:
    """Answers with `answers` in turn, the last of them for ever; `asked` are the questions with their headers."""

    port: int = 0
    answers: list[Answer] = field(factory=lambda: [Answer()])
    asked: list[tuple[str, str, dict[str, str]]] = field(factory=list)

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    world = Loopback()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            world.asked.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = world.answers.pop(0) if len(world.answers) > 1 else world.answers[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + 100 * answer.cut))
            self.end_headers()
            self.wfile.write(answer.body)
            self.close_connection = answer.cut

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield world
    server.shutdown()
    server.server_close()
    thread.join()


@define
class Told:
    """The progress that a source tells."""

    units: list[str] = field(factory=list)

    def __call__(self, done: int, total: int | None, unit: str) -> None:
        self.units.append(f"{done} {unit}")


@pytest.fixture
def context() -> Context:
    return Context(open_export=lambda path: pytest.fail("no export here"), stop=Patience(), now=NOW, quota=Purse(), progress=Told())


@pytest.fixture
def ask(loopback: Loopback) -> Iterator[Callable[..., Any]]:
    """Ask the loopback once, with the token both where headers have it and where addresses have it."""
    with httpx2.Client(base_url=loopback.host, timeout=5) as client:

        def once(**headers: str) -> Any:
            told = headers or {"Authorization": f"Bearer {TOKEN}"}
            params = {"after": "7", "access_token": TOKEN}
            return exchange(client, "GET", "/likes", params=params, headers=told, where="GET /likes?after=7", title="Example")

        yield once


def waited(context: Context) -> list[float]:
    assert isinstance(context.stop, Patience)
    return context.stop.waited


def test_an_answer_comes_whole_and_as_it_was_asked_for(loopback: Loopback, ask: Callable[..., Any]) -> None:
    loopback.answers = [Answer(headers={"X-Page": "2", "Content-Encoding": "gzip"}, body=gzip.compress(b'{"likes": []}'))]
    answer = ask()
    assert (answer.status_code, answer.content, answer.headers["x-page"]) == (200, b'{"likes": []}', "2")
    ((method, path, headers),) = loopback.asked
    assert (method, path.partition("?")[0], headers["authorization"]) == ("GET", "/likes", f"Bearer {TOKEN}")


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 418])
def test_what_is_no_success_is_for_the_caller_to_understand(status: int, loopback: Loopback, ask: Callable[..., Any]) -> None:
    loopback.answers = [Answer(status, headers={"Location": f"{loopback.host}/elsewhere"}, body=b'{"error": 1}')]
    assert (ask().status_code, len(loopback.asked)) == (status, 1)


@pytest.mark.parametrize(
    ("answer", "seconds", "said"),
    [
        (Answer(429, {"Retry-After": "30"}), 30.0, "Example asks to come back later (429)"),
        (Answer(429), None, "Example asks to come back later (429)"),
        (Answer(500), None, "Example has a fault of its own (500)"),
        (Answer(503, {"Retry-After": "7", "x-rate-limit-reset": "9"}), 7.0, "Example has a fault of its own (503)"),
        (Answer(502, {"x-rate-limit-reset": "900"}), None, "Example has a fault of its own (502)"),
        (Answer(cut=True), None, "the connection to Example broke (RemoteProtocolError)"),
        (Answer(headers={"Content-Encoding": "gzip"}, body=b"no gzip"), None, "the connection to Example broke (DecodingError)"),
    ],
)
def test_what_passes_can_be_asked_again(
    answer: Answer, seconds: float | None, said: str, loopback: Loopback, ask: Callable[..., Any]
) -> None:
    loopback.answers = [answer]
    with pytest.raises(AskAgainError) as caught:
        ask()
    assert (caught.value.seconds, caught.value.error.message) == (seconds, said)
    assert caught.value.error.where == "GET /likes?after=7"
    assert "what was collected is kept" in caught.value.error.hint


def test_a_server_that_is_not_there_can_be_asked_again() -> None:
    with httpx2.Client(base_url="http://127.0.0.1:9", timeout=5) as client, pytest.raises(AskAgainError) as caught:
        exchange(client, "GET", "/", where="GET /", title="Example")
    assert caught.value.error.message == "the connection to Example broke (ConnectError)"


def test_an_address_that_is_none_is_not_asked_again() -> None:
    with httpx2.Client() as client, pytest.raises(FetchError, match=r"Example cannot be asked \(UnsupportedProtocol\)"):
        exchange(client, "GET", "ftp://example", where="GET /", title="Example")


@pytest.mark.parametrize("bad", ["two\nlines", "schlüssel", "nul\0"])
def test_a_token_that_no_header_can_hold_is_refused_unseen(bad: str, loopback: Loopback, ask: Callable[..., Any]) -> None:
    with pytest.raises(FetchError, match="the token for Example holds signs that no token has") as caught:
        ask(Authorization=f"Bearer {bad}")
    assert bad not in "".join(traceback.format_exception(caught.value))
    assert loopback.asked == []


def test_an_answer_without_end_is_not_read_to_its_end(loopback: Loopback, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kleos.asking._MOST_BYTES", 1 << 20)
    loopback.answers = [Answer(headers={"Content-Encoding": "gzip"}, body=gzip.compress(b" " * (2 << 20)))]
    with pytest.raises(FetchError, match="longer than 1 MB"):
        ask()


def test_the_token_is_in_no_message_traceback_or_log(
    loopback: Loopback, ask: Callable[..., Any], context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask()
    seen = []
    for answer in (Answer(500), Answer(cut=True), Answer(429, {"Retry-After": "9999"})):
        loopback.answers = [answer]
        with pytest.raises(FetchError) as caught:
            patiently(ask, context, title="Example")
        error: BaseException | None = caught.value
        assert error is not None
        seen += traceback.format_exception(error)
        while error is not None:
            seen += [str(error), repr(error), repr(error.args)]
            error = error.__cause__ or error.__context__
    assert "/likes" in caplog.text
    shown = "".join([*seen, caplog.text])
    assert not any(part in shown for part in (TOKEN, "a-token-that", "access_token"))


def test_it_waits_as_long_as_the_network_asks_and_tells_until_when(loopback: Loopback, ask: Callable[..., Any], context: Context) -> None:
    loopback.answers = [Answer(429, {"Retry-After": "30"}), Answer(500), Answer(cut=True), Answer(body=b"[]")]
    assert patiently(ask, context, title="Example", done=5).content == b"[]"
    assert waited(context) == [30.0, 2.0, 4.0]
    told = context.progress.units  # type: ignore[attr-defined]
    assert [unit[: len("5 pages, waiting until ")] for unit in told[::2]] == ["5 pages, waiting until "] * 3
    assert all(unit.endswith(" for Example") and unit.count(":") == 2 for unit in told[::2])
    assert set(told[1::2]) == {"5 pages"}


def test_it_gives_up_after_some_attempts(loopback: Loopback, ask: Callable[..., Any], context: Context) -> None:
    loopback.answers = [Answer(500)]
    with pytest.raises(FetchError, match="a fault of its own"):
        patiently(ask, context, title="Example")
    assert (waited(context), len(loopback.asked)) == ([1.0, 2.0, 4.0], 4)


def test_a_wait_beyond_patience_is_not_begun_and_the_hint_says_when(loopback: Loopback, ask: Callable[..., Any], context: Context) -> None:
    loopback.answers = [Answer(429, {"Retry-After": "900"})]
    with pytest.raises(FetchError) as caught:
        patiently(ask, context, title="Example")
    assert (waited(context), len(loopback.asked)) == ([], 1)
    assert "run again after " in caught.value.hint


def test_an_interrupted_wait_stops(ask: Callable[..., Any], loopback: Loopback, context: Context) -> None:
    loopback.answers = [Answer(500)]
    context.stop.set()
    with pytest.raises(StoppedError):
        patiently(ask, context, title="Example")
    assert len(loopback.asked) == 1


def test_no_attempt_at_all_is_a_mistake(context: Context) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        patiently(lambda: None, context, title="Example", attempts=0)


def test_other_errors_are_passed_on(context: Context) -> None:
    def ask() -> None:
        raise FetchError("the token has expired")

    with pytest.raises(FetchError, match="the token has expired"):
        patiently(ask, context, title="Example")
    assert waited(context) == []


DATE = "Sun, 01 Mar 2026 12:00:00 GMT"
MOMENT = NOW.timestamp()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"Retry-After": "Sun, 01 Mar 2026 12:00:09 GMT", "Date": DATE}, 9.0),
        ({"Retry-After": "Sun, 01 Mar 2026 11:00:00 GMT", "Date": DATE}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"x-rate-limit-reset": str(int(MOMENT) + 60), "Date": DATE}, 60.0),
        ({"X-RateLimit-Reset": str(int(MOMENT) + 60)}, 60.0),
        ({"X-RateLimit-Reset": str(int(MOMENT) - 60)}, None),
        ({"X-RateLimit-Reset": "45"}, 45.0),
        ({"X-RateLimit-Reset": "2026-03-01T12:05:00.000Z"}, 300.0),
        ({"X-RateLimit-Reset": "٣"}, None),
        ({"X-RateLimit-Reset": "9" * 400}, None),
        ({"X-RateLimit-Reset": "45", "Retry-After": "2"}, 2.0),
    ],
)
def test_what_a_network_asks_to_wait(headers: Mapping[str, str], seconds: float | None) -> None:
    assert seconds_asked(headers, now=MOMENT) == seconds


def test_the_clock_of_the_answer_counts_not_ours() -> None:
    ahead = format_datetime(datetime(2031, 1, 1, 0, 0, 5, tzinfo=UTC), usegmt=True)
    assert seconds_asked({"Retry-After": ahead, "Date": "Wed, 01 Jan 2031 00:00:00 GMT"}, now=0) == 5.0


@given(st.dictionaries(st.sampled_from(["Retry-After", "Date", "X-RateLimit-Reset", "x-rate-limit-reset"]), st.text(max_size=40)))
def test_whatever_the_headers_hold_the_wait_is_a_length_of_time_or_none(headers: Mapping[str, str]) -> None:
    seconds = seconds_asked(headers, now=MOMENT)
    assert seconds is None or 0 <= seconds < float("inf")
    assert busy(429, headers, where="", title="Example").error.hint


def test_nothing_is_spent_beyond_an_allowance(context: Context) -> None:
    allowance = Allowance(context, "usd", 0.3, setting="limit_usd")
    for _ in range(3):
        allowance.charge(0.1, "GET /likes")
    with pytest.raises(FetchError) as caught:
        allowance.charge(0.1, "GET /likes")
    assert caught.value.message == "the 0.3 usd that the configuration allows a month are used up"
    assert caught.value.where == "GET /likes"
    assert caught.value.hint == "what was collected is kept; run again next month, and it goes on from there, or raise limit_usd"
    assert context.quota is not None
    assert context.quota.spent("usd") == pytest.approx(0.3)


def test_what_is_left_may_be_too_little_for_the_next_question(context: Context) -> None:
    allowance = Allowance(context, "units", 10_000, setting="daily_units")
    allowance.charge(9_950, "videos")
    with pytest.raises(FetchError) as caught:
        allowance.charge(100, "search")
    said = "of the 10,000 units that the configuration allows a day, 50 are left, and the next question costs 100"
    assert (caught.value.message, "tomorrow" in caught.value.hint) == (said, True)


def test_what_earlier_runs_have_used_counts(context: Context) -> None:
    assert context.quota is not None
    context.quota.spend("units", 7)
    with pytest.raises(FetchError, match="7 units that the configuration allows a month are used up"):
        Allowance(context, "units", 7, setting="monthly_units", period="month").charge(1, "")


def test_without_a_catalogue_an_allowance_holds_for_the_run() -> None:
    context = Context(open_export=lambda path: pytest.fail("no export here"), stop=threading.Event(), now=NOW)
    allowance = Allowance(context, "units", 2, setting="daily_units")
    allowance.charge(2, "")
    with pytest.raises(FetchError, match="used up"):
        allowance.charge(1, "")


def test_a_charge_has_the_usual_period_of_its_unit_unless_it_says_another() -> None:
    assert Charge(unit="usd", setting="limit_usd").period == "month"
    assert Charge(unit="units", setting="daily_units").period == "day"
    assert Charge(unit="units", setting="monthly_units", period="month").period == "month"
    with pytest.raises(ValueError, match="expected one of day, month, found 'year'"):
        Charge(unit="units", setting="yearly_units", period="year")  # type: ignore[arg-type]  # the mistake of an author


@pytest.mark.parametrize(
    "host", ["https://graph.example", "https://graph.example:8443/", "http://localhost:80", "http://127.0.0.1:5000/", "http://[::1]:1"]
)
def test_a_token_may_go_to_a_host_by_https_and_to_this_machine(host: str) -> None:
    safe_host(None, None, host)  # type: ignore[arg-type]  # the attribute is not looked at


@pytest.mark.parametrize(
    "host",
    [
        "http://graph.example",
        "http://127.0.0.1.example",
        "http://localhost@example",
        "https://a@b",
        "https://a/b",
        "https://",
        "ftp://a",
        "",
    ],
)
def test_and_nowhere_else(host: str) -> None:
    with pytest.raises(ValueError, match="expected https:// and a host"):
        safe_host(None, None, host)  # type: ignore[arg-type]  # the attribute is not looked at


def test_another_client_s_broken_connection_reads_the_same() -> None:
    assert broken("ReadTimeout", where="w", title="Example").error.message == "the connection to Example broke (ReadTimeout)"
