"""The quota ledger: what each network's API has been charged, kept over runs."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from attrs import frozen

from kleos.store.catalog import Catalog

__all__ = ["Ledger"]

# Money is limited by the month, as networks bill it; requests and units by the day, as networks count them. Both in UTC.
_PERIODS = {"usd": "%Y-%m"}
_DAILY = "%Y-%m-%d"


@frozen
class Ledger:
    """A `kleos.contract.Quota` of one network at the time of a run."""

    catalog: Catalog
    network: str
    now: datetime

    def spent(self, unit: str) -> float:
        """Return how much of a unit has been used in the current period: "usd" this month, anything else today."""
        rows = self.catalog.read(
            "SELECT amount FROM quotas WHERE network = ? AND unit = ? AND period = ?", self.network, unit, self._period(unit)
        )
        return float(rows[0][0]) if rows else 0.0

    def spend(self, unit: str, amount: float) -> None:
        """Record a use; it is on the disk when this returns. Raises `ValueError` for an amount that is negative or not finite."""
        if not 0 <= amount < math.inf:
            raise ValueError(f"expected a finite amount of at least 0 {unit}, found {amount!r}")
        with self.catalog.transaction() as connection:
            connection.execute(
                "INSERT INTO quotas VALUES (?, ?, ?, ?) "
                "ON CONFLICT (network, unit, period) DO UPDATE SET amount = amount + excluded.amount",
                (self.network, unit, self._period(unit), float(amount)),
            )

    def _period(self, unit: str) -> str:
        return self.now.astimezone(UTC).strftime(_PERIODS.get(unit, _DAILY))
