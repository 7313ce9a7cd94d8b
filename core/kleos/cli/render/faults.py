"""Faults as sentences: which plugin, which version, at which stage, where, and what happened."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import hanging
from kleos.events import Fault
from kleos.report.words import clean, count_of
from kleos.secrets import redact

__all__ = ["fault_text", "faults_section", "without_secrets"]

_MOST = 20


def fault_text(fault: Fault) -> str:
    """Return a fault on one line: "twitter (kleos-twitter 0.1.0), parse, ada.zip: …"."""
    same = fault.plugin == fault.distribution
    who = f"{fault.plugin} {fault.version}" if same else f"{fault.plugin} ({fault.distribution} {fault.version})"
    # Some sentences begin with the plugin: it is not told twice.
    introduced = fault.distribution in fault.error and fault.version in fault.error
    place = ", ".join(filter(None, ("" if introduced else who, fault.stage, fault.where)))
    often = f" ({fault.count:,} times)" if fault.count > 1 else ""
    return " ".join(clean(f"{place}: {fault.error}{often}").split())


def faults_section(faults: Sequence[Fault], width: int) -> list[RenderableType]:
    """Return the faults of a run as a part of its report; nothing without any."""
    if not faults:
        return []
    told = [fault_text(fault) for fault in faults[:_MOST]]
    if len(faults) > _MOST:
        told.append(f"and {len(faults) - _MOST:,} more: --json lists them all")
    lines = [hanging("  !", text, width, room=4, label_style="bold yellow") for text in told]
    return [Text(count_of(len(faults), "faults"), style="bold yellow"), *lines, Text()]


def without_secrets(fault: Fault) -> Fault:
    """Return a fault as it may leave this process, in whatever form: what a client raises may hold the token it was given."""
    return evolve(fault, where=redact(fault.where), error=redact(fault.error))
