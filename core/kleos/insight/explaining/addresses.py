"""Where to look at an item, as its network declares it."""

from __future__ import annotations

import re
from urllib.parse import quote

from kleos.contract import Network

__all__ = ["address_of"]


def address_of(network: Network, item: str) -> str | None:
    """Return the address of an item's page by its id; None where the id is not one that the network has pages for."""
    for pattern, address in network.item_pages.items():
        if re.fullmatch(pattern, item):
            return address.replace("{item}", quote(item, safe=":"))
    return None
