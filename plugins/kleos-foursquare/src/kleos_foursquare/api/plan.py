"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one: whose token it is, the check-ins, newest first, then tips, lists and friends. Lists
name some who liked and nobody who commented; so check-ins and tips that are young enough, and of which there is more than the lists name,
are asked for one by one: once, and again when their counts have changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from kleos_foursquare.api.questions import CheckInOf, CheckIns, Friends, Lists, Me, Question, TipOf, Tips
from kleos_foursquare.shapes import CheckIn, Crowd, Myself, Section, Tip, elements, sections, total_in
from kleos_foursquare.values import BAD, identity, moment

__all__ = ["Plan"]

T = TypeVar("T")

_ID = re.compile(r"[A-Za-z0-9]{1,64}")
"""What may stand in the path of a question."""


class _State(msgspec.Struct):
    """What a cursor holds. Times are unix microseconds."""

    accounts: list[str] = []
    """Whose plan it is, as configured."""
    myself: str = ""
    """The id of the account whose token it is; empty until the API has told."""
    known: int = 0
    """The newest check-in when the last whole pass began."""
    next_known: int = 0
    """The same for the pass under way."""
    named: dict[str, list[int]] = {}
    """Check-ins and tips that have been asked for one by one → the counts that they had."""
    next_named: dict[str, list[int]] = {}
    """The same for the pass under way: what it does not meet again is forgotten."""
    todo: list[Question] = []


class Plan:
    """The questions of a run, one at a time: `next`, then `answered` or `dropped`. All times are unix microseconds."""

    def __init__(self, accounts: Sequence[str], cursor: str | None, now: int, *, look_back: int, naming: int) -> None:
        """`look_back` and `naming` say how old check-ins may be to be looked at again, and things to be asked for one by one.

        A cursor of other accounts, or that cannot be read, starts from the beginning.
        """
        self._now = now
        self._look_back = look_back
        self._naming = naming
        self._state = _read(cursor)
        if self._state.accounts != list(accounts):
            self._state = _State(accounts=list(accounts))
        if not self._state.todo:
            self._begin()

    @property
    def myself(self) -> str:
        """The id of the account whose token it is; empty until the API has told."""
        return self._state.myself

    def cursor(self) -> str:
        """Return the plan as a text."""
        return msgspec.json.encode(self._state).decode()

    def next(self) -> Question | None:
        """Return the question to ask, None at the end of a pass."""
        return self._state.todo[0] if self._state.todo else None

    def answered(self, question: Question, body: bytes) -> Sequence[str]:
        """Take the answer to a question: what it leads to comes next.

        Returns the check-ins in it whose comments are asked for one by one. Raises `ParseError` for what is no answer.
        """
        found = list(sections(body, "check-in", question.path()))
        more: list[Question] = []
        one_by_one: list[str] = []
        match question:
            case Me():
                self._state.myself = next((id_ for one in _read_all(found, "self", Myself) if (id_ := identity(one.id))), "")
            case CheckIns():
                more, one_by_one = self._check_ins(question, _read_all(found, "check-in", CheckIn), total_in(body))
            case Tips():
                tips = _read_all(found, "tip", Tip)
                more = [*self._tips(tips), *_further(question, len(tips), total_in(body))]
            case Lists() | Friends():
                got = _read_all(found, "list" if isinstance(question, Lists) else "friend", Myself)
                more = _further(question, len(got), total_in(body))
            case _:
                pass
        self._replace(question, more)
        return one_by_one

    def dropped(self, question: Question) -> None:
        """Give up a question that has no answer."""
        self._replace(question, [])

    def _begin(self) -> None:
        state = self._state
        state.myself, state.next_known, state.next_named = "", state.known, {}
        state.todo = [Me(), CheckIns(), Tips(), Lists(), Friends()]

    def _replace(self, question: Question, by: Iterable[Question]) -> None:
        state = self._state
        assert state.todo[0] == question
        state.todo[:1] = by
        if not state.todo:
            state.known, state.named, state.next_named = state.next_known, state.next_named, {}

    def _check_ins(self, question: CheckIns, check_ins: Sequence[CheckIn], total: int | None) -> tuple[list[Question], list[str]]:
        state = self._state
        times = [_time(one.created_at) for one in check_ins]
        state.next_known = max([state.next_known, *(time for time in times if time <= self._now)])
        more: list[Question] = []
        one_by_one: list[str] = []
        for check_in, time in zip(check_ins, times, strict=True):
            id_ = identity(check_in.id)
            comments = (check_in.comments.count if check_in.comments else None) or 0
            likes = check_in.likes or Crowd()
            unnamed = comments > 0 or (likes.count or 0) > _people(likes)
            if id_ and _ID.fullmatch(id_) and unnamed and (time >= self._now - self._naming or id_ in state.named):
                one_by_one.append(id_)
                if self._is_new(id_, [comments, likes.count or 0]):
                    more.append(CheckInOf(id=id_))
        if any(time >= state.known - self._look_back for time in times):
            more += _further(question, len(check_ins), total)
        return more, one_by_one

    def _tips(self, tips: Sequence[Tip]) -> list[Question]:
        more: list[Question] = []
        for tip in tips:
            id_ = identity(tip.id)
            likes = tip.likes or Crowd()
            agreed = max(likes.count or 0, tip.agree_count or 0)
            young = _time(tip.created_at) >= self._now - self._naming
            if id_ and _ID.fullmatch(id_) and young and agreed > _people(likes) and self._is_new(id_, [agreed]):
                more.append(TipOf(id=id_))
        return more

    def _is_new(self, id_: str, counts: list[int]) -> bool:
        """Tell whether something is to be asked for by its id: not if its counts are what they were."""
        self._state.next_named[id_] = counts
        return self._state.named.get(id_) != counts


def _read(cursor: str | None) -> _State:
    try:
        return msgspec.json.decode(cursor or "{}", type=_State)
    except (ValueError, RecursionError):
        return _State()


def _read_all(found: Sequence[tuple[Section, bytes]], section: Section, type_: type[T]) -> list[T]:
    """Return the elements of a section; those that cannot be read as ones that say nothing, since they count for the place in a list."""
    arrays = [array for name, array in found if name == section]
    return [type_() if one is None else one for array in arrays for one in elements(array, type_, section)]


def _further(question: CheckIns | Tips | Lists | Friends, got: int, total: int | None) -> list[Question]:
    """Return the question for what comes after `got` elements. An answer may hold fewer than were asked for."""
    there = question.offset + got
    more = got >= question.asked["limit"] if total is None else got > 0 and there < total
    return [msgspec.structs.replace(question, offset=there)] if more else []


def _people(crowd: Crowd) -> int:
    return sum(len(part.items or ()) for part in (crowd, *(crowd.groups or ())))


def _time(written: str | float | None) -> int:
    """Return when something was made; 0 where it does not tell."""
    time = moment(written)
    return 0 if time is None or time == BAD else time
