"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Final

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page
from kleos.errors import FetchError
from kleos_linkedin.accounts import organization_of
from kleos_linkedin.api.client import Client, RefusedError, described
from kleos_linkedin.api.plan import Plan
from kleos_linkedin.api.refusals import ABOUT_ONE, GONE, failure
from kleos_linkedin.api.settings import ApiSettings
from kleos_linkedin.api.tasks import Posts
from kleos_linkedin.kinds import NETWORK

__all__ = ["SOURCE", "fetch"]

SOURCE: Final = "api"

_DAY = 86_400_000


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's pages take, raw, the token nowhere in them.

    Raises `FetchError` where the network stops answering; what came before is complete, and the next run goes on. What is wrong with one
    page or post is raised once all else is given; a post that is gone is left out.
    """
    plan = Plan(_organizations(owner), settings.look_back_days * _DAY, context.cursor, int(context.now.timestamp() * 1000))
    failures: list[FetchError] = []
    with closing(Client(settings, context)) as client:
        while not context.stop.is_set() and (settings.max_pages is None or client.answered < settings.max_pages):
            task = plan.next()
            if task is None:
                break
            try:
                body, answer = client.ask(task)
            except StoppedError:
                return
            except RefusedError as refused:
                error = failure(refused.status, described(task))
                if refused.status not in ABOUT_ONE:
                    raise error from None
                plan.dropped(task)
                failures += [error] if isinstance(task, Posts) or refused.status not in GONE else []
                continue
            plan.answered(task, answer)
            yield Page(
                network=NETWORK,
                source=SOURCE,
                where=described(task),
                owner=owner,
                captured=context.now,
                body=body,
                cursor=plan.cursor(),
                context=task.context(),
            )
            context.progress(client.answered, None, "pages")
    if failures:
        more = f" (and {len(failures) - 1} more questions had no answer)" if len(failures) > 1 else ""
        raise FetchError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _organizations(owner: Owner | None) -> Sequence[str]:
    """Return the URNs of the pages that the owner is known by."""
    told = (*owner.ids, *owner.handles) if owner else ()
    found = list(dict.fromkeys(urn for text in told if (urn := organization_of(text)) is not None))
    if not found:
        example = 'accounts = { linkedin = "urn:li:organization:…" }'
        raise FetchError(
            "nothing says which page is to be asked for: the API shows pages only, and no member's posts",
            where="networks.linkedin.api",
            hint=f"add the page to the person: {example}, with the number in the address of its admin view",
        )
    return found
