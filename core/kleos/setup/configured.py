"""The configuration for what was understood of a person's files, as text with the reasons for every line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from kleos.config import Person
from kleos.setup.recognition import Recognised
from kleos.setup.toml import inline, listing, path_text, quoted, remark
from kleos.setup.understanding import Entry, Understood

__all__ = ["configuration"]

_HEADER = (
    "Kleos: who is scored, and from what. Written by `kleos init --from`; every line may be changed.",
    "Everything that can stand here, explained: kleos init example.toml",
)
_AS_OF = (
    "The newest time in these files: they are scored as of their own end, since by today all of an old archive would be older than the "
    "window. Without this line it is the newest time at every run or, as soon as a source is an API, now."
)
_NO_TIME = "Nothing in these files has a time: without as_of, they are scored as of the time of the run."
_BYSTANDERS = (
    "Here because these accounts have most of the reactions in the bulk files and tables below, which belong to nobody: at most ten of "
    "each network. Take out those that you do not mean, add those that you do; rows about others are not imported."
)
_OUTDATED = "All of it is older than the window before as_of: none of it is scored."
_UNSAID = "It does not say whose it is: if it is somebody else's, change person."


def configuration(understood: Understood, folder: Path) -> str:
    """Return the text; paths are written from `folder`, where the file is to stand."""
    lines = [line for text in _HEADER for line in remark(text)]
    lines += ["", "[run]", *_as_of(understood.as_of)]
    for person in understood.people:
        if person.id not in understood.bystanders:
            lines += ["", *_person(person)]
    bystanders = [person for person in understood.people if person.id in understood.bystanders]
    if bystanders:
        lines += ["", *remark(_BYSTANDERS)]
        lines += [line for person in bystanders for line in (*_person(person), "")][:-1]
    if understood.joined:
        lines += ["", *(line for text in understood.joined for line in remark(f"{text}. If they are two, give each a table of their own."))]
    networks = dict.fromkeys(network for entry in understood.entries for network in _networks(entry.found))
    for network in networks:
        lines += ["", f"[networks.{network}]", *_sources(network, understood.entries, folder)]
    lines += _guesses(understood.entries, folder)
    return "\n".join(lines) + "\n"


@frozen
class _Line:
    remarks: tuple[str, ...]
    value: str


def _as_of(as_of: datetime | None) -> Sequence[str]:
    if as_of is None:
        return remark(_NO_TIME)
    whole, _, fraction = as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").partition(".")
    return (*remark(_AS_OF), f"as_of = {'.'.join(filter(None, (whole, fraction.rstrip('0'))))}Z")


def _person(person: Person) -> Iterator[str]:
    yield f"[people.{person.id}]"
    yield f"name = {quoted(person.name)}"
    if person.accounts:
        written = inline((network, listing([quoted(account) for account in accounts])) for network, accounts in person.accounts.items())
        yield f"accounts = {written}"


def _networks(found: Recognised) -> Sequence[str]:
    return found.networks or (found.network,)


def _sources(network: str, entries: Sequence[Entry], folder: Path) -> Iterator[str]:
    """Yield each source of a network: one value, or a list with one on each line."""
    mine = [entry for entry in entries if network in _networks(entry.found)]
    for source in dict.fromkeys(entry.found.source for entry in mine):
        values = [_Line(tuple(_remarks(entry, network)), _value(entry, folder)) for entry in mine if entry.found.source == source]
        if len(values) == 1:
            yield from (line for text in values[0].remarks for line in remark(text))
            yield f"{source} = {values[0].value}"
            continue
        yield f"{source} = ["
        for value in values:
            yield from (line for text in value.remarks for line in remark(text, indent="    "))
            yield f"    {value.value},"
        yield "]"


def _remarks(entry: Entry, network: str) -> Iterator[str]:
    yield entry.survey.counted.told(network)
    if entry.found.unnamed:
        yield f"The table names no network: its kinds of reactions are those of {entry.found.network}."
    if entry.person is not None and entry.found.owner is None:
        yield _UNSAID
    if entry.outdated:
        yield _OUTDATED


def _value(entry: Entry, folder: Path) -> str:
    """Return a path where that is enough, else a table."""
    paths = [quoted(path_text(path, folder)) for path in entry.found.paths]
    unsaid = entry.person is not None and entry.found.owner is None
    if len(paths) == 1 and not unsaid:
        return paths[0]
    return inline([("path", listing(paths)), *([("person", quoted(str(entry.person)))] if unsaid else [])])


def _guesses(entries: Sequence[Entry], folder: Path) -> Iterator[str]:
    """Yield what else an entry may be, switched off."""
    for entry in entries:
        for guess in entry.found.others:
            where = quoted(path_text(entry.found.paths[0], folder))
            yield ""
            yield from remark(f"{entry.found.paths[0].name} may also be of {guess.network} ({guess.source}). If it is, take the # away:")
            yield f"#[networks.{guess.network}]"
            yield f"#{guess.source} = {where}"
