"""A run: question after question, each answer a page that carries the plan for all that is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from kleos.asking import StoppedError
from kleos.contract import Context, Owner, Page, account_key
from kleos.errors import FetchError, ParseError
from kleos_foursquare.api.client import UNIT, Client, RefusedError, described
from kleos_foursquare.api.plan import Plan
from kleos_foursquare.api.questions import CheckInOf, CheckIns, Me, Question, TipOf
from kleos_foursquare.api.refusals import GONE
from kleos_foursquare.api.settings import ApiSettings
from kleos_foursquare.kinds import NETWORK
from kleos_foursquare.shapes import Myself, elements, sections
from kleos_foursquare.values import handle_in, identity, to_microseconds

__all__ = ["UNIT", "fetch"]

_DAY = 86_400_000_000


def fetch(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the answers that the owner's check-ins, tips, lists and friends take, raw, the token nowhere in them.

    Raises `FetchError` where the network stops answering; what came before is complete, and the next run goes on. What is wrong with one
    list only (tips, lists or friends that Foursquare will not tell) is raised once all else is given.
    """
    accounts = [*owner.ids, *owner.handles] if owner else []
    plan = Plan(
        accounts,
        context.cursor,
        to_microseconds(context.now),
        look_back=settings.look_back_days * _DAY,
        naming=settings.name_days * _DAY,
    )
    failures: list[FetchError] = []
    with closing(Client(settings, context)) as client:
        while not context.stop.is_set() and (settings.max_pages is None or client.answered < settings.max_pages):
            question = plan.next()
            if question is None:
                break
            where, first = described(question), not client.answered
            try:
                body = client.ask(question)
                one_by_one = plan.answered(question, body)
            except StoppedError:
                return
            except (RefusedError, ParseError) as refused:
                error = refused.error if isinstance(refused, RefusedError) else _unexpected(question)
                if _is_needed(question, first=first):
                    raise error from None
                if not (isinstance(question, CheckInOf | TipOf) and isinstance(refused, RefusedError) and refused.status in GONE):
                    failures.append(error)
                plan.dropped(question)
                continue
            if isinstance(question, Me):
                _check_token(body, owner, where)
            told = {"self": plan.myself} | ({"one_by_one": list(one_by_one)} if one_by_one else {})
            yield Page(
                network=NETWORK,
                source="api",
                where=where,
                owner=owner,
                captured=context.now,
                body=body,
                cursor=plan.cursor(),
                context=told,
            )
            context.progress(client.answered, None, "pages")
    if failures:
        more = f" (and {len(failures) - 1} more questions had no answer)" if len(failures) > 1 else ""
        raise FetchError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint)


def _is_needed(question: Question, *, first: bool) -> bool:
    """Tell whether nothing makes sense without an answer to a question.

    A page of check-ins that is refused as the first question of a run is where the last run ended: it would end every run.
    """
    return isinstance(question, Me) or (isinstance(question, CheckIns) and (question.offset == 0 or not first))


def _check_token(body: bytes, owner: Owner | None, where: str) -> None:
    """Raise `FetchError` for a token that is not the owner's: what it sees is about somebody else."""
    accounts = [one for section, array in sections(body, "self", where) for one in elements(array, Myself, where) if section == "self"]
    myself = accounts[0] if accounts else None
    id_ = identity(myself.id) if myself is not None else None
    if myself is None or id_ is None:
        raise _unexpected(Me())
    wanted = {account_key(account) for account in (*owner.ids, *owner.handles)} if owner else set()
    if wanted and wanted.isdisjoint({account_key(id_), account_key(handle_in(myself.address) or id_)}):
        raise FetchError(
            f"the token is of the account {id_}, which is none of this person's",
            where=where,
            hint=f'add it to the person: accounts = {{ foursquare = "{id_}" }}, or use a token of their own',
        )


def _unexpected(question: Question) -> FetchError:
    return FetchError(
        "expected what the Foursquare API answers to this question, found something else",
        where=described(question),
        hint="what was collected is kept; see whether the host is right, and whether there is a newer kleos-foursquare",
    )
