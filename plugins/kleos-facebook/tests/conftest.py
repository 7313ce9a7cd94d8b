"""What the tests of this plugin share: the samples, runs of a source from settings to rows, and a Facebook on this machine's loopback."""

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
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from attrs import define, evolve, field, frozen

from kleos.contract import Batch, Context, Flaw, Owner, Page, Profile, Row, Source, Tally
from kleos.errors import FetchError
from kleos.files import open_export
from kleos.secrets import Secret
from kleos_facebook.api.settings import ApiSettings
from kleos_facebook.plugin import FACEBOOK

TOKEN = "EAAJthe|TokenThatNobodyMaySee0123456789ZDZD"
PAGE = "104000000000001"
CLEO = "Cleo Mara"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

Reaction = tuple[str, str, str | None, str | None, int | None, str | None]


@frozen(kw_only=True)
class Read:
    """What came out of a source."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    error: Any = None

    @property
    def reactions(self) -> list[Reaction]:
        """Kind, subject, actor, item, time, id."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        return [row for b in batches for row in zip(b.kind, b.subject, b.actor or (), b.item or (), b.time or (), b.id or (), strict=True)]

    @property
    def distinct(self) -> set[Reaction]:
        """The reactions as the core tells them apart."""
        return {(kind, subject, actor, item, None if id_ else time, id_) for kind, subject, actor, item, time, id_ in self.reactions}

    @property
    def totals(self) -> dict[tuple[str, str], int]:
        """Kind and item → the newest total."""
        tallies = sorted((row for row in self.rows if isinstance(row, Tally)), key=lambda row: row.captured)
        return {(row.kind, row.item): row.total for row in tallies}

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def profiles(self) -> list[Profile]:
        return [row for row in self.rows if isinstance(row, Profile)]

    @property
    def kinds(self) -> Counter[str]:
        return Counter(kind for kind, *_ in self.distinct)


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
        assert unit == "requests"
        return self.used

    def spend(self, unit: str, amount: float) -> None:
        self.used += amount


@pytest.fixture
def samples() -> Path:
    return Path(__file__).parents[1] / "samples"


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def page() -> str:
    return PAGE


@pytest.fixture
def sources() -> Mapping[str, Source]:
    return {source.name: source for source in FACEBOOK.sources}


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(open_export=lambda path: exports.enter_context(open_export(path)), stop=Patience(), now=NOW, quota=Purse())


@pytest.fixture
def read(context: Context, sources: Mapping[str, Source]) -> Callable[..., Read]:
    """Read an export, as of somebody called Cleo Mara where it does not say whose it is."""

    def run(path: Path | tuple[Path, ...], owner: Owner | None = None) -> Read:
        source, pages = sources["export"], []
        error: Exception | None = None
        if owner is None:
            said = source.owners(context.open_export(path))
            owner = said[0] if said else Owner(names=[CLEO])
        try:
            for page in source.fetch(source.settings(path=path), owner, context):
                pages.append(page)  # noqa: PERF402  # pages before an error are kept
        except Exception as caught:
            error = caught
        return Read(pages=pages, rows=[row for page in pages for row in source.parse(page)], error=error)

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Mapping[str, Any]], Path]:
    """Write an export: names of files → what they hold, as JSON or as bytes."""

    def export(files: Mapping[str, Any]) -> Path:
        root = tmp_path / "export"
        for name, held in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(held if isinstance(held, bytes) else json.dumps(held).encode())
        return root

    return export


@define
class Fault:
    """What the loopback Facebook does instead of answering to questions for `edge`: to the first `times` after `skip` good ones."""

    edge: str
    status: int = 500
    code: int = 0
    subcode: int = 0
    body: bytes | None = None
    headers: Mapping[str, str] = field(factory=dict)
    cut: bool = False
    times: int = 1_000_000
    skip: int = 0

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        # A refusal of the real API can repeat what was asked.
        error = {"message": f"Error with access token {TOKEN}", "type": "OAuthException", "code": self.code, "fbtrace_id": "A"}
        return json.dumps({"error": error | ({"error_subcode": self.subcode} if self.subcode else {})}).encode()


