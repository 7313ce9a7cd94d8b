"""The main job, from configuration to recorded scores: collect → fold → score → record.

What this room offers is imported when it is first asked for: a personal run should not wait for the means of populations.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kleos.pipeline.calibration import calibrate
    from kleos.pipeline.factors import FactorRow, list_factors
    from kleos.pipeline.people import collect_only, run
    from kleos.pipeline.populations import PopulationResult, population

__all__ = ["FactorRow", "PopulationResult", "calibrate", "collect_only", "list_factors", "population", "run"]

_ROOMS = {
    "FactorRow": "factors",
    "PopulationResult": "populations",
    "calibrate": "calibration",
    "collect_only": "people",
    "list_factors": "factors",
    "population": "populations",
    "run": "people",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
