"""The archive that a server makes of an account (`actor.json`, `outbox.json`, `likes.json`): what the owner did.

Who reacted is not in it. From Mastodon 4.4 on each post says how often it was favourited and boosted; nothing else was received.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen

from kleos.contract import Context, Export, Flaw, Owner, Page, Row, Tally
from kleos.errors import ExportError, KleosError, ParseError
from kleos_mastodon.collection import batches, items
from kleos_mastodon.values import UNREADABLE, count, moment, text

__all__ = ["Archive", "fetch", "owners", "parse", "recognise"]

COUNTED = {"favourite": "likes", "reblog": "shares"}
_MADE = re.compile(r"archive-(\d{14})")


@frozen(kw_only=True)
class Archive:
    """``[networks.mastodon.archive]``"""

    path: tuple[Path, ...]
    """Your archive, as the server gave it (zip or tar.gz), or unpacked."""


def recognise(export: Export) -> float:
    """Tell how sure it is that this is an archive of Mastodon."""
    try:
        return 1.0 if _top(export, "outbox.json") and _actor(export) else 0.0
    except KleosError:
        return 0.0


def owners(export: Export) -> Sequence[Owner]:
    """Tell whose archive it is: their address, and the URL that is their id among servers. Raises `ParseError` for a broken zip."""
    try:
        actor = _actor(export)
    except ExportError as error:
        raise ParseError(error.message, where=error.where) from error
    return (Owner(ids=[actor["id"]], handles=list(actor["addresses"])),) if actor else ()


def fetch(settings: Archive, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the outbox some megabytes at a time.

    Raises `ExportError` at the end where nothing was received: a reader would look for the mistake elsewhere.
    """
    export = context.open_export(settings.path)
    name, likes, actor = _top(export, "outbox.json"), _top(export, "likes.json"), _actor(export)
    if not name or not likes or not actor:
        raise ExportError("expected actor.json, outbox.json and likes.json", where=export.where, hint="give it as the server made it")
    folder = actor["id"].rstrip("/") + "/"
    liked = {uri for _, uri in items(export, likes) if isinstance(uri, str) and uri.startswith(folder)}
    newest, boosted = _looked_through(export, name, folder)
    captured = _made(export.where) or newest
    posts = counted = 0
    for body, values in batches(export, name):
        if context.stop.is_set():
            return
        notes = {note["id"]: note for value in values if (note := _note(value))}
        posts += len(notes)
        counted += sum("likes" in note or "shares" in note for note in notes.values())
        own = {"favourite": sorted(notes.keys() & liked), "reblog": sorted(notes.keys() & boosted)}
        yield Page(
            network="mastodon",
            source="archive",
            where=f"{export.where}: {name}",
            owner=owner,
            captured=captured,
            body=body,
            context={"actor": actor["id"], "own": own},
        )
    if posts and not counted:
        raise ExportError(
            "this archive tells nothing that others did: servers before Mastodon 4.4 write no counts into it",
            where=export.where,
            hint="collect with the source api, which also tells who reacted",
        )


def parse(page: Page) -> Iterator[Row]:
    """Yield how often each post was favourited and boosted, less what its author did to it."""
    try:
        activities = json.loads(page.body)
    except (ValueError, RecursionError):
        raise ParseError("expected JSON", where=page.where) from None
    if not isinstance(activities, list):
        raise ParseError("expected a list of activities", where=page.where)
    context = page.context or {}
    for number, activity in enumerate(activities, 1):
        try:
            rows = list(_totals(activity, page, context.get("actor"), context.get("own") or {}))
        except UNREADABLE:
            yield Flaw(where=f"{page.where}: activity {number}", reason="a post is not as expected")
            continue
        yield from rows


def _totals(activity: Mapping[str, Any], page: Page, actor: object, own: Mapping[str, Sequence[str]]) -> Iterator[Tally]:
    if activity["type"] != "Create":
        return
    note = activity["object"]
    uri = text(note["id"])
    if note.get("attributedTo", actor) != actor or page.owner is None or page.captured is None:
        return
    for kind, field in COUNTED.items():
        if note.get(field) is not None and note[field].get("totalItems") is not None:
            total = count(note[field]["totalItems"])
            yield Tally(
                network="mastodon",
                kind=kind,
                subject=page.owner.account,
                item=text(uri.rstrip("/").rpartition("/")[2]),
                total=max(0, total - (uri in own.get(kind, ()))),
                captured=page.captured,
                item_time=moment(note["published"]),
            )


def _looked_through(export: Export, name: str, posts: str) -> tuple[datetime | None, frozenset[str]]:
    """Return the time of the newest activity, and the own posts that the owner boosted; a broken file is told when it is read again."""
    newest: datetime | None = None
    boosted: set[str] = set()
    with suppress(ExportError):
        for _, activity in items(export, name):
            with suppress(*UNREADABLE):
                time = moment(activity["published"])
                newest = max(newest or time, time)
                if activity["type"] == "Announce" and (uri := _uri(activity["object"])).startswith(posts):
                    boosted.add(uri)
    return newest, frozenset(boosted)


def _actor(export: Export) -> dict[str, Any] | None:
    """Return the id and the addresses of the account, None where no file tells them; raises `ParseError` for a broken file."""
    name = _top(export, "actor.json")
    if not name:
        return None
    try:
        values = json.loads(export.read(name))
        user, uri = text(values["preferredUsername"]), text(values["id"])
        host = text(urlsplit(uri).hostname)
        told = values.get("webfinger")
        addresses = [told.removeprefix("@")] if isinstance(told, str) and told.strip("@ ").count("@") == 1 else []
        return {"id": uri, "addresses": list(dict.fromkeys([*addresses, f"{user}@{host}"]))}
    except UNREADABLE:
        raise ParseError(
            "expected an account with id and preferredUsername", where=f"{export.where}: {name}", hint="request a new archive"
        ) from None


def _note(activity: Any) -> dict[str, Any] | None:
    """Return the post that an activity made, None where it is something else."""
    note = activity.get("object") if isinstance(activity, dict) and activity.get("type") == "Create" else None
    return note if isinstance(note, dict) and isinstance(note.get("id"), str) else None


def _uri(thing: Any) -> str:
    """Return the URI of what was boosted: a post of somebody else is named, one's own may stand there whole."""
    return text(thing["id"] if isinstance(thing, dict) else thing)


def _made(where: str) -> datetime | None:
    """Return when an archive was made, by the name that the server gave it; None where it has another one."""
    found = _MADE.search(where)
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def _top(export: Export, name: str) -> str | None:
    """Return the file of this name that lies the least deep."""
    return min(export.find(name), key=lambda found: (found.count("/"), found), default=None)
