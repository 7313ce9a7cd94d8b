"""The sources of a configuration, looked at: can they be read, are they what they should be, whose are they, and what is in them?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from kleos.collect import Reading, read_table
from kleos.collect.claims import Claims
from kleos.collect.faults import sentence
from kleos.collect.owners import owner_of_export, owners_of_api
from kleos.config import Config, Population, SourceConfig, TableSettings
from kleos.contract import account_key
from kleos.errors import KleosError, StoreError
from kleos.events import Fault
from kleos.files import open_export
from kleos.files.limits import plain_size
from kleos.pipeline.census import Subject
from kleos.pipeline.checks import Check, failed, fine, wary
from kleos.pipeline.looking import SURE, Looker, Recognised
from kleos.pipeline.survey import MOST_SUBJECTS, Means, Survey, survey_source, survey_table
from kleos.plugins import Loaded
from kleos.secrets import Secret
from kleos.store import Store, connect

__all__ = ["check_secrets", "check_sources"]

_MISTAKEN = "check that it is the file you mean"
_CHEAP = 64 << 20
"""Bytes of a source that are read to say what is in it."""


def check_sources(config: Config, means: Means) -> Iterator[Check]:
    """Check every source, each alone. APIs are not asked: that is a run's to do."""
    if not config.sources and config.population is None:
        yield wary("networks", "no source is named: there is nothing to collect", "kleos init --from PATH recognises exports and tables")
    claims = _claims(config)
    for configured in config.sources:
        yield _guarded(configured.key_path, partial(_check, config, claims, configured, means))
    population = config.population
    if population is not None:
        networks = [population.network] if population.network else list(means.loaded.networks)
        reading = _reading(population, networks, means.loaded)
        yield _guarded("population", partial(_check_tables, "population", population.interactions, reading, means))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except KleosError as error:
        return failed(name, error)
    except (Exception, SystemExit) as error:
        return Check(name, "error", sentence(error), "")


def check_secrets(config: Config) -> Iterator[Check]:
    """Check that every secret can be resolved; values are never part of a check."""
    for source in config.sources:
        for place, secret in _secrets(source.settings, source.key_path):
            try:
                secret.reveal()
            except KleosError as error:
                yield failed(place, error)
            else:
                yield fine(place, f"{secret.describe()} holds a secret")


def _check(config: Config, claims: Claims, configured: SourceConfig, means: Means) -> Check:
    name, network = configured.key_path, configured.network
    source = next((declared for declared in means.loaded.networks[network].sources if declared.name == configured.source), None)
    if source is None:
        settings: TableSettings = configured.settings
        return _check_tables(name, settings.path, _reading(settings, [network], means.loaded), means, claims)
    path = getattr(configured.settings, "path", None)
    if source.live or path is None:
        asked = owners_of_api(network, person=configured.person, config=config) if source.owned else []
        whom = f" for {', '.join(str(one.person) for one in asked)}" if asked else ""
        return fine(name, f"{source.title}{whom}: asked by a run, not here")
    owner, whose = None, ""
    with open_export(path, means.limits) as export:
        sure = source.recognise(export)
        if source.owned:
            found = owner_of_export(source.owners(export), network, person=configured.person, config=config, claims=claims)
            owner, whose = found.owner, f"; of {found.owner.person}{f' ({found.note})' if found.note else ''}"
    survey = survey_source(network, source, configured.settings, owner, means, most=_CHEAP)
    if survey.faults and not survey.pages:
        return Check(name, "error", f"{_where(path)}: {survey.faults[0].error}")
    text = f"{_where(path)}: {_holds(survey)}{whose}"
    if sure < SURE:
        look = Looker(loaded=means.loaded, limits=means.limits).look(_paths(path)[0])
        hint = f"it looks like {look.network} ({look.source})" if isinstance(look, Recognised) else _MISTAKEN
        return wary(name, f"{text}; it does not look like {network} ({source.name})", hint)
    return _verdict(name, text, survey, None if source.owned else claims)


