"""The resolved configuration: frozen values that the other rooms take, with every path absolute and every name known.

The classes whose fields carry a meaning are structured from TOML as they stand; `kleos.config.keys` lists those keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from kleos.config.paths import InputFile, OutputTable, Tables
from kleos.config.quantities import Count, Duration, Moment, Size
from kleos.files import Limits

__all__ = [
    "BUILT_IN",
    "COLUMNS",
    "Column",
    "Config",
    "KEYS_OF_THE_CORE",
    "Person",
    "Population",
    "Run",
    "SourceConfig",
    "SourceLimits",
    "TableSettings",
    "TimeUnit",
    "meant",
]

BUILT_IN = "interactions"
"""The source that every network has: the canonical table."""

KEYS_OF_THE_CORE = frozenset({"person", "isolate"})
"""The keys of a source's table that the core takes for itself: the settings of a plugin never see them."""

COLUMNS = ("network", "subject", "actor", "kind", "item", "time", "count", "audience", "id", "item_time", "captured")
"""The columns of a canonical table."""

Column = Literal["network", "subject", "actor", "kind", "item", "time", "count", "audience", "id", "item_time", "captured"]
TimeUnit = Literal["s", "ms", "us", "iso"]


def meant(meaning: str, default: str = "") -> dict[str, str]:
    """Return the metadata of a key: its meaning in one line, and its default as written in TOML or in words (empty: required)."""
    return {"meaning": meaning, "default": default}


@frozen(kw_only=True)
class Run:
    """How a run goes about its work."""

    store: Path = field(
        metadata=meant("the folder for everything that is imported and scored", "a folder of its own in the user's data folder")
    )
    as_of: Moment | None = field(
        default=None,
        metadata=meant("score as of this time; a date means its end (UTC)", "now with a live source, else the newest time in the data"),
    )
    """In UTC, inclusive: a bare date D is D 23:59:59.999999."""
    window: Duration | None = field(default=None, metadata=meant("how far back reactions count", "the model's, 90d"))
    """In microseconds."""
    model: InputFile | None = field(default=None, metadata=meant("a model file to score with", "the model that ships"))
    threads: Count | None = field(default=None, metadata=meant("how many threads may work", "all processors"))


@frozen(kw_only=True)
class Person:
    """Somebody to be scored."""

    id: str
    """Letters, digits, _ and -."""
    name: str
    """For display; the id where none is given."""
    accounts: Mapping[str, tuple[str, ...]]
    """Network → accounts as they were written, without surrounding blanks; compare them by `kleos.contract.account_key`."""


@frozen(kw_only=True)
class TableSettings:
    """The built-in source of every network: tables in canonical form, or with their words mapped to it."""

    path: Tables = field(metadata=meant("the table, or several: Parquet, CSV or NDJSON by suffix; wildcards allowed"))
    """Absolute paths of files that are there, wildcards expanded, sorted."""
    network: str | None = field(default=None, metadata=meant("the network of rows that do not say it", "the network it stands under"))
    columns: Mapping[Column, str] = field(factory=dict, metadata=meant("canonical column = the table's own name for it", "{}"))
    kinds: Mapping[str, str] = field(factory=dict, metadata=meant("the table's own word = the network's kind", "{}"))
    time_unit: TimeUnit | None = field(default=None, metadata=meant("what times are: s, ms, us or iso", "recognised"))


@frozen(kw_only=True)
class SourceConfig:
    """One source to collect from."""

    network: str
    source: str
    """A source of the network, or `BUILT_IN`."""
    key_path: str
    """Where it stands in the file, as written: ``networks.<network>.<source>``, with ``[0]`` where a list was given."""
    settings: Any
    """An instance of `Source.settings`; a `TableSettings` for the built-in source."""
    person: str | None
    """The id of the person whose export it is, where the configuration says so."""
    isolate: bool = False
    """Whether its plugin's functions run in a process of their own (`kleos.collect.isolated`)."""


@frozen(kw_only=True)
class Population:
    """Everybody in a table, to be scored together."""

    interactions: Tables = field(metadata=meant("the table, or several: Parquet, CSV or NDJSON by suffix; wildcards allowed"))
    """Absolute paths of files that are there, wildcards expanded, sorted; never `out`."""
    accounts: InputFile | None = field(
        default=None, metadata=meant("a table of network, account, person, audience", "none: every account is a person")
    )
    out: OutputTable | None = field(default=None, metadata=meant("the table of scores to write: .parquet or .csv", "none"))
    all_accounts: bool = field(default=False, metadata=meant("score those who only act, too", "false"))
    network: str | None = field(default=None, metadata=meant("the network of rows that do not say it", "none: the table has the column"))
    columns: Mapping[Column, str] = field(factory=dict, metadata=meant("canonical column = the table's own name for it", "{}"))
    kinds: Mapping[str, str] = field(factory=dict, metadata=meant("the table's own word = the network's kind", "{}"))
    time_unit: TimeUnit | None = field(default=None, metadata=meant("what times are: s, ms, us or iso", "recognised"))
    memory: Size = field(default=2 << 30, metadata=meant("how much memory a population run may take", '"2GB"'))
    """In bytes."""


@frozen(kw_only=True)
class SourceLimits:
    """How much one source may give in a run before it is cut off: a plugin gone wrong costs no more than this."""

    rows: int = 500_000_000
    bytes: int = 256 << 30
    """Of pages, as they came."""
    time: int = 86_400_000_000
    """µs."""
    memory: int = 2 << 30
    """Bytes, of a source that is isolated: beside what Python itself takes."""
    cpu: int = 3_600_000_000
    """µs of a processor, of a source that is isolated."""


@frozen(kw_only=True)
class Config:
    """A whole configuration, checked."""

    run: Run
    people: Mapping[str, Person]
    """By id, in the order of the file."""
    sources: tuple[SourceConfig, ...]
    metric_weights: Mapping[str, float]
    """Metric → factor by which the model's weight is multiplied; only metrics that the file weighs."""
    factor_weights: Mapping[str, float]
    """``<network>.<kind>.<aggregation>`` → weight as a metric of its own."""
    population: Population | None
    limits: Limits
    """Of reading an export."""
    source_limits: SourceLimits = SourceLimits()
    where: Path | None
    """The file's absolute path; None for a text that is no file."""
