"""What is left to be asked: the cursor.

The first run reads the notifications from the newest down (`max_id`), later ones from the newest known up (`min_id`). The owner's posts
are gone through from the newest down in every run, since their totals change.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from attrs import asdict, evolve, fields_dict, frozen

from kleos_mastodon.values import UNREADABLE, moment, text

__all__ = ["Plan"]

FRESH = timedelta(days=1)


@frozen(kw_only=True)
class Plan:
    """Where to go on. A text of it is `Page.cursor`."""

    newest: str | None = None
    """The newest notification that was seen."""
    older: str | None = None
    """The first reading came down to this notification; None where it is done, or was not begun."""
    posts: str | None = None
    """The pass through the posts came down to this one."""
    began: str | None = None
    """When that pass began; None where there is none on its way."""

    @property
    def first_reading(self) -> bool:
        """Whether notifications are still to be read from the newest down."""
        return self.newest is None or self.older is not None

    def pass_begun(self, now: datetime) -> Plan:
        """Return the plan with a pass through the posts on its way: the one that was cut off, unless its totals are of another day."""
        if self.began is not None and now - moment(self.began) < FRESH:
            return self
        return evolve(self, posts=None, began=now.isoformat())

    def told(self) -> str:
        """Return it as a text."""
        return json.dumps({name: value for name, value in asdict(self).items() if value is not None})

    @classmethod
    def read(cls, cursor: str | None) -> Plan:
        """Return the plan of a cursor; one that cannot be read is begun anew, since what is asked twice counts once."""
        try:
            values = json.loads(cursor or "{}")
            plan = cls(**{name: text(values[name]) for name in fields_dict(cls) if name in values})
            return evolve(plan, began=plan.began and moment(plan.began).isoformat())
        except UNREADABLE:
            return cls()
