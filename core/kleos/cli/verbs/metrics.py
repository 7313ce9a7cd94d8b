"""``kleos metrics``: the metrics that are installed."""

from __future__ import annotations

from kleos.cli.options import DEFAULTS, Options

__all__ = ["metrics"]


def metrics(*, options: Options = DEFAULTS) -> int:
    """List the metrics that are installed: what they mean, what they are made of, and how much they weigh."""
    from kleos.cli.following import Step
    from kleos.cli.listings.listed import listed
    from kleos.cli.listings.metrics import find, show

    return listed(options, find, show, following=[Step("kleos factors", "what the metrics are made of")])
