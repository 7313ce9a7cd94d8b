"""Attacks as ``--json`` prints them."""

from __future__ import annotations

from typing import Any

from attrs import asdict

from kleos.insight.attacking.outcome import Outcome, Tried

__all__ = ["attack_json"]

SCHEMA = 1


def attack_json(tried: Tried) -> dict[str, Any]:
    """Return the object that ``kleos attack --json`` prints: numbers unrounded; points are losses where `lost` says so."""
    return {
        "schema": SCHEMA,
        "model": asdict(tried.model),
        "population": {"source": tried.population, "size": tried.size, "window": tried.window},
        "targets": {"size": tried.targets, "lowest": tried.lowest, "highest": tried.highest},
        "kind": tried.kind,
        "attacks": [_outcome(outcome) for outcome in tried.outcomes],
        "bounds_hold": not tried.broken,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome), "left": [asdict(left) for left in outcome.left], "holds": outcome.holds}
