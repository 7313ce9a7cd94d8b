"""Spending: what asking the APIs has used up in this period, and of how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from kleos.contract import Network, Period, Source
from kleos.store.ledger import Ledger

__all__ = ["Spending", "periods_of", "spending"]


@frozen(kw_only=True)
class Spending:
    """The use of one unit in its current period."""

    unit: str
    period: Period
    spent: float
    most: float | None
    """What the configuration allows; None where the plugin does not say which key limits it."""
    setting: str = ""
    """That key."""

    def __str__(self) -> str:
        now = "today" if self.period == "day" else f"this {self.period}"
        if self.most is None:
            return f"{_amount(self.spent)} {self.unit} used {now}"
        return f"{_amount(self.spent)} of the {_amount(self.most)} {self.unit} of {now} used ({self.setting})"

    @property
    def used_up(self) -> bool:
        """Whether nothing is left."""
        return self.most is not None and self.spent >= self.most


def periods_of(network: Network) -> Mapping[str, Period]:
    """Return the period of every unit that the sources of a network declare."""
    return {charge.unit: charge.period for source in network.sources for charge in source.charges}


def spending(source: Source, settings: Any, ledger: Ledger | None) -> Sequence[Spending]:
    """Return what a source has declared and what its network's ledger holds beside that; without a ledger nothing was spent."""
    used = {} if ledger is None else dict(ledger.used())
    declared = [
        Spending(
            unit=charge.unit,
            period=charge.period,
            spent=used.pop(charge.unit, 0.0),
            most=_number(getattr(settings, charge.setting, None)),
            setting=charge.setting,
        )
        for charge in source.charges
    ]
    others = [Spending(unit=unit, period=ledger.period(unit), spent=spent, most=None) for unit, spent in used.items()] if ledger else []
    return [*declared, *others]


def _amount(number: float) -> str:
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