def _check_tables(name: str, tables: Sequence[Path], reading: Reading, means: Means, claims: Claims | None = None) -> Check:
    size = sum(path.stat().st_size for path in tables)
    if size > _CHEAP:
        with connect() as connection:
            read_table(connection, tables, reading)
        return fine(name, f"{_where(tables)}: {plain_size(size)}, too much to be counted here; the columns are as they should be")
    survey = survey_table(tables, next(iter(reading.declared)), reading, means)
    return _verdict(name, f"{_where(tables)}: {_holds(survey)}", survey, claims)


def _verdict(name: str, text: str, survey: Survey, claims: Claims | None) -> Check:
    """Say the worst that is to be said; `claims` are those by which rows are imported, where a source belongs to nobody."""
    if survey.faults:
        return wary(name, f"{text}; {_flaws(survey.faults)}", "correct what is wrong, leave the file out, or get it again")
    if not survey.rows:
        return wary(name, text, _MISTAKEN)
    stranger = _stranger(survey, claims) if claims is not None else None
    if stranger is not None:
        hint = (
            f'add accounts = {{ {stranger.network} = "{stranger.handle or stranger.account}" }} to somebody, or score it as a [population]'
        )
        return wary(name, f"{text}; none of it is about anybody in the configuration", hint)
    return fine(name, text)


def _reading(table: TableSettings | Population, networks: Collection[str], loaded: Loaded) -> Reading:
    return Reading(
        declared={name: tuple(loaded.networks[name].kinds) for name in networks},
        aliases={alias: name for name in networks for alias in loaded.networks[name].aliases},
        network=table.network,
        columns={str(column): theirs for column, theirs in table.columns.items()},
        kinds=table.kinds,
        time_unit=table.time_unit,
    )


def _claims(config: Config) -> Claims:
    """Return whose an account is, by the configuration and, where there is a store, by what it has learnt."""
    try:
        with Store.open(config.run.store, create=False) as store:
            return Claims.of(config, store)
    except StoreError:  # told by the check of the store
        accounts: dict[str, dict[str, str]] = {}
        for person in config.people.values():
            for network, texts in person.accounts.items():
                accounts.setdefault(network, {}).update({account_key(text): person.id for text in texts})
        return Claims(accounts)


def _secrets(value: Any, where: str) -> Iterator[tuple[str, Secret]]:
    """Yield every secret in settings, however deep, with its key path."""
    if isinstance(value, Secret):
        yield where, value
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _secrets(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _secrets(inner, f"{where}.{name}")
    elif isinstance(value, list | tuple | set | frozenset):
        for index, inner in enumerate(value):
            yield from _secrets(inner, f"{where}[{index}]")


def _holds(survey: Survey) -> str:
    return f"{survey.counted.told}{'' if survey.complete else ', in the first part of it'}"


def _stranger(survey: Survey, claims: Claims) -> Subject | None:
    """Return the account with most reactions where none of the accounts is a configured person's; None where one is, or may be."""
    subjects = survey.counted.subjects
    if not survey.complete or len(subjects) >= MOST_SUBJECTS:
        return None
    told = any(claims.person(subject.network, text) for subject in subjects for text in (subject.account, subject.handle) if text)
    return None if told or not subjects else subjects[0]


def _flaws(faults: Sequence[Fault]) -> str:
    count = sum(fault.count for fault in faults)
    return f"{count:,} {'rows or files have' if count > 1 else 'row or file has'} flaws, first {faults[0].where}: {faults[0].error}"


def _paths(written: Any) -> list[Path]:
    return [Path(path) for path in written] if isinstance(written, Sequence) and not isinstance(written, str) else [Path(written)]


def _where(written: Any) -> str:
    paths = _paths(written)
    return f"{paths[0]}{f' and {len(paths) - 1} more' if len(paths) > 1 else ''}"
