"""The declaration of the network: its reactions and its two sources."""

from __future__ import annotations

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_instagram.api import API
from kleos_instagram.export import EXPORT
from kleos_instagram.kinds import KINDS, NETWORK

__all__ = ["INSTAGRAM", "kleos_networks"]

INSTAGRAM = Network(
    name=NETWORK,
    title="Instagram",
    homepage="https://www.instagram.com",
    aliases=("ig", "insta"),
    kinds=KINDS,
    sources=(EXPORT, API),
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare Instagram."""
    return (INSTAGRAM,)
