"""An X on this machine's loopback: a small world served in the shapes of the API v2, in the words of 2021 or of 2026."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import define, field, frozen

from kleos.contract import Batch, Context, Flaw, Owner, Page, Profiles, Row, Source, Tallies
from kleos.errors import KleosError
from kleos.secrets import Secret
from kleos_twitter.api.settings import ApiSettings

TOKEN = "AAAA-the-token-that-nobody-may-see-0123456789"
ADA = "1001"
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
PRICES = {"post": 0.005, "user": 0.010}


def id_at(moment: datetime, number: int = 0) -> str:
    """Return an id that was made then."""
    return str((((moment - EPOCH) // timedelta(milliseconds=1)) << 22) + number)


class Patience(threading.Event):
    """A stop event that never waits, and remembers how long it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        return self.is_set()


class Ledger:
    """A quota ledger in memory."""

    def __init__(self) -> None:
        self.used = 0.0

    def spent(self, unit: str) -> float:
        assert unit == "usd"
        return self.used

    def spend(self, unit: str, amount: float) -> None:
        assert amount >= 0
        self.used += amount


@frozen(kw_only=True)
class Read:
    """What came of a run."""

    pages: Sequence[Page]
    rows: Sequence[Row]
    error: Any

    @property
    def reactions(self) -> list[tuple[str, str, str, str | None]]:
        """Kind, subject, actor, item."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        return [one for b in batches for one in zip(b.kind, b.subject, b.actor or (), b.item or (), strict=True)]

    @property
    def received(self) -> Counter[str]:
        """How many of each kind, each counted once as the core does."""
        batches = [row for row in self.rows if isinstance(row, Batch)]
        distinct = {
            (kind, id_ or (actor, item))
            for b in batches
            for kind, actor, item, id_ in zip(b.kind, b.actor or (), b.item or (), b.id or [None] * len(b), strict=True)
        }
        return Counter(kind for kind, _ in distinct)

    @property
    def totals(self) -> dict[tuple[str, str], int]:
        """Kind and item → total."""
        tallies = [row for row in self.rows if isinstance(row, Tallies)]
        return {(kind, item): total for t in tallies for kind, item, total in zip(t.kind, t.item, t.total, strict=True)}

    @property
    def audiences(self) -> dict[str, int]:
        """Account → followers."""
        told = [(row.id, row.audience) for row in self.rows if isinstance(row, Profiles) and row.audience is not None]
        return {id_: count for ids, counts in told for id_, count in zip(ids, counts, strict=True) if count is not None}

    @property
    def flaws(self) -> list[Flaw]:
        return [row for row in self.rows if isinstance(row, Flaw)]


@define
class Fault:
    """What happens instead of an answer to questions whose path matches: to the first `times` after `skip` good ones."""

    path: str
    status: int = 500
    problem: Mapping[str, Any] = field(factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(factory=dict)
    cut: bool = False
    times: int = 1_000_000
    skip: int = 0

    def answer(self) -> bytes:
        if self.body is not None:
            return self.body
        # A refusal may repeat what it was sent.
        return json.dumps({"title": "…", "detail": f"refused: Bearer {TOKEN}", "status": self.status, **self.problem}).encode()


class LoopbackX:
    """The world: `users` by id; `posts` and `others` (by their ids) as the words of 2021 have them; who liked and reposted which post."""

    def __init__(self) -> None:
        self.dialect = "tweets"
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.users: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, dict[str, Any]] = {}
        self.others: dict[str, dict[str, Any]] = {}
        self.likers: dict[str, list[str]] = {}
        self.reposters: dict[str, list[str]] = {}
        self.billed: set[tuple[str, str]] = set()
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
        return sum(re.search(path, asked) is not None for asked, _ in self.asked)

    @property
    def bill(self) -> float:
        """What X takes, each resource once a day."""
        return sum(PRICES[sort] for sort, _ in self.billed)

    # The world

    def user(self, id_: str, handle: str, followers: int) -> None:
        numbers = {"followers_count": followers, "following_count": 1, "tweet_count": 9, "listed_count": 0}
        self.users[id_] = {"id": id_, "username": handle, "name": handle.title(), "public_metrics": numbers}

    def post(self, author: str, at: datetime, number: int = 0, *, to: str = "", **refers: str) -> str:
        """Add a post by anybody; `refers` says what to: replied_to=…, quoted=…"""
        id_ = id_at(at, number)
        post: dict[str, Any] = {"id": id_, "text": "…", "edit_history_tweet_ids": [id_], "author_id": author}
        post |= {"created_at": at.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        if refers:
            post["referenced_tweets"] = [{"type": type_, "id": other} for type_, other in refers.items()]
        if to:
            post["in_reply_to_user_id"] = to
            post["entities"] = {"mentions": [{"start": 0, "end": 9, "username": self.users[to]["username"], "id": to}]}
        (self.posts if author == ADA else self.others)[id_] = post
        return id_

    def mention(self, author: str, at: datetime, *names: str) -> str:
        id_ = self.post(author, at)
        named = [{"start": 0, "end": 5, "username": self.users[name]["username"], "id": name} for name in names]
        self.others[id_]["entities"] = {"mentions": named}
        return id_

    def metrics(self, id_: str) -> dict[str, int]:
        quotes = sum(_refers(post, "quoted", id_) for post in self.others.values())
        replies = sum(_refers(post, "replied_to", id_) for post in self.others.values())
        likes, reposts = len(self.likers.get(id_, ())), len(self.reposters.get(id_, ()))
        counts = {"retweet_count": reposts, "reply_count": replies, "like_count": likes, "quote_count": quotes}
        return counts | {"bookmark_count": 0, "impression_count": 1000}

    # The service

    def answer(self, path: str, asked: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the answer, None for a path that is not there."""
        if path.startswith("/2/users") and path.count("/") < 4 and not path[-1].isdigit():
            names = {user["username"]: id_ for id_, user in self.users.items()}
            given = asked.get("ids", asked.get("usernames", "ada_makes")).split(",")
            answer = self._people([names.get(name, name) for name in given], asked)
            return answer | {"data": answer["data"][0]} if path.endswith("/me") else answer
        return self._posts(path, asked)

    def _posts(self, path: str, asked: Mapping[str, str]) -> dict[str, Any] | None:
        found = re.fullmatch(r"/2/users/(\d+)/(tweets|mentions)|/2/tweets/(\d+)/(\w+)|/2/tweets/search/(recent)", path)
        if found is None:
            return None
        user, sort, post, about, search = found.groups()
        if sort == "tweets":
            return self._list([one for one in self.posts.values() if not _refers(one, "retweeted")], asked)
        if sort == "mentions":
            return self._list([one for one in self.others.values() if user in _named(one)], asked)
        if search:
            to = asked["query"].partition("to:")[2].split()[0]
            return self._list([one for one in self.others.values() if one.get("in_reply_to_user_id") == to], asked)
        if about == "quote_tweets":
            return self._list([one for one in self.others.values() if _refers(one, "quoted", post)], asked)
        given = {"retweeted_by": self.reposters, "liking_users": self.likers}[about].get(post, [])
        most, start = int(asked["max_results"]), int(asked.get("pagination_token", "0"))
        assert 1 <= most <= 100
        page = self._people(given[start : start + most], asked)
        return page | {
            "meta": {"result_count": len(page["data"]), **({"next_token": str(start + most)} if start + most < len(given) else {})}
        }

    def _user(self, id_: str) -> dict[str, Any]:
        self.billed.add(("user", id_))
        user = self.users[id_]
        if self.dialect == "tweets":
            return user
        numbers = dict(user["public_metrics"])
        numbers["post_count"] = numbers.pop("tweet_count")
        return user | {"public_metrics": numbers}

    def _people(self, ids: Sequence[str], asked: Mapping[str, str]) -> dict[str, Any]:
        assert "public_metrics" in asked["user.fields"]
        answer: dict[str, Any] = {"data": [self._user(id_) for id_ in ids if id_ in self.users]}
        unknown = [id_ for id_ in ids if id_ not in self.users]
        if unknown:
            answer["errors"] = [{"value": id_, "title": "Not Found Error", "resource_type": "user"} for id_ in unknown]
        return answer

    def _list(self, posts: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
        since, until = int(asked.get("since_id", "0")), int(asked.get("until_id", "9" * 25))
        start = int(id_at(datetime.fromisoformat(asked["start_time"]))) if "start_time" in asked else 0
        listed = sorted((one for one in posts if max(since + 1, start) <= int(one["id"]) < until), key=lambda one: -int(one["id"]))
        first = int((asked.get("pagination_token") or asked.get("next_token") or "t0")[1:])
        page, more = listed[first : first + int(asked["max_results"])], listed[first + int(asked["max_results"]) :]
        meta: dict[str, Any] = {"result_count": len(page), **({"next_token": f"t{first + len(page)}"} if more else {})}
        if not page:
            return {"meta": meta}
        self.billed |= {("post", one["id"]) for one in page}
        shaped = [self._shaped(one, asked) for one in page]
        return {"data": shaped, "meta": meta} | ({"includes": self._includes(page)} if self.dialect == "posts" else {})

    def _shaped(self, post: dict[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
        """Return a post with the fields that were asked for."""
        full = post | {"public_metrics": self.metrics(post["id"])}
        wanted = {"id", "text", "edit_history_tweet_ids", *asked.get("tweet.fields", asked.get("post.fields", "")).split(",")}
        wanted |= {name.replace("posts", "tweets") for name in asked.get("expansions", "").split(",")}
        kept = {name: value for name, value in full.items() if name in wanted}
        if self.dialect == "tweets":
            return kept
        text = json.dumps(kept).replace("referenced_tweets", "referenced_posts").replace("retweet_count", "repost_count")
        shaped: dict[str, Any] = json.loads(text.replace("edit_history_tweet_ids", "edit_history_post_ids"))
        return shaped

    def _includes(self, posts: Sequence[dict[str, Any]]) -> dict[str, Any]:
        ids = {id_ for one in posts for id_ in (one["author_id"], one.get("in_reply_to_user_id")) if id_ in self.users}
        others = {one["id"] for post in posts for one in post.get("referenced_tweets", ())} & self.posts.keys()
        self.billed |= {("post", id_) for id_ in others}
        asked = {"post.fields": "created_at", "expansions": "author_id"}
        return {
            "users": [self._user(id_) for id_ in sorted(ids)],
            "posts": [self._shaped(self.posts[id_], asked) for id_ in sorted(others)],
        }

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults:
            if re.search(fault.path, path):
                if fault.skip:
                    fault.skip -= 1
                elif fault.times:
                    fault.times -= 1
                    return fault
        return None

    def _refusal(self, path: str, asked: Mapping[str, str], token: str | None) -> Fault | None:
        if token != f"Bearer {TOKEN}":
            return Fault(path, 401, {"title": "Unauthorized", "type": "about:blank"})
        strange = "post.fields" if self.dialect == "tweets" else "tweet.fields"
        if strange in asked:
            errors = [{"parameters": {strange: [asked[strange]]}, "message": f"The query parameter [{strange}] is not one of …"}]
            return Fault(path, 400, {"type": "https://api.twitter.com/2/problems/invalid-request", "errors": errors})
        return self._fault(path)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: else each answer waits for an acknowledgement

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                asked = {name: values[0] for name, values in parse_qs(url.query).items()}
                world.asked.append((url.path, asked))
                fault = world._refusal(url.path, asked, self.headers.get("authorization"))
                answer = world.answer(url.path, asked) if fault is None else None
                if answer is None and fault is None:
                    fault = Fault(url.path, 404)
                body = fault.answer() if fault else json.dumps(answer).encode()
                self.send_response_only(200 if fault is None or fault.cut else fault.status)
                limits = {"Date": "Tue, 10 Mar 2026 12:00:00 GMT", "x-rate-limit-limit": "300", "x-rate-limit-remaining": "299"}
                for name, value in {**limits, **(fault.headers if fault else {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(body) + (1000 if fault and fault.cut else 0)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = bool(fault and fault.cut)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
                """Be quiet."""

        return Handler


def _refers(post: Mapping[str, Any], type_: str, id_: str | None = None) -> bool:
    return any(one["type"] == type_ and id_ in (None, one["id"]) for one in post.get("referenced_tweets", ()))


def _named(post: Mapping[str, Any]) -> set[str]:
    return {one["id"] for one in post.get("entities", {}).get("mentions", ())}


@pytest.fixture
def x() -> Iterator[LoopbackX]:
    """Ada's account: three posts, liked, reposted, quoted and answered by twelve people, and a post of theirs that names two accounts."""
    world = LoopbackX()
    world.user(ADA, "ada_makes", 480)
    people = [str(2000 + number) for number in range(12)]
    for number, person in enumerate(people):
        world.user(person, f"person{number}", 10 * number)
    posts = [world.post(ADA, NOW - timedelta(days=days)) for days in (20, 10, 2)]
    world.likers = {posts[0]: people[:3], posts[1]: people[:12]}
    world.reposters = {posts[1]: people[4:6]}
    for number, person in enumerate(people):
        world.post(person, NOW - timedelta(days=9, minutes=number), to=ADA, replied_to=posts[1])
        world.mention(person, NOW - timedelta(days=5, minutes=number), ADA, people[0])
    world.post(people[6], NOW - timedelta(days=3), 7, quoted=posts[2])
    world.post(ADA, NOW - timedelta(days=1), 3, to=people[0], replied_to=posts[0])
    yield world
    with suppress(OSError):
        world.close()


@pytest.fixture
def fault() -> type[Fault]:
    return Fault


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def stop() -> Patience:
    return Patience()


@pytest.fixture
def collect(x: LoopbackX, api: Source, ledger: Ledger, stop: Patience, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Read]:
    """Run the source against the loopback X."""
    pytest.importorskip("httpx2", reason="pip install 'kleos-twitter[api]' to test the API")
    monkeypatch.setenv("KLEOS_TEST_X_TOKEN", TOKEN)
    # The loopback has no certificate, and reading those of the system for every client takes longer than a test.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")

    def nothing(path: Any) -> Any:
        raise AssertionError("an API opens no files")

    def run(
        *,
        cursor: str | None = None,
        most: int | None = None,
        owner: Owner | None = None,
        now: datetime = NOW,
        with_ledger: bool = True,
        **settings: Any,
    ) -> Read:
        chosen = ApiSettings(token=Secret(env="KLEOS_TEST_X_TOKEN"), **{"host": x.host, "page_size": 10, **settings})
        context = Context(open_export=nothing, stop=stop, now=now, cursor=cursor, quota=ledger if with_ledger else None)
        pages: list[Page] = []
        error: KleosError | None = None
        fetching = api.fetch(chosen, owner or Owner(person="ada", handles=["ada_makes"]), context)
        try:
            for page in fetching:
                pages.append(page)
                if len(pages) == most:
                    break
        except KleosError as caught:
            error = caught
        finally:
            fetching.close()  # type: ignore[attr-defined]  # a generator
        return Read(pages=pages, rows=[row for page in pages for row in api.parse(page)], error=error)

    return run
