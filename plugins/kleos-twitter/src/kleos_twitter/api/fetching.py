"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import msgspec

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page, account_key
from kleos.errors import FetchError
from kleos_twitter.api.answers import Answer
from kleos_twitter.api.client import Client, described
from kleos_twitter.api.plan import Plan
from kleos_twitter.api.refusals import RefusedError
from kleos_twitter.api.settings import ApiSettings
from kleos_twitter.api.spending import Purse
from kleos_twitter.api.tasks import Likes, Look, Me, Mentions, Own, Quotes, Replies, Reposts, Task
from kleos_twitter.bulk.records import User
from kleos_twitter.kinds import NETWORK
from kleos_twitter.times import to_microseconds

__all__ = ["fetch"]

_WORDS = {"tweet.fields", "post.fields"}
_PLACES = {"pagination_token", "next_token", "since_id", "until_id", "start_time"}
_GONE = {403, 404, 410}


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's accounts take, raw, the token nowhere in them.

    Raises `FetchError` where the network stops answering, or the money is spent; what came before is complete, and the next run goes on.
    What is wrong with one question (no such account, a token that is not told who liked) is raised once all else is given.
    """
    plan = Plan(_accounts(owner), settings, context.cursor, to_microseconds(context.now))
    purse = Purse(settings, context, plan.state.credit, plan.state.mark)
    failures: list[FetchError] = []
    with closing(Client(settings, context, purse)) as client:
        while not context.stop.is_set() and (settings.max_pages is None or client.answered < settings.max_pages):
            task = plan.next()
            if task is None:
                break
            try:
                body, answer = client.ask(task, plan.dialect)
            except StoppedError:
                return
            except RefusedError as refused:
                # A question that is refused before any is answered is the one at which the last run ended: it would end every run.
                told = _refused(plan, task, refused, poisoned=not client.answered)
                failures += [told] if told else []
                continue
            where = described(task, plan.dialect)
            failures += _unknown(task, answer, where)
            plan.answered(task, answer)
            plan.state.credit, plan.state.mark = purse.credit, purse.mark
            yield Page(
                network=NETWORK,
                source="api",
                where=where,
                owner=owner,
                captured=context.now,
                body=body,
                cursor=msgspec.json.encode(plan.state).decode(),
                context={**task.context(), "own": [*plan.people, *(owner.handles if owner else ())]},
            )
            context.progress(client.answered, None, "pages")
    if failures:
        more = f" (and {len(failures) - 1} more questions had no answer)" if len(failures) > 1 else ""
        raise FetchError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _refused(plan: Plan, task: Task, refused: RefusedError, *, poisoned: bool) -> FetchError | None:
    """Go on without an answer where that makes sense, and return what is to be told of it; raises `FetchError` where it does not."""
    wrong = set(refused.trouble.parameters)
    if refused.status == 400 and ((wrong & _WORDS and plan.reworded()) or (wrong & _PLACES and plan.restarted(task))):
        return None
    if isinstance(task, Likes) and refused.status == 403:
        plan.without(Likes)
        return FetchError(
            "X does not tell this token who liked",
            where=refused.where,
            hint='give the token of the account itself, with like.read, or leave "likes" out of ask',
        )
    if isinstance(task, Me):
        raise FetchError(
            "nothing says whose account is to be asked for",
            where=refused.where,
            hint='add the account to the person: accounts = { twitter = "…" }, or give the token of the account itself',
        )
    gone = isinstance(task, Quotes | Reposts | Likes) and refused.status in _GONE
    if not (gone or poisoned):
        raise refused.error()
    plan.dropped(task)
    return None if gone else refused.error()


def _accounts(owner: Owner | None) -> Sequence[str]:
    """Return the ids and the handles that the owner is known by; none where the token has to say it."""
    told = [account_key(text) for text in (*owner.ids, *owner.handles)] if owner else []
    return list(dict.fromkeys(text for text in told if text))


def _unknown(task: Task, answer: Answer, where: str) -> list[FetchError]:
    """Return what is to be told where X gives nothing, and says why only among the data of a success."""
    if isinstance(task, Look):
        users = list(answer.elements(User))
        known = {account_key(name) for user in users for name in (user.id, user.username or "")}
        missing = [name for name in (task.ids or task.handles) if name not in known]
        hint = "correct the account: its handle, or its number"
        return [FetchError(f"X knows no account {name}", where=where, hint=hint) for name in missing]
    if isinstance(task, Own | Mentions | Replies) and answer.errors and not answer.given[0]:
        hint = "a protected account is told only to its own token"
        return [FetchError("X gives nothing of this account to this token", where=where, hint=hint)]
    return []
