"""What came of collecting: one report per source, plain numbers."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import asdict, frozen

from kleos.events import Fault

__all__ = ["Collected", "Outcome", "SourceReport"]


@frozen(kw_only=True)
class Outcome:
    """What became of rows. rows = kept + self_reactions + unclaimed + left_out."""

    rows: int = 0
    """Reactions, and totals of reactions, that were read."""
    kept: int = 0
    self_reactions: int = 0
    unclaimed: int = 0
    """About accounts of nobody in the configuration."""
    left_out: int = 0
    """Not to be understood; each is part of a fault."""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(**{name: number + getattr(other, name) for name, number in asdict(self).items()})


@frozen(kw_only=True)
class SourceReport:
    """What one source gave."""

    network: str
    source: str
    key_path: str
    """Where the configuration names it."""
    where: str
    """The path, or the key path of a source without one."""
    person: str | None = None
    """Whose export it is; None for tables and bulk files, which hold many people's reactions."""
    pages: int = 0
    """Pages, or tables, of which anything could be read."""
    skipped_pages: int = 0
    """Of these, those that had been imported before just as they are."""
    outcome: Outcome = Outcome()
    """Of the rows of all its pages, those that an earlier run has imported included."""


@frozen(kw_only=True)
class Collected:
    """What a run collected."""

    run: str
    """The run's name in the store."""
    sources: Sequence[SourceReport]
    """In the order of the configuration."""
    faults: Sequence[Fault]
    """Everything that failed, in the order in which it was emitted."""
    live: bool
    """Whether a source of the configuration is live: then a run is scored as of now."""
    interrupted: bool = False
    """Whether the user stopped it; what had been read by then is kept."""
