"""``kleos networks``: the networks that are installed."""

from __future__ import annotations

from kleos.cli.options import DEFAULTS, Options

__all__ = ["networks"]


def networks(*, options: Options = DEFAULTS) -> int:
    """List the networks that are installed, their kinds of reactions, and the sources that these can come from."""
    from kleos.cli.following import Step
    from kleos.cli.listings.listed import listed
    from kleos.cli.listings.networks import find, show

    return listed(options, find, show, following=[Step("kleos factors", "what is counted of these reactions")])
