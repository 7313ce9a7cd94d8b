"""One question to the API at a time: charged before it is asked, asked again where that helps, never with the token in sight."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from kleos.asking import Allowance, AskAgainError, exchange, patiently
from kleos.contract import Context
from kleos.errors import FetchError
from kleos_foursquare.api.questions import Question
from kleos_foursquare.api.refusals import failure, is_limit, limit_reached, meta_of
from kleos_foursquare.api.settings import ApiSettings

__all__ = ["TITLE", "UNIT", "Client", "RefusedError", "described"]

TITLE: Final = "Foursquare"
UNIT: Final = "questions"

_VERSION = "20261001"
"""The day up to which changes of the API are known here: Foursquare wants to be told."""
_TIMEOUT = 60.0
_TOKEN = re.compile(r"[\x21-\x7e]{8,512}")


class RefusedError(Exception):
    """A refusal of this one question: others may be answered."""

    def __init__(self, status: int, reason: str, where: str) -> None:
        super().__init__(f"{where}: {status} {reason}")
        self.status = status
        self.error = failure(status, reason, where)


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or a usable token is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self._context = context
        self._token = settings.token.reveal()
        if not _TOKEN.fullmatch(self._token):
            raise FetchError(
                "expected an OAuth token, found a text with signs that no token has",
                where=settings.token.describe(),
                hint="it is one word of letters and digits, 48 of them as a rule",
            )
        try:
            httpx2: Any = importlib.import_module("httpx2")
        except ImportError:
            raise FetchError("the source foursquare.api needs the library httpx2", hint="pip install 'kleos-foursquare[api]'") from None
        self.answered = 0
        self._allowance = Allowance(context, UNIT, settings.daily_questions, setting="daily_questions")
        self._spent: AskAgainError | None = None
        self._http = httpx2.Client(base_url=settings.host.rstrip("/"), timeout=_TIMEOUT)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, question: Question) -> bytes:
        """Return the answer.

        Raises `RefusedError`, `kleos.asking.StoppedError`, or `FetchError` where nothing helps: a refused token, an allowance that is used
        up, a broken connection.
        """
        body = patiently(lambda: self._once(question), self._context, title=TITLE, done=self.answered)
        self.answered += 1
        return body

    def _once(self, question: Question) -> bytes:
        if self._spent is not None:
            # The answer before has said that it was the last one for now.
            spent, self._spent = self._spent, None
            raise spent
        where = described(question)
        self._allowance.charge(1, where)
        # The API knows the token by this parameter only; `exchange` keeps the query out of messages and logs.
        asked = {**question.parameters(), "v": _VERSION, "oauth_token": self._token}
        response = exchange(self._http, "GET", f"/v2/{question.path()}", params=asked, where=where, title=TITLE)
        headers: Mapping[str, str] = response.headers
        body, status = response.content, response.status_code
        meta = meta_of(body)
        if status == 200 and meta is None:
            raise AskAgainError(_garbled(where))
        code, reason = meta or (0, "")
        # What the answer itself says counts where the status says that all is well.
        status = code if status == 200 and code else status
        if is_limit(status, reason, headers):
            raise limit_reached(headers, where)
        if status == 401:
            raise failure(status, reason, where)
        if status >= 500:
            raise AskAgainError(failure(status, reason, where))
        if status != 200:
            raise RefusedError(status, reason, where)
        if headers.get("x-ratelimit-remaining", "").strip() == "0":
            spent = limit_reached(headers, where)
            self._spent = spent if spent.seconds else None
        return body


def described(question: Question) -> str:
    """Return a question as it stands in messages and pages: without the token."""
    parameters = urlencode(question.parameters())
    return f"{question.path()}?{parameters}" if parameters else question.path()


def _garbled(where: str) -> FetchError:
    return FetchError(
        "expected an answer of the Foursquare API, found something else or one that breaks off",
        where=where,
        hint="what was collected is kept; run again, and if it stays so, see whether a proxy stands in between",
    )
