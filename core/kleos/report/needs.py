"""What pages need beside the core, imported when the first page is made."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable

from kleos.errors import UsageError

__all__ = ["check_installed"]

DRAWING = ("altair", "jinja2", "vl_convert")


def check_installed(modules: Iterable[str] = DRAWING) -> None:
    """Raise `UsageError`, with what to install, where one of the modules is missing."""
    missing = [module.replace("vl_convert", "vl-convert-python") for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise UsageError(
            f"pages, cards and badges need {' and '.join(missing)}",
            hint="pip install 'kleos[report]'; `--json` works without",
        )
