"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page
from kleos.errors import FetchError
from kleos_facebook.api.client import Client, RefusedError, described
from kleos_facebook.api.plan import Plan
from kleos_facebook.api.settings import PAGE, ApiSettings
from kleos_facebook.api.tasks import Comments, Look, Reactions, Shares, Task
from kleos_facebook.kinds import NETWORK
from kleos_facebook.values import to_microseconds

__all__ = ["fetch"]

_DAY = 86_400_000_000
_MOST_REFUSALS = 3
"""After so many refusals of one kind of question, with no answer between, no more of that kind are asked."""


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's Pages take, raw, the token nowhere in them.

    Raises `FetchError` where the network stops answering; what came before is complete, and the next run goes on. What only some of the
    questions lack (no such Page, a permission) is raised once all else is given.
    """
    plan = Plan(_accounts(settings, owner), settings.look_back_days * _DAY, context.cursor, to_microseconds(context.now))
    failures: list[FetchError] = []
    refusals: Counter[type[Task]] = Counter()
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
                told = _refused(plan, refused)
                failures += [told] if told else []
                refusals[type(task)] += told is not None
                if refusals[type(task)] == _MOST_REFUSALS and not isinstance(task, Look):
                    plan.given_up(type(task))
                continue
            del refusals[type(task)]
            plan.answered(task, answer)
            yield Page(
                network=NETWORK,
                source="api",
                where=described(task),
                owner=owner,
                captured=context.now,
                body=body,
                cursor=plan.cursor(),
                context={**task.context(), "own": list(plan.pages)},
            )
            context.progress(client.answered, None, "pages")
    if failures:
        more = f" (and {len(failures) - 1} more questions had no answer)" if len(failures) > 1 else ""
        raise FetchError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _refused(plan: Plan, refused: RefusedError) -> FetchError | None:
    """Go on without an answer, and return what is to be told of it."""
    task, refusal = refused.task, refused.refusal
    if refusal.invalid and plan.restarted(task):
        return None
    about_post = isinstance(task, Reactions | Comments | Shares)
    plan.dropped(task)
    if isinstance(task, Shares) and (refusal.forbidden or refusal.invalid):
        plan.given_up(Shares)  # how many there are is known all the same
        return None
    if refusal.forbidden and about_post:
        plan.given_up(type(task))  # what it may not ask of one post it may not ask of any
    if isinstance(task, Look) and (refusal.gone or refusal.invalid):
        return FetchError(
            f"there is no Page {task.account}, or the token is not of a Page",
            where=described(task),
            hint="use the token of the Page, not of a person, and correct page or the person's accounts",
        )
    return None if refusal.gone and about_post else refused.error()


def _accounts(settings: ApiSettings, owner: Owner | None) -> Sequence[str]:
    """Return the Pages to ask for: ids, user names, or ``me``, the Page whose token it is."""
    if settings.page is not None:
        return [settings.page]
    if owner is None or not (owner.ids or owner.handles):
        return ["me"]
    # The name of a person, by which an export is known, is no Page's; where ids are given, user names are most likely the person's, too.
    found = [text for text in owner.ids if PAGE.fullmatch(text)] or [text for text in owner.handles if PAGE.fullmatch(text)]
    if not found:
        raise FetchError(
            "nothing says which Page is to be asked for",
            where="networks.facebook.api",
            hint='say it: api = { token = …, page = "the id of the Page" }, or add the id to the person\'s accounts',
        )
    return list(dict.fromkeys(found))
