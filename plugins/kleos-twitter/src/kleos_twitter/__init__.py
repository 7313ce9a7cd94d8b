"""Twitter / X as a network of Kleos: its reactions, and three ways to obtain them."""

from __future__ import annotations

from collections.abc import Sequence

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_twitter.api import API
from kleos_twitter.archive import ARCHIVE
from kleos_twitter.bulk import BULK
from kleos_twitter.kinds import KINDS, NETWORK

__all__ = ["kleos_networks"]


@hookimpl
def kleos_networks() -> Sequence[Network]:
    """Return the one network of this plugin."""
    return (
        Network(
            name=NETWORK,
            title="Twitter / X",
            kinds=KINDS,
            sources=(ARCHIVE, BULK, API),
            homepage="https://x.com",
            aliases=("x",),
            # Shorter ids are of the first months, or those of somebody's own table.
            item_pages={"[0-9]{8,20}": "https://x.com/i/status/{item}"},
        ),
    )
