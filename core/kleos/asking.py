"""Asking a network's API: with patience, within an allowance, and with the token nowhere in sight. For the authors of API sources.

A source charges its `Allowance` and then asks, both inside what it gives to `patiently`::

    with httpx2.Client(base_url=settings.host, timeout=60) as client:
        allowance = Allowance(context, "units", settings.daily_units, setting="daily_units")

        def ask() -> httpx2.Response:
            allowance.charge(1, where)
            return exchange(client, "GET", "/v3/likes", params=asked, headers=bearer, where=where, title="Example")

        answer = patiently(ask, context, title="Example", done=pages)

`exchange` is for HTTPX 2, which the core itself does not need; with another client, raise what `broken` and `busy` return.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from attrs import Attribute

from kleos.contract import Context, Period, period_of
from kleos.errors import FetchError

if TYPE_CHECKING:
    import httpx2

__all__ = ["Allowance", "AskAgainError", "StoppedError", "broken", "busy", "exchange", "patiently", "safe_host", "seconds_asked"]

T = TypeVar("T")

_MOST_BYTES: Final = 32 << 20
"""The longest answer that `exchange` reads: as long as a page may be."""

_GOES_ON = "what was collected is kept; run again {when}, and it goes on from there"
_HOST = re.compile(r"https://[^\s/?#@\\]+/?|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?/?")
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_UNIX_SECONDS = re.compile(r"[0-9]{10,12}(?:\.[0-9]{1,9})?")
"""With so many digits it is a moment, with fewer a length of time: some networks tell one, some the other."""


class AskAgainError(Exception):
    """Nothing that can be used came back, and to ask again may help. `error` is what to tell people if it does not.

    `seconds` is how long the network asks to wait, None where it does not say.
    """

    def __init__(self, error: FetchError, seconds: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.seconds = seconds


class StoppedError(Exception):
    """The user has interrupted the run while it waited: `fetch` returns, and says nothing."""


def patiently(ask: Callable[[], T], context: Context, *, title: str, done: int = 0, attempts: int = 4, patience: float = 120.0) -> T:
    """Call `ask` until it returns, and return that; after an `AskAgainError` wait as long as the network asks, else 1, 2, 4 … seconds.

    `title` is the network's name, and `done` the number of pages so far, for the progress that is told while it waits. Raises the error
    inside the last `AskAgainError` when `attempts` are used up or the network asks for more than `patience` seconds, and `StoppedError`
    when the user interrupts a wait. Everything else that `ask` raises is passed on.
    """
    # No retry library: all that it would not have to be told (how long, until when, whom to tell, what to raise) is this `for`.
    for attempt in range(attempts):
        try:
            return ask()
        except AskAgainError as failed:
            error, seconds = failed.error, float(2**attempt) if failed.seconds is None else failed.seconds
        # Raised and waited out here: an error would drag what it came from, and the address in that, into tracebacks.
        if attempt + 1 == attempts or seconds > patience:
            raise error
        context.progress(done, None, f"pages, waiting until {_clock(seconds):%H:%M:%S} for {title}")
        if context.stop.wait(seconds):
            raise StoppedError
        context.progress(done, None, "pages")
    raise ValueError(f"attempts: expected at least 1, found {attempts}")


class Allowance:
    """How much of a unit ("units", "usd") may be used up in a period; what is used is kept in the catalogue, over all runs.

    `setting` is the key of the source's table that says the most; declare it as a `Charge` of the source, so that it is shown. Without a
    catalogue (`Context.quota` is None) it holds for the run.
    """

    def __init__(self, context: Context, unit: str, most: float, *, setting: str, period: Period | None = None) -> None:
        self._quota = context.quota
        self._unit = unit
        self._most = most
        self._setting = setting
        self._period = period or period_of(unit)
        self._spent = 0.0

    def charge(self, amount: float, where: str) -> None:
        """Record a use *before* the question is asked, so that a crash never counts too little.

        Raises `FetchError`, and records nothing, where the rest of the allowance is less than `amount`.
        """
        spent = self._spent if self._quota is None else self._quota.spent(self._unit)
        # Sums of cents are not exact: the last question that fits is not to fail for that.
        if spent + amount > self._most * (1 + 1e-9):
            allowed = f"the {_number(self._most)} {self._unit} that the configuration allows a {self._period}"
            left = self._most - spent
            told = f"{_number(left)} are left, and the next question costs {_number(amount)}"
            again = _GOES_ON.format(when="tomorrow" if self._period == "day" else f"next {self._period}")
            raise FetchError(
                f"{allowed} are used up" if left < amount * 1e-9 else f"of {allowed}, {told}",
                where=where,
                hint=f"{again}, or raise {self._setting}",
            )
        if self._quota is not None:
            self._quota.spend(self._unit, amount)
        self._spent += amount


def safe_host(instance: Any, attribute: Attribute[Any], value: str) -> None:
    """Check, as a validator of attrs, that a setting is where a token may go: ``https://`` and a host, ``http://`` to this machine only."""
    if not _HOST.fullmatch(value):
        raise ValueError("expected https:// and a host (http:// only for this machine, since the token goes there)")


