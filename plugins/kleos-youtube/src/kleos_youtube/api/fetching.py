"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page, account_key
from kleos.errors import FetchError
from kleos_youtube.api.client import Client, RefusedError, described
from kleos_youtube.api.plan import Plan
from kleos_youtube.api.refusals import GONE, STALE
from kleos_youtube.api.settings import ApiSettings
from kleos_youtube.api.tasks import Look, Task, Threads
from kleos_youtube.kinds import NETWORK
from kleos_youtube.values import CHANNEL, to_microseconds

__all__ = ["fetch"]

_DAY = 86_400_000_000
_ABOUT_THE_CHANNEL = frozenset({"commentsDisabled", "channelNotFound", "channelClosed", "channelSuspended", "forbidden"})


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's channels take, raw, the key nowhere in them.

    Raises `FetchError` where the network stops answering; what came before is complete, and the next run goes on. What is wrong with one
    channel (no such channel, comments switched off) is raised once all else is given.
    """
    accounts = _accounts(owner)
    plan = Plan(accounts, settings.look_back_days * _DAY, context.cursor, to_microseconds(context.now))
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
                # A question that is refused before any is answered is the one at which the last run ended: it would end every run.
                told = _refused(plan, task, refused, poisoned=not client.answered)
                failures += [told] if told else []
                continue
            if isinstance(task, Look) and not answer.items:
                failures.append(_unknown(task))
            plan.answered(task, answer)
            yield Page(
                network=NETWORK,
                source="api",
                where=described(task),
                owner=owner,
                captured=context.now,
                body=body,
                cursor=plan.cursor(),
                context={**task.context(), "own": list(plan.channels)},
            )
            context.progress(client.answered, None, "pages")
    if failures:
        more = f" (and {len(failures) - 1} more questions had no answer)" if len(failures) > 1 else ""
        raise FetchError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _refused(plan: Plan, task: Task, refused: RefusedError, *, poisoned: bool) -> FetchError | None:
    """Go on without an answer where that makes sense, and return what is to be told of it; raises `FetchError` where it does not."""
    if refused.reason in STALE and plan.restarted(task):
        return None
    about_all = isinstance(task, Look | Threads)
    gone = not about_all and (refused.reason in GONE or refused.status == 404)
    if not (gone or poisoned or (about_all and refused.reason in _ABOUT_THE_CHANNEL)):
        raise refused.error()
    plan.dropped(task)
    return None if gone else refused.error()


def _accounts(owner: Owner | None) -> Sequence[str]:
    """Return the channel ids, and the handles with their @, that the owner is known by."""
    told = [text.strip() for text in (*owner.ids, *owner.handles)] if owner else []
    known = {account_key(text): text for text in told if CHANNEL.fullmatch(text)}
    for text in told:
        # An id whose case was folded to compare it is no id to YouTube, and no handle either.
        if text.strip("@"):
            known.setdefault(account_key(text), f"@{text.removeprefix('@')}")
    found = list(known.values())
    if not found:
        raise FetchError(
            "nothing says whose channel is to be asked for",
            where="networks.youtube.api",
            hint='add the channel to the person: accounts = { youtube = "UC…" } or "@handle"',
        )
    return found


def _unknown(task: Look) -> FetchError:
    hint = "correct the account: its id begins with UC, its handle with @"
    return FetchError(f"YouTube knows no channel {task.account}", where=described(task), hint=hint)
