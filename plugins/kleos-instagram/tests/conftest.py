"""What the tests of this plugin share: the samples, runs of a source from settings to rows, and an Instagram on this machine's loopback."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from attrs import define, field, frozen

from kleos.contract import Batch, Context, Flaw, Interaction, Owner, Page, Profile, Row, Source, Tally
from kleos.files import open_export
from kleos.secrets import Secret
from kleos_instagram.api.settings import ApiSettings
from kleos_instagram.plugin import INSTAGRAM

TOKEN = "IGAAtheTokenThatNobodyMaySee|0123456789"
ADA = "17841400000000001"
HANDLE = "ada.quill.makes"
NOW = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)


@frozen(kw_only=True)
class Read:
    """What came out of a source."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    error: Exception | None = None

    @property
    def reactions(self) -> list[Interaction]:
        return [row for row in self.rows if isinstance(row, Interaction)]

    @property
    def people(self) -> list[tuple[str, str, str | None, int | None]]:
        """Kind, subject, actor and time of what came in batches."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        return [one for batch in batches for one in zip(batch.kind, batch.subject, batch.actor or (), batch.time or (), strict=True)]

    @property
    def distinct(self) -> set[tuple[str, str, str | None]]:
        """The reactions as the core tells them apart: kind, subject, id."""
        return {(row.kind, row.subject, row.id) for row in self.reactions}

    @property
    def totals(self) -> dict[tuple[str, str], int]:
        """Kind and item → the newest total."""
        tallies = sorted((row for row in self.rows if isinstance(row, Tally)), key=lambda row: row.captured)
        return {(row.kind, row.item): row.total for row in tallies}

    @property
    def tallies(self) -> list[Tally]:
        return [row for row in self.rows if isinstance(row, Tally)]

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def profiles(self) -> list[Profile]:
        return [row for row in self.rows if isinstance(row, Profile)]

    @property
    def received(self) -> Counter[str]:
        return Counter(row.kind for row in self.reactions)


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

    def __init__(self, used: float = 0.0) -> None:
        self.used = used

    def spent(self, unit: str) -> float:
        assert unit == "questions"
        return self.used

    def spend(self, unit: str, amount: float) -> None:
        self.used += amount


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parents[1] / "samples"


@pytest.fixture
def ada() -> str:
    return ADA


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def sources() -> Mapping[str, Source]:
    return {source.name: source for source in INSTAGRAM.sources}


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(open_export=lambda path: exports.enter_context(open_export(path)), stop=Patience(), now=NOW, quota=Purse())


@pytest.fixture
def read(context: Context, sources: Mapping[str, Source]) -> Callable[..., Read]:
    """Run the source `export`: ``read(path, labels=…)``; the owner is who the export says, else `owner`."""

    def run(path: Path | Sequence[Path], *, owner: Owner | None = None, **settings: Any) -> Read:
        paths = (path,) if isinstance(path, Path) else tuple(path)
        source, pages = sources["export"], []
        error: Exception | None = None
        said = source.owners(context.open_export(paths))
        try:
            for page in source.fetch(source.settings(path=paths, **settings), said[0] if said else owner, context):
                pages.append(page)  # noqa: PERF402  # pages before an error are kept
        except Exception as caught:
            error = caught
        return Read(pages=pages, rows=[row for page in pages for row in source.parse(page)], error=error)

    return run


@define
class Fault:
    """What the loopback Instagram does instead of answering to questions for `edge`: to the first `times` after `skip` good ones."""

    edge: str
    status: int = 500
    code: int = 0
    subcode: int = 0
    body: bytes | None = None
    headers: Mapping[str, str] = field(factory=dict)
    cut: bool = False
    answers: bool = False
    """Answer all the same, with the headers."""
    times: int = 1_000_000
    skip: int = 0

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        # A refusal of the real API can repeat the token.
        error = {"message": f"Error validating access token {TOKEN}", "type": "OAuthException", "code": self.code, "fbtrace_id": "A1"}
        return json.dumps({"error": error | ({"error_subcode": self.subcode} if self.subcode else {})}).encode()


class LoopbackInstagram:
    """A small world served in the shapes of the Graph API, `size` elements a page. `asked` are the questions, answered or not."""

    def __init__(self) -> None:
        self.size = 2
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.paths: list[str] = []
        self.posts: list[dict[str, Any]] = []
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.replies: dict[str, list[dict[str, Any]]] = {}
        self.insights: dict[str, dict[str, int]] = {}
        self.tags: list[dict[str, Any]] = []
        self.mentioned: dict[str, dict[str, Any]] = {}
        self.followers: dict[str, int] = {}
        self.linked: list[dict[str, Any]] = []
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

    def count(self, edge: str) -> int:
        return sum(asked == edge for asked, _ in self.asked)

    # The world

    def post(self, id_: str, at: datetime, *, likes: int | None, saved: int = 0, shares: int = 0, views: int = 0) -> None:
        post = {"id": id_, "timestamp": _written(at), "username": HANDLE, "media_product_type": "FEED"}
        self.posts.append(post | ({} if likes is None else {"like_count": likes}))
        self.posts.sort(key=lambda one: one["timestamp"], reverse=True)
        self.comments[id_] = []
        self.insights[id_] = {"saved": saved, "shares": shares, "views": views}

    def comment(self, id_: str, media: str, who: str | None, at: datetime, *, likes: int = 0, under: str | None = None) -> None:
        """Add a comment by `who` ("name:id", or "name" alone); `under` another one it is an answer."""
        name, _, number = (who or "").partition(":")
        comment: dict[str, Any] = {"id": id_, "timestamp": _written(at), "like_count": likes}
        comment |= {"username": name} if name else {}
        comment |= {"from": {"id": number, "username": name}} if number else {}
        if under is None:
            self.comments[media].insert(0, comment)
            self.comments[media].sort(key=lambda one: one["timestamp"], reverse=True)
            self.replies[id_] = []
        else:
            self.replies[under].append(comment)

    # The service

    def answer(self, path: str, asked: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """Return the name of the edge, and the answer."""
        fields = asked.get("fields", "")
        user = {"id": ADA, "username": HANDLE, "name": "Ada Quill", "followers_count": 1043}
        if path in ("me", ADA):
            return ("me", {**user, "id": "9988776655", "user_id": ADA}) if path == "me" else self._about(fields, user)
        if path == "me/accounts":
            return "accounts", self._list(path, asked, self.linked)
        node, _, edge = path.partition("/")
        if edge == "insights":
            metrics = [(name, self.insights[node][name]) for name in asked["metric"].split(",")]
            return edge, {"data": [{"name": name, "period": "lifetime", "values": [{"value": value}]} for name, value in metrics]}
        listing = self._list(path, asked, self._rows(node, edge))
        if edge == "tags":
            # This list has cursors and never a next address.
            listing["paging"] = {"cursors": {"after": str(int(asked.get("after", "0")) + self.size)}} if listing["data"] else {}
        return edge, listing

    def _about(self, fields: str, user: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Answer to what is asked of the account: who it is, whom it knows, where it is mentioned."""
        if match := re.match(r"business_discovery\.username\(([^)]*)\)", fields):
            followers = self.followers.get(match[1])
            found = {"business_discovery": {"id": "1", "username": match[1], "followers_count": followers}}
            return "discovery", _missing() if followers is None else found
        if match := re.match(r"mentioned_(media|comment)\.\w+\((\d+)\)", fields):
            mentioned = self.mentioned.get(match[2])
            return "mentioned", {f"mentioned_{match[1]}": mentioned, "id": ADA} if mentioned else _missing()
        return "user", user

    def _rows(self, node: str, edge: str) -> list[dict[str, Any]]:
        if edge == "media":
            return [{**one, "comments_count": self._commented(one["id"])} for one in self.posts]
        if edge == "comments":
            return [self._with_replies(one) for one in self.comments[node]]
        return self.replies[node] if edge == "replies" else self.tags

    def _commented(self, media: str) -> int:
        return sum(1 + len(self.replies[one["id"]]) for one in self.comments[media])

    def _with_replies(self, comment: dict[str, Any]) -> dict[str, Any]:
        replies = self.replies[comment["id"]]
        path = f"{comment['id']}/replies"
        return {**comment, "replies": self._list(path, {}, replies)} if replies else comment

    def _list(self, path: str, asked: Mapping[str, str], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        start = int(asked.get("after", "0"))
        after = start + self.size
        paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(after)}}
        if after < len(rows):
            query = urlencode({"access_token": TOKEN, "pretty": "0", "limit": self.size, "after": after})
            paging["next"] = f"https://graph.instagram.com/v26.0/{path}?{query}"
        return {"data": list(rows[start:after]), "paging": paging}

    def _fault(self, edge: str) -> Fault | None:
        for fault in self.faults:
            if fault.edge == edge:
                if fault.skip:
                    fault.skip -= 1
                elif fault.times:
                    fault.times -= 1
                    return fault
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else each answer waits for an acknowledgement

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                edge, answer = world.answer(re.sub(r"^/(v\d+\.\d+/)?", "", url.path), asked)
                world.asked.append((edge, asked))
                world.paths.append(self.path)
                fault = world._fault(edge)
                status = 400 if "error" in answer else 200
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    fault = Fault(edge, 400, 190)
                body = json.dumps(answer).encode().replace(b"/", b"\\/")
                if fault is not None and not fault.answers:
                    status, body = (200 if fault.cut else fault.status), fault.answer()
                self.send_response(status)
                for name, value in (fault.headers if fault else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(body) + (1000 if fault and fault.cut else 0)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = bool(fault and fault.cut)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
                """Be quiet."""

        return Handler


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _missing() -> dict[str, Any]:
    return {"error": {"message": "Unsupported get request.", "type": "GraphMethodException", "code": 100, "error_subcode": 33}}


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def instagram() -> Iterator[LoopbackInstagram]:
    """Ada's account: three posts with eleven comments, three of them Ada's own; five tags."""
    world = LoopbackInstagram()
    start = datetime(2026, 10, 1, 9, tzinfo=UTC)
    world.post("17900000000000001", start, likes=73, saved=4, shares=2, views=1204)
    world.post("17900000000000002", start + timedelta(days=9), likes=None, views=88)
    world.post("17900000000000003", start + timedelta(days=20), likes=0)
    first, second = "17900000000000001", "17900000000000002"
    for number in range(4):
        world.comment(f"1{number}", first, f"reader_{number}:5500{number}", start + timedelta(hours=number + 1), likes=number)
    world.comment("own", first, f"{HANDLE}:777", start + timedelta(hours=9), likes=5)
    for number in range(3):
        who = f"reader_{number}:5500{number}" if number else None
        world.comment(f"to-own-{number}", first, who, start + timedelta(hours=10 + number), under="own")
    world.comment("to-3", first, "onlyname", start + timedelta(hours=14), under="13")
    world.comment("own-too", first, HANDLE, start + timedelta(hours=15), likes=1, under="13")
    world.comment("21", second, "reader_1:55001", start + timedelta(days=9, hours=1))
    for number in range(5):
        at = start + timedelta(days=14 - number)
        who = HANDLE if number == 4 else f"tagger_{number}"
        world.tags.append({"id": f"1800000000000000{number}", "timestamp": _written(at), "username": who})
    world.followers = {"reader_0": 12, "reader_2": 5000, "onlyname": 7}
    world.linked = [{"id": "1"}] + [
        {"id": str(number), "instagram_business_account": {"id": id_, "username": name, "followers_count": 1043}}
        for number, (id_, name) in enumerate([("178499", "somebody.else"), (ADA, HANDLE), ("178498", "a.third")], 2)
    ]
    yield world
    world.close()


@pytest.fixture
def collect(
    instagram: LoopbackInstagram, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Read]:
    """Run the source `api` against the loopback Instagram."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-instagram[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_INSTAGRAM_TOKEN", TOKEN)
    # The loopback has no certificate, and reading those of the system for every client takes longer than a test.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")

    def run(
        *, cursor: str | None = None, most: int | None = None, owner: Owner | None = None, now: datetime = NOW, **settings: Any
    ) -> Read:
        api = ApiSettings(token=Secret(env="KLEOS_TEST_INSTAGRAM_TOKEN"), host=instagram.host, **settings)
        here = Context(
            open_export=context.open_export, stop=context.stop, now=now, cursor=cursor, quota=context.quota, progress=context.progress
        )
        pages: list[Page] = []
        error: Exception | None = None
        fetching = sources["api"].fetch(api, Owner(handles=[HANDLE]) if owner is None else owner, here)
        try:
            for page in fetching:
                pages.append(page)
                if len(pages) == most:
                    break
        except Exception as caught:
            error = caught
        finally:
            fetching.close()  # type: ignore[attr-defined]  # it is a generator
        return Read(pages=pages, rows=[row for page in pages for row in sources["api"].parse(page)], error=error)

    return run
