"""From paths to everything that a first configuration needs: whose exports they are, what is in them, and when they end."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby, islice
from pathlib import Path

from attrs import evolve, frozen

from kleos.config import Person
from kleos.contract import Owner, account_key
from kleos.errors import ExportError
from kleos.events import Emit, Progress, silent
from kleos.files import Limits
from kleos.plugins import Loaded
from kleos.scoring.model import load_model
from kleos.setup.canonical import reading_of
from kleos.setup.census import Subject
from kleos.setup.looking import path_settings
from kleos.setup.recognition import Recognised, Unrecognised, recognise
from kleos.setup.roster import Account, Roster, make_roster, same_owner
from kleos.setup.survey import TOP, Means, Survey, survey_source, survey_table

__all__ = ["Entry", "Understood", "understand"]


@frozen(kw_only=True)
class Entry:
    """Something recognised, and read through."""

    found: Recognised
    survey: Survey
    person: str | None = None
    """The id of its owner; None for bulk files and tables."""
    outdated: bool = False
    """Whether all of it is older than the window before `as_of`: none of it would be scored."""


@frozen(kw_only=True)
class Understood:
    """What came of it all."""

    entries: tuple[Entry, ...]
    unknown: tuple[Unrecognised, ...]
    people: tuple[Person, ...]
    bystanders: tuple[str, ...]
    """Ids of people who are there only because a bulk file or table holds many reactions to them."""
    joined: tuple[str, ...]
    """Why accounts of several networks were taken for one person's."""
    as_of: datetime | None
    """The newest time in the data; None where they have none."""


def understand(
    paths: Sequence[Path],
    loaded: Loaded,
    *,
    now: datetime,
    limits: Limits | None = None,
    emit: Emit = silent,
    stop: threading.Event | None = None,
) -> Understood:
    """Recognise paths, read through what was recognised, and settle who is to be scored. Nothing is written.

    The people are the owners of the exports and, of each network with bulk files or tables, the ten accounts with most reactions in them;
    a file with reactions to none of these adds its own first account.
    """
    means = Means(loaded=loaded, now=now, limits=limits or Limits(), stop=stop or threading.Event())
    recognition = recognise(paths, loaded, limits=means.limits, emit=emit)
    unknown = list(recognition.unknown)
    surveyed: list[tuple[Recognised, Survey]] = []
    for found in recognition.found:
        survey = _survey(found, means, emit)
        useless = survey if isinstance(survey, Unrecognised) else _useless(found, survey)
        if useless is not None:
            unknown.append(useless)
        elif isinstance(survey, Survey):
            surveyed.append((found, survey))
    accounts = [_account(found) for found, _ in surveyed if found.owned]
    owners = len(accounts)
    accounts += [_bystander(subject) for subject in _most_reacted_to(surveyed)]
    accounts += _one_of_each(surveyed, accounts)
    roster = make_roster(accounts)
    as_of = max((survey.counted.newest for _, survey in surveyed if survey.counted.newest is not None), default=None)
    return Understood(
        entries=_entries(surveyed, roster, as_of),
        unknown=tuple(unknown),
        people=roster.people,
        bystanders=tuple(person.id for place, person in enumerate(roster.people) if place not in roster.places[:owners]),
        joined=roster.joined,
        as_of=as_of,
    )


def _survey(found: Recognised, means: Means, emit: Emit) -> Survey | Unrecognised:
    task, loaded = f"reading {found.paths[0]}", means.loaded
    means = evolve(means, progress=lambda rows: emit(Progress(task=task, done=rows)))
    try:
        if found.networks:
            reading = reading_of(loaded, found.network if found.unnamed else None)
            survey = survey_table(found.paths, found.network, reading, means)
        else:
            source = next(source for source in loaded.networks[found.network].sources if source.name == found.source)
            # As a run does it: where nothing is known of an owner, their name has to do.
            owner = (found.owner or Owner(names=(_account(found).label,))) if found.owned else None
            survey = survey_source(found.network, source, path_settings(source, found.paths), owner, means)
    except ExportError as error:
        return Unrecognised(path=found.paths[0], reason=error.message, hint=error.hint, broken=True)
    emit(Progress(task=task, done=survey.rows, finished=True))
    return survey


def _useless(found: Recognised, survey: Survey) -> Unrecognised | None:
    """Say why a configuration should not name something that was recognised."""
    if not survey.pages and survey.faults:
        return Unrecognised(path=found.paths[0], reason=survey.faults[0].error, hint="", broken=True)
    if not found.owned and not survey.counted.subjects:
        why = f": {survey.faults[0].error}" if survey.faults else ""
        reason = f"it is of {found.network} ({found.source}), but holds no reaction that is scored{why}"
        return Unrecognised(path=found.paths[0], reason=reason, hint="")
    return None


def _account(found: Recognised) -> Account:
    """Return the owner's account; of an export that does not say whose it is, nothing but a name made from the file's is known."""
    label = found.paths[0].name.partition(".")[0] or found.network
    return Account(network=found.network, owner=found.owner or Owner(), label=label)


def _most_reacted_to(surveyed: Sequence[tuple[Recognised, Survey]]) -> list[Subject]:
    """Return the accounts with most reactions of each network, over all bulk files and tables together."""
    sums: dict[tuple[str, str], Subject] = {}
    for subject in (subject for found, survey in surveyed if not found.owned for subject in survey.counted.subjects):
        key = (subject.network, account_key(subject.account))
        known = sums.get(key)
        sums[key] = subject if known is None else evolve(known, reactions=known.reactions + subject.reactions)
    ranked = sorted(sums.values(), key=lambda subject: (subject.network, -subject.reactions, subject.account))
    return [subject for _, group in groupby(ranked, key=lambda subject: subject.network) for subject in islice(group, TOP)]


def _one_of_each(surveyed: Sequence[tuple[Recognised, Survey]], accounts: Sequence[Account]) -> list[Account]:
    """Return the first account of each file, and network in it, that none of `accounts` is in: nothing of it would be imported."""
    more: list[Account] = []
    for found, survey in surveyed:
        subjects = () if found.owned else survey.counted.subjects
        for _, group in groupby(subjects, key=lambda subject: subject.network):
            its = [_bystander(subject) for subject in group]
            if not any(
                mine.network == theirs.network and same_owner(mine.owner, theirs.owner) for mine in (*accounts, *more) for theirs in its
            ):
                more.append(its[0])
    return more


def _bystander(subject: Subject) -> Account:
    account = subject.account.strip().removeprefix("@")
    is_id = subject.handle is not None or account.isdigit()
    handles = (subject.handle,) if subject.handle else () if is_id else (account,)
    names = (subject.name,) if subject.name else ()
    return Account(network=subject.network, owner=Owner(ids=(account,) if is_id else (), handles=handles, names=names))


def _entries(surveyed: Sequence[tuple[Recognised, Survey]], roster: Roster, as_of: datetime | None) -> tuple[Entry, ...]:
    places = iter(roster.places)
    begin = None if as_of is None else as_of - timedelta(microseconds=load_model().window)
    return tuple(
        Entry(
            found=found,
            survey=survey,
            person=roster.people[next(places)].id if found.owned else None,
            outdated=begin is not None and survey.counted.newest is not None and survey.counted.newest <= begin,
        )
        for found, survey in surveyed
    )
