"""What a configuration plainly says of its store and its people, without a check of anything else: for verbs that only look back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from kleos.config.raw import Raw

__all__ = ["PERSON_ID", "Glance", "default_store", "glance"]

PERSON_ID = re.compile(r"[A-Za-z0-9_-]+\Z")


@frozen(kw_only=True)
class Glance:
    """Where to look, and for whom."""

    store: Path
    """Absolute."""
    people: Mapping[str, str]
    """Id → name, in the order of the file."""


def glance(raw: Raw, folder: Path) -> Glance | None:
    """Return what `resolve` would say of the store and the people, or None where that takes all of `resolve`: something is not plain."""
    run, people = raw.tables.get("run", {}), raw.tables.get("people", {})
    if not (isinstance(run, dict) and isinstance(people, dict) and people and raw.where):
        return None
    names = {}
    for id_, person in people.items():
        name = person.get("name", id_) if isinstance(person, dict) else None
        if not (PERSON_ID.match(id_) and isinstance(name, str) and name.strip()):
            return None
        names[id_] = name.strip()
    folder = folder.absolute()
    written = run["store"] if "store" in run else str(default_store(folder / Path(raw.where).name))
    if not isinstance(written, str) or not written.strip() or "\0" in written or written.startswith("~"):
        return None
    store = (folder / written).absolute()
    return Glance(store=store, people=names) if store.is_dir() else None


def default_store(where: Path) -> Path:
    """Return a folder of the configuration's own, out of the way of the user's files: two configurations never share one by accident."""
    from hashlib import blake2b  # here, both: a configuration that names its store does without

    import platformdirs

    digest = blake2b(str(where.parent.resolve() / where.name).encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    return platformdirs.user_data_path("kleos") / "stores" / f"{where.stem[:64]}-{digest}"
