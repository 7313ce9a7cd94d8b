"""The tables of the file that differ from the values they become."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from attrs import field, frozen

from kleos.config.paths import each
from kleos.config.quantities import Count, Duration, Ratio, Size, Weight
from kleos.config.rules import Rule, WrongValueError, expected
from kleos.config.values import Population, Run, TableSettings, meant
from kleos.contract import account_key

__all__ = ["SHAPES", "FactorTable", "LimitsTable", "MetricTable", "PersonTable"]


def _account(text: object) -> str:
    if not isinstance(text, str):
        raise expected("an account as a text", text, "write it in quotes")
    if not account_key(text):
        raise WrongValueError("expected an account, found an empty text")
    return text.strip()


def _accounts(value: Any, folder: Path) -> tuple[str, ...]:
    return tuple(each(_account, value)) if isinstance(value, list) else (_account(value),)


def _name(value: Any, folder: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise expected("a name", value)
    return value.strip()


Accounts = Annotated[tuple[str, ...], Rule(_accounts)]
"""One account or a list of them."""
Name = Annotated[str, Rule(_name)]


@frozen(kw_only=True)
class PersonTable:
    """``[people.<id>]``"""

    name: Name | None = field(default=None, metadata=meant("how the person is called", "the id"))
    accounts: Mapping[str, Accounts] = field(factory=dict, metadata=meant("network = the person's account there, or a list", "{}"))


@frozen(kw_only=True)
class MetricTable:
    """``[metrics.<metric>]``"""

    weight: Weight | None = field(default=None, metadata=meant("multiplies the metric's weight in the model; 0 leaves it out", "1.0"))


@frozen(kw_only=True)
class FactorTable:
    """``[factors."<network>.<kind>.<aggregation>"]``"""

    weight: Weight = field(metadata=meant("scores the factor as a metric of its own with this weight"))


@frozen(kw_only=True)
class LimitsTable:
    """``[limits]``: what is not given keeps the default of `kleos.files.Limits` or `SourceLimits`."""

    members: Count | None = field(default=None, metadata=meant("files in one export", "100_000"))
    member_bytes: Size | None = field(default=None, metadata=meant("one file of an export, unpacked", '"8GB"'))
    total_bytes: Size | None = field(default=None, metadata=meant("all files of an export, unpacked", '"64GB"'))
    ratio: Ratio | None = field(default=None, metadata=meant("unpacked bytes per packed byte", "200.0"))
    line_bytes: Size | None = field(default=None, metadata=meant("one line of a file", '"64MB"'))
    read_bytes: Size | None = field(default=None, metadata=meant("one file that has to be read into memory", '"1GB"'))
    source_rows: Count | None = field(default=None, metadata=meant("rows that one source may give in a run", "500_000_000"))
    source_bytes: Size | None = field(default=None, metadata=meant("what one source may give in a run, before it is parsed", '"256GB"'))
    source_time: Duration | None = field(default=None, metadata=meant("how long one source may take in a run", '"24h"'))
    source_memory: Size | None = field(default=None, metadata=meant("the memory of a source with isolate = true", '"2GB"'))
    source_cpu: Duration | None = field(default=None, metadata=meant("the processor's time of a source with isolate = true", '"1h"'))


SHAPES: Mapping[str, type] = {
    "run": Run,
    "people.<id>": PersonTable,
    "networks.<network>.interactions": TableSettings,
    "metrics.<metric>": MetricTable,
    'factors."<factor>"': FactorTable,
    "population": Population,
    "limits": LimitsTable,
}
"""The tables whose keys the core defines."""
