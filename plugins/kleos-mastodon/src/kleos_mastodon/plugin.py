"""Mastodon as Kleos sees it: what it is called, which reactions there are, and where they come from."""

from __future__ import annotations

from kleos.contract import Kind, Network, Role, Source
from kleos.hookspecs import hookimpl
from kleos_mastodon import answers, api, archive

__all__ = ["MASTODON", "kleos_networks"]

MASTODON = Network(
    name="mastodon",
    title="Mastodon",
    homepage="https://joinmastodon.org",
    aliases=("fediverse", "activitypub"),
    kinds={
        "favourite": Kind(role=Role.LIKE, title="favourite", once=True),
        "reblog": Kind(role=Role.SHARE, title="boost", once=True),
        "quote": Kind(role=Role.SHARE, title="quote"),
        "reply": Kind(role=Role.REPLY, title="reply"),
        "mention": Kind(role=Role.MENTION, title="mention"),
        "follow": Kind(role=Role.FOLLOW, title="follow", once=True),
    },
    sources=(
        Source(name="api", title="the API of your server", settings=api.Api, fetch=api.fetch, parse=answers.parse, live=True),
        Source(
            name="archive",
            title="your archive (counts only)",
            settings=archive.Archive,
            recognise=archive.recognise,
            owners=archive.owners,
            fetch=archive.fetch,
            parse=archive.parse,
        ),
    ),
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare the network. Kleos calls this without arguments; it touches nothing."""
    return (MASTODON,)
