"""One question at a time to a server, through Mastodon.py: the raw answer, or one sentence about what is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kleos.asking import AskAgainError, StoppedError, broken, busy, patiently, seconds_asked
from kleos.contract import Context
from kleos.errors import FetchError

if TYPE_CHECKING:
    from mastodon import Mastodon
    from requests import Response

__all__ = ["Server"]

TITLE = "Mastodon"
LARGEST = 32 << 20
PATIENCE = 330.0  # Mastodon counts questions in windows of five minutes
SCOPES = "read:accounts read:notifications read:statuses"


class Server:
    """A server, asked with a token."""

    def __init__(self, host: str, token: str, context: Context) -> None:
        try:
            from mastodon import Mastodon
            from requests import Session
        except ImportError:
            raise FetchError("the source mastodon.api needs Mastodon.py", hint="pip install 'kleos-mastodon[api]'") from None
        server = self

        class Recording(Session):
            """Keeps each answer, reads no more of it than a page can hold, and follows no redirect: the token would go along."""

            def request(self, *arguments: Any, **options: Any) -> Response:
                server.answer = None
                response = super().request(*arguments, **{**options, "stream": True})
                with response.raw as raw:
                    body = raw.read(LARGEST + 1, decode_content=True)
                server.too_large = len(body) > LARGEST
                response.raw = io.BytesIO(body)
                server.answer = response
                return response

            def get_redirect_target(self, resp: Response) -> None:
                return None

        self.context = context
        self.answer: Response | None = None
        self.too_large = False
        self.wait: AskAgainError | None = None
        self.client: Mastodon = Mastodon(api_base_url=host, ratelimit_method="throw", request_timeout=60, session=Recording())
        # Given to the constructor, a token that happens to be the name of a file would be looked for in there.
        self.client.access_token = token

    def ask(self, question: Callable[[Mastodon], object], where: str, done: int) -> bytes:
        """Return what the server answers to a question, which is a call of Mastodon.py.

        `where` is the question for messages, `done` the number of pages so far. Raises `FetchError`, and `StoppedError` where the user
        has interrupted.
        """

        def once() -> bytes:
            if self.context.stop.is_set():
                raise StoppedError
            if self.wait:
                wait, self.wait = self.wait, None
                raise wait
            return self._once(question, where)

        return patiently(once, self.context, title=TITLE, done=done, patience=PATIENCE)

    def close(self) -> None:
        """Let go of the connection."""
        self.client.session.close()

    def _once(self, question: Callable[[Mastodon], object], where: str) -> bytes:
        from mastodon import MastodonError

        cause = "no answer"
        try:
            question(self.client)
        except MastodonError as error:
            if self.answer is None and isinstance(error.__context__, ValueError):
                raise FetchError(
                    "the question cannot be sent: no header can hold the token, or host is no address",
                    where=where,
                    hint="look at what the secret gives: the token, and nothing else",
                ) from None
            cause = type(error.__context__ or error).__name__
        answer = self.answer
        if answer is None:
            raise broken(cause, where=where, title=TITLE)
        if self.too_large:
            raise FetchError("an answer has more than 32 MB", where=where, hint="is the host really a Mastodon server?")
        if answer.status_code == 429 or answer.status_code >= 500:
            raise busy(answer.status_code, answer.headers, where=where, title=TITLE)
        if answer.status_code != 200:
            raise _refused(answer.status_code, where)
        if answer.headers.get("X-RateLimit-Remaining") == "0" and seconds_asked(answer.headers):
            self.wait = busy(429, answer.headers, where=where, title=TITLE)
        return answer.content


def _refused(status: int, where: str) -> FetchError:
    if status == 401:
        return FetchError(
            "the server does not accept the token: it has expired, or was revoked",
            where=where,
            hint="make a new one in Preferences, Development, Your application",
        )
    if status == 403:
        return FetchError("the server refuses (403): the token may not read this", where=where, hint=f"give its application {SCOPES}")
    if 300 <= status < 400:
        return FetchError(
            f"the server sends elsewhere ({status})", where=where, hint="write the address that the server itself has as host"
        )
    return FetchError(f"the server refuses ({status})", where=where, hint="what was collected is kept; is the host a Mastodon server?")
