"""The declaration of the network: its reactions and its three sources."""

from __future__ import annotations

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_linkedin.analytics import ANALYTICS
from kleos_linkedin.api import API
from kleos_linkedin.archive import EXPORT
from kleos_linkedin.kinds import KINDS, NETWORK

__all__ = ["LINKEDIN", "kleos_networks"]

LINKEDIN = Network(
    name=NETWORK,
    title="LinkedIn",
    homepage="https://www.linkedin.com",
    aliases=("linked_in", "li"),
    kinds=KINDS,
    sources=(EXPORT, ANALYTICS, API),
    item_pages={"urn:li:(activity|share|ugcPost):[0-9]+": "https://www.linkedin.com/feed/update/{item}"},
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare LinkedIn."""
    return (LINKEDIN,)