def exchange(
    client: httpx2.Client,
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    where: str,
    title: str,
) -> httpx2.Response:
    """Ask once, and return the answer, read to its end; redirects are not followed, since the token would go along.

    `where` is the question without secrets, and `title` the network's name: for messages. Raises `AskAgainError` for a connection that
    breaks and for the statuses 429 and 5xx; every other status is for the caller to understand. Raises `FetchError` where asking again
    cannot help: a token that no header can hold, an address that is none, an answer of more than 32 MB. Nothing of the address's query,
    the headers or the answer is in any message or log.
    """
    import httpx2

    logging.getLogger("httpx2").addFilter(_without_query)
    if not all(value.isascii() and value.isprintable() for value in (headers or {}).values()):
        raise FetchError(
            f"the token for {title} holds signs that no token has",
            where=where,
            hint="see where the configuration has it from: a token is one line of letters, digits and signs",
        )
    failed: tuple[str, bool] | None = None
    try:
        with client.stream(method, path, params=params, headers=headers, follow_redirects=False) as streamed:
            response = _read(streamed)
    except (httpx2.LocalProtocolError, httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
        failed = type(error).__name__, False
    except (httpx2.HTTPError, OSError) as error:
        failed = type(error).__name__, True
    if failed is not None:
        # Raised out here, without the error behind it: that knows the address, and what is in the headers.
        name, passing = failed
        if passing:
            raise broken(name, where=where, title=title)
        raise FetchError(f"{title} cannot be asked ({name})", where=where, hint="correct the host of this source")
    if response is None:
        raise FetchError(
            f"the answer of {title} is longer than {_MOST_BYTES >> 20} MB",
            where=where,
            hint="see whether the host is the right one; what was collected is kept",
        )
    if response.status_code == 429 or response.status_code >= 500:
        raise busy(response.status_code, response.headers, where=where, title=title)
    return response


def broken(how: str, *, where: str, title: str) -> AskAgainError:
    """Return the error for a connection that broke; `how` is a word for it, such as the name of the client's own error."""
    hint = "what was collected is kept; see whether this machine is online, and run again"
    return AskAgainError(FetchError(f"the connection to {title} broke ({how})", where=where, hint=hint))


def busy(status: int, headers: Mapping[str, str], *, where: str, title: str) -> AskAgainError:
    """Return the error for an answer that asks to come back later (429, or a 403 that means it), or that failed over there (5xx)."""
    if status >= 500:
        # When the limit begins anew says nothing of when a server is well again.
        seconds = _retry_after(_lower(headers), time.time())
        message = f"{title} has a fault of its own ({status})"
    else:
        seconds = seconds_asked(headers)
        message = f"{title} asks to come back later ({status})"
    when = "in an hour" if seconds is None else f"after {_moment(seconds)}"
    return AskAgainError(FetchError(message, where=where, hint=_GOES_ON.format(when=when)), seconds)


def seconds_asked(headers: Mapping[str, str], *, now: float | None = None) -> float | None:
    """Return how many seconds an answer asks to wait, None where it does not say.

    Understands ``Retry-After`` (a number, or a date) and ``X-RateLimit-Reset``, also with another hyphen (unix seconds, seconds from now
    on, or an ISO 8601 time). Moments are compared with the answer's own ``Date``, so that a wrong clock here does not matter; without one,
    with `now`, in unix seconds (default: this machine's clock).
    """
    told = _lower(headers)
    clock = time.time() if now is None else now
    asked = _retry_after(told, clock)
    if asked is not None:
        return asked
    reset = next((told[name] for name in ("x-rate-limit-reset", "x-ratelimit-reset") if name in told), "")
    if _SECONDS.fullmatch(reset):
        return float(reset)
    moment = float(reset) if _UNIX_SECONDS.fullmatch(reset) else _iso(reset)
    # One that is over already asks for nothing.
    return moment - _here(told, clock) if moment is not None and moment > _here(told, clock) else None


def _retry_after(told: Mapping[str, str], clock: float) -> float | None:
    written = told.get("retry-after", "")
    if _SECONDS.fullmatch(written):
        return float(written)
    moment = _date(written)
    return None if moment is None else max(0.0, moment - _here(told, clock))


def _here(told: Mapping[str, str], clock: float) -> float:
    """Return the time by the clock of whoever answered."""
    date = _date(told.get("date", ""))
    return clock if date is None else date


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {str(name).lower(): str(value).strip() for name, value in headers.items()}


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _clock(seconds: float) -> datetime:
    """Return the time in so many seconds, as the clock on the wall will show it."""
    return datetime.now().astimezone() + timedelta(seconds=seconds)


def _moment(seconds: float) -> str:
    try:
        then = _clock(seconds + 60)
    except OverflowError:
        return "a very long time"
    return f"{then:%H:%M}" if seconds < 12 * 3600 else f"{then:%Y-%m-%d %H:%M}"


def _number(amount: float) -> str:
    text = f"{amount:,.4f}"
    return text.rstrip("0").rstrip(".")


def _read(streamed: httpx2.Response) -> httpx2.Response | None:
    """Return the answer with its body in memory, None where that is too long."""
    import httpx2

    body = bytearray()
    for chunk in streamed.iter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    # The body is unpacked now.
    headers = [
        (name, value) for name, value in streamed.headers.multi_items() if name.lower() not in ("content-encoding", "content-length")
    ]
    return httpx2.Response(streamed.status_code, headers=headers, content=bytes(body), request=streamed.request)


def _without_query(record: logging.LogRecord) -> bool:
    """Blank the queries of addresses in what the client logs: some networks take the token there."""
    if isinstance(record.args, tuple):
        record.args = tuple(str(part).partition("?")[0] if "?" in str(part) else part for part in record.args)
    return True
