"""The models that scores were recorded with, kept beside them: a record names its model by digest, and the model's own file may change.

``<store>/models/<digest>.toml`` is a model file as any other, ``<digest>.json`` what a configuration made of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import asdict, frozen

from kleos.errors import StoreError
from kleos.store.atomic import replacing

__all__ = ["ModelUse", "keep_model", "kept_model"]


@frozen(kw_only=True)
class ModelUse:
    """What is resolved together with a model file, and so is part of its digest."""

    metrics: Sequence[str]
    """The metrics that were there."""
    metric_weights: Mapping[str, float]
    factor_weights: Mapping[str, float]
    window: int
    """µs: that of the configuration, or the model's own where the configuration has none."""


def keep_model(folder: Path, digest: str, text: str, use: ModelUse) -> None:
    """Keep a model file's text under the digest of what it was resolved to; what is there already stays as it is."""
    path = folder / f"{digest}.toml"
    if path.exists():
        return
    folder.mkdir(exist_ok=True)
    with replacing(path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(asdict(use), indent=2, sort_keys=True), encoding="utf-8")
    # Last: where there is a model, there is what was made of it.
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def kept_model(folder: Path, digest: str) -> tuple[Path, ModelUse] | None:
    """Return the model file that was kept under a digest, and its use; None where none was. Raises `StoreError` for a broken one."""
    path = folder / f"{digest}.toml"
    if not path.exists():
        return None
    try:
        return path, ModelUse(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        where = str(path.with_suffix(".json"))
        raise StoreError(f"what was made of an old model cannot be read: {error}", where=where, hint="restore it from a backup") from None