class LoopbackFacebook:
    """A Page served in the shapes of the Graph API, `size` elements an answer. `asked` are the questions that it answered or not."""

    def __init__(self) -> None:
        self.size = 2
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.usage: list[dict[str, str]] = []
        self.node = {"id": PAGE, "name": "Cleo Mara Ceramics", "username": "cleoceramics", "followers_count": 5120, "fan_count": 4980}
        self.feed: list[dict[str, Any]] = []
        self.tagged: list[dict[str, Any]] = []
        self.reactions: dict[str, list[dict[str, Any]]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.shared: dict[str, list[dict[str, Any]]] = {}
        self.unnamed: dict[str, tuple[int, int]] = {}
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

    def post(self, name: str, at: datetime, *, by: str = PAGE, unnamed: int = 0, shares: int = 0) -> str:
        """Add a post; so many people react to it whom the Page may not know, and so often it is shared."""
        id_ = f"{PAGE}_{name}"
        self.feed.append({"id": id_, "from": {"id": by, "name": "…"}, "created_time": _written(at)})
        self.feed.sort(key=lambda post: str(post["created_time"]), reverse=True)
        self.unnamed[id_] = (unnamed, shares)
        self.reactions[id_], self.comments[id_], self.shared[id_] = [], [], []
        return id_

    def react(self, post: str, by: str, type_: str = "LIKE") -> None:
        self.reactions[post].append({"id": by, "name": "…", "type": type_})

    def comment(
        self, post: str, name: str, by: str | None, at: datetime, *, likes: int = 0, to: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": f"{post.partition('_')[2]}_{name}",
            "created_time": _written(at),
            "like_count": likes,
            "message": "…",
        }
        found |= {"from": {"id": by, "name": "…"}} if by else {}
        found |= {"parent": {"id": to["id"], "from": to.get("from", {})}} if to else {}
        self.comments[post].append(found)
        self.comments[post].sort(key=lambda comment: str(comment["created_time"]), reverse=True)
        return found

    # The service

    def answer(self, path: str, asked: Mapping[str, str]) -> dict[str, Any]:
        node, _, edge = path.partition("/")
        if not edge:
            return self.node if node.lower() in (PAGE, "me", self.node["username"]) else {"error": {"code": 803, "message": TOKEN}}
        items = {
            "posts": lambda: [self._counted(post) for post in self.feed if post["from"]["id"] == PAGE],
            "feed": lambda: self.feed,
            "tagged": lambda: self.tagged,
            "reactions": lambda: self.reactions[node],
            "comments": lambda: self.comments[node],
            "sharedposts": lambda: self.shared[node],
        }[edge]()
        start = int(asked.get("after", "0"))
        answer: dict[str, Any] = {"data": items[start : start + self.size]}
        if start + self.size < len(items):
            after = str(start + self.size)
            # The real API gives the token away in the address of the next page.
            query = urlencode({**asked, "access_token": TOKEN, "pretty": "0", "after": after})
            answer["paging"] = {"cursors": {"before": "b", "after": after}, "next": f"https://graph.example.invalid/v26.0/{path}?{query}"}
        return answer

    def _counted(self, post: Mapping[str, Any]) -> dict[str, Any]:
        unnamed, shares = self.unnamed[post["id"]]
        own = any(reaction["id"] == PAGE for reaction in self.reactions[post["id"]])
        reacted = {"total_count": len(self.reactions[post["id"]]) + unnamed, "viewer_reaction": "LIKE" if own else "NONE"}
        commented = {"order": "chronological", "total_count": len(self.comments[post["id"]]), "can_comment": True}
        counted = {"reactions": {"data": [], "summary": reacted}, "comments": {"data": [], "summary": commented}}
        return {"id": post["id"], "created_time": post["created_time"], **counted} | ({"shares": {"count": shares}} if shares else {})

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
                path = url.path.removeprefix("/v26.0/")
                edge = path.partition("/")[2] or "look"
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                world.asked.append((edge, asked))
                fault = world._fault(edge)
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    fault = Fault(edge, 401, 190)
                answer = b"" if fault else json.dumps(world.answer(path, asked)).encode()
                if fault is None and b'"error"' in answer:
                    fault = Fault(edge, 404, body=answer)
                body = answer if fault is None else fault.answer()
                self.send_response(200 if fault is None or fault.cut else fault.status)
                for name, value in (fault.headers if fault else world.usage.pop(0) if world.usage else {}).items():
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


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def facebook() -> Iterator[LoopbackFacebook]:
    """A Page with three posts, one of them with a thread; a visitor's post, and two posts elsewhere that mention it."""
    world = LoopbackFacebook()
    start = datetime(2026, 2, 10, 9, tzinfo=UTC)
    first = world.post("p1", start, unnamed=3, shares=4)
    for number in range(5):
        world.react(first, f"20{number}", "LOVE" if number == 3 else "LIKE")
    world.react(first, PAGE)
    world.shared[first] = [
        {"id": "201_900", "from": {"id": "201", "name": "…"}, "created_time": _written(start + timedelta(hours=7))},
        {"id": "xx_901", "created_time": _written(start + timedelta(hours=8))},
        {"id": f"{PAGE}_902", "from": {"id": PAGE, "name": "…"}, "created_time": _written(start + timedelta(hours=9))},
    ]
    own = world.comment(first, "c1", PAGE, start + timedelta(hours=1), likes=6)
    world.comment(first, "c2", "202", start + timedelta(hours=2), to=own, likes=1)
    other = world.comment(first, "c3", "203", start + timedelta(hours=3))
    world.comment(first, "c4", "204", start + timedelta(hours=4), to=other)
    world.comment(first, "c5", None, start + timedelta(hours=5))
    second = world.post("p2", start + timedelta(days=2))
    world.react(second, "200", "WOW")
    world.post("p3", start + timedelta(days=5))
    world.post("v1", start + timedelta(days=3), by="205")
    world.tagged = [
        {"id": "206_1", "from": {"id": "206", "name": "…"}, "created_time": _written(start + timedelta(days=4))},
        {"id": f"{PAGE}_v1", "from": {"id": "205", "name": "…"}, "created_time": _written(start + timedelta(days=3))},
        {"id": "207_1", "created_time": _written(start + timedelta(days=1))},
    ]
    yield world
    world.close()


@pytest.fixture
def collect(
    facebook: LoopbackFacebook, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Read]:
    """Run the source `api` against the loopback Facebook."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-facebook[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_FACEBOOK_TOKEN", TOKEN)
    # The loopback has no certificate, and reading those of the system for every client takes longer than a test.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")

    def run(
        *, cursor: str | None = None, most: int | None = None, owner: Owner | None = None, now: datetime = NOW, **settings: Any
    ) -> Read:
        api = ApiSettings(token=Secret(env="KLEOS_TEST_FACEBOOK_TOKEN"), host=facebook.host, **settings)
        pages: list[Page] = []
        error: Exception | None = None
        fetching = sources["api"].fetch(api, owner or Owner(ids=[PAGE]), evolve(context, now=now, cursor=cursor))
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
