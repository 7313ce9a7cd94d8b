"""Two invented networks that read files: Birdsong has exports and bulk files, Meadow exports only."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, frozen

from kleos.contract import Context, Export, Interaction, Kind, Network, Owner, Page, Profile, Role, Row, Source
from kleos.errors import ExportError, ParseError
from kleos.events import Event, Fault
from kleos.plugins import Loaded

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@frozen(kw_only=True)
class Files:
    path: tuple[Path, ...]


def _named(export: Export, suffix: str) -> list[str]:
    return [name for name in export.names if name.endswith(suffix)]


def _fetch(network: str, source: str, suffix: str) -> Callable[[Files, Owner | None, Context], Iterator[Page]]:
    def fetch(settings: Files, owner: Owner | None, context: Context) -> Iterator[Page]:
        export = context.open_export(settings.path)
        names = _named(export, suffix)
        if not names:
            raise ExportError(f"expected a file that ends with {suffix}, found none", where=export.where)
        for name in names:
            yield Page(network=network, source=source, where=name, owner=owner, captured=None, body=export.read(name))

    return fetch


def _parse(page: Page) -> Iterator[Row]:
    subject = page.owner.account if page.owner else ""
    for line in page.body.decode().splitlines():
        row = json.loads(line)
        if "id" in row:
            yield Profile(network=page.network, id=row["id"], handle=row["handle"], name=row["name"])
            continue
        time = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC) if row.get("at") else None
        yield Interaction(
            network=page.network, kind=row["kind"], subject=row.get("to", subject), actor=row["by"], item=row.get("on"), time=time
        )


def _owners(export: Export) -> Sequence[Owner]:
    try:
        told = [json.loads(export.read(name)) for name in _named(export, "me.json")]
    except ValueError as error:
        raise ParseError("expected JSON in me.json, found something else", hint="download it again") from error
    return [Owner(ids=[me["id"]], handles=me["handles"], names=me["names"]) for me in told]


def _begins(suffix: str, sure: float) -> Callable[[Export], float]:
    return lambda export: sure if _named(export, suffix) else 0.0


def _source(network: str, name: str, suffix: str, sure: float, **more: Any) -> Source:
    return Source(
        name=name,
        title=f"files of {network}",
        settings=Files,
        fetch=_fetch(network, name, suffix),
        parse=_parse,
        recognise=_begins(suffix, sure),
        **more,
    )


BIRDSONG = Network(
    name="birdsong",
    title="Birdsong",
    kinds={
        "trill": Kind(role=Role.LIKE, title="trill", once=True),
        "echo": Kind(role=Role.SHARE, title="echo"),
        "flock": Kind(role=Role.FOLLOW, title="flock"),
    },
    sources=[_source("birdsong", "archive", "trills.jsonl", 1.0, owners=_owners), _source("birdsong", "bulk", ".birds", 0.9, owned=False)],
    aliases=["birds"],
)
MEADOW = Network(
    name="meadow",
    title="Meadow",
    kinds={"nod": Kind(role=Role.LIKE, title="nod"), "echo": Kind(role=Role.SHARE, title="echo")},
    sources=[_source("meadow", "archive", "nods.jsonl", 0.9, owners=_owners)],
)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def loaded() -> Loaded:
    return Loaded(networks={"birdsong": BIRDSONG, "meadow": MEADOW}, metrics={}, origins={})


@pytest.fixture
def changed(loaded: Loaded) -> Callable[..., Loaded]:
    """Return a function that changes Meadow's only source."""

    def change(**changes: Any) -> Loaded:
        meadow: Any = evolve(MEADOW, sources=[evolve(MEADOW.sources[0], **changes)])
        return Loaded(networks={"birdsong": BIRDSONG, "meadow": meadow}, metrics={}, origins={})

    return change


@pytest.fixture
def faults() -> Callable[[Event], None]:
    """Return a listener; what it heard of faults is in its attribute `heard`."""

    class Listener:
        def __init__(self) -> None:
            self.heard: list[Fault] = []

        def __call__(self, event: Event) -> None:
            if isinstance(event, Fault):
                self.heard.append(event)

    return Listener()


Write = Callable[..., Path]


@pytest.fixture
def export(tmp_path: Path) -> Write:
    """Return a function that writes an export: of Birdsong or Meadow, with an owner or without, as a folder or a zip."""

    def write(
        name: str,
        owner: tuple[str, str, str] | None = ("1", "ada", "Ada Lovelace"),
        *,
        file: str = "data/trills.jsonl",
        kind: str = "trill",
        times: Sequence[str] = ("2026-03-01", "2026-03-31"),
        more: dict[str, str] | None = None,
    ) -> Path:
        rows = [json.dumps({"kind": kind, "by": f"fan{number}", "on": "song", "at": time}) for number, time in enumerate(times)]
        files = {file: "\n".join(rows), **(more or {})}
        if owner is not None:
            files["data/me.json"] = json.dumps({"id": owner[0], "handles": [owner[1]], "names": [owner[2]]})
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as archive:
                for member, text in files.items():
                    archive.writestr(member, text)
            return path
        for member, text in files.items():
            (path / member).parent.mkdir(parents=True, exist_ok=True)
            (path / member).write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def bulk(tmp_path: Path) -> Write:
    """Return a function that writes a bulk file of Birdsong: subject → number of reactions, each by somebody else."""

    def write(name: str, subjects: dict[str, int], *profiles: tuple[str, str, str], at: str = "2026-03-01") -> Path:
        rows: list[dict[str, Any]] = [{"id": id_, "handle": handle, "name": called} for id_, handle, called in profiles]
        rows += [
            {"kind": "trill", "to": subject, "by": f"fan{number}", "on": f"song of {subject}", "at": at}
            for subject, count in subjects.items()
            for number in range(count)
        ]
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return path

    return write
