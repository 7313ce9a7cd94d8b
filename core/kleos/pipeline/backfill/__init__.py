"""Past days, recorded as a run of each day would have recorded them from what the store holds now."""

from kleos.pipeline.backfill.filling import fill

__all__ = ["fill"]
