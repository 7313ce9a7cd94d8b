"""``kleos plugins``: what is installed, and whether it loads."""

from __future__ import annotations

from kleos.cli.options import DEFAULTS, Options

__all__ = ["plugins"]


def plugins(*, options: Options = DEFAULTS) -> int:
    """List the plugins that are installed, load each of them, and say what is wrong with those that fail."""
    from kleos.cli.following import Step
    from kleos.cli.listings.listed import listed
    from kleos.cli.listings.plugins import find, show

    following = [Step("kleos networks", "their reactions and sources"), Step("kleos metrics", "what they measure")]
    return listed(options, find, show, following=following)
