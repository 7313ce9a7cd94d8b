"""The declaration of the network: its four reactions and its one source."""

from __future__ import annotations

from kleos.contract import Kind, Network, Role, Source
from kleos.hookspecs import hookimpl
from kleos_googleplus.parse import parse
from kleos_googleplus.takeout import SOURCE, Takeout, fetch, owners, recognise
from kleos_googleplus.vocabulary import COMMENT, NETWORK, PLUSONE, POLL_VOTE, RESHARE

__all__ = ["GOOGLEPLUS", "kleos_networks"]

GOOGLEPLUS = Network(
    name=NETWORK,
    title="Google+",
    homepage="https://plus.google.com",
    aliases=("google_plus", "gplus", "g_plus"),
    kinds={
        PLUSONE: Kind(role=Role.LIKE, title="+1", once=True),
        COMMENT: Kind(role=Role.REPLY, title="comment"),
        RESHARE: Kind(role=Role.SHARE, title="reshare", once=True),
        # A vote answers a question, so ActivityStreams would have it a reply; but it is one click without a word, which web analytics
        # counts as applause (Kaushik), and one popular poll should not drown the conversation.
        POLL_VOTE: Kind(role=Role.LIKE, title="poll vote", once=True),
    },
    sources=(
        Source(
            name=SOURCE,
            title="Google Takeout archive (JSON or HTML)",
            settings=Takeout,
            recognise=recognise,
            owners=owners,
            fetch=fetch,
            parse=parse,
        ),
    ),
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    """Declare Google+."""
    return (GOOGLEPLUS,)
