"""One question to the API at a time: charged before it is asked, asked again where that helps, never with the token in sight."""

from __future__ import annotations

import importlib
from typing import Any, Final

from kleos.asking import Allowance, AskAgainError, exchange, patiently
from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_linkedin.api.settings import UNIT, ApiSettings, version_for
from kleos_linkedin.api.shapes import Answer, decode
from kleos_linkedin.api.tasks import Task

__all__ = ["Client", "RefusedError", "described"]

_TITLE: Final = "LinkedIn"
_TIMEOUT = 60.0


class RefusedError(Exception):
    """An answer that is no success, and that asking again does not change."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the library for it is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        try:
            httpx2: Any = importlib.import_module("httpx2")
        except ImportError:
            raise FetchError("the source linkedin.api needs a client for HTTP", hint="pip install 'kleos-linkedin[api]'") from None
        self.answered = 0
        self._context = context
        self._allowance = Allowance(context, UNIT, settings.daily_requests, setting="daily_requests")
        self._headers = {
            "Authorization": f"Bearer {settings.token.reveal()}",
            "LinkedIn-Version": version_for(settings, context.now),
            "X-Restli-Protocol-Version": "2.0.0",
            "Accept": "application/json",
        }
        self._http = httpx2.Client(base_url=settings.host.rstrip("/"), timeout=_TIMEOUT)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, task: Task) -> tuple[bytes, Answer]:
        """Return the answer, raw and read.

        Raises `RefusedError`, `kleos.asking.StoppedError`, or `FetchError` where nothing helps: an allowance used up, a broken connection.
        """
        found = patiently(lambda: self._once(task), self._context, title=_TITLE, done=self.answered)
        self.answered += 1
        return found

    def _once(self, task: Task) -> tuple[bytes, Answer]:
        where = described(task)
        self._allowance.charge(1, where)
        response = exchange(self._http, "GET", task.path(), headers=self._headers, where=where, title=_TITLE)
        if response.status_code != 200:
            raise RefusedError(response.status_code)
        try:
            return response.content, decode(response.content, where)
        except ParseError as error:
            hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
            raise AskAgainError(FetchError(error.message, where=where, hint=hint)) from None


def described(task: Task) -> str:
    """Return a question as it stands in messages and pages; there is no secret in its path."""
    return f"GET {task.path()}"
