"""The check of what a source makes of exports that are not its own, or broken."""

from __future__ import annotations

import itertools
from pathlib import Path

import attrs

from kleos.contract import Source
from kleos.errors import ParseError
from kleos.files import open_export
from kleos.testing.pages import JUNK
from kleos.testing.reading import told
from kleos.testing.runs import scratch
from kleos.testing.subject import Subject
from kleos.testing.verdicts import BrokenContractError, NotCheckedError

__all__ = ["junk_exports_are_survived"]

_FILES = 20


def junk_exports_are_survived(subject: Subject) -> None:
    """Exports whose files hold junk are recognised with 0 to 1, and have owners, or raise `ParseError`: nothing else."""
    for source, sample in subject.sampled():
        try:
            with open_export(sample) as export:
                names = export.names[:_FILES]
        except Exception as error:
            raise NotCheckedError(f"{sample} cannot be opened: see the check samples_parse") from error
        _look(source, sample, f"the sample {sample.name}")
        for body in JUNK:
            with scratch() as folder:
                for name in names:
                    (folder / "export" / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / "export" / name).write_bytes(body)
                _look(source, folder / "export", f"files like those of {sample.name} that begin {body[:20]!r}")


def _look(source: Source, path: Path, what: str) -> None:
    """Ask whose export it is, and whether it is one: for every source that reads a path."""
    if "path" not in attrs.fields_dict(source.settings):
        return
    with open_export(path) as export:
        try:
            sure = source.recognise(export)
        except Exception as error:
            raise BrokenContractError(
                f"source {source.name}: recognise() raised {told(error)} for {what}", "return 0.0 for whatever is not its export"
            ) from error
        if not 0 <= sure <= 1:
            raise BrokenContractError(
                f"source {source.name}: recognise() returned {sure!r} for {what}", "return how sure it is, from 0.0 to 1.0"
            )
        try:
            list(itertools.islice(source.owners(export), 1000))
        except ParseError:
            return
        except Exception as error:
            raise BrokenContractError(
                f"source {source.name}: owners() raised {told(error)} for {what}",
                "check what is read, and raise kleos.errors.ParseError, or return () where the export does not say whose it is",
            ) from error
