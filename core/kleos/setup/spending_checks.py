"""What asking the APIs has used up in this period, and whether anything is left for a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from kleos.collect.planning import planned
from kleos.collect.spending import Spending
from kleos.config import Config
from kleos.errors import StoreError
from kleos.plugins import Loaded
from kleos.setup.checks import Check, fine, wary

__all__ = ["check_spending"]


def check_spending(config: Config, loaded: Loaded, now: datetime) -> Iterator[Check]:
    """Check what is left of every limit of every API; one that is used up is a warning. A store that cannot be read is not its business."""
    with suppress(StoreError):
        told: set[tuple[str, Spending]] = set()
        for one in planned(config, loaded, now=now):
            for spent in one.spending:
                if (one.key_path, spent) not in told:
                    told.add((one.key_path, spent))
                    yield _check(one.key_path, spent)


def _check(name: str, spent: Spending) -> Check:
    if not spent.used_up:
        return fine(name, str(spent))
    later = "tomorrow" if spent.period == "day" else f"next {spent.period}"
    return wary(name, str(spent), f"a run goes on {later}; or raise {spent.setting}")
