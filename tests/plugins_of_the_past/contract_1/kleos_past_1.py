"""A plugin of contract 1: every field and function that the contract had when it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

from kleos.contract import (
    AGGREGATIONS,
    ANY,
    Batch,
    Calibration,
    Context,
    Export,
    Factors,
    Flaw,
    Interaction,
    Kind,
    Metric,
    Network,
    Owner,
    Page,
    Profile,
    Role,
    Row,
    Source,
    Tally,
    Term,
    account_key,
)
from kleos.errors import ExportError, FetchError, ParseError
from kleos.hookspecs import hookimpl
from kleos.secrets import Secret

NAME = "past_1"
CAPTURED = datetime(2026, 11, 9, tzinfo=UTC)


@frozen(kw_only=True)
class Archive:
    """The table ``[networks.past_1.archive]``."""

    path: Path | tuple[Path, ...]
    """The export, or its parts."""
    most: int = 1_000
    """Lines that are read at the most."""


@frozen(kw_only=True)
class Api:
    """The table ``[networks.past_1.api]``."""

    token: Secret
    """Where the token is."""
    answers: tuple[str, ...] = field(default=())
    """What the network answers, question by question."""


def recognise(export: Export) -> float:
    return 1.0 if export.find("past/reactions.jsonl") else 0.0


def owners(export: Export) -> Sequence[Owner]:
    try:
        with export.open(export.find("past/me.json")[0]) as stream:
            me = json.load(stream)
        return (Owner(ids=(str(me["id"]),), handles=(str(me["handle"]),), names=(str(me["name"]),)),)
    except (ExportError, ValueError, LookupError, TypeError, RecursionError):
        raise ParseError("expected id, handle and name", where=export.where, hint="export it again") from None


def fetch(settings: Archive, owner: Owner | None, context: Context) -> Iterator[Page]:
    export = context.open_export(settings.path)
    names = export.find("past/reactions.jsonl")
    about = {"most": settings.most, "names": list(export.names)}
    for done, name in enumerate(names):
        if context.stop.is_set():
            return
        for body in export.chunks(name):
            yield Page(
                network=NAME, source="archive", where=f"{export.where}: {name}", owner=owner, captured=CAPTURED, body=body, context=about
            )
        context.progress(done + 1, len(names), "files")
    for name in export.find("past/totals.json"):
        for body in export.elements(name):
            yield Page(network=NAME, source="archive", where=f"{export.where}: {name}", owner=owner, captured=CAPTURED, body=body)


def fetch_answers(settings: Api, owner: Owner | None, context: Context) -> Iterator[Page]:
    if owner is None or not settings.token.reveal():
        raise FetchError("nobody to ask for", where=NAME, hint="add an account")
    for number in range(int(context.cursor or 0), len(settings.answers)):
        if context.quota is not None:
            context.quota.spend("questions", context.quota.spent("questions") * 0 + 1)
        yield Page(
            network=NAME,
            source="api",
            where=f"question {number}",
            owner=owner,
            captured=context.now,
            body=settings.answers[number].encode(),
            cursor=str(number + 1),
        )


def parse(page: Page) -> Iterator[Row]:
    owner = page.owner or Owner()
    own = {account_key(account) for account in (*owner.ids, *owner.handles)}
    for number, line in enumerate(page.body.splitlines(), 1):
        try:
            told = json.loads(line)
            for row in told if isinstance(told, list) else [told]:
                yield from _rows(row, owner, own, page)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            yield Flaw(where=f"{page.where}: line {number}", reason="not a row")


def _rows(row: Any, owner: Owner, own: set[str], page: Page) -> Iterator[Row]:
    if "total" in row:
        total = int(row["total"])
        if not 0 <= total < 10**9 or not isinstance(row["total"], int):
            raise ValueError(total)
        yield Tally(
            network=NAME,
            kind="heart",
            subject=owner.account,
            item=str(row["item"]),
            total=total,
            captured=page.captured or CAPTURED,
            item_time=None,
        )
        return
    actor, time = str(row["by"]), datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    kind = {"heart": "heart", "word": "word", "echo": "echo"}[row["what"]]
    followers = row.get("followers")
    if followers is not None and not (isinstance(followers, int) and 0 <= followers < 10**9 and followers is not True):
        raise ValueError(followers)
    if account_key(actor) in own or time.year < 2000 or time.year > 2100:
        return
    yield Profile(network=NAME, id=actor, handle=f"{actor}_old", name=actor.title(), audience=followers, captured=page.captured)
    if kind == "echo":
        micros = [int(time.timestamp()) * 1_000_000]
        yield Batch(network=NAME, kind=[kind], subject=[owner.account], actor=[actor], item=[str(row["item"])], time=micros, count=[1])
        return
    yield Interaction(
        network=NAME,
        kind=kind,
        subject=owner.account,
        actor=actor,
        item=str(row["item"]),
        time=time,
        id=str(row["id"]) if "id" in row else None,
        item_time=None,
        captured=page.captured,
        audience=followers,
    )


def square_root(factors: Factors) -> Any:
    return (factors[f"{ANY}.actors"] + factors["role:LIKE.acts"]) ** 0.5


NETWORK = Network(
    name=NAME,
    title="Past 1",
    kinds={
        "heart": Kind(role=Role.LIKE, title="heart", weight=1.0, once=True),
        "word": Kind(role=Role.REPLY, title="word"),
        "echo": Kind(role=Role.SHARE, title="echo", once=True),
        "glance": Kind(role=Role.VIEW, title="glance"),
    },
    sources=(
        Source(
            name="archive",
            title="an export",
            settings=Archive,
            fetch=fetch,
            parse=parse,
            recognise=recognise,
            owners=owners,
            owned=True,
            live=False,
        ),
        Source(name="api", title="an API", settings=Api, fetch=fetch_answers, parse=parse, live=True),
    ),
    homepage="https://past.example",
    aliases=("p1",),
    reference=Calibration(strength=(1.0, 4.0, 8.0), log_odds=(-4.0, 0.0, 4.0), audience=(0, 100), share=(0.0, 0.9), attention=2.0),
)

REACH = Metric(
    name="past_1_reach",
    title="Reach, as it was",
    family="who responds",
    unit="people",
    definition="How many people reacted.",
    source="Our own.",
    terms=(Term(f"any.{AGGREGATIONS[2]}"), Term("word.acts", 0.5), Term("role:SHARE.acts")),
    weight=1.0,
)
ROOT = Metric(
    name="past_1_root",
    title="Root, as it was",
    family="who responds",
    unit="people",
    definition="The root of how many people reacted.",
    source="Our own.",
    compute=square_root,
    weight=0.5,
)


@hookimpl
def kleos_networks() -> tuple[Network, ...]:
    return (NETWORK,)


@hookimpl
def kleos_metrics() -> tuple[Metric, ...]:
    return (REACH, ROOT)
