"""The main job, from configuration to recorded scores: collect → fold → score → record."""

from kleos.pipeline.factors import FactorRow, list_factors
from kleos.pipeline.people import collect_only, run

__all__ = ["FactorRow", "collect_only", "list_factors", "run"]
