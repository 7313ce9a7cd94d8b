"""The one place where numba is called: compiled without the GIL and cached in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

import platformdirs

__all__ = ["cache_folder", "compiled", "inlined", "inner", "is_cold"]

Function = TypeVar("Function", bound=Callable[..., object])

KEPT = 30 * 86_400
"""Seconds that a folder of other sources is kept."""


def cache_folder() -> Path | None:
    """Return the writable folder of the compiled code, None where there is none (then every process compiles anew).

    Its name holds a digest of the kernel's sources: numba's own cache does not notice an edit to a callee in another file. Whoever makes a
    new one takes away what older sources left behind a month ago and more: at worst somebody compiles once more.
    """
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    folder = Path(os.environ.get("KLEOS_CACHE_DIR") or platformdirs.user_cache_path("kleos")) / f"numba-{digest.hexdigest()}"
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder.parent)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _sweep(parent: Path) -> None:
    """Take away the compiled code of older sources; another process may be doing the same."""
    oldest = time.time() - KEPT
    for folder in parent.glob("numba-*"):
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def is_cold(function: str) -> bool:
    """Whether a function of this room ("parts.fold_part") has still to be compiled: the first run ever, or the first after an update."""
    return _FOLDER is None or not any(_FOLDER.rglob(f"{function}-*.nbi"))


_FOLDER = cache_folder()
if _FOLDER is not None:
    # numba looks at this when a function is decorated; the default folder is the package's own, which may be read-only.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_FOLDER))

import numba  # noqa: E402  # after its cache folder is known

if _FOLDER is not None:
    # numba may have been imported, with another folder, before us.
    setattr(numba.config, "CACHE_DIR", os.environ["NUMBA_CACHE_DIR"])  # noqa: B010  # numba's stubs do not know its settings


def compiled(function: Function) -> Function:
    """Compile a function at its first call, releasing the GIL, cached between processes where a cache folder is writable."""
    return cast("Function", numba.njit(nogil=True, error_model="numpy", cache=_FOLDER is not None)(function))


def inner(function: Function) -> Function:
    """Compile a function that only compiled code calls: without a way in from Python, which takes a fifth of the compiling."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", numba.njit(nogil=True, error_model="numpy", cache=_FOLDER is not None, **options)(function))


def inlined(function: Function) -> Function:
    """Write a function that only compiled code calls into each caller: one step less in a chain, each of which is optimised anew."""
    return cast("Function", numba.njit(nogil=True, error_model="numpy", inline="always")(function))
