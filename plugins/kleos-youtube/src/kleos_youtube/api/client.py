"""One question to the Data API v3 at a time: charged before it is asked, asked again where that helps, never with the key in sight."""

from __future__ import annotations

import http.client
import importlib
import re
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode

from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_youtube.answers.shapes import Answer, decode
from kleos_youtube.api.refusals import AGAIN, FINAL, LATER, failure, reason_of
from kleos_youtube.api.settings import ApiSettings
from kleos_youtube.api.tasks import Task

__all__ = ["UNIT", "Client", "RefusedError", "StoppedError", "described"]

UNIT: Final = "units"
"""What Google counts; every list that is asked here costs one."""

_ATTEMPTS = 4
_PATIENCE = 120.0
"""Seconds that are waited on the network's word; for more, the run ends and the next goes on."""
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


class StoppedError(Exception):
    """The user has interrupted the run while it waited."""


class _TransientError(Exception):
    """Nothing that can be used came back. `seconds` is what the network asks to wait, if it does."""

    def __init__(self, error: FetchError, seconds: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.seconds = seconds


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or a usable key is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        self._settings = settings
        self._context = context
        self.answered = 0
        self._spent = 0
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
        where = described(task)
        for attempt in range(_ATTEMPTS):
            self._charge(where)
            try:
                found = self._once(task, where)
            except _TransientError as failed:
                seconds = float(2**attempt) if failed.seconds is None else failed.seconds
                if attempt + 1 == _ATTEMPTS or seconds > _PATIENCE:
                    raise failed.error from None
            else:
                self.answered += 1
                return found
            self._context.progress(self.answered, None, f"pages, waiting {seconds:.0f} s for YouTube")
            if self._context.stop.wait(seconds):
                raise StoppedError
        raise AssertionError("the last attempt returns or raises")

    def _charge(self, where: str) -> None:
        quota, most = self._context.quota, self._settings.daily_units
        spent = self._spent if quota is None else quota.spent(UNIT)
        if spent + 1 > most:
            raise FetchError(
                f"the {most:,} units that the configuration allows a day are used up",
                where=where,
                hint="what was collected is kept; run again tomorrow, and it goes on from there, or raise daily_units",
            )
        self._spent += 1
        if quota is not None:
            quota.spend(UNIT, 1)

    def _once(self, task: Task, where: str) -> tuple[bytes, Answer]:
        request = getattr(self._service, task.resource)().list(**task.parameters())
        # The library would put the key into the address, from where it gets into logs and errors.
        headers = {**request.headers, "x-goog-api-key": self._key}
        broken = ""
        try:
            response, body = self._http.request(request.uri, method=request.method, headers=headers)
        except self._failures as error:
            broken = type(error).__name__
        if broken:
            # Raised out here, without the error behind it: half an answer may be in that, and the key in half an answer.
            raise _TransientError(_broken(where, broken))
        if response.status == 200:
            try:
                return body, decode(body, where)
            except ParseError as error:
                hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
                raise _TransientError(FetchError(error.message, where=where, hint=hint)) from None
        reason = reason_of(body)
        if response.status == 401 or reason in FINAL:
            raise failure(response.status, reason, where)
        if response.status in AGAIN or reason in LATER:
            raise _TransientError(failure(response.status, reason, where), _asked_to_wait(response))
        raise RefusedError(response.status, reason, where)


def described(task: Task) -> str:
    """Return a question as it stands in messages and pages: without the key."""
    return f"{task.resource}.list?{urlencode(task.parameters())}"


def _broken(where: str, how: str) -> FetchError:
    return FetchError(
        f"the connection to YouTube broke ({how})",
        where=where,
        hint="what was collected is kept; see whether this machine is online, and run again",
    )


def _asked_to_wait(response: Any) -> float | None:
    """Return the seconds of a Retry-After, given as a number or as a time by the server's own clock."""
    written = str(response.get("retry-after", "")).strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        return max(0.0, (parsedate_to_datetime(written) - parsedate_to_datetime(str(response.get("date", "")))).total_seconds())
    except (ValueError, TypeError):
        return None
