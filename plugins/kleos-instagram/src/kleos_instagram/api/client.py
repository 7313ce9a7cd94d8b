"""One question to the Graph API at a time: charged before it is asked, asked again where that helps, the token never in sight.

The token travels in a header. Meta repeats it in its answers, in the addresses of further pages, so it is struck out of them at once.
"""

from __future__ import annotations

import importlib
import re
from typing import Any, Final
from urllib.parse import quote, urlencode

from kleos.asking import Allowance, AskAgainError, exchange, patiently
from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_instagram.api.refusals import Refusal, refusal_of
from kleos_instagram.api.settings import ApiSettings
from kleos_instagram.api.shapes import decode
from kleos_instagram.api.tasks import Task
from kleos_instagram.api.usage import Usage, usage_of

__all__ = ["TITLE", "UNIT", "Client", "RefusedError", "described", "without_token"]

TITLE: Final = "Instagram"
UNIT: Final = "questions"

_TIMEOUT = 60.0
_TOKEN = re.compile(r"[A-Za-z0-9|._~+/=-]{8,2000}")
_IN_ADDRESS = re.compile(rb"(access_token|appsecret_proof)(=|%3D|\\u003[dD])[^&\"\\\s]*")


class RefusedError(Exception):
    """A refusal of this one question: others may be answered. `body` is the answer, without the token."""

    def __init__(self, refusal: Refusal, body: bytes, where: str) -> None:
        super().__init__(f"{where}: {refusal}")
        self.refusal = refusal
        self.body = body
        self.where = where


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or a usable token is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self.answered = 0
        self._context = context
        self._version = f"/{settings.version}" if settings.version else ""
        self._allowance = Allowance(context, UNIT, settings.daily_questions, setting="daily_questions")
        self._token = settings.token.reveal()
        self._usage = Usage()
        if not _TOKEN.fullmatch(self._token):
            raise FetchError(
                "expected an access token, found a text with signs that no token has",
                where=settings.token.describe(),
                hint="it is one line of letters and digits, about 200 of them",
            )
        try:
            httpx2: Any = importlib.import_module("httpx2")
        except ImportError:
            raise FetchError("the source instagram.api needs httpx2", hint="pip install 'kleos-instagram[api]'") from None
        self._http = httpx2.Client(base_url=settings.address, timeout=_TIMEOUT, event_hooks={"response": [self._look]})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, task: Task) -> tuple[bytes, Any]:
        """Return the answer, raw but for the token, and read as `task.answer`.

        Raises `RefusedError`, `kleos.asking.StoppedError`, or `FetchError` where nothing helps: a refused token, a spent allowance, a
        broken connection.
        """
        where = described(task)
        found = patiently(lambda: self._once(task, where), self._context, title=TITLE, done=self.answered)
        self.answered += 1
        return found

    def _once(self, task: Task, where: str) -> tuple[bytes, Any]:
        self._hold_back(where)
        self._allowance.charge(1, where)
        try:
            response = exchange(
                self._http,
                "GET",
                f"{self._version}/{task.path}",
                params=task.parameters(),
                headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"},
                where=where,
                title=TITLE,
            )
        except AskAgainError as again:
            waits = again.seconds if again.seconds is not None else self._usage.seconds
            failed = again.error, waits
        else:
            return self._understood(task, response.status_code, response.content, where)
        self._usage = Usage()
        raise AskAgainError(*failed)

    def _understood(self, task: Task, status: int, content: bytes, where: str) -> tuple[bytes, Any]:
        body = without_token(content, self._token)
        refusal = refusal_of(status, body)
        if refusal is None:
            try:
                return body, decode(body, task.answer, where)
            except ParseError as error:
                hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
                unreadable = FetchError(error.message, where=where, hint=hint)
            raise AskAgainError(unreadable)
        if refusal.is_final:
            raise refusal.error(where)
        if refusal.is_passing:
            seconds, self._usage = self._usage.seconds, Usage()
            raise AskAgainError(refusal.error(where), seconds)
        raise RefusedError(refusal, body, where)

    def _look(self, response: Any) -> None:
        self._usage = usage_of(response.headers)

    def _hold_back(self, where: str) -> None:
        """Ask nothing while the last answer said that nearly all is used; where it does not say for how long, it is an hour."""
        usage, self._usage = self._usage, Usage()
        if usage.is_nearly_all:
            error = FetchError(
                f"{usage.percent:.0f} % of what Instagram allows an hour is used",
                where=where,
                hint="what was collected is kept; run again in an hour, and it goes on from there",
            )
            raise AskAgainError(error, 3600.0 if usage.seconds is None else usage.seconds)


def described(task: Task) -> str:
    """Return a question as it stands in messages and pages: without the token."""
    return f"{task.path}?{urlencode(task.parameters())}"


def without_token(body: bytes, token: str) -> bytes:
    """Return an answer without the token, which Meta writes into the addresses of further pages."""
    struck = _IN_ADDRESS.sub(rb"\1\2***", body)
    # The longest first: a shorter one is part of it.
    for written in (quote(token, safe=""), token.replace("/", "\\/"), token):
        struck = struck.replace(written.encode(), b"***")
    return struck
