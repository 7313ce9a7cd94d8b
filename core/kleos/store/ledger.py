"""The quota ledger: what each network's API has been charged, kept over runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from attrs import field, frozen

from kleos.contract import Period, period_of
from kleos.store.catalog import Catalog

__all__ = ["Ledger"]

_NAMES: Mapping[Period, str] = {"day": "%Y-%m-%d", "month": "%Y-%m"}
"""What a period is called in the catalogue. All are those of UTC."""


@frozen
class Ledger:
    """A `kleos.contract.Quota` of one network at the time of a run: all its sources draw on the same."""

    catalog: Catalog
    network: str
    now: datetime
    periods: Mapping[str, Period] = field(factory=dict)
    """Unit → period, where it is not the usual one."""

    def spent(self, unit: str) -> float:
        """Return how much of a unit has been used in its current period."""
        return self.used().get(unit, 0.0)

    def used(self) -> Mapping[str, float]:
        """Return what has been used of every unit in its current period; units of which nothing was used are left out."""
        rows = self.catalog.read("SELECT unit, period, amount FROM quotas WHERE network = ? ORDER BY unit", self.network)
        return {unit: float(amount) for unit, period, amount in rows if period == self._called(unit)}

    def spend(self, unit: str, amount: float) -> None:
        """Record a use; it is on the disk when this returns. Raises `ValueError` for an amount that is negative or not finite."""
        if not 0 <= amount < math.inf:
            raise ValueError(f"expected a finite amount of at least 0 {unit}, found {amount!r}")
        with self.catalog.transaction() as connection:
            connection.execute(
                "INSERT INTO quotas VALUES (?, ?, ?, ?) "
                "ON CONFLICT (network, unit, period) DO UPDATE SET amount = amount + excluded.amount",
                (self.network, unit, self._called(unit), float(amount)),
            )

    def period(self, unit: str) -> Period:
        """Return how long a use of a unit counts."""
        return self.periods.get(unit) or period_of(unit)

    def _called(self, unit: str) -> str:
        return self.now.astimezone(UTC).strftime(_NAMES[self.period(unit)])
