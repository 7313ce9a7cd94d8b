"""What an answer that is no success means, and what to do about it. None of the network's own sentences is repeated."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec
from attrs import frozen

from kleos.errors import FetchError

__all__ = ["RefusedError", "Trouble", "failure", "trouble_of"]

_WORD = re.compile(r"[A-Za-z-]{3,60}")
_PARAMETER = re.compile(r"[a-z_.]{2,40}")
_KEPT = "what was collected is kept; run again, and if it stays so, report it"


@frozen
class Trouble:
    """What the network says of a refusal."""

    reason: str = ""
    """A word, such as client-not-enrolled; empty where there is none."""
    parameters: Collection[str] = ()
    """The parameters of the question that it does not like."""


class RefusedError(Exception):
    """A refusal of this one question, as far as one can see: others may be answered."""

    def __init__(self, status: int, trouble: Trouble, where: str) -> None:
        super().__init__(f"{where}: {status} {trouble.reason}")
        self.status = status
        self.trouble = trouble
        self.where = where

    def error(self) -> FetchError:
        """Return it as an error for people."""
        told = f"{self.status}, {self.trouble.reason}" if self.trouble.reason else f"{self.status}"
        return FetchError(f"X refuses to answer ({told})", where=self.where, hint=_KEPT)


class _Part(msgspec.Struct):
    parameters: dict[str, msgspec.Raw] = {}


class _Problem(msgspec.Struct):
    """RFC 7807, as X has it."""

    type: str = ""
    reason: str = ""
    errors: list[_Part] = []


def trouble_of(body: bytes) -> Trouble:
    """Return what an answer says of why it is no success."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (ValueError, RecursionError):
        return Trouble()
    words = (problem.reason, problem.type.rpartition("/")[2])
    names = {name for part in problem.errors for name in part.parameters if _PARAMETER.fullmatch(name)}
    return Trouble(next((word for word in words if _WORD.fullmatch(word)), ""), names)


def failure(status: int, trouble: Trouble, where: str) -> FetchError | None:
    """Return the error for a refusal that ends the run, None where it may be about this one question."""
    meaning = _BY_STATUS.get(status) or _BY_REASON.get(trouble.reason)
    return None if meaning is None else FetchError(meaning[0], where=where, hint=meaning[1])


_BY_STATUS = {
    401: (
        "X refuses the token: it is not valid, or has expired",
        "make a new one at console.x.com; a user's token lives for two hours",
    ),
    402: (
        "the credits of this app are used up at X",
        "buy credits at console.x.com; what was collected is kept, and the next run goes on from there",
    ),
}
_BY_REASON = {
    "client-not-enrolled": (
        "the app of this token may not use the API v2",
        "put the app into a project with pay-per-use access at console.x.com",
    ),
    "usage-capped": (
        "the spending limit of this app is reached at X",
        "raise it at console.x.com, or wait for its next month; the next run goes on from there",
    ),
}
