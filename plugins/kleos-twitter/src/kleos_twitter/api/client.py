"""One question to the API at a time: paid for before it is asked, asked again where that helps, never with the token in sight.

Asked over HTTPX 2 and not through X's own client, `xdk` 0.10.6: that one hands out no raw answer, refuses answers in the words of 2021
(its models miss `repost_count` and `post_count`), has no time-out, and leaves what a 429 tells to others.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from kleos.asking import AskAgainError, exchange, patiently
from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_twitter.api.answers import Answer, decode
from kleos_twitter.api.refusals import RefusedError, failure, trouble_of
from kleos_twitter.api.settings import ApiSettings
from kleos_twitter.api.spending import Purse
from kleos_twitter.api.tasks import Dialect, Task

__all__ = ["Client", "described"]

_TITLE: Final = "X"
_TIMEOUT = 60.0
_PATIENCE = 960.0
"""Seconds that are waited on the network's word: its limits begin anew every 15 minutes."""
_NO_LIBRARY = "pip install 'kleos-twitter[api]'"


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or the token is missing."""

    def __init__(self, settings: ApiSettings, context: Context, purse: Purse) -> None:
        try:
            import httpx2
        except ImportError:
            raise FetchError("the source twitter.api needs HTTPX 2", hint=_NO_LIBRARY) from None
        self.answered = 0
        self._context = context
        self._purse = purse
        self._headers = {"Authorization": f"Bearer {settings.token.reveal()}", "Accept": "application/json"}
        self._http = httpx2.Client(base_url=settings.host.rstrip("/"), timeout=_TIMEOUT)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, task: Task, dialect: Dialect) -> tuple[bytes, Answer]:
        """Return the answer, raw and read.

        Raises `RefusedError`, `StoppedError`, or `FetchError` where nothing helps: a refused token, spent money, a broken connection.
        """
        where = described(task, dialect)
        reserved = self._purse.reserve(task, dialect, where)
        try:
            body, answer = patiently(
                lambda: self._once(task, dialect, where), self._context, title=_TITLE, done=self.answered, patience=_PATIENCE
            )
        except RefusedError:
            self._purse.credit += reserved
            raise
        self._purse.settle(task, reserved, answer)
        self.answered += 1
        return body, answer

    def _once(self, task: Task, dialect: Dialect, where: str) -> tuple[bytes, Answer]:
        parameters: dict[str, Any] = dict(task.parameters(dialect))
        response = exchange(self._http, "GET", task.path, params=parameters, headers=self._headers, where=where, title=_TITLE)
        if response.status_code == 200:
            try:
                return response.content, decode(response.content, where)
            except ParseError as error:
                hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
                raise AskAgainError(FetchError(error.message, where=where, hint=hint)) from None
        trouble = trouble_of(response.content)
        final = failure(response.status_code, trouble, where)
        if final is not None:
            raise final
        raise RefusedError(response.status_code, trouble, where)


def described(task: Task, dialect: Dialect) -> str:
    """Return a question as it stands in messages and pages."""
    return f"GET {task.path}?{urlencode(task.parameters(dialect))}"
