"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from attrs import define, field

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page, account_key
from kleos.errors import FetchError
from kleos_instagram.api.client import Client, RefusedError, described
from kleos_instagram.api.notices import mentioned_in
from kleos_instagram.api.parsing import REFUSED
from kleos_instagram.api.plan import Plan, Scope
from kleos_instagram.api.settings import ApiSettings
from kleos_instagram.api.tasks import Accounts, Look, Posts, Task, ask_name
from kleos_instagram.kinds import NETWORK
from kleos_instagram.values import to_microseconds

__all__ = ["fetch"]

_DAY = 86_400_000_000
_ABOUT_THE_ACCOUNT = (Look, Accounts, Posts)


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's account takes, raw but for the token, which is nowhere in them.

    Raises `FetchError` where the network stops answering; what came before is complete, and the next run goes on. What the token may not
    ask, and what is refused for another reason, is raised once all else is given. Raises `ExportError` for a file of `mentions`.
    """
    plan = Plan(_scope(settings, owner, context), context.cursor, to_microseconds(context.now))
    failures = _Failures(plan)
    with closing(Client(settings, context)) as client:
        while not context.stop.is_set() and (settings.max_pages is None or client.answered < settings.max_pages):
            task = plan.next()
            if task is None:
                break
            ask = ask_name(task)
            try:
                body, answer = client.ask(task)
            except StoppedError:
                return
            except RefusedError as refused:
                if not failures.take(task, refused):
                    continue
                # A page without rows, for its cursor: the next run is not to ask this again.
                body, ask = refused.body, REFUSED
            else:
                plan.answered(task, answer)
            yield Page(
                network=NETWORK,
                source="api",
                where=described(task),
                owner=owner,
                captured=context.now,
                body=body,
                cursor=plan.cursor(),
                context={**task.context(), "ask": ask, "own": list(plan.own)},
            )
            context.progress(client.answered, None, "pages")
            if isinstance(task, Look | Accounts) and not isinstance(plan.next(), Look | Accounts) and not plan.found:
                failures.found.append(_stranger(plan, owner))
    failures.tell()


@define
class _Failures:
    """What was refused, and what the plan makes of it."""

    plan: Plan
    found: list[FetchError] = field(factory=list)

    def take(self, task: Task, refused: RefusedError) -> bool:
        """Go on without an answer where that makes sense, raise `FetchError` where it does not; False where it is to be asked again."""
        refusal = refused.refusal
        error = refusal.error(refused.where)
        if refusal.is_stale and self.plan.restarted(task):
            return False
        if isinstance(task, _ABOUT_THE_ACCOUNT):
            raise error from None
        if refusal.is_forbidden:
            self.plan.left_out(type(task))
        else:
            self.plan.dropped(task)
        if not refusal.is_gone:
            self.found.append(error)
        return True

    def tell(self) -> None:
        """Raise the first, if there is any."""
        if self.found:
            first, *others = self.found
            more = f" (and {len(others)} more questions had no answer)" if others else ""
            raise FetchError(first.message + more, where=first.where, hint=first.hint)


def _scope(settings: ApiSettings, owner: Owner | None, context: Context) -> Scope:
    told = [text.strip().removeprefix("@") for text in (*owner.ids, *owner.handles)] if owner else []
    accounts: dict[str, str] = {}
    for account in told:
        if account:
            accounts.setdefault(account_key(account), account)
    return Scope(
        accounts=list(accounts.values()),
        login=settings.login,
        look_back=settings.look_back_days * _DAY,
        insights=settings.insights,
        audiences=settings.audiences,
        mentions=mentioned_in(settings.mentions, context),
    )


def _stranger(plan: Plan, owner: Owner | None) -> FetchError:
    wanted = _named((*owner.ids, *owner.handles)) if owner else ""
    seen = _named(plan.seen)
    if not wanted:
        message = f"the token may see {seen}, and nothing says which of them is meant" if seen else "the token may see no account"
        hint = 'add the account to the person: accounts = { instagram = "…" }'
    else:
        message = f"expected a token of {wanted}, found one of {seen}" if seen else f"the token may not see {wanted}"
        hint = "make the token while logged in to that account, or correct the person's accounts"
    return FetchError(message, where="networks.instagram.api", hint=hint)


def _named(accounts: Sequence[str]) -> str:
    return ", ".join(f"@{account}" if not account.isdigit() else account for account in accounts)
