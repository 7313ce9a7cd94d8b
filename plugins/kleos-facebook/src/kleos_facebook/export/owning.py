"""Whether something is an export of Facebook, and whose it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from kleos.contract import Export, Owner
from kleos.errors import ExportError
from kleos_facebook.export.naming import holding, of_facebook
from kleos_facebook.values import name_of

__all__ = ["owners", "recognise"]

_PROFILE = "profile_information.json"
_GIVEN = re.compile(r"(?:.*/)?(?:likes_and_reactions|posts_and_comments|comments)(?:_\d+)?\.json", re.IGNORECASE)
"""What the owner gave names the owner, over and over, as actor and author."""
_NAMED = re.compile(rb'"(?:actor|author)"\s*:\s*("(?:[^"\\]++|\\.)*+")')
_HEAD = 1 << 18
_MOST = 4 << 20
_HTML = (".html", ".htm")
_USERNAME = re.compile(r"[A-Za-z0-9.]{3,60}")
_MOST_FILES = 8
_MOST_NAMES = 20


def recognise(export: Export) -> float:
    """Tell how sure it is that this is an export of Facebook; little for one in HTML, which cannot be read."""
    if next(_profiles(export), None) is not None:
        return 1.0
    jsons = [name for name in export.names if name.lower().endswith(".json")]
    if any(of_facebook(name) for name in jsons):
        return 0.9
    if any(_in_shape(export, name) for name, _ in holding(jsons, "album", "wall", "pokes", "followers")[:_MOST_FILES]):
        return 0.7
    pages = (name for name in export.names if name.lower().endswith(_HTML))
    return 0.3 if any(of_facebook(name) or name.endswith("profile_information.html") for name in pages) else 0.0


def owners(export: Export) -> Sequence[Owner]:
    """Return whose export it is: names, present and past, and the handle or id of the profile's address where it is told.

    Without a profile, whoever is named most often in what was given. Empty where nothing says so.
    """
    names: dict[str, None] = {}
    ids: dict[str, None] = {}
    handles: dict[str, None] = {}
    for profile in _profiles(export):
        names |= dict.fromkeys(_names(profile))
        id_, handle = _address(profile)
        ids |= {id_: None} if id_ else {}
        handles |= {handle: None} if handle else {}
    if not names:
        names = dict.fromkeys(name for name in (_giver(export),) if name)
    return (Owner(ids=ids, handles=handles, names=list(names)[:_MOST_NAMES]),) if names or ids or handles else ()


def _profiles(export: Export) -> Iterator[Mapping[str, Any]]:
    """Yield what ``profile_information.json`` holds under ``profile`` or ``profile_v2``."""
    for name in export.find(_PROFILE)[:_MOST_FILES]:
        try:
            found = msgspec.json.decode(_start(export, name, _MOST))
        except (ExportError, ValueError, RecursionError):
            continue
        for key, profile in found.items() if isinstance(found, dict) else ():
            if key.startswith("profile") and isinstance(profile, dict) and any(_names(profile)):
                yield profile


def _names(profile: Mapping[str, Any]) -> Iterator[str]:
    """Yield the name, then former and other ones."""
    first = profile.get("name")
    former = [entry for key in ("previous_names", "other_names") for entry in _list(profile.get(key))]
    for entry in (first, *former):
        name = name_of((entry.get("full_name") or entry.get("name")) if isinstance(entry, dict) else entry)
        if name:
            yield name


def _address(profile: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the id and the handle in ``profile_uri``: https://www.facebook.com/ada.muster, or …/profile.php?id=100000000000001."""
    uri = profile.get("profile_uri")
    try:
        address = urlsplit(uri if isinstance(uri, str) else "")
        host = address.hostname or ""
    except ValueError:
        return None, None
    last = address.path.strip("/")
    id_ = parse_qs(address.query[:200]).get("id", [""])[0] if last == "profile.php" else last
    if not host.endswith("facebook.com"):
        return None, None
    if id_.isascii() and id_.isdigit():
        return id_, None
    return None, last if _USERNAME.fullmatch(last) and last != "profile.php" else None


def _giver(export: Export) -> str | None:
    counted: Counter[str] = Counter()
    for file in [name for name in export.names if _GIVEN.fullmatch(name)][:_MOST_FILES]:
        try:
            head = _start(export, file, _HEAD)
        except ExportError:
            continue
        for found in _NAMED.findall(head):
            try:
                name = name_of(msgspec.json.decode(found))
            except ValueError:
                continue
            counted[name or ""] += 1
    del counted[""]
    return min(counted, key=lambda name: (-counted[name], name), default=None)


def _in_shape(export: Export, name: str) -> bool:
    try:
        head = _start(export, name, _HEAD)
    except ExportError:
        return False
    return head.lstrip()[:1] in (b"{", b"[") and any(word in head for word in (b'"photos"', b'"title"', b'"poker"', b'"followers_v'))


def _start(export: Export, name: str, most: int) -> bytes:
    with export.open(name) as stream:
        return stream.read(most)


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
