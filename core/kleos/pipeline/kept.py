"""A model that scores were recorded with, resolved once more as it was then."""

from __future__ import annotations

from pathlib import Path

from kleos.events import Emit
from kleos.plugins import Loaded, load
from kleos.scoring.model import load_model
from kleos.scoring.resolved import Resolved, resolve_model
from kleos.store.models import kept_model

__all__ = ["NOT_KEPT", "resolve_kept"]

NOT_KEPT = "the store has not kept it"
METRICS_GONE = "metrics that it weighs have changed or are gone"


def resolve_kept(store: Path, digest: str, loaded: Loaded, *, emit: Emit) -> Resolved | str:
    """Return the model that the store in a folder keeps under a digest, with metrics that only it weighs loaded too.

    Where it cannot be used as it was, return why, as a part of a sentence. Raises `StoreError` and `ModelError` for broken files.
    """
    kept = kept_model(store / "models", digest)
    if kept is None:
        return NOT_KEPT
    path, use = kept
    missing = [name for name in use.metrics if name not in loaded.metrics]
    metrics = {**loaded.metrics, **(load(networks=(), metrics=missing, emit=emit).metrics if missing else {})}
    for window in (None, use.window):  # the configuration may have said nothing about it
        resolved = resolve_model(
            load_model(path),
            {name: metrics[name] for name in use.metrics if name in metrics},
            metric_weights=use.metric_weights,
            factor_weights=use.factor_weights,
            window=window,
        )
        if resolved.id.digest == digest:
            return resolved
    return METRICS_GONE
