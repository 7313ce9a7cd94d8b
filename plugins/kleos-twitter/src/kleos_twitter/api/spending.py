"""Money: reserved before a question for the most that its answer can cost, and settled by what the answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kleos.asking import Allowance
from kleos.contract import Context
from kleos_twitter.api.answers import Answer
from kleos_twitter.api.settings import ApiSettings
from kleos_twitter.api.tasks import Dialect, Resource, Task

__all__ = ["UNIT", "Purse"]

UNIT: Final = "usd"
_SAME: Final = 1e-9
"""Sums of cents are not exact."""


class Purse:
    """What has been charged and not been used pays for the next questions.

    The ledger never counts too little: the most is charged before a question is asked. What an answer did not use up is `credit` for the
    next one; it is handed on to the next run, which takes it only if the ledger stands at `mark` still (nobody has charged it since, and
    the month is the same). X bills a resource once a day (UTC), so within a run none is counted twice, and to ask again after an answer
    that failed costs nothing.
    """

    def __init__(self, settings: ApiSettings, context: Context, credit: float, mark: float) -> None:
        self._quota = context.quota
        self._allowance = Allowance(context, UNIT, settings.limit_usd, setting="limit_usd")
        self._prices: Mapping[Resource, float] = {
            "own": settings.usd_per_own,
            "post": settings.usd_per_post,
            "user": settings.usd_per_user,
        }
        self._billed: set[str] = set()
        # What is owed is owed in any case.
        self.credit = credit if self._quota is not None and abs(self.mark - mark) < _SAME else min(credit, 0.0)

    @property
    def mark(self) -> float:
        """How much the ledger has counted this month."""
        return 0.0 if self._quota is None else self._quota.spent(UNIT)

    def reserve(self, task: Task, dialect: Dialect, where: str) -> float:
        """Charge the most that a question can cost, and return it; raises `FetchError` where the limit does not allow it."""
        most = task.size * self._prices[task.resource]
        if dialect == "posts" and task.resource != "user":
            # Authors, who was answered, and what is referred to come along. X does not say whether it bills them: it is taken to.
            most += task.size * (2 * self._prices["user"] + self._prices["post"])
        lacking = most - self.credit
        if lacking > _SAME:
            self._allowance.charge(lacking, where)
            self.credit = most
        self.credit -= most
        return most

    def settle(self, task: Task, reserved: float, answer: Answer) -> None:
        """Give back what an answer did not use of what was reserved for it."""
        data, users, posts = answer.given
        used = self._price(task.resource, data) + self._price("user", users) + self._price("post", posts)
        self.credit += reserved - used

    def _price(self, resource: Resource, ids: set[str]) -> float:
        sort = "user" if resource == "user" else "post"
        new = {f"{sort} {id_}" for id_ in ids} - self._billed
        self._billed |= new
        return len(new) * self._prices[resource]
