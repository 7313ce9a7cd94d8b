"""One question to the Data API v3 at a time: charged before it is asked, asked again where that helps, never with the key in sight."""

from __future__ import annotations

import http.client
import importlib
import re
from typing import Any, Final
from urllib.parse import urlencode

from kleos.asking import Allowance, AskAgainError, broken, busy, patiently
from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_youtube.answers.shapes import Answer, decode
from kleos_youtube.api.refusals import AGAIN, FINAL, LATER, failure, reason_of
from kleos_youtube.api.settings import ApiSettings
from kleos_youtube.api.tasks import Task

__all__ = ["UNIT", "Client", "RefusedError", "described"]

UNIT: Final = "units"
"""What Google counts; every list that is asked here costs one."""

_TITLE: Final = "YouTube"
_TIMEOUT = 60.0
_KEY = re.compile(r"[\x21-\x7e]{8,512}")
_NO_LIBRARY = "pip install 'kleos-youtube[api]'"


class RefusedError(Exception):
    """A refusal of this one question, as far as one can see: others may be answered."""

    def __init__(self, status: int, reason: str, where: str) -> None:
        super().__init__(f"{where}: {status} {reason}")
        self.status = status
        self.reason = reason
        self.where = where

    def error(self) -> FetchError:
        """Return it as an error for people."""
        return failure(self.status, self.reason, self.where)


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or a usable key is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self.answered = 0
        self._context = context
        self._allowance = Allowance(context, UNIT, settings.daily_units, setting="daily_units")
        self._key = settings.key.reveal()
        if not _KEY.fullmatch(self._key):
            raise FetchError(
                "expected an API key, found a text with signs that no key has",
                where=settings.key.describe(),
                hint="it is about 39 letters, digits, - and _",
            )
        try:
            httplib2: Any = importlib.import_module("httplib2")
            discovery: Any = importlib.import_module("googleapiclient.discovery")
        except ImportError:
            raise FetchError("the source youtube.api needs Google's client library", hint=_NO_LIBRARY) from None
        self._failures: tuple[type[Exception], ...] = (OSError, http.client.HTTPException, httplib2.HttpLib2Error)
        self._http = httplib2.Http(timeout=_TIMEOUT)
        # A redirect would carry the key to another host.
        self._http.follow_redirects = False
        endpoint = {"api_endpoint": settings.host.rstrip("/")}
        self._service = discovery.build(
            "youtube", "v3", http=self._http, static_discovery=True, cache_discovery=False, client_options=endpoint
        )

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def ask(self, task: Task) -> tuple[bytes, Answer]:
        """Return the answer, raw and read.

        Raises `RefusedError`, `StoppedError`, or `FetchError` where nothing helps: a refused key, a spent quota, a broken connection.
        """
        found = patiently(lambda: self._once(task, described(task)), self._context, title=_TITLE, done=self.answered)
        self.answered += 1
        return found

    def _once(self, task: Task, where: str) -> tuple[bytes, Answer]:
        self._allowance.charge(1, where)
        request = getattr(self._service, task.resource)().list(**task.parameters())
        # The library would put the key into the address, from where it gets into logs and errors.
        headers = {**request.headers, "x-goog-api-key": self._key}
        failed = ""
        try:
            response, body = self._http.request(request.uri, method=request.method, headers=headers)
        except self._failures as error:
            failed = type(error).__name__
        if failed:
            # Raised out here, without the error behind it: half an answer may be in that, and the key in half an answer.
            raise broken(failed, where=where, title=_TITLE)
        if response.status == 200:
            try:
                return body, decode(body, where)
            except ParseError as error:
                hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
                raise AskAgainError(FetchError(error.message, where=where, hint=hint)) from None
        reason = reason_of(body)
        if response.status == 401 or reason in FINAL:
            raise failure(response.status, reason, where)
        if response.status in AGAIN or reason in LATER:
            raise busy(response.status, response, where=where, title=_TITLE)
        raise RefusedError(response.status, reason, where)


def described(task: Task) -> str:
    """Return a question as it stands in messages and pages: without the key."""
    return f"{task.resource}.list?{urlencode(task.parameters())}"
