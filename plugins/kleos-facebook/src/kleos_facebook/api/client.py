"""One question to the Graph API at a time: charged before it is asked, asked again where that helps, never with the token in sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from kleos.asking import Allowance, AskAgainError, exchange, patiently
from kleos.contract import Context
from kleos.errors import FetchError, ParseError
from kleos_facebook.api.refusals import Refusal, failure, refusal_in
from kleos_facebook.api.settings import ApiSettings
from kleos_facebook.api.shapes import Answer, decode
from kleos_facebook.api.tasks import Task
from kleos_facebook.api.usage import Usage, usage_in

if TYPE_CHECKING:
    import httpx2

__all__ = ["UNIT", "Client", "RefusedError", "described"]

UNIT: Final = "requests"

_TITLE = "Facebook"
_TIMEOUT = 60.0
_NEARLY_ALL = 90.0
"""From this percentage of an allowance on, one question a minute."""
_ALL = 100.0
_MINUTE = 60.0
_HOUR = 3600.0
"""Over which Facebook counts what an app asks."""

# The address of the next page carries the token, in whatever form the JSON writes it.
_SECRET = re.compile(rb'((?:access_token|appsecret_proof|input_token)(?:=|%3[Dd]|"\s*:\s*"))[^"&\\\s%]+')


class RefusedError(Exception):
    """A refusal of this one question, as far as one can see: others may be answered."""

    def __init__(self, refusal: Refusal, task: Task) -> None:
        super().__init__(f"{described(task)}: {refusal}")
        self.refusal = refusal
        self.task = task

    def error(self) -> FetchError:
        """Return it as an error for people."""
        return failure(self.refusal, described(self.task), needs=self.task.needs)


class Client:
    """A connection to the API; close it after use. Raises `FetchError` where the client library or the token is missing."""

    def __init__(self, settings: ApiSettings, context: Context) -> None:
        try:
            import httpx2
        except ImportError:
            raise FetchError("the source facebook.api needs HTTPX 2", hint="pip install 'kleos-facebook[api]'") from None
        self.answered = 0
        self._context = context
        self._version = settings.version
        self._token = settings.token.reveal()
        self._allowance = Allowance(context, UNIT, settings.daily_requests, setting="daily_requests")
        self._usage = Usage()
        self._http = httpx2.Client(base_url=settings.host, timeout=_TIMEOUT, event_hooks={"response": [self._look_at]})

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(self, task: Task) -> tuple[bytes, Answer]:
        """Return the answer, raw but for the token in it, and read.

        Raises `RefusedError`, `StoppedError`, or `FetchError` where nothing helps: a refused token, a spent allowance, a broken connection.
        """
        found = patiently(lambda: self._once(task), self._context, title=_TITLE, done=self.answered)
        self.answered += 1
        return found

    def _once(self, task: Task) -> tuple[bytes, Answer]:
        where = described(task)
        self._hold_back(where)
        self._allowance.charge(1, where)
        try:
            response = exchange(
                self._http,
                "GET",
                f"/{self._version}/{quote(task.path)}",
                params=task.parameters(),
                headers={"Authorization": f"Bearer {self._token}"},
                where=where,
                title=_TITLE,
            )
        except AskAgainError as failed:
            seconds = self._usage.regain or failed.seconds
            self._usage = Usage()
            raise AskAgainError(failed.error, seconds) from None
        body = self._without_token(response.content)
        if response.status_code == 200:
            try:
                return body, decode(body, where)
            except ParseError as error:
                refusal = refusal_in(200, body)
                if not refusal.code:
                    hint = "what was collected is kept; run again, and if it stays so, see whether a proxy stands in between"
                    raise AskAgainError(FetchError(error.message, where=where, hint=hint)) from None
        else:
            refusal = refusal_in(response.status_code, body)
        raise self._refused(refusal, task)

    def _refused(self, refusal: Refusal, task: Task) -> Exception:
        error = failure(refusal, described(task), needs=task.needs)
        if refusal.throttled:
            seconds = self._usage.regain or (_HOUR if self._usage.percent >= _ALL else _MINUTE)
            self._usage = Usage()
            return AskAgainError(error, seconds)
        if refusal.passes:
            return AskAgainError(error)
        return error if refusal.final else RefusedError(refusal, task)

    def _hold_back(self, where: str) -> None:
        """Wait before a question where the last answer said that the allowance is used up, or nearly; raises `AskAgainError` once."""
        usage, self._usage = self._usage, Usage()
        if usage.percent < _NEARLY_ALL and not usage.regain:
            return
        full = usage.regain or (_HOUR if usage.percent >= _ALL else _MINUTE)
        hint = "what was collected is kept; run again in an hour, and it goes on from there"
        raise AskAgainError(FetchError("the app's allowance at Facebook is used up for now", where=where, hint=hint), full)

    def _look_at(self, response: httpx2.Response) -> None:
        self._usage = usage_in(response.headers)

    def _without_token(self, body: bytes) -> bytes:
        token = self._token.encode()
        for secret in {token, quote(self._token, safe="").encode()}:
            body = body.replace(secret, b"***")
        return _SECRET.sub(rb"\1***", body)


def described(task: Task) -> str:
    """Return a question as it stands in messages and pages: without the token."""
    asked: Any = {name: value for name, value in task.parameters().items() if name != "fields"}
    return f"{task.path}?{urlencode(asked)}" if asked else task.path
