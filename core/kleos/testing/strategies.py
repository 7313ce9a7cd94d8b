"""Hypothesis strategies for the tests of plugins: interactions, exports of junk, and tables of a population.

Needs ``pip install 'kleos[testing]'``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kleos.contract import Interaction, Network

__all__ = ["accounts", "exports", "interactions", "moments", "populations", "write_export"]

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_JUNK = (b"", b"{}", b"[]", b"null", b"[1, null, {}]", b'{"a": {"b": [', b"\xff\xfe\x00\x00", b"<html><body>", b"a,b\n1\n")


def accounts() -> st.SearchStrategy[str]:
    """Few accounts, so that they meet again, some of them written in two ways."""
    return st.sampled_from(["ada", "@Ada", "bob", "1234567890", "1234567891", "Ünï Cödé", "carol_99", "dave"])


def moments(start: datetime = _EPOCH, days: int = 120) -> st.SearchStrategy[datetime]:
    """Zone-aware times, whole seconds from `start` on; some of them equal to each other."""
    return st.integers(0, days * 86_400).map(lambda seconds: start + timedelta(seconds=seconds))


def interactions(network: Network, subject: str = "kit") -> st.SearchStrategy[Interaction]:
    """Reactions to `subject`, by others or by nobody that is known, of the kinds that a network declares."""
    return st.builds(
        Interaction,
        network=st.just(network.name),
        kind=st.sampled_from(sorted(network.kinds)),
        subject=st.just(subject),
        actor=st.none() | accounts().filter(lambda actor: actor != subject),
        item=st.none() | st.sampled_from(["post1", "post2", "post3"]),
        time=st.none() | moments(),
        id=st.none() | st.integers(1, 999).map(str),
        item_time=st.none() | moments(),
        captured=st.none() | moments(),
        audience=st.none() | st.integers(0, 10**7),
    )


def exports(*names: str, bodies: st.SearchStrategy[bytes] | None = None) -> st.SearchStrategy[Mapping[str, bytes]]:
    """Exports as {name of the file: content}; give the `names` that your plugin looks for, and it has to open them.

    `bodies` draws contents that are nearly right; without it, and beside it, they are junk. `write_export` makes a folder of one.
    """
    junk = st.sampled_from(_JUNK) | st.binary(max_size=300)
    known = st.sampled_from(names) if names else st.nothing()
    other = st.sampled_from(["readme.txt", "data/part.json", "data/part.csv", "a/b/c.html"])
    return st.dictionaries(known | other, junk if bodies is None else junk | bodies, min_size=1, max_size=6)


def write_export(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write an export that was drawn into a folder, made where there is none, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def populations(network: Network, most: int = 40) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a canonical table: several people who react to each other, some of them more than once."""
    row = st.fixed_dictionaries(
        {
            "network": st.just(network.name),
            "subject": accounts(),
            "actor": st.none() | accounts(),
            "kind": st.sampled_from(sorted(network.kinds)),
            "item": st.none() | st.sampled_from(["post1", "post2", "post3"]),
            "time": st.none() | moments(),
            "count": st.integers(1, 9),
            "audience": st.none() | st.integers(0, 10**7),
        }
    )
    return st.lists(row, min_size=1, max_size=most)
