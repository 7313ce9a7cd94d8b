"""Servers on this machine: mastodon_mock, which speaks the API for real, and one that has bad days."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from attrs import define, field, frozen

from kleos.contract import Context, Export, Owner, Page
from kleos.secrets import Secret
from kleos_mastodon.api import Api, fetch

SERVE = """
import sys
from mastodon_mock.testing.server import MockServer
with MockServer() as server:
    print(server.base_url, flush=True)
    sys.stdin.read()
"""
TOKEN = "a-token-that-must-not-show"
NUMBERS = itertools.count(1)


class Hurried(threading.Event):
    """A run's `stop` that lets nobody wait, and remembers for how long they wanted to."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


@frozen
class User:
    """Somebody on the mock server."""

    client: httpx2.Client
    id: str
    name: str
    token: str

    @property
    def host(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def post(self, path: str, **values: Any) -> Any:
        return self._done(self.client.post(f"/api/v1/{path}", json=values, headers=self._headers()))

    def get(self, path: str) -> Any:
        return self._done(self.client.get(f"/api/v1/{path}", headers=self._headers()))

    def says(self, words: str, **values: Any) -> str:
        return str(self.post("statuses", status=words, **values)["id"])

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def _done(self, answer: httpx2.Response) -> Any:
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="session")
def mock() -> Iterator[httpx2.Client]:
    """A client of a Mastodon server in a process of its own."""
    with subprocess.Popen([sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        with httpx2.Client(base_url=process.stdout.readline().strip(), timeout=60) as client:
            yield client
        process.communicate()


@pytest.fixture
def user(mock: httpx2.Client) -> Callable[[str], User]:
    """Makes a user of the mock server; its name gets a number, since all tests share the server."""

    def make(name: str) -> User:
        answer = mock.post("/api/v1/_mock/dev_user", json={"username": f"{name}{next(NUMBERS)}"}).json()
        return User(mock, answer["id"], answer["username"], answer["access_token"])

    return make


@define
class BadDay:
    """A server with two notifications and one post, and with what goes wrong: each fault meets one question about them."""

    host: str = ""
    token: str = TOKEN
    faults: list[Callable[[BaseHTTPRequestHandler], None]] = field(factory=list)
    asked: list[str] = field(factory=list)
    headers: dict[str, str] = field(factory=dict)
    date: str = "Sat, 21 Nov 2026 10:00:00 GMT"
    lists: dict[str, list[dict[str, Any]]] = field(factory=dict)


@pytest.fixture
def bad_day() -> Iterator[BadDay]:
    day = BadDay()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            day.asked.append(self.path)
            if self.headers["Authorization"] != f"Bearer {day.token}":
                return send(self, 401, {"error": "The access token was revoked"})
            if path.endswith("verify_credentials"):
                return send(self, 200, {"id": "1", "username": "ada", "acct": "ada"})
            if day.faults:
                return day.faults.pop(0)(self)
            name = "notifications" if path.endswith("notifications") else "posts"
            return send(self, 200, day.lists.get(name, []) if "_id=" not in query else [], day.headers)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return day.date

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        day.host = f"http://127.0.0.1:{server.server_port}"
        yield day
        server.shutdown()
        thread.join()


def send(handler: BaseHTTPRequestHandler, status: int, values: Any, headers: dict[str, str] | None = None) -> None:
    body = values if isinstance(values, bytes) else json.dumps(values).encode()
    handler.send_response(status)
    for name, value in {"content-length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def hurried() -> Hurried:
    return Hurried()


@pytest.fixture
def answering() -> Callable[..., Callable[[BaseHTTPRequestHandler], None]]:
    """Makes a fault: ``answering(429, {}, {"retry-after": "7"})``."""
    return lambda *answer: lambda handler: send(handler, *answer)


@pytest.fixture
def collect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Iterator[Page]]:
    """Fetches from a server, as ``collect(host, owner, token=…, cursor=…)``; more arguments are settings."""

    def run(
        host: str, owner: Owner, *, token: str = TOKEN, cursor: str | None = None, stop: threading.Event | None = None, **settings: Any
    ) -> Iterator[Page]:
        monkeypatch.setenv("MASTODON_TOKEN", token)
        context = Context(open_export=no_export, stop=stop or Hurried(), now=datetime.now(UTC), cursor=cursor)
        return fetch(Api(host=host, token=Secret(env="MASTODON_TOKEN"), **settings), owner, context)

    return run


def no_export(path: Any) -> Export:
    raise AssertionError(f"an API source opened {path}")
