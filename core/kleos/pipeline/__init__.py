"""The main job, from configuration to recorded scores: collect → fold → score → record."""

from kleos.pipeline.calibration import calibrate
from kleos.pipeline.factors import FactorRow, list_factors
from kleos.pipeline.people import collect_only, run
from kleos.pipeline.population import PopulationResult, population

__all__ = ["FactorRow", "PopulationResult", "calibrate", "collect_only", "list_factors", "population", "run"]
