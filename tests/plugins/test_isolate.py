"""``isolate = true``: whatever a source does in a process of its own costs its own rows, and becomes one fault."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from kleos.collect import Collected, collect, known_accounts
from kleos.config import Config, Raw, resolve
from kleos.errors import ConfigError
from kleos.events import Event, Fault
from kleos.plugins import load
from kleos.secrets import redact
from kleos.store import Store, connect

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

WILD = '''
import ctypes, json, logging, os, signal, sys, time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from kleos.contract import Batch, Flaw, Interaction, Owner, Page, Profile, Profiles, Tallies, Tally
from kleos.errors import FetchError, ParseError
from kleos.secrets import Secret

TIME = datetime(2026, 2, 1, tzinfo=UTC)

@frozen(kw_only=True)
class Archive:
    path: Path

@frozen(kw_only=True)
class Api:
    token: Secret
    pages: int = 3

def deed(word):
    """Do what a page, or an export, asks for."""
    if word == "exit":
        os._exit(3)
    if word == "segfault":
        ctypes.string_at(0)
    if word == "loop":
        while True:
            pass
    if word == "sleep":
        time.sleep(3600)
    if word == "memory":
        held = []
        while True:
            held.append(bytes(50_000_000))
    if word == "raise":
        raise KeyError("oops")
    if word == "refuse":
        raise ParseError("expected better", where="here", hint="try again")
    if word == "sysexit":
        sys.exit(4)
    if word == "fork":
        if os.fork() == 0:
            time.sleep(3600)
        os._exit(3)

def owners(export):
    said = json.loads(export.read("owner.json"))
    deed(said.pop("deed", ""))
    return [Owner(**said)]

def fetch(settings, owner, context):
    export = context.open_export(settings.path)
    for number, name in enumerate(export.names):
        if name.endswith(".txt"):
            body = export.read(name)
            while body == b"fetch talk":
                context.progress(number, None, "files")
            deed(body.decode().removeprefix("fetch "))
            context.progress(number, len(export.names), "files")
            yield Page(network="wild", source="archive", where=name, owner=owner, captured=TIME, body=body, context={"n": number})

def fetch_api(settings, owner, context):
    token = settings.token.reveal()
    logging.getLogger("kleos.wild").warning("asked with %s", token)
    for number in range(int(context.cursor or 0), settings.pages):
        context.quota.spend("units", 2)
        if context.quota.spent("units") > 4:
            raise FetchError(f"spent with {token}", hint=token)
        yield Page(network="wild", source="api", where=f"page {number} {token}", owner=owner, captured=context.now,
                   body=f"rows {token}".encode(), cursor=str(number + 1))

def row(number, page):
    item = page.where.split()[0]
    return Interaction(network="wild", kind="like", subject="ada", actor=f"actor{number}", item=item, time=TIME, id=f"{item}{number}")

def parse(page):
    assert page.context is None or isinstance(page.context["n"], int)
    words = page.body.decode().split()
    if words[0] == "sorts":
        yield Profile(network="wild", id="actor1", handle="bob", audience=5)
        yield Profiles(network="wild", id=["actor2"], audience=[7])
        yield Tally(network="wild", kind="like", subject="ada", item="post", total=9, captured=TIME)
        yield Tallies(network="wild", kind=["like"], subject=["ada"], item=["other"], total=[3], captured=[1_769_904_000_000_000])
        yield Batch(network="wild", kind=["like"] * 2, subject=["ada"] * 2, actor=["actor3", None], item=["post", "post"])
        yield Flaw(where="here", reason="a flaw")
        yield row(0, page)
        yield Interaction(network="wild", kind="like", subject="ada", actor="a", item="x", time=datetime(2026, 2, 1), id="naive")
        yield Interaction(network="wild", kind="like", subject="ada", actor="a", item="x", time=TIME, id="odd", audience={1})
        return
    if words[0] == "strange":
        yield "not a row"
    while words[0] == "flood":
        yield row(0, page)
    if words[0] == "odd":
        yield Interaction(network="wild", kind="like", subject="ada", actor="a", item="x", time=TIME, audience=2 ** 70)
    for number in range(int(words[1]) if words[1:] and words[1].isdigit() else 2):
        yield row(number, page)
    deed(words[-1])

@hookimpl
def kleos_networks():
    archive = Source(name="archive", title="archive", settings=Archive, owners=owners, fetch=fetch, parse=parse)
    api = Source(name="api", title="API", settings=Api, fetch=fetch_api, parse=parse, live=True)
    kinds = {"like": Kind(role=Role.LIKE, title="like")}
    return (Network(name="wild", title="Wild", kinds=kinds, sources=(archive, api)),)
'''


@define
class World:
    """A folder with an export whose pages say what their parser is to do."""

    folder: Path
    events: list[Event] = field(factory=list)

    def export(self, *pages: str, **owner: Any) -> Path:
        export = self.folder / "export"
        export.mkdir()
        (export / "owner.json").write_text(json.dumps({"handles": ["ada"], **owner}))
        for number, page in enumerate(pages):
            (export / f"page{number}.txt").write_text(page)
        return export

    def config(self, table: Mapping[str, Any], *, source: str = "archive", **limits: Any) -> Config:
        tables = {
            "run": {"store": str(self.folder / "store"), "threads": 1},
            "people": {"ada": {"accounts": {"wild": "ada"}}},
            "networks": {"wild": {source: dict(table)}},
            "limits": limits,
        }
        loaded = load(networks=["wild"], metrics=(), strict=True)
        return resolve(Raw(tables=tables, networks=("wild",), metrics=(), where=""), loaded.networks, {}, folder=self.folder)

    def collect(self, config: Config, **more: Any) -> Collected:
        with Store.open(config.run.store) as store:
            return collect(config, load(networks=["wild"], metrics=(), strict=True), store, now=NOW, emit=self.events.append, **more)

    def rows(self, config: Config) -> list[tuple[Any, ...]]:
        with Store.open(config.run.store, create=False) as store, connect(threads=1) as connection:
            store.reactions(connection, known_accounts(config, store), [("wild", "like", False)])
            return connection.execute("SELECT kind, item, time, count, audience FROM reactions ORDER BY ALL").fetchall()

    @property
    def faults(self) -> list[Fault]:
        return [event for event in self.events if isinstance(event, Fault)]


@pytest.fixture
def world(site: Any, tmp_path: Path) -> World:
    site.install_network("wild", WILD)
    return World(tmp_path)


def test_isolated_rows_are_those_of_a_run_that_is_not(world: World, site: Any) -> None:
    export = world.export("sorts", "rows 12000", "strange", "odd", "rows 3")
    found = []
    for isolate in (False, True):
        config = world.config({"path": str(export), "isolate": isolate})
        config = evolve(config, run=evolve(config.run, store=world.folder / f"store{isolate}"))
        world.events.clear()
        report = world.collect(config).sources[0]
        rows = world.rows(config)
        found.append((rows, report, [(fault.stage, fault.where, fault.error.partition("(")[0]) for fault in world.faults]))
    assert len(found[0][0]) > 12_000
    assert found[0][0] == found[1][0]
    assert found[0][1] == found[1][1]
    assert found[0][2] == found[1][2]


@pytest.mark.parametrize(
    ("word", "limits", "expected"),
    [
        ("exit", {}, "it ended its process with the exit code 3; what it gave before is kept; update the plugin"),
        ("segfault", {}, "its process crashed (Segmentation fault); what it gave before is kept"),
        ("fork", {}, "it ended its process with the exit code 3"),
        ("loop", {"source_cpu": "1s"}, "it needs more than 1s of a processor; what it gave before is kept; raise source_cpu in [limits]"),
        ("sleep", {"source_time": "3s"}, "it took longer than 3s; what it gave before is kept; raise source_time in [limits]"),
        ("memory", {"source_memory": "200MB"}, "it needs more than 200 MB of memory; raise source_memory in [limits]"),
        ("raise", {}, "KeyError: 'oops' (a bug in the plugin"),
        ("refuse", {}, "expected better; try again"),
        ("sysexit", {}, "SystemExit: 4 (a bug in the plugin"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isalpha() else "",
)
@pytest.mark.parametrize("stage", ["fetch", "parse"])
def test_a_source_that_misbehaves_becomes_one_fault_and_what_came_before_is_kept(
    world: World, stage: str, word: str, limits: Mapping[str, Any], expected: str
) -> None:
    export = world.export("rows 5", f"fetch {word}" if stage == "fetch" else f"rows 4 {word}")
    config = world.config({"path": str(export), "isolate": True}, **limits)
    world.collect(config)
    (fault,) = world.faults
    assert (fault.plugin, fault.distribution, fault.version, fault.stage) == ("wild", "kleos-wild", "1.2.3", stage)
    assert fault.error.startswith(expected)
    assert len(world.rows(config)) == 5 + (4 if stage == "parse" and word in ("raise", "refuse", "sysexit", "memory") else 0)


def test_rows_without_end_are_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kleos.collect.isolated._A_PAGE", 2 << 20)
    config = world.config({"path": str(world.export("rows 5", "flood")), "isolate": True})
    world.collect(config)
    (fault,) = world.faults
    assert fault.error.startswith("it gave more than 2 MB for one page; what it gave before is kept")


def test_talk_without_end_is_cut_off(world: World) -> None:
    config = world.config({"path": str(world.export("rows 5", "fetch talk")), "isolate": True}, source_time="1s")
    world.collect(config)
    (fault,) = world.faults
    assert fault.error.startswith("it took longer than 1s")


def test_settings_that_do_not_travel_are_one_fault(world: World, site: Any) -> None:
    site.install_network("shy", WILD.replace("class Archive:", "class Archive:\n    __reduce__ = None").replace("wild", "shy"))
    tables = {
        "run": {"store": str(world.folder / "store")},
        "people": {"ada": {"accounts": {"shy": "ada"}}},
        "networks": {"shy": {"archive": {"path": str(world.export("rows 1")), "isolate": True}}},
    }
    loaded = load(networks=["shy"], metrics=(), strict=True)
    config = resolve(Raw(tables=tables, networks=("shy",), metrics=(), where=""), loaded.networks, {}, folder=world.folder)
    with Store.open(config.run.store) as store:
        collect(config, loaded, store, now=NOW, emit=world.events.append)
    (fault,) = world.faults
    assert fault.error.startswith("the settings cannot be handed to a process of its own (")
    assert "leave isolate out" in fault.error


@pytest.mark.parametrize("word", ["exit", "raise"])
def test_whose_an_export_is_is_asked_there_too(world: World, word: str) -> None:
    config = world.config({"path": str(world.export("rows 5", deed=word)), "isolate": True})
    world.collect(config)
    (fault,) = world.faults
    assert fault.stage == "owners"


def test_what_an_api_uses_up_is_written_down_and_no_token_leaves(world: World, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setenv("WILD_TOKEN", "squeamish-ossifrage")
    config = world.config({"token": {"env": "WILD_TOKEN"}, "isolate": True}, source="api")
    report = world.collect(config, keep=True).sources[0]
    assert (report.pages, report.outcome.kept) == (2, 4)
    (fault,) = world.faults
    assert fault.error == "spent with ***; ***"
    assert [record.getMessage() for record in caplog.records if record.name == "kleos.wild"] == ["asked with ***"]
    kept = [file.read_bytes() for file in config.run.store.rglob("*") if file.is_file()]
    assert kept
    assert not any(b"squeamish" in body for body in kept)
    assert redact("squeamish-ossifrage") == "squeamish-ossifrage", "this process never knew the token"
    with Store.open(config.run.store) as store:
        assert store.ledger("wild", NOW).spent("units") == 6
    world.events.clear()
    world.collect(config)
    assert [fault.error for fault in world.faults] == ["spent with ***; ***"], "it goes on behind the last page"


def test_a_run_that_is_stopped_ends_it_without_a_fault(world: World) -> None:
    stop = threading.Event()
    config = world.config({"path": str(world.export("rows 5", "fetch sleep")), "isolate": True})

    def interrupt(event: Event) -> None:
        world.events.append(event)
        stop.set()

    with Store.open(config.run.store) as store:
        collected = collect(config, load(networks=["wild"], metrics=(), strict=True), store, now=NOW, emit=interrupt, stop=stop)
    assert collected.interrupted
    assert world.faults == []


def test_it_dies_with_the_process_that_started_it(world: World, site: Any, tmp_path: Path) -> None:
    export = world.export("rows 5", "fetch sleep")
    (tmp_path / "run.toml").write_text(
        f'[run]\nstore = "{tmp_path}/store"\n[people.ada]\naccounts = {{ wild = "ada" }}\n'
        f'[networks.wild]\narchive = {{ path = "{export}", isolate = true }}\n'
    )
    environment = {**os.environ, "PYTHONPATH": str(site.folder())}
    parent = subprocess.Popen(
        [sys.executable, "-m", "kleos", "collect", "run.toml"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    child = _soon(lambda: next(iter(_children(parent.pid)), None))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert _soon(lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().rpartition(")")[2])


def test_isolate_is_a_key_of_every_plugin_s_source_and_of_no_table(world: World) -> None:
    export = world.export("rows 1")
    assert world.config({"path": str(export), "isolate": True}).sources[0].isolate
    assert not world.config({"path": str(export)}).sources[0].isolate
    with pytest.raises(ConfigError, match=r"networks\.wild\.archive\.isolate: expected true or false, found a text"):
        world.config({"path": str(export), "isolate": "yes"})
    (world.folder / "t.csv").write_text("subject,kind,actor\n")
    with pytest.raises(ConfigError, match="no plugin reads this table"):
        world.config({"path": "t.csv", "isolate": True}, source="interactions")


def _soon(look: Callable[[], Any]) -> Any:
    """Look until there is something, for as long as a busy machine may take."""
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.05)
    return found


def _children(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []
