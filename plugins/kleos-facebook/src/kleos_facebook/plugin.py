"""The declaration of the network: its nine reactions and its two sources."""

from __future__ import annotations

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_facebook.api import API
from kleos_facebook.export import EXPORT
from kleos_facebook.kinds import KINDS, NETWORK

__all__ = ["FACEBOOK", "kleos_networks"]

FACEBOOK = Network(
    name=NETWORK,
    title="Facebook",
    homepage="https://www.facebook.com",
    aliases=("fb", "face_book", "meta"),
    kinds=KINDS,
    sources=(EXPORT, API),
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare Facebook."""
    return (FACEBOOK,)
