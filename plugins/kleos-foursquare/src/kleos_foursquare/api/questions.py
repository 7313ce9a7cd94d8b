"""The questions that are asked of the API, each small enough to stand in a cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

__all__ = ["CheckInOf", "CheckIns", "Friends", "Lists", "Me", "Question", "TipOf", "Tips"]


class _Question(msgspec.Struct, frozen=True, tag_field="ask"):
    """A question: the path below ``/v2/`` and its parameters."""

    def path(self) -> str:
        raise NotImplementedError

    def parameters(self) -> Mapping[str, Any]:
        return {}


class _Paged(_Question, frozen=True):
    resource: ClassVar[str]
    asked: ClassVar[Mapping[str, Any]]
    offset: int = 0

    def path(self) -> str:
        return f"users/self/{self.resource}"

    def parameters(self) -> Mapping[str, Any]:
        return {**self.asked, "offset": self.offset}


class Me(_Question, frozen=True, tag="me"):
    """Whose token is it?"""

    def path(self) -> str:
        return "users/self"


class CheckIns(_Paged, frozen=True, tag="checkins"):
    """Which check-ins are there, the newest first, who likes them, and how many comments have they?"""

    resource = "checkins"
    asked: ClassVar[Mapping[str, Any]] = {"limit": 250, "sort": "newestfirst"}


class Tips(_Paged, frozen=True, tag="tips"):
    """Which tips are there, how many agree with them, and how many saw them?"""

    resource = "tips"
    asked: ClassVar[Mapping[str, Any]] = {"limit": 250, "sort": "recent"}


class Lists(_Paged, frozen=True, tag="lists"):
    """Which lists has the person made, and how many follow them?"""

    resource = "lists"
    asked: ClassVar[Mapping[str, Any]] = {"group": "created", "limit": 200}


class Friends(_Paged, frozen=True, tag="friends"):
    """Who are the person's friends?"""

    resource = "friends"
    asked: ClassVar[Mapping[str, Any]] = {"limit": 250}


class _Single(_Question, frozen=True):
    resource: ClassVar[str]
    id: str

    def path(self) -> str:
        return f"{self.resource}/{self.id}"


class CheckInOf(_Single, frozen=True, tag="checkin"):
    """Who commented on this check-in, when, and who all likes it?"""

    resource = "checkins"


class TipOf(_Single, frozen=True, tag="tip"):
    """Who agrees with this tip?"""

    resource = "tips"


Question = Me | CheckIns | Tips | Lists | Friends | CheckInOf | TipOf
