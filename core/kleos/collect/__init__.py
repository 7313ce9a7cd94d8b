"""Collecting: sources are called, their rows cleaned and pseudonymised, and everything is kept in the store."""

from kleos.collect.cells import EARLIEST, LATEST
from kleos.collect.claims import known_accounts
from kleos.collect.collecting import collect
from kleos.collect.flaws import Flawed, find_flaws
from kleos.collect.planning import Planned, planned
from kleos.collect.report import Collected, Outcome, SourceReport
from kleos.collect.table import Reading, Table, read_table

__all__ = [
    "EARLIEST",
    "LATEST",
    "Collected",
    "Flawed",
    "Outcome",
    "Planned",
    "Reading",
    "SourceReport",
    "Table",
    "collect",
    "find_flaws",
    "known_accounts",
    "planned",
    "read_table",
]
