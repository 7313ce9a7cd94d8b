"""The API of a Mastodon server: who reacted (notifications), and how often (the owner's posts)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen
from attrs.validators import ge

from kleos.asking import StoppedError, safe_host
from kleos.contract import Context, Owner, Page, account_key
from kleos.errors import FetchError
from kleos.secrets import Secret
from kleos_mastodon.answers import NOTIFICATIONS, TYPES
from kleos_mastodon.asking import Server
from kleos_mastodon.lists import Answer, lists, understood
from kleos_mastodon.plan import Plan
from kleos_mastodon.values import UNREADABLE, keys, text

if TYPE_CHECKING:
    from mastodon import Mastodon

__all__ = ["Api", "fetch"]

MOST_NOTIFICATIONS, MOST_POSTS = 80, 40  # a server gives no more at once


@frozen(kw_only=True)
class Api:
    """``[networks.mastodon.api]``"""

    host: str = field(validator=safe_host)
    """Your server: "https://mastodon.social"."""
    token: Secret
    """Where the access token is; your server makes one: Preferences, Development, New application."""
    domain: str | None = None
    """What follows the @ in addresses of your server; default: the name of the host."""
    days: int = field(default=120, validator=ge(1))
    """How far back notifications and posts are read; more than [run] window is of no use."""


def fetch(settings: Api, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield what others did since the last run, then the totals of the owner's posts."""
    server = Server(settings.host, settings.token.reveal(), context)
    domain = settings.domain or urlsplit(settings.host).hostname or ""
    since = context.now - timedelta(days=settings.days)
    done = 0

    def ask(name: str, **paging: str | None) -> Answer:
        def question(client: Mastodon) -> object:
            if name == NOTIFICATIONS:
                return client.notifications(types=list(TYPES), limit=MOST_NOTIFICATIONS, **paging)
            return client.account_statuses(account, exclude_reblogs=True, limit=MOST_POSTS, **paging)

        where = " ".join(["GET", name, *(f"{key}={value}" for key, value in paging.items() if value)])
        return understood(server.ask(question, where, done), where)

    try:
        account = _account(server, domain, owner)
        for name, answer, plan in lists(ask, Plan.read(context.cursor), context.now, since):
            done += 1
            yield Page(
                network="mastodon",
                source="api",
                where=answer.where,
                owner=owner,
                captured=context.now,
                body=answer.body,
                cursor=plan.told(),
                context={"asked": name, "id": account, "domain": domain},
            )
            context.progress(done, None, "pages")
    except StoppedError:
        return
    finally:
        server.close()


def _account(server: Server, domain: str, owner: Owner | None) -> str:
    """Return the id of the account that the token belongs to; raises `FetchError` where that is not the owner's."""
    where = "GET verify_credentials"
    body = server.ask(lambda client: client.account_verify_credentials(), where, 0)
    try:
        values = json.loads(body)
        name, account = text(values["username"]), text(values["id"])
    except UNREADABLE:
        raise FetchError("expected the account of the token", where=where, hint="is the host a Mastodon server?") from None
    full = f"{name}@{domain}"
    if not keys(owner) & {account_key(name), account_key(full)}:
        whose = owner.account if owner and owner.account else "an account of anybody"
        raise FetchError(
            f"the token belongs to {full}, and not to {whose} here",
            where=where,
            hint=f'add accounts = {{ mastodon = "{full}" }} to whose it is, and person = "…" to the source where several have accounts',
        )
    return account
