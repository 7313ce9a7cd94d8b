"""The declaration of the network: its reactions and its two sources."""

from __future__ import annotations

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_foursquare.api import API
from kleos_foursquare.export import EXPORT
from kleos_foursquare.kinds import KINDS, NETWORK

__all__ = ["FOURSQUARE", "kleos_networks"]

FOURSQUARE = Network(
    name=NETWORK,
    title="Foursquare",
    homepage="https://foursquare.com",
    aliases=("swarm", "4sq"),
    kinds=KINDS,
    sources=(EXPORT, API),
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare Foursquare."""
    return (FOURSQUARE,)
