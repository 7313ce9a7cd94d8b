"""The sources of a configuration, looked at: can they be read, are they what they should be, whose are they, and what is in them?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.collect import Reading, read_table
from kleos.collect.claims import Claims
from kleos.collect.faults import sentence
from kleos.collect.owners import owner_of_export, owners_of_api
from kleos.config import Config, Population, SourceConfig, TableSettings
from kleos.contract import Source, account_key
from kleos.errors import KleosError, StoreError
from kleos.files import open_export
from kleos.files.limits import plain_size
from kleos.setup.census import Subject
from kleos.setup.checks import Check, failed, fine, wary
from kleos.setup.looking import SURE, Looker, Recognised
from kleos.setup.survey import MOST_SUBJECTS, Means, Survey, survey_source, survey_table
from kleos.store import Store, connect

__all__ = ["check_sources"]

_MISTAKEN = "check that it is the file you mean"
_CHEAP = 64 << 20
"""Bytes of a source that are read to say what is in it."""


def check_sources(config: Config, means: Means) -> Iterator[Check]:
    """Check every source and the population's table, each alone. APIs are not asked: that is a run's to do."""
    if not config.sources and config.population is None:
        yield wary("networks", "no source is named: there is nothing to collect", "kleos init --from PATH… recognises exports and tables")
    checker = _Checker(config, means, _claims(config))
    for source in config.sources:
        yield _guarded(source.key_path, partial(checker.source, source))
    if config.population is not None:
        yield _guarded("population", partial(checker.population, config.population))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except KleosError as error:
        return failed(name, error)
    except (Exception, SystemExit) as error:
        return Check(name, "error", sentence(error), "")


@frozen
class _Checker:
    config: Config
    means: Means
    claims: Claims

    def source(self, configured: SourceConfig) -> Check:
        """Check one source: the worst that is to be said of it. Raises what reading it raises."""
        declared = self.means.loaded.networks[configured.network]
        source = next((source for source in declared.sources if source.name == configured.source), None)
        if source is None:
            settings: TableSettings = configured.settings
            return self._table(configured.key_path, settings.path, self._reading(settings, [configured.network]), self.claims)
        if source.live or not hasattr(configured.settings, "path"):
            owned = source.owned
            asked = owners_of_api(configured.network, person=configured.person, config=self.config) if owned else []
            whom = f" for {', '.join(str(owner.person) for owner in asked)}" if asked else ""
            return fine(configured.key_path, f"{source.title}{whom}: asked by a run, not here")
        return self._export(configured, source)

    def population(self, population: Population) -> Check:
        """Check the table of ``[population]``."""
        networks = [population.network] if population.network else list(self.means.loaded.networks)
        return self._table("population", population.interactions, self._reading(population, networks), None)

    def _export(self, configured: SourceConfig, source: Source) -> Check:
        name, network, path = configured.key_path, configured.network, configured.settings.path
        owner, whose = None, ""
        with open_export(path, self.means.limits) as export:
            sure = source.recognise(export)
            if source.owned:
                said = source.owners(export)
                found = owner_of_export(said, network, person=configured.person, config=self.config, claims=self.claims)
                owner, whose = found.owner, f"; of {found.owner.person}{f' ({found.note})' if found.note else ''}"
        survey = survey_source(network, source, configured.settings, owner, self.means, most=_CHEAP)
        if survey.faults and not survey.pages:
            return Check(name, "error", f"{self._where(path)}: {survey.faults[0].error}")
        text = f"{self._where(path)}: {_holds(survey)}{whose}"
        if sure < SURE:
            look = Looker(loaded=self.means.loaded, limits=self.means.limits).look(_paths(path)[0])
            hint = f"it looks like {look.network} ({look.source})" if isinstance(look, Recognised) else _MISTAKEN
            return wary(name, f"{text}; it does not look like {network} ({source.name})", hint)
        return _verdict(name, text, survey, None if source.owned else self.claims)

    def _table(self, name: str, paths: Sequence[Path], reading: Reading, claims: Claims | None) -> Check:
        size = sum(path.stat().st_size for path in paths)
        if size > _CHEAP:
            with connect() as connection:
                read_table(connection, paths, reading)
            text = f"{self._where(paths)}: {plain_size(size)}, too much to be counted here; the columns are as they should be"
            return fine(name, text)
        survey = survey_table(paths, next(iter(reading.declared)), reading, self.means)
        return _verdict(name, f"{self._where(paths)}: {_holds(survey)}", survey, claims)

    def _reading(self, table: TableSettings | Population, networks: Collection[str]) -> Reading:
        declared = {name: self.means.loaded.networks[name] for name in networks}
        return Reading(
            declared={name: tuple(network.kinds) for name, network in declared.items()},
            aliases={alias: name for name, network in declared.items() for alias in network.aliases},
            network=table.network,
            columns={str(column): theirs for column, theirs in table.columns.items()},
            kinds=table.kinds,
            time_unit=table.time_unit,
        )

    def _where(self, written: Any) -> str:
        """Return a path as it may stand in the configuration."""
        first, *others = _paths(written)
        folder = self.config.where.parent if self.config.where is not None else None
        shown = first.relative_to(folder) if folder is not None and first.is_relative_to(folder) else first
        return f"{shown}{f' and {len(others)} more' if others else ''}"


def _verdict(name: str, text: str, survey: Survey, claims: Claims | None) -> Check:
    """Say the worst that is to be said; `claims` are those by which rows are imported, where a source belongs to nobody."""
    if survey.faults:
        return wary(name, f"{text}; {survey.flaws}", "correct what is wrong, leave the file out, or get it again")
    if not survey.rows:
        return wary(name, text, _MISTAKEN)
    stranger = _stranger(survey, claims) if claims is not None else None
    if stranger is not None:
        hint = (
            f'add accounts = {{ {stranger.network} = "{stranger.handle or stranger.account}" }} to somebody, or score it as a [population]'
        )
        return wary(name, f"{text}; none of it is about anybody in the configuration", hint)
    return fine(name, text)


def _claims(config: Config) -> Claims:
    """Return whose an account is, by the configuration and, where there is a store, by what it has learnt."""
    # Opening makes a key where there is none, and what is wrong with a store is told by its own check.
    with suppress(StoreError):
        if (config.run.store / "key").exists():
            with Store.open(config.run.store, create=False) as store:
                return Claims.of(config, store)
    accounts: dict[str, dict[str, str]] = {}
    for person in config.people.values():
        for network, texts in person.accounts.items():
            accounts.setdefault(network, {}).update({account_key(text): person.id for text in texts})
    return Claims(accounts)


def _holds(survey: Survey) -> str:
    return f"{survey.counted.told()}{'' if survey.complete else ', in the first part of it'}"


def _stranger(survey: Survey, claims: Claims) -> Subject | None:
    """Return the account with most reactions where none of the accounts is a configured person's; None where one is, or may be."""
    subjects = survey.counted.subjects
    if not survey.complete or len(subjects) >= MOST_SUBJECTS:
        return None
    told = any(claims.person(subject.network, text) for subject in subjects for text in (subject.account, subject.handle) if text)
    return None if told or not subjects else subjects[0]


def _paths(written: Any) -> list[Path]:
    return [Path(path) for path in written] if isinstance(written, Sequence) and not isinstance(written, str) else [Path(written)]
