"""The factors of the installed networks, and their values for a person."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from kleos.config import Config
from kleos.contract import AGGREGATIONS, ANY
from kleos.errors import UsageError
from kleos.events import Emit, silent
from kleos.pipeline.prepare import prepare
from kleos.plugins import Loaded
from kleos.scoring.resolved import factor_names
from kleos.store import Store, connect

__all__ = ["FactorRow", "list_factors"]


@frozen(kw_only=True)
class FactorRow:
    """One factor: how one kind of reaction of one network is aggregated."""

    name: str
    """``<network>.<kind>.<aggregation>``."""
    network: str
    kind: str
    """``any`` for all kinds together."""
    aggregation: str
    role: str
    """The kind's role, empty for ``any``."""
    title: str
    value: float | None
    """The person's, weighted by the actors' influence; None where no person was asked for."""
    weight: float | None
    """The weight that the configuration gives it, None without."""


def list_factors(
    config: Config | None, loaded: Loaded, person: str | None = None, *, now: datetime | None = None, emit: Emit = silent
) -> list[FactorRow]:
    """Return every factor of the loaded networks; with the values of `person`, from the store, where one is named.

    Raises `UsageError` for a person who is not in the configuration.
    """
    values: dict[str, float] = {}
    if person is not None:
        if config is None or person not in config.people:
            known = ", ".join(config.people) if config else "none, for want of a configuration"
            raise UsageError(f"{person!r} is nobody in the configuration", where="--person", hint=f"people: {known}")
        assert now is not None
        with Store.open(config.run.store, create=False) as store, connect() as connection:
            prepared = prepare(config, loaded, store, connection, now=now, emit=emit)
        place = list(prepared.people).index(person)
        for strength in prepared.scores.networks:
            names = factor_names(strength.form.network)
            values.update(zip(names, strength.folded.values[place].ravel().tolist(), strict=True))
    rows = []
    for network in loaded.networks.values():
        for kind in (*network.kinds, ANY):
            declared = network.kinds.get(kind)
            for aggregation in AGGREGATIONS:
                name = f"{network.name}.{kind}.{aggregation}"
                rows.append(
                    FactorRow(
                        name=name,
                        network=network.name,
                        kind=kind,
                        aggregation=aggregation,
                        role=declared.role.name if declared else "",
                        title=declared.title if declared else "all kinds together",
                        value=values.get(name, 0.0) if person is not None else None,
                        weight=config.factor_weights.get(name) if config else None,
                    )
                )
    return rows
