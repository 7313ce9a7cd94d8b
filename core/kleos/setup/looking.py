"""One path, looked at as a whole: every installed network is asked whether it is an export of its, and whose."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten
from typing import Any

from attrs import evolve, field, frozen

from kleos.collect.faults import Origin, sentence
from kleos.config import BUILT_IN
from kleos.config.problems import structure
from kleos.config.strict import converter
from kleos.contract import Context, Export, Owner, Source
from kleos.errors import ExportError, KleosError
from kleos.events import Emit, Fault, silent
from kleos.files import Limits, open_export
from kleos.plugins import Loaded
from kleos.setup.canonical import look_at_table

__all__ = ["SURE", "Guess", "Looker", "Recognised", "Unrecognised", "path_settings"]

SURE = 0.5
"""From how sure on a guess is taken."""
_NEAR = 0.1
"""Another guess that is less sure by this or less is worth telling."""
_LONGEST = 240


@frozen
class Guess:
    """What a path may be, and how sure that is (0 to 1)."""

    network: str
    source: str
    sure: float


@frozen(kw_only=True)
class Recognised:
    """An export, a bulk file or a table."""

    paths: tuple[Path, ...]
    """Several are the parts of one export, or tables of one sort."""
    network: str
    """Of a table with several networks, the one with most rows."""
    source: str
    sure: float
    owned: bool
    """False for bulk files and tables, which hold reactions to many accounts."""
    owner: Owner | None = None
    """None where there is none, or it does not say."""
    others: tuple[Guess, ...] = ()
    """What else it may be, nearly as sure."""
    networks: tuple[str, ...] = ()
    """All networks in a table; empty for what is none."""
    unnamed: bool = False
    """True for a table that names no network: its kinds of reactions do."""


@frozen(kw_only=True)
class Unrecognised:
    """A path that is of no use as it is: why, and what to do."""

    path: Path
    reason: str
    hint: str
    broken: bool = False
    """True where it could not be read; such a path is a fault."""
    unknown: bool = False
    """True where nothing more is to be said than that nobody knows it."""


@frozen(kw_only=True)
class Looker:
    """Looks at one path after the other. A network that fails is told as a `Fault`, and not sure of anything."""

    loaded: Loaded
    limits: Limits = field(factory=Limits)
    emit: Emit = silent
    _told: set[tuple[str, str, str]] = field(factory=set)

    def look(self, path: Path) -> Recognised | Unrecognised:
        """Say what a file or folder is as a whole: the surest answer, the first by name of equal ones."""
        try:
            str(path.absolute()).encode("utf-8")
        except UnicodeEncodeError:
            return Unrecognised(path=path, reason="its name is not UTF-8, and cannot be written down", hint="rename it", broken=True)
        try:
            with open_export(path, self.limits) as export:
                return self._look(path, export)
        except ExportError as error:
            return Unrecognised(path=path, reason=error.message, hint=error.hint, broken=True)

    def _look(self, path: Path, export: Export) -> Recognised | Unrecognised:
        table = look_at_table(path, self.loaded)
        answers: list[tuple[Guess, Source | None]] = []
        if table is not None and table.networks:
            answers.append((Guess(table.networks[0], BUILT_IN, 1.0), None))
        for name, network in self.loaded.networks.items():
            answers += [(Guess(name, source.name, self._sure(name, source, export)), source) for source in network.sources]
        answers.sort(key=lambda answer: (-answer[0].sure, answer[0].network, answer[0].source))
        if not answers or answers[0][0].sure < SURE:
            return self._stranger(path, answers, None if table is None else table.trouble)
        (best, source), *rest = answers
        others = tuple(guess for guess, _ in rest if guess.sure >= max(SURE, best.sure - _NEAR))
        found = Recognised(paths=(path,), network=best.network, source=best.source, sure=best.sure, owned=False, others=others)
        if source is None:
            assert table is not None
            return evolve(found, networks=table.networks, unnamed=table.unnamed)
        try:
            path_settings(source, [path])
            return self._with_owner(found, source, export)
        except _SeveralError as error:
            return Unrecognised(path=path, reason=error.message, hint=error.hint)
        except KleosError as error:
            return Unrecognised(path=path, reason=error.message, hint=error.hint, broken=True)

    def _sure(self, network: str, source: Source, export: Export) -> float:
        try:
            sure: Any = source.recognise(export)
        except (Exception, SystemExit) as error:
            self._fault(network, "recognise", export.where, sentence(error))
            return 0.0
        if isinstance(sure, bool) or not isinstance(sure, int | float) or math.isnan(sure) or not 0 <= sure <= 1:
            self._fault(network, "recognise", export.where, f"{source.name}: expected a number from 0 to 1, found {sure!r}")
            return 0.0
        return float(sure)

    def _with_owner(self, found: Recognised, source: Source, export: Export) -> Recognised:
        if not source.owned:
            return found
        try:
            owners = [owner for owner in source.owners(export) if owner.account]
        except KleosError:
            raise
        except (Exception, SystemExit) as error:
            self._fault(found.network, "owners", export.where, sentence(error))
            raise ExportError("the plugin could not tell whose it is", hint="see the fault above") from error
        if len(owners) > 1:
            whose = ", ".join(owner.account for owner in owners)
            raise _SeveralError(
                f"expected the export of one account, found those of {whose}", hint="give each of them as a path of its own"
            )
        return evolve(found, owned=True, owner=owners[0] if owners else None)

    def _stranger(self, path: Path, answers: Sequence[tuple[Guess, Source | None]], trouble: ExportError | None) -> Unrecognised:
        """Say as much as there is to say about what nobody is sure of."""
        if trouble is not None:
            return Unrecognised(path=path, reason=shorten(trouble.message, _LONGEST, placeholder=" …"), hint=trouble.hint)
        guess, source = answers[0] if answers else (None, None)
        if guess is not None and source is not None and guess.sure > 0:
            error = _refusal(source, path, self.limits)
            if error is not None:
                return Unrecognised(path=path, reason=f"{guess.network}: {error.message}", hint="")
            reason = f"it may be of {guess.network} ({guess.source}), but that is not sure enough ({guess.sure * 100:.0f} %)"
            return Unrecognised(path=path, reason=reason, hint=f"if it is, name it under [networks.{guess.network}]")
        known = ", ".join(network.title for network in self.loaded.networks.values())
        hint = f"installed are {known}; a table of reactions needs the columns subject, kind and actor" if known else _NONE
        return Unrecognised(path=path, reason="no installed network knows it", hint=hint, unknown=True)

    def _fault(self, network: str, stage: str, where: str, error: str) -> None:
        if (network, stage, error) in self._told:  # a folder is looked at as a whole and in parts
            return
        self._told.add((network, stage, error))
        origin = Origin.of(self.loaded, network)
        self.emit(
            Fault(plugin=origin.plugin, distribution=origin.distribution, version=origin.version, stage=stage, where=where, error=error)
        )


class _SeveralError(ExportError):
    """Exports of several accounts in one folder or zip."""


def path_settings(source: Source, paths: Sequence[Path]) -> Any:
    """Return the settings of a source that is given only where its files are; raises `ExportError` where it needs to be told more."""
    texts = [str(path.absolute()) for path in paths]
    written = {"path": texts[0] if len(texts) == 1 else texts}
    settings, problems = structure(written, source.settings, source.name, converter(Path.cwd()))
    if problems:
        raise ExportError(
            f"the source {source.name} needs more than a path ({problems[0].where}: {problems[0].message})", hint="write its table yourself"
        )
    return settings


def _refusal(source: Source, path: Path, limits: Limits) -> KleosError | None:
    """Return why a source does not read a file, in its own words; None where it has none."""
    with ExitStack() as stack:

        def opened(paths: Any) -> Export:
            return stack.enter_context(open_export(paths, limits))

        context = Context(open_export=opened, stop=threading.Event(), now=datetime.now(UTC))
        try:
            for page in source.fetch(path_settings(source, [path]), None, context):
                next(iter(source.parse(page)), None)
                break
        except KleosError as error:
            return error
        except (Exception, SystemExit):  # it has just said that the file is hardly its own
            return None
    return None


_NONE = "none is installed: pip install kleos-<network>"
