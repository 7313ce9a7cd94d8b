"""A small network whose exports are folders of JSON lines, and configurations to collect them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, field, frozen

from kleos.collect import Collected, collect, known_accounts
from kleos.config import BUILT_IN, Config, Person, Run, SourceConfig, SourceLimits, TableSettings
from kleos.contract import (
    Batch,
    Charge,
    Context,
    Export,
    Flaw,
    Interaction,
    Kind,
    Network,
    Owner,
    Page,
    Profile,
    Profiles,
    Role,
    Source,
    Tallies,
    Tally,
)
from kleos.errors import ParseError
from kleos.events import Event
from kleos.files import Limits
from kleos.plugins import Installed, Loaded
from kleos.store import Store, connect

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CAPTURED = datetime(2026, 2, 1, tzinfo=UTC)
ROWS: Mapping[str, Callable[..., Any]] = {
    "interaction": Interaction,
    "tally": Tally,
    "profile": Profile,
    "batch": Batch,
    "tallies": Tallies,
    "profiles": Profiles,
    "flaw": lambda network, **values: Flaw(**values),
}
MOMENTS = ("time", "item_time", "captured")


@frozen(kw_only=True)
class FolderSettings:
    path: Path


@frozen(kw_only=True)
class ApiSettings:
    bodies: tuple[bytes, ...]
    daily_units: int = 100


def owners(export: Export) -> Sequence[Owner]:
    return [Owner(**json.loads(export.read("owner.json")))] if "owner.json" in export.names else []


def fetch_folder(settings: FolderSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    export = context.open_export(settings.path)
    for name in export.names:
        if name.endswith(".jsonl"):
            where = f"{export.where}: {name}"
            source = "bulk" if owner is None else "archive"
            yield Page(network="net", source=source, where=where, owner=owner, captured=CAPTURED, body=export.read(name))


def fetch_api(settings: ApiSettings, owner: Owner | None, context: Context) -> Iterator[Page]:
    assert context.quota is not None
    for number in range(int(context.cursor or 0), len(settings.bodies)):
        context.quota.spend("units", 1)
        body = settings.bodies[number]
        yield Page(
            network="net", source="api", where=f"page {number}", owner=owner, captured=context.now, body=body, cursor=str(number + 1)
        )


def parse(page: Page) -> Iterator[Any]:
    for number, line in enumerate(page.body.splitlines()):
        try:
            values = json.loads(line)
        except ValueError as error:
            raise ParseError("expected a line of JSON", where=f"{page.where}: line {number + 1}") from error
        sort = values.pop("type", "interaction")
        if sort == "bug":
            raise KeyError("oops")
        if sort == "nonsense":
            yield values
            continue
        if sort not in ("batch", "tallies", "profiles"):
            values |= {name: datetime.fromisoformat(values[name]) for name in MOMENTS if values.get(name)}
        defaults: dict[str, Any] = {"network": "net"}
        if sort in ("interaction", "tally"):
            defaults |= {"subject": page.owner.account if page.owner else None, "kind": "like", "item": "post"}
        if sort == "interaction":
            defaults |= {"actor": None, "time": None}
        if sort == "tally":
            defaults |= {"captured": page.captured}
        yield ROWS[sort](**defaults | values)


CHARGES = (Charge(unit="units", setting="daily_units"),)
ARCHIVE = Source(name="archive", title="archive", settings=FolderSettings, owners=owners, fetch=fetch_folder, parse=parse)
BULK = Source(name="bulk", title="bulk", settings=FolderSettings, fetch=fetch_folder, parse=parse, owned=False)
API = Source(name="api", title="API", settings=ApiSettings, fetch=fetch_api, parse=parse, live=True, charges=CHARGES)
KINDS = {
    "like": Kind(role=Role.LIKE, title="like", once=True),
    "reply": Kind(role=Role.REPLY, title="reply"),
    "view": Kind(role=Role.VIEW, title="view"),
}
NETWORK = Network(name="net", title="Net", kinds=KINDS, sources=(ARCHIVE, BULK, API), aliases=("network",))


@frozen
class World:
    """A folder with people, sources and a store."""

    folder: Path
    network: Network = NETWORK
    people: Mapping[str, Person] = field(factory=dict)
    sources: tuple[SourceConfig, ...] = ()
    events: list[Event] = field(factory=list)
    limits: SourceLimits = field(factory=SourceLimits)

    def __repr__(self) -> str:  # hypothesis shows arguments, and this one is large
        return "world"

    def with_person(self, id_: str, *accounts: str) -> World:
        person = Person(id=id_, name=id_.title(), accounts={"net": accounts} if accounts else {})
        return evolve(self, people={**self.people, id_: person})

    def with_network(self, **changes: Any) -> World:
        """Change the sources' functions."""
        sources = tuple(evolve(source, **changes) for source in self.network.sources)
        return evolve(self, network=evolve(self.network, sources=sources))

    def with_export(
        self, name: str, *pages: Sequence[Any] | bytes, owner: Any = None, person: str | None = None, source: str = "archive"
    ) -> World:
        """Add an export; a page is a list of rows, or raw bytes."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        if owner is not None:
            (folder / "owner.json").write_text(json.dumps(owner))
        (folder / "readme.txt").write_text("an export")
        for number, page in enumerate(pages):
            body = page if isinstance(page, bytes) else b"\n".join(json.dumps(row).encode() for row in page)
            (folder / f"page{number}.jsonl").write_bytes(body)
        return self.with_source(source, FolderSettings(path=folder), person=person)

    def with_bulk(self, name: str, *pages: Sequence[Any] | bytes) -> World:
        return self.with_export(name, *pages, source="bulk")

    def with_table(self, name: str, text: str | bytes, **more: Any) -> World:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.with_source(BUILT_IN, TableSettings(path=(path,), network="net", **more))

    def with_api(self, *bodies: bytes, person: str | None = None, **settings: Any) -> World:
        return self.with_source("api", ApiSettings(bodies=bodies, **settings), person=person)

    def with_source(self, source: str, settings: Any, person: str | None = None) -> World:
        key_path = f"networks.net.{source}[{len(self.sources)}]"
        new = SourceConfig(network="net", source=source, key_path=key_path, settings=settings, person=person)
        return evolve(self, sources=(*self.sources, new))

    @property
    def config(self) -> Config:
        return Config(
            run=Run(store=self.folder / "store", threads=1),
            people=self.people,
            sources=self.sources,
            metric_weights={},
            factor_weights={},
            population=None,
            limits=Limits(),
            source_limits=self.limits,
            where=None,
        )

    @property
    def loaded(self) -> Loaded:
        origin = Installed(kind="network", name="net", distribution="kleos-net", version="1.0", value="net")
        return Loaded(networks={"net": self.network}, metrics={}, origins={("network", "net"): origin})

    def collect(self, **more: Any) -> Collected:
        with Store.open(self.config.run.store) as store:
            return collect(self.config, self.loaded, store, now=NOW, emit=self.events.append, **more)

    def reactions(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return what a scoring run would read."""
        kinds = [("net", name, kind.once) for name, kind in self.network.kinds.items()]
        with Store.open(self.config.run.store, create=False) as store, connect(threads=1) as connection:
            store.reactions(connection, known_accounts(self.config, store), kinds)
            return connection.execute(f"SELECT {columns} FROM reactions").fetchall()

    def count(self) -> int:
        return sum(count for (count,) in self.reactions("count"))

    def pseudonym(self, account: str) -> str:
        with Store.open(self.config.run.store) as store:
            return store.pseudonyms.account("net", account)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
