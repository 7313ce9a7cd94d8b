"""What the tests of this plugin share: the samples, runs of a source from settings to rows, and a Foursquare on this machine's loopback."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import define, evolve, field, frozen

from kleos.contract import Batch, Context, Flaw, Owner, Page, Profile, Row, Source, Tally
from kleos.errors import FetchError
from kleos.files import open_export
from kleos.secrets import Secret
from kleos_foursquare.api.settings import ApiSettings
from kleos_foursquare.plugin import FOURSQUARE

TOKEN = "TOKEN0THAT0NOBODY0MAY0SEE0ABCDEFGHIJKLMNOPQRSTUV"
ADA = "71900042"
BEA, CEM, DORA, EMIL, FAY = (f"7190010{number}" for number in range(1, 6))
NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


@frozen(kw_only=True)
class Read:
    """What came out of a source."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    error: Exception | None = None

    @property
    def reactions(self) -> list[tuple[str, str | None, str | None, int | None, str | None]]:
        """Kind, actor, item, time, id."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        return [row for b in batches for row in zip(b.kind, b.actor or (), b.item or (), b.time or (), b.id or (), strict=True)]

    @property
    def kinds(self) -> Counter[str]:
        return Counter(kind for kind, *_ in self.reactions)

    @property
    def distinct(self) -> set[tuple[str, str | None, str | None, int | None, str | None]]:
        return set(self.reactions)

    @property
    def totals(self) -> dict[tuple[str, str], int]:
        """Kind and item → the newest total, the larger of two told at once: as the store takes them."""
        tallies = sorted((row for row in self.rows if isinstance(row, Tally)), key=lambda row: (row.captured, row.total))
        return {(row.kind, row.item): row.total for row in tallies}

    @property
    def subjects(self) -> set[str]:
        of_batches = {subject for row in self.rows if isinstance(row, Batch) for subject in row.subject}
        return of_batches | {row.subject for row in self.rows if isinstance(row, Tally)}

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def profiles(self) -> list[Profile]:
        return [row for row in self.rows if isinstance(row, Profile)]


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
        self.used = 0.0

    def spent(self, unit: str) -> float:
        assert unit == "questions"
        return self.used

    def spend(self, unit: str, amount: float) -> None:
        self.used += amount


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parents[1] / "samples"


@pytest.fixture
def sources() -> Mapping[str, Source]:
    return {source.name: source for source in FOURSQUARE.sources}


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(open_export=lambda path: exports.enter_context(open_export(path)), stop=Patience(), now=NOW, quota=Purse())


@pytest.fixture
def read(context: Context, sources: Mapping[str, Source]) -> Callable[..., Read]:
    """Run the source `export`: ``read(path)``, as whoever the export says, or as `owner`."""

    def run(path: Path | Sequence[Path], owner: Owner | None = None) -> Read:
        paths = (path,) if isinstance(path, Path) else tuple(path)
        source, pages = sources["export"], []
        with open_export(paths) as export:
            found = owner or next(iter(source.owners(export)), Owner(names=["Ada"]))
        error: Exception | None = None
        try:
            for page in source.fetch(source.settings(path=paths), found, context):
                pages.append(page)  # noqa: PERF402  # pages before an error are kept
        except Exception as caught:
            error = caught
        return Read(pages=pages, rows=[row for page in pages for row in source.parse(page)], error=error)

    return run


@define
class Fault:
    """What the loopback Foursquare does instead of answering to questions for `path`: to the first `times` after `skip` good ones."""

    path: str
    status: int = 500
    reason: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(factory=dict)
    cut: bool = False
    times: int = 1_000_000
    skip: int = 0

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        # A refusal can repeat the token.
        meta = {"code": self.status, "errorType": self.reason, "errorDetail": f"The token {TOKEN} is refused", "requestId": "65f5"}
        return json.dumps({"meta": meta, "response": {}}).encode()


class LoopbackFoursquare:
    """A small world served in the shapes of the API v2, at most `size` elements a page. `asked` are the questions, answered or not."""

    def __init__(self) -> None:
        self.size = 2
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.headers: dict[str, str] = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "431"}
        self.me: dict[str, Any] = {"id": ADA, "firstName": "Ada", "lastName": "Muster", "canonicalUrl": "https://foursquare.com/adamuster"}
        self.checkins: list[dict[str, Any]] = []
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.tips: list[dict[str, Any]] = []
        self.agreed: dict[str, list[str]] = {}
        self.lists: list[dict[str, Any]] = []
        self.friends: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    # The world

    def check_in(self, id_: str, at: datetime, likes: Sequence[str] = (), *, hidden: int = 0, like: bool = False) -> None:
        """Add a check-in; `hidden` people like it whom the list does not name."""
        groups = [{"type": "friends", "count": len(likes), "items": [user(liker) for liker in likes]}] if likes else []
        groups += [{"type": "others", "count": hidden, "items": []}] if hidden else []
        self.checkins.insert(
            0,
            {
                "id": id_,
                "createdAt": int(at.timestamp()),
                "type": "checkin",
                "timeZoneOffset": 60,
                "venue": {"id": "v1", "name": "Kiln & Clay"},
                "likes": {"count": len(likes) + hidden, "groups": groups},
                "like": like,
                "comments": {"count": 0},
            },
        )

    def comment(self, check_in: str, id_: str, author: str, at: datetime) -> None:
        said = {"id": id_, "createdAt": int(at.timestamp()), "user": user(author), "text": "…"}
        self.comments.setdefault(check_in, []).append(said)
        self._check_in(check_in)["comments"]["count"] += 1

    def tip(self, id_: str, at: datetime, agreed: Sequence[str], *, views: int) -> None:
        made = {"id": id_, "createdAt": int(at.timestamp()), "type": "user", "text": "…", "user": user(ADA), "viewCount": views}
        self.tips.insert(0, {**made, "agreeCount": len(agreed), "disagreeCount": 1, "likes": {"count": len(agreed), "groups": []}})
        self.agreed[id_] = list(agreed)

    def listing(self, id_: str, followers: int) -> None:
        self.lists.append({"id": id_, "name": "…", "type": "created", "user": user(ADA), "followers": {"count": followers}})

    # The service

    def answer(self, path: str, asked: Mapping[str, str]) -> dict[str, Any] | None:
        """Return what stands under ``response``; None for what is not there."""
        friends = [user(friend) for friend in self.friends]
        lists = {"checkins": self.checkins, "tips": self.tips, "lists": self.lists, "friends": friends}
        resource, _, id_ = path.rpartition("/")
        if path == "users/self":
            return {"user": {**self.me, "relationship": "self", "friends": {"count": len(friends)}}}
        if resource == "users/self" and id_ in lists:
            return {id_: self._page(lists[id_], asked)}
        if resource == "checkins" and any(one["id"] == id_ for one in self.checkins):
            said = self.comments.get(id_, [])
            return {"checkin": {**self._check_in(id_), "comments": {"count": len(said), "items": said}}}
        if resource == "tips" and id_ in self.agreed:
            people = [user(person) for person in self.agreed[id_]]
            crowd = {"count": len(people), "groups": [{"type": "others", "count": len(people), "items": people}]}
            return {"tip": {**next(one for one in self.tips if one["id"] == id_), "likes": crowd}}
        return None

    def _check_in(self, id_: str) -> dict[str, Any]:
        return next(one for one in self.checkins if one["id"] == id_)

    def _page(self, found: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
        start = int(asked["offset"])
        return {"count": len(found), "items": list(found[start : start + min(self.size, int(asked["limit"]))])}

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.path == path:
                if fault.skip:
                    fault.skip -= 1
                elif fault.times:
                    fault.times -= 1
                    return fault
        return None

    def respond(self, path: str, asked: Mapping[str, str]) -> tuple[Fault | None, bytes]:
        """Return what goes wrong, if anything, and the body of the answer."""
        if asked.get("oauth_token") != TOKEN:
            refused = Fault(path, 401, "invalid_auth")
            return refused, refused.answer()
        fault = self._fault(path)
        if fault is not None:
            return fault, fault.answer()
        response = self.answer(path, asked)
        if response is None or not asked.get("v", "").isdigit():
            refused = Fault(path, 400, "param_error")
            return refused, refused.answer()
        tray = [{"type": "notificationTray", "item": {"unreadCount": 3}}]
        return None, json.dumps({"meta": {"code": 200, "requestId": "65f5"}, "notifications": tray, "response": response}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else each answer waits for an acknowledgement

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                path = url.path.removeprefix("/v2/")
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                world.asked.append((path, asked))
                fault, body = world.respond(path, asked)
                self.send_response(200 if fault is None or fault.cut else fault.status)
                for name, value in {**world.headers, **(fault.headers if fault else {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body) + (1000 if fault and fault.cut else 0)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = bool(fault and fault.cut)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
                """Be quiet."""

        return Handler


def user(id_: str) -> dict[str, Any]:
    return {"id": id_, "firstName": f"Person {id_}", "gender": "none", "relationship": "self" if id_ == ADA else "friend"}


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def foursquare() -> Iterator[LoopbackFoursquare]:
    """Ada's account: five check-ins, comments on two of them, her own among these, two tips, a list and three friends."""
    world = LoopbackFoursquare()
    start = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
    world.check_in("c0", start, [BEA])
    world.check_in("c1", start + timedelta(days=5), [BEA, CEM, DORA], like=True)
    world._check_in("c1")["likes"]["count"] += 1  # Ada's own
    world.check_in("c2", start + timedelta(days=10))
    world.check_in("c3", start + timedelta(days=15), [EMIL], hidden=4)
    world.check_in("c4", start + timedelta(days=20), [BEA, FAY])
    world.comment("c1", "m1", CEM, start + timedelta(days=5, hours=1))
    world.comment("c1", "m2", ADA, start + timedelta(days=5, hours=2))
    world.comment("c1", "m3", CEM, start + timedelta(days=5, hours=3))
    world.comment("c4", "m4", DORA, start + timedelta(days=20, hours=1))
    world.tip("t0", datetime(2019, 5, 1, tzinfo=UTC), [BEA, CEM], views=900)
    world.tip("t1", start + timedelta(days=3), [DORA, EMIL, FAY], views=70)
    world.listing("71900042/l1", 6)
    world.friends = [BEA, CEM, DORA]
    yield world
    world.close()


@pytest.fixture
def collect(
    foursquare: LoopbackFoursquare, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Read]:
    """Run the source `api` against the loopback Foursquare."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-foursquare[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_FOURSQUARE_TOKEN", TOKEN)
    # The loopback has no certificate, and reading those of the system for every client takes longer than a test.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")

    def run(
        *, cursor: str | None = None, most: int | None = None, owner: Owner | None = None, now: datetime = NOW, **settings: Any
    ) -> Read:
        api = ApiSettings(token=Secret(env="KLEOS_TEST_FOURSQUARE_TOKEN"), host=foursquare.host, **settings)
        pages: list[Page] = []
        error: Exception | None = None
        fetching = sources["api"].fetch(api, owner or Owner(ids=[ADA]), evolve(context, cursor=cursor, now=now))
        try:
            for page in fetching:
                pages.append(page)
                if most is not None and len(pages) == most:
                    break
        except FetchError as caught:
            error = caught
        finally:
            fetching.close()  # type: ignore[attr-defined]  # a generator
        return Read(pages=pages, rows=[row for page in pages for row in sources["api"].parse(page)], error=error)

    return run
