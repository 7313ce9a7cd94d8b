"""How far a long run has come, kept beside its output: a run that was interrupted goes on from there.

A journal is kept only where the rows are more than the memory holds; what fits is read again in no time. Three steps are remembered: the
rows are read, the influence is known, and which parts are scored.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

import kleos
from kleos.config import Config, Population
from kleos.plugins import Loaded
from kleos.scoring.resolved import Resolved
from kleos.store import replacing

__all__ = ["Journal", "key_of"]


FORMAT = 2
"""Of the files of rows; 1 did not say of a row whether it passes attention on."""


class Journal:
    """The folder `<out>.parts`; without one (`folder` is None) nothing is remembered."""

    def __init__(self, folder: Path | None, key: str, *, shared: bool = False) -> None:
        """A journal of another `key` is about other data, and thrown away. One that is `shared` is kept whatever fits the memory."""
        self.folder = folder
        self.shared = shared
        self._key = key
        if folder is not None and folder.exists() and self._read_key() != key:
            shutil.rmtree(folder, ignore_errors=True)

    def has(self, name: str) -> bool:
        """Whether a step was finished."""
        return self.folder is not None and (self.folder / f"{name}.npz").exists()

    def open(self) -> Path:
        """Begin to remember; returns the folder, where the rows may go, too."""
        assert self.folder is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "key").write_text(self._key, encoding="utf-8")
        return self.folder

    def write(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Remember a finished step, whole or not at all."""
        if self.folder is None or not self.folder.exists():
            return
        with replacing(self.folder / f"{name}.npz") as temporary, temporary.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes the names for options

    def read(self, name: str) -> dict[str, NDArray[Any]]:
        """Return what was remembered of a step."""
        assert self.folder is not None
        with np.load(self.folder / f"{name}.npz", allow_pickle=False) as found:
            return dict(found)

    def parts(self) -> frozenset[int]:
        """Return the parts that are scored."""
        if self.folder is None:
            return frozenset()
        return frozenset(int(path.stem.removeprefix("part-")) for path in self.folder.glob("part-*.npz"))

    def write_part(self, part: int, arrays: Mapping[str, Any]) -> None:
        """Remember the scores of a part."""
        self.write(f"part-{part}", {name: value for name, value in arrays.items() if name != "broken"} | _told(arrays["broken"]))

    def read_part(self, part: int) -> dict[str, Any]:
        """Return the scores of a part."""
        found: dict[str, Any] = self.read(f"part-{part}")
        broken = found.pop("broken")
        return found | {"broken": {(metric, network): reason for metric, network, reason in broken.tolist()}}

    def close(self) -> None:
        """Forget everything: the run is done."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _read_key(self) -> str:
        assert self.folder is not None
        try:
            return (self.folder / "key").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""


def _told(broken: Mapping[tuple[str, str], str]) -> dict[str, NDArray[np.str_]]:
    rows = [(metric, network, reason) for (metric, network), reason in broken.items()]
    return {"broken": np.array(rows, dtype=np.str_).reshape(-1, 3)}


def key_of(config: Config, wanted: Population, loaded: Loaded, resolved: Resolved) -> str:
    """Return a digest of all that a population's scores depend on: the files as they are, the configuration, the model, the code."""
    files = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in (*wanted.interactions, wanted.accounts) if path]
    kinds = {name: sorted(network.kinds) for name, network in sorted(loaded.networks.items())}
    told = attrs.asdict(wanted, filter=lambda attribute, _: attribute.name not in ("memory", "out"))
    code = kleos.__version__, FORMAT, resolved.id.digest
    content = (*code, files, sorted(map(str, told.items())), config.run.as_of, config.run.window, kinds)
    return hashlib.sha256(repr(content).encode()).hexdigest()
