"""The checks that take a whole run: what the store keeps, and what becomes of the score."""

from __future__ import annotations

import functools
import math
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kleos.plugins import Loaded
from kleos.testing.reading import Reading, busiest, reactions, readings, steady, told
from kleos.testing.runs import NOW, OTHER, PERSON, REACH, configure, given_reactions, loaded_with, scored, scratch, stored_reactions
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError

__all__ = ["duplicates_collapse", "score_never_falls"]

_NO_LESS = 1e-9
_REFERENCE = "look at Network.reference: at least two knots, finite, each above the one before; leave it None where nothing was measured"


def duplicates_collapse(subject: Subject) -> None:
    """A sample reaches the store, and collected again from another place, at a later time, it adds nothing."""
    for reading in map(steady, readings(subject)):
        with scratch() as folder:
            once = _collected(subject, reading, folder, reading.sample, NOW)
            twice = _collected(subject, reading, folder, _copied(reading.sample, folder / "elsewhere"), NOW + timedelta(days=1))
        if not once and any(True for rows in reading.rows for row in rows for _ in reactions(row)):
            raise BrokenContractError(
                f"{reading.sample}: none of its reactions reaches the store", "let subject be an id, handle or name that owners() returns"
            )
        if once != twice:
            raise BrokenContractError(
                f"{reading.sample}: collected once it holds {_total(once)} reactions, collected again from a copy {_total(twice)}, "
                f"and {_differing(once, twice)} rows differ",
                "let id, item and time come from the network's own data, never from Page.where, a row's place, or the time of the run",
            )


def score_never_falls(subject: Subject) -> None:
    """A person who adds this network to another one scores at least what they did."""
    for reading in readings(subject):
        try:
            added = _score_with(subject, reading)
        except Exception as error:
            raise BrokenContractError(f"{reading.sample}: with this network a run ends ({told(error)})", _REFERENCE) from error
        if not (math.isfinite(added) and added >= _score_without() - _NO_LESS):
            raise BrokenContractError(
                f"{reading.sample}: with this network the score of somebody is {added}, without it {_score_without()}", _REFERENCE
            )


def _collected(subject: Subject, reading: Reading, folder: Path, sample: Path, now: datetime) -> list[tuple[Any, ...]]:
    """Collect a sample into the store in `folder`, and return everything that is in it then."""
    network = subject.network
    sources = {network.name: {reading.source.name: [_table(subject, reading, sample)]}}
    config = configure([network], folder, sources, accounts=_accounts(subject, reading))
    return stored_reactions(config, Loaded({network.name: network}, {}, subject.loaded.origins), now=now)


def _score_with(subject: Subject, reading: Reading) -> float:
    """Return the person's score at the time of the sample's newest reaction, when what they have on `OTHER` is as old as ever."""
    network, end = subject.network, _newest(reading)
    loaded = loaded_with(Loaded({network.name: network}, {}, subject.loaded.origins), networks=[OTHER], metrics=[REACH])
    with scratch() as folder:
        sources: dict[str, dict[str, Any]] = {
            OTHER.name: {"interactions": given_reactions(folder, end)},
            network.name: {reading.source.name: [_table(subject, reading, reading.sample)]},
        }
        accounts = {OTHER.name: [PERSON], **_accounts(subject, reading)}
        config = configure([OTHER, network], folder, sources, accounts=accounts, as_of=end)
        return scored(config, loaded).people[0].score


@functools.cache
def _score_without() -> float:
    loaded = loaded_with(Loaded({}, {}, {}), networks=[OTHER], metrics=[REACH])
    with scratch() as folder:
        sources = {OTHER.name: {"interactions": given_reactions(folder, NOW)}}
        config = configure([OTHER], folder, sources, accounts={OTHER.name: [PERSON]}, as_of=NOW)
        return scored(config, loaded).people[0].score


def _accounts(subject: Subject, reading: Reading) -> dict[str, list[str]]:
    """Return the person's accounts: a bulk file's busiest; an export goes to the only person there is."""
    return {} if reading.source.owned else {subject.network.name: [busiest([reading])]}


def _table(subject: Subject, reading: Reading, sample: Path) -> dict[str, Any]:
    return {**subject.settings.get(reading.source.name, {}), "path": str(sample)}


def _copied(sample: Path, folder: Path) -> Path:
    folder.mkdir()
    copy = folder / sample.name
    return Path(shutil.copytree(sample, copy) if sample.is_dir() else shutil.copy(sample, copy))


def _newest(reading: Reading) -> datetime:
    moments = [reaction["time"] for rows in reading.rows for row in rows for reaction in reactions(row) if reaction["time"] is not None]
    times = [moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment / 1_000_000, UTC) for moment in moments]
    return max((time.astimezone(UTC) for time in times), default=NOW)


def _differing(once: Sequence[tuple[Any, ...]], twice: Sequence[tuple[Any, ...]]) -> int:
    first, second = Counter(once), Counter(twice)
    return ((first - second) + (second - first)).total()


def _total(rows: list[tuple[Any, ...]]) -> int:
    return sum(row[-1] for row in rows)
