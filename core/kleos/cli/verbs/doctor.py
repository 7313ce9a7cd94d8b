"""``kleos doctor``: what is in order, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULTS, Options
from kleos.errors import KleosError

__all__ = ["doctor"]


def doctor(
    config: Annotated[Path | None, Parameter(help="The configuration; kleos.toml if there is one.")] = None,
    /,
    *,
    options: Options = DEFAULTS,
) -> int:
    """Check Python, plugins, the configuration, its sources and secrets, and the store; say what to do about what is not in order."""
    try:
        from kleos.cli.checking import check
    except ImportError as error:
        hint = "install it again: pip install --force-reinstall kleos"
        raise KleosError(f"the engine cannot be loaded ({error})", where="kernel", hint=hint) from error
    return check(config, options)
