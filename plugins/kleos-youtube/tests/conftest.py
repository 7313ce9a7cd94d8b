"""What the tests of this plugin share: the samples, runs of a source from settings to rows, and a YouTube on this machine's loopback."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import define, field, frozen

from kleos.contract import Batch, Context, Flaw, Owner, Page, Profile, Row, Source, Tally
from kleos.errors import FetchError
from kleos.files import open_export
from kleos.secrets import Secret
from kleos_youtube.api.settings import ApiSettings
from kleos_youtube.plugin import YOUTUBE

KEY = "AIzaSy-TheKeyThatNobodyMaySee-0123456789"
ADA = "UCAdaMuster-Pottery-7A0w"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@frozen(kw_only=True)
class Read:
    """What came out of a source."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    error: Exception | None = None

    @property
    def reactions(self) -> list[tuple[str, str, str | None, str | None, int | None, str]]:
        """Kind, subject, actor, item, time, id."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        return [row for b in batches for row in zip(b.kind, b.subject, b.actor or (), b.item or (), b.time or (), b.id or (), strict=True)]

    @property
    def distinct(self) -> set[tuple[str, str, str]]:
        """The reactions as the core tells them apart: kind, subject, id."""
        return {(kind, subject, id_) for kind, subject, _, _, _, id_ in self.reactions}

    @property
    def totals(self) -> dict[tuple[str, str, str], int]:
        """Kind, subject and item → the newest total."""
        tallies = sorted((row for row in self.rows if isinstance(row, Tally)), key=lambda row: row.captured)
        return {(row.kind, row.subject, row.item): row.total for row in tallies}

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]

    @property
    def profiles(self) -> list[Profile]:
        return [row for row in self.rows if isinstance(row, Profile)]

    def received(self, subject: str = ADA) -> Counter[str]:
        return Counter(kind for kind, receiver, *_ in self.reactions if receiver == subject)


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
        assert unit == "units"
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
def key() -> str:
    return KEY


@pytest.fixture
def sources() -> Mapping[str, Source]:
    return {source.name: source for source in YOUTUBE.sources}


@pytest.fixture
def context() -> Iterator[Context]:
    with ExitStack() as exports:
        yield Context(open_export=lambda path: exports.enter_context(open_export(path)), stop=Patience(), now=NOW, quota=Purse())


@pytest.fixture
def read(context: Context, sources: Mapping[str, Source]) -> Callable[..., Read]:
    """Run a source of files: ``read("comments", path, channel=…)``."""

    def run(name: str, path: Path | Sequence[Path], **settings: Any) -> Read:
        paths = (path,) if isinstance(path, Path) else tuple(path)
        source, pages = sources[name], []
        error: Exception | None = None
        try:
            for page in source.fetch(source.settings(path=paths, **settings), None, context):
                pages.append(page)  # noqa: PERF402  # pages before an error are kept
        except Exception as caught:
            error = caught
        return Read(pages=pages, rows=[row for page in pages for row in source.parse(page)], error=error)

    return run


@define
class Fault:
    """What the loopback YouTube does instead of answering to questions for `resource`: to the first `times` after `skip` good ones."""

    resource: str
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
        # A refusal of the real API can repeat the key.
        message = f"Permission denied: Consumer 'api_key:{KEY}' is refused."
        errors = [{"message": message, "domain": "youtube.quota", "reason": self.reason}]
        return json.dumps({"error": {"code": self.status, "message": message, "errors": errors, "status": "FAILED"}}).encode()


class LoopbackYouTube:
    """A small world served in the shapes of the Data API v3, `size` elements a page. `asked` are the questions that it answered or not."""

    def __init__(self) -> None:
        self.size = 2
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.channels: dict[str, dict[str, Any]] = {}
        self.videos: dict[str, dict[str, Any]] = {}
        self.threads: list[dict[str, Any]] = []
        self.replies: dict[str, list[dict[str, Any]]] = {}
        self._held: tuple[int, threading.Event, threading.Event] | None = None
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

    def hold(self, number: int) -> threading.Event:
        """Leave the question of this number, counted from 1, without an answer; returns an event that is set when it is asked."""
        self._held = (number, threading.Event(), threading.Event())
        return self._held[1]

    def let_go(self) -> None:
        """Answer it, and all others."""
        if self._held is not None:
            self._held[2].set()
            self._held = None

    def _wait(self) -> None:
        held = self._held
        if held is not None and len(self.asked) >= held[0]:
            held[1].set()
            held[2].wait()

    def count(self, resource: str) -> int:
        return sum(asked == resource for asked, _ in self.asked)

    # The world

    def channel(self, id_: str, *, handle: str = "", subscribers: int | None = None, uploads: bool = False) -> None:
        statistics = {"hiddenSubscriberCount": True} if subscribers is None else {"subscriberCount": str(subscribers)}
        lists = {"likes": "", "uploads": "UU" + id_[2:]} if uploads else {"likes": ""}
        self.channels[id_] = {
            "kind": "youtube#channel",
            "id": id_,
            "snippet": {"title": handle.title(), "customUrl": f"@{handle}"},
            "contentDetails": {"relatedPlaylists": lists},
            "statistics": statistics,
        }

    def video(self, id_: str, owner: str, views: int | None, likes: int | None) -> None:
        counts = {"viewCount": views, "likeCount": likes, "favoriteCount": 0, "commentCount": 99}
        self.videos[id_] = {
            "kind": "youtube#video",
            "id": id_,
            "snippet": {"publishedAt": "2026-01-05T10:00:00Z", "channelId": owner},
            "statistics": {name: str(value) for name, value in counts.items() if value is not None},
        }

    def comment(
        self, id_: str, author: str | None, at: datetime, *, likes: int = 0, video: str | None = None, parent: str = ""
    ) -> dict[str, Any]:
        snippet: dict[str, Any] = {"textOriginal": "…", "likeCount": likes, "publishedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        snippet |= {"authorChannelId": {"value": author}} if author else {}
        snippet |= {"videoId": video} if video else {}
        snippet |= {"parentId": parent} if parent else {}
        return {"kind": "youtube#comment", "id": id_, "snippet": snippet}

    def thread(self, top: dict[str, Any], replies: Sequence[dict[str, Any]] = (), *, owner: str = ADA, along: int = 1) -> None:
        """Add a thread; `along` of its replies come with it."""
        snippet = {"channelId": owner, "videoId": top["snippet"].get("videoId"), "topLevelComment": top, "totalReplyCount": len(replies)}
        thread: dict[str, Any] = {"kind": "youtube#commentThread", "id": top["id"], "snippet": snippet}
        if replies and along:
            thread["replies"] = {"comments": list(replies[:along])}
        self.threads = sorted([thread, *self.threads], key=_published, reverse=True)
        self.replies[top["id"]] = list(replies)

    # The service

    def answer(self, resource: str, asked: Mapping[str, str]) -> dict[str, Any]:
        kinds = {"commentThreads": "commentThread", "comments": "comment", "playlistItems": "playlistItem", "videos": "video"}
        items = getattr(self, f"_{resource}")(asked)
        start = int(asked.get("pageToken", "0"))
        size = self.size if resource in ("commentThreads", "comments", "playlistItems") else 50
        answer = {"kind": f"youtube#{kinds.get(resource, 'channel')}ListResponse", "etag": "e", "items": items[start : start + size]}
        return answer | ({"nextPageToken": str(start + size)} if start + size < len(items) else {})

    def _channels(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        if "forHandle" in asked:
            return [one for one in self.channels.values() if one["snippet"]["customUrl"] == asked["forHandle"]]
        parts = {"kind", "id", *asked["part"].split(",")}
        found = [self.channels[id_] for id_ in asked["id"].split(",") if id_ in self.channels]
        return [{name: value for name, value in one.items() if name in parts} for one in found]

    def _commentThreads(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:  # noqa: N802  # the API's own name
        return [one for one in self.threads if one["snippet"]["channelId"] == asked["allThreadsRelatedToChannelId"]]

    def _comments(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        return self.replies[asked["parentId"]]

    def _playlistItems(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:  # noqa: N802
        owner = "UC" + asked["playlistId"][2:]
        return [{"contentDetails": {"videoId": id_}} for id_, one in self.videos.items() if one["snippet"]["channelId"] == owner]

    def _videos(self, asked: Mapping[str, str]) -> list[dict[str, Any]]:
        return [self.videos[id_] for id_ in asked["id"].split(",") if id_ in self.videos]

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
                url = urlsplit(self.path)
                resource = url.path.removeprefix("/youtube/v3/")
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                world.asked.append((resource, asked))
                world._wait()
                fault = world._fault(resource)
                if self.headers.get("x-goog-api-key") != KEY:
                    fault = Fault(resource, 400, "keyInvalid")
                body = json.dumps(world.answer(resource, asked)).encode() if fault is None else fault.answer()
                self.send_response(200 if fault is None or fault.cut else fault.status)
                for name, value in (fault.headers if fault else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(body) + (1000 if fault and fault.cut else 0)))
                self.end_headers()
                with suppress(OSError):  # whoever asked was killed
                    self.wfile.write(body)
                    self.wfile.flush()
                self.close_connection = bool(fault and fault.cut)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
                """Be quiet."""

        return Handler


def _published(thread: dict[str, Any]) -> str:
    return str(thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"])


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def youtube() -> Iterator[LoopbackYouTube]:
    """Ada's channel: three videos, five threads, one of Ada's own; ten people who comment, and what they are called."""
    world = LoopbackYouTube()
    people = [f"UCperson-{number:02}-of-the-test"[:24].ljust(24, "x") for number in range(10)]
    world.channel(ADA, handle="adamuster", subscribers=1840, uploads=True)
    for number, person in enumerate(people):
        world.channel(person, handle=f"person{number}", subscribers=None if number == 3 else 10**number)
    world.video("vid-one-001", ADA, 12_000, 640)
    world.video("vid-two-002", ADA, 900, None)
    world.video("vid-three-3", ADA, 5, 0)
    start = datetime(2026, 2, 1, tzinfo=UTC)
    for number in range(4):
        top = f"Ug-thread-{number}"
        at = start + timedelta(days=number)
        replies = [
            world.comment(f"{top}.r{place}", people[place + 4] if place else ADA, at + timedelta(hours=5 - place), likes=place, parent=top)
            for place in range(number + 1)
        ]
        world.thread(world.comment(top, people[number], at, likes=number, video="vid-one-001"), replies)
    own = world.comment("Ug-own", ADA, start + timedelta(days=9), likes=23, video="vid-two-002")
    world.thread(own, [world.comment("Ug-own.r0", people[9], start + timedelta(days=10), likes=1, parent="Ug-own")])
    yield world
    world.close()


@pytest.fixture
def collect(
    youtube: LoopbackYouTube, context: Context, sources: Mapping[str, Source], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Read]:
    """Run the source `api` against the loopback YouTube."""
    pytest.importorskip("googleapiclient", reason="pip install 'kleos-youtube[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_YOUTUBE_KEY", KEY)

    def run(
        *, cursor: str | None = None, most: int | None = None, owner: Owner | None = None, now: datetime = NOW, **settings: Any
    ) -> Read:
        api = ApiSettings(key=Secret(env="KLEOS_TEST_YOUTUBE_KEY"), host=youtube.host, **settings)
        here = Context(
            open_export=context.open_export, stop=context.stop, now=now, cursor=cursor, quota=context.quota, progress=context.progress
        )
        pages: list[Page] = []
        error: Exception | None = None
        fetching = sources["api"].fetch(api, owner or Owner(ids=[ADA]), here)
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
