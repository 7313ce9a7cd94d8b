"""The checks of fetching and parsing as such, whatever the rows say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import attrs
from attrs import evolve

from kleos.contract import Owner, Page
from kleos.errors import ParseError
from kleos.store.raw import keep_page
from kleos.testing.reading import comparable, fetch, reactions, readings, steady, told
from kleos.testing.runs import scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError
from kleos.testing.watching import TouchedError, untouched

__all__ = ["JUNK", "junk_raises_parse_error", "pages_replay", "parsing_is_pure", "samples_parse"]

JUNK = (
    b"",
    b"\0" * 64,
    b"\xff\xfe\x00",
    b"{}",
    b"[]",
    b"null",
    b"[null, 1, [], {}]",
    b'{"a": [{"b": null}]}',
    b"[" * 5000,
    b"<html>",
    b",,,\n",
)
_CUTS = 12


def samples_parse(subject: Subject) -> None:
    """Every source that reads a path has samples; they can be read, and tell of at least one reaction."""
    network = subject.network
    sources = {source.name: source for source in network.sources}
    for name, paths in subject.samples.items():
        if name not in sources:
            raise BrokenContractError(
                f"samples name the source {name!r}, which is none of {', '.join(sources)}", "correct the name in samples"
            )
        for path in paths:
            if not path.exists():
                raise BrokenContractError(f"the sample {path} is not there", "correct the path in samples")
    for source in network.sources:
        if "path" in attrs.fields_dict(source.settings) and not subject.samples.get(source.name):
            raise BrokenContractError(
                f"source {source.name} has no sample",
                f"invent a small one in the real format, and add it: samples = {{{source.name!r}: [Path(…)]}}",
            )
    found = 0
    for source, sample in subject.sampled():
        try:
            _, pages = fetch(subject, source, sample)
            found += sum(1 for page in pages for row in source.parse(page) for _ in reactions(row))
        except Exception as error:
            raise BrokenContractError(f"{sample} cannot be read: {told(error)}", "correct the parser, or the sample") from error
        strange = {(page.network, page.source) for page in pages} - {(network.name, source.name)}
        if strange:
            raise BrokenContractError(
                f"{sample}: a page says that it is of {strange.pop()!r}",
                f"give every Page network={network.name!r} and source={source.name!r}: replay finds the parser by them",
            )
    if subject.samples and not found:
        raise BrokenContractError("no sample tells of a reaction", "add one to which somebody reacted, or correct the parser")


def parsing_is_pure(subject: Subject) -> None:
    """The same page gives the same rows, without a file, a socket or a process."""
    for reading in readings(subject):
        for page, rows in zip(reading.pages, reading.rows, strict=True):
            try:
                with untouched():
                    again = list(reading.source.parse(page))
            except TouchedError as error:
                raise BrokenContractError(
                    f"{page.where}: parse() used {error}",
                    "do all input and output in fetch(), and hand over what the parser needs in Page.body or Page.context",
                ) from error
            if comparable(again) != comparable(rows):
                raise BrokenContractError(
                    f"{page.where}: parsing the page twice gave different rows",
                    "make rows from the page alone: no clock, no random or counted ids, no state kept between calls",
                )


def junk_raises_parse_error(subject: Subject) -> None:
    """Junk, empty and cut pages give rows or flaws, or raise `ParseError`: nothing else."""
    for reading in readings(subject):
        for page in reading.pages[:3]:
            for body in _spoilt(page.body):
                try:
                    list(reading.source.parse(evolve(page, body=body)))
                except ParseError:
                    continue
                except Exception as error:
                    raise BrokenContractError(
                        f"source {reading.source.name}: parse() raised {told(error)} for a page that begins {body[:40]!r}",
                        "check what is read, and raise kleos.errors.ParseError, or yield a Flaw and go on",
                    ) from error


def pages_replay(subject: Subject) -> None:
    """A page that was kept in the store and read back gives the same rows."""
    with scratch() as folder:
        for reading in map(steady, readings(subject)):
            for number, (page, rows) in enumerate(zip(reading.pages, reading.rows, strict=True)):
                try:
                    keep_page(folder, number, page)
                    again = list(reading.source.parse(_kept(folder, number)))
                except Exception as error:
                    raise BrokenContractError(f"{page.where}: a kept page cannot be replayed ({told(error)})", _PLAIN) from error
                if comparable(again) != comparable(rows):
                    raise BrokenContractError(f"{page.where}: a kept page, read back, gives other rows", _PLAIN)


_PLAIN = "put only what JSON has into Page.context: texts as keys, and no sets, times, paths or bytes as values"


def _kept(folder: Path, number: int) -> Page:
    """Read a page that `keep_page` wrote."""
    values = json.loads((folder / f"{number:06d}.json").read_text(encoding="utf-8"))
    owner, captured = values.pop("owner"), values.pop("captured")
    return Page(
        **values,
        owner=None if owner is None else Owner(**owner),
        captured=None if captured is None else datetime.fromisoformat(captured),
        body=(folder / f"{number:06d}.body").read_bytes(),
    )


def _spoilt(body: bytes) -> Iterator[bytes]:
    """Yield junk, and the page cut off, cut out and with bytes changed: the same for the same page."""
    yield from JUNK
    dice = random.Random(len(body))  # noqa: S311 - no secret
    for part in range(1, _CUTS):
        yield body[: len(body) * part // _CUTS]
    for _ in range(_CUTS):
        yield dice.randbytes(dice.randrange(1, 400))
        start, end = sorted(dice.randrange(len(body) + 1) for _ in range(2))
        yield body[:start] + body[end:]
        changed = bytearray(body)
        for place in dice.sample(range(len(body)), min(8, len(body))):
            changed[place] = dice.randrange(256)
        yield bytes(changed)
