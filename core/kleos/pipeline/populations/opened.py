"""A population as it is opened: its rows in blocks, its people and accounts numbered; and the same again, from what a journal kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kleos.contract import Network
from kleos.events import Emit
from kleos.kernel.layout import Clock
from kleos.pipeline.populations.blocks import Blocks, Plan
from kleos.pipeline.populations.journal import Journal
from kleos.scoring.accounts import Accounts, kinds_scored
from kleos.scoring.resolved import NetworkForm, Resolved

__all__ = ["Opened", "keep", "reopen"]


@frozen(kw_only=True, eq=False)
class Opened:
    """A population in parts. The table or view `people_codes` (code, person) has everybody's name."""

    blocks: Blocks
    accounts: Accounts
    wanted: NDArray[np.bool_] | None
    """bool[P]: who is to be scored; None: everybody."""
    forms: tuple[NetworkForm, ...]
    resolved: Resolved
    clock: Clock
    as_of: int
    """µs."""
    as_of_reason: str
    window: int
    """µs."""
    prefix: str | None = None
    """Where everybody's name is this and then the number; None: only `people_codes` knows."""

    def with_resolved(self, resolved: Resolved) -> Opened:
        """Return the same population, to be weighed by another model."""
        forms = tuple(resolved.form(form.network) for form in self.forms)
        return attrs.evolve(self, resolved=resolved, forms=forms, clock=resolved.clock(self.window))


def keep(opened: Opened, journal: Journal) -> None:
    """Write into a journal all that `reopen` needs beside the files of the blocks."""
    nobody = np.zeros(0)
    accounts = opened.accounts
    state: dict[str, NDArray[Any]] = {
        **opened.blocks.state(),
        "start": accounts.start,
        "audience": nobody if accounts.audience is None else accounts.audience,
        "holder": nobody if accounts.holder is None else accounts.holder,
        "wanted": nobody if opened.wanted is None else opened.wanted,
        "networks": np.array([form.network.name for form in opened.forms]),
        "times": np.array([opened.as_of, opened.window]),
        "reason": np.array([opened.as_of_reason]),
        "prefix": np.array([] if opened.prefix is None else [opened.prefix]),
    }
    journal.write("rows", state)


def reopen(journal: Journal, networks: Mapping[str, Network], resolved: Resolved, *, threads: int, memory: int, emit: Emit) -> Opened:
    """Return a population that was kept; `networks` has at least its own, by name, and `memory` is for the rows (bytes)."""
    assert journal.folder is not None
    state = journal.read("rows")
    forms = tuple(resolved.form(networks[str(name)]) for name in state["networks"])
    as_of, window = (int(time) for time in state["times"])
    people, _, rows = (int(number) for number in state["sizes"])
    plan = Plan(people, rows, len(forms), len(state["given"]), window, threads, memory, journal.folder)
    blocks = Blocks.resume(plan, kinds_scored(forms), emit, state)
    return Opened(
        blocks=blocks,
        accounts=Accounts(
            start=state["start"],
            audience=state["audience"] if len(state["audience"]) else None,
            holder=state["holder"] if len(state["holder"]) else None,
            given=blocks.given,
        ),
        wanted=state["wanted"] if len(state["wanted"]) else None,
        forms=forms,
        resolved=resolved,
        clock=resolved.clock(window),
        as_of=as_of,
        as_of_reason=str(state["reason"][0]),
        window=window,
        prefix=str(state["prefix"][0]) if len(state["prefix"]) else None,
    )
