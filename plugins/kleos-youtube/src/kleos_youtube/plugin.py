"""The declaration of the network: its four reactions and its three sources."""

from __future__ import annotations

from kleos.contract import Network
from kleos.hookspecs import hookimpl
from kleos_youtube.api import API
from kleos_youtube.dumps import COMMENTS
from kleos_youtube.kinds import KINDS, NETWORK
from kleos_youtube.takeout import TAKEOUT

__all__ = ["YOUTUBE", "kleos_networks"]

YOUTUBE = Network(
    name=NETWORK,
    title="YouTube",
    homepage="https://www.youtube.com",
    aliases=("yt", "you_tube"),
    kinds=KINDS,
    sources=(API, COMMENTS, TAKEOUT),
    # Videos only: a comment's page needs the id of its video, too.
    item_pages={"[0-9A-Za-z_-]{11}": "https://youtu.be/{item}"},
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare YouTube."""
    return (YOUTUBE,)
