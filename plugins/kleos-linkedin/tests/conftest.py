"""What the tests of this plugin share: the samples, runs of a source from settings to rows, and a LinkedIn on this machine's loopback."""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from attrs import define, evolve, field, fields, frozen

from kleos.contract import Batch, Context, Flaw, Interaction, Owner, Page, Profile, Row, Source, Tally
from kleos.errors import KleosError
from kleos.files import open_export
from kleos.secrets import Secret
from kleos_linkedin.api.settings import ApiSettings
from kleos_linkedin.plugin import LINKEDIN

TOKEN = "AQXdSP_W41_UPs5ioT_t8HESyODB4FqbkJ8LrV_5mff4gPODzOYR"
ORGANIZATION = "urn:li:organization:2414183"
NOW = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)


@frozen(kw_only=True)
class Read:
    """What came out of a source."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    owner: Owner | None = None
    error: KleosError | None = None

    @property
    def reactions(self) -> list[Interaction]:
        return [one for row in self.rows for one in unfolded(row) if isinstance(one, Interaction)]

    @property
    def distinct(self) -> set[tuple[Any, ...]]:
        """The reactions as the core tells them apart."""
        return {
            (row.kind, row.subject, row.id) if row.id and row.kind != "reaction" else (row.kind, row.subject, row.actor, row.item, row.time)
            for row in self.reactions
        }

    @property
    def received(self) -> Counter[str]:
        return Counter(row.kind for row in self.reactions)

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


def unfolded(row: Row) -> Sequence[Row]:
    """Return the reactions of a batch one by one, and any other row as it is."""
    if not isinstance(row, Batch):
        return [row]
    told = [column for column in fields(Batch) if column.name != "network" and getattr(row, column.name) is not None]
    lines = [
        dict(zip((column.name for column in told), values, strict=True))
        for values in zip(*(getattr(row, column.name) for column in told), strict=True)
    ]
    start = datetime(1970, 1, 1, tzinfo=UTC)
    return [
        Interaction(
            network=row.network,
            **{"actor": None, "item": None}
            | line
            | {"time": None if line["time"] is None else start + timedelta(microseconds=line["time"])},
        )
        for line in lines
    ]


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
def archive(samples: Path) -> Path:
    return samples / "Complete_LinkedInDataExport_11-15-2026"


@pytest.fixture
def sources() -> Mapping[str, Source]:
    return {source.name: source for source in LINKEDIN.sources}


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(open_export=lambda path: exports.enter_context(open_export(path)), stop=Patience(), now=NOW, quota=Purse())


@pytest.fixture
def read(context: Context, sources: Mapping[str, Source]) -> Callable[..., Read]:
    """Run a source of files: ``read("export", path, endorsement_statuses=…)``."""

    def run(name: str, path: Path | Sequence[Path], owner: Owner | None = None, **settings: Any) -> Read:
        source, pages = sources[name], []
        error: KleosError | None = None
        paths = path if isinstance(path, Path) else tuple(path)
        with open_export(path) as export:
            whose = owner or next(iter(source.owners(export)), Owner(names=["Ada Quill"]))
        try:
            for page in source.fetch(source.settings(path=paths, **settings), whose, context):
                pages.append(page)  # noqa: PERF402  # pages before an error are kept
        except KleosError as caught:
            error = caught
        return Read(pages=pages, rows=[row for page in pages for row in source.parse(page)], owner=whose, error=error)

    return run


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """Make a workbook of sheets: ``workbook(SHEET=[[cell, …], …])``."""
    openpyxl: Any = pytest.importorskip("openpyxl", reason="pip install 'kleos-linkedin[analytics]' to test workbooks")

    def make(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        body = io.BytesIO()
        book.save(body)
        return body.getvalue()

    return make


@define
class Fault:
    """What the loopback LinkedIn does instead of answering to questions for `resource`: to the first `times` after `skip` good ones."""

    resource: str
    status: int = 500
    body: bytes | None = None
    headers: Mapping[str, str] = field(factory=dict)
    cut: bool = False
    times: int = 1_000_000
    skip: int = 0

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        # A refusal may repeat what was sent.
        return json.dumps({"status": self.status, "serviceErrorCode": 65600, "message": f"Invalid access token {TOKEN}"}).encode()


class LoopbackLinkedIn:
    """A small page served in the shapes of the API, `size` elements an answer. `asked` are the paths that were asked for."""

    def __init__(self) -> None:
        self.size = 2
        self.links = True
        self.total = False
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lists: dict[tuple[str, str], list[dict[str, Any]]] = {}
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

    def count(self, resource: str) -> int:
        return sum(_resource(path)[0] == resource for path in self.asked)

    # The world

    def post(self, urn: str, at: datetime, organization: str = ORGANIZATION, **more: Any) -> None:
        post = {"id": urn, "author": organization, "lifecycleState": "PUBLISHED", "visibility": "PUBLIC", "commentary": "…"}
        posts = self.lists.setdefault(("posts", organization), [])
        posts.append({**post, "createdAt": _milliseconds(at), "publishedAt": _milliseconds(at), **more})
        posts.sort(key=lambda one: -int(one["createdAt"]))

    def react(self, post: str, actor: str, at: datetime, reaction: str = "LIKE") -> None:
        stamp = {"actor": actor, "time": _milliseconds(at)}
        reactions = self.lists.setdefault(("reactions", post), [])
        urn = f"urn:li:reaction:({actor},{post})"
        reactions.append({"id": urn, "reactionType": reaction, "root": post, "created": stamp, "lastModified": stamp})
        reactions.sort(key=lambda one: -int(one["created"]["time"]))

    def comment(self, under: str, actor: str, at: datetime, number: int, *, root: str = "", **more: Any) -> str:
        urn = f"urn:li:comment:({root or under},{number})"
        stamp = {"actor": actor, "time": _milliseconds(at)}
        comment = {"actor": actor, "commentUrn": urn, "id": str(number), "created": stamp, "lastModified": stamp, "object": root or under}
        comment |= {"message": {"attributes": [], "text": "…"}} | ({"parentComment": under} if root else {})
        self.lists.setdefault(("comments", under), []).append({**comment, **more})
        return urn

    # The service

    def answer(self, path: str) -> dict[str, Any] | None:
        resource, about = _resource(path)
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if resource == "posts":
            about = asked["author"]
            if ("posts", about) not in self.lists:
                return None
        everything = self.lists.get((resource, about), [])
        start, count = int(asked["start"]), min(self.size, int(asked["count"]))
        links = []
        if self.links and start + count < len(everything):
            href = f"{urlsplit(path).path}?start={start + count}&count={count}"
            links = [{"type": "application/json", "rel": "next", "href": href}]
        paging = {"start": start, "count": count, "links": links} | ({"total": len(everything)} if self.total else {})
        return {"paging": paging, "elements": everything[start : start + count]}

    def _fault(self, resource: str) -> Fault | None:
        for fault in self.faults:
            if fault.resource == resource:
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
                world.asked.append(self.path)
                world.headers.append({name.lower(): value for name, value in self.headers.items()})
                fault = world._fault(_resource(self.path)[0])
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    fault = Fault("", 401)
                found = None if fault else world.answer(self.path)
                if fault is None and found is None:
                    fault = Fault("", 404)
                body = json.dumps(found).encode() if fault is None else fault.answer()
                self.send_response(200 if fault is None or fault.cut else fault.status)
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


def _resource(path: str) -> tuple[str, str]:
    """Return what a path asks for, and about what; the API's own query language has its brackets and colons as they are."""
    parts = urlsplit(path).path.split("/")
    if parts[2] == "posts":
        return "posts", ""
    if parts[2] == "reactions":
        assert "sort=(value:REVERSE_CHRONOLOGICAL)" in path
        return "reactions", unquote(parts[3].removeprefix("(entity:").removesuffix(")"))
    assert parts[2] == "socialActions"
    assert parts[4] == "comments"
    return "comments", unquote(parts[3])


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def person(number: int) -> str:
    return f"urn:li:person:p{number}_-x"


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def linkedin() -> Iterator[LoopbackLinkedIn]:
    """A page with three posts: five reactions and the page's own, three comments and the page's own, four answers and the page's own."""
    world = LoopbackLinkedIn()
    first, second, third = (f"urn:li:{sort}:73{number:017}" for number, sort in enumerate(("share", "ugcPost", "share"), 1))
    start = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
    for number, urn in enumerate((first, second, third)):
        world.post(urn, start + timedelta(days=number))
    for number in range(4):
        world.react(first, person(number), start + timedelta(hours=number), ("LIKE", "PRAISE", "EMPATHY", "INTEREST")[number])
    world.react(first, ORGANIZATION, start + timedelta(hours=9))
    world.react(second, "urn:li:organization:77", start + timedelta(days=2))
    answered = {"commentsSummary": {"aggregatedTotalComments": 2, "totalFirstLevelComments": 2}}
    asked = world.comment(first, person(5), start + timedelta(hours=5), 1, **answered)
    world.comment(first, person(6), start + timedelta(hours=6), 2)
    own = world.comment(first, ORGANIZATION, start + timedelta(hours=7), 3, commentsSummary={"totalFirstLevelComments": 3})
    world.comment(second, person(6), start + timedelta(days=3), 4)
    world.comment(asked, ORGANIZATION, start + timedelta(hours=6), 11, root=first)
    world.comment(asked, person(7), start + timedelta(hours=8), 12, root=first)
    for number in range(3):
        world.comment(own, person(number), start + timedelta(hours=10 + number), 20 + number, root=first)
    yield world
    world.close()


@pytest.fixture
def collect(
    linkedin: LoopbackLinkedIn, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Read]:
    """Run the source `api` against the loopback LinkedIn."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-linkedin[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_LINKEDIN_TOKEN", TOKEN)
    # The loopback has no certificate, and reading those of the system for every client takes longer than a test.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")

    def run(
        *, cursor: str | None = None, most: int | None = None, owner: Owner | None = None, now: datetime = NOW, **settings: Any
    ) -> Read:
        api = ApiSettings(**{"token": Secret(env="KLEOS_TEST_LINKEDIN_TOKEN"), "host": linkedin.host, **settings})
        here = evolve(context, now=now, cursor=cursor)
        pages: list[Page] = []
        error: KleosError | None = None
        fetching = sources["api"].fetch(api, owner or Owner(handles=[ORGANIZATION]), here)
        try:
            for page in fetching:
                pages.append(page)
                if most is not None and len(pages) == most:
                    break
        except KleosError as caught:
            error = caught
        finally:
            fetching.close()  # type: ignore[attr-defined]  # a generator
        return Read(pages=pages, rows=[row for page in pages for row in sources["api"].parse(page)], error=error)

    return run
