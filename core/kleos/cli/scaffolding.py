"""``kleos plugins new``: a plugin is made, and shown."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.text import Text

from kleos.cli.exits import Exit
from kleos.cli.following import Step
from kleos.cli.options import Options
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.terminal import open_terminal
from kleos.cli.working import Work, working
from kleos.contract import Network
from kleos.errors import UsageError
from kleos.plugins import PluginKind, installed, load
from kleos.report.words import clean
from kleos.scaffold import Plan, plan

__all__ = ["make_plugin"]


def make_plugin(name: str, *, network: bool, metric: bool, into: Path, options: Options) -> int:
    """Write the distribution of a plugin into a folder of its own, and show its files; raises `UsageError`."""
    if network == metric:
        raise UsageError("expected either --network or --metric", hint=f"kleos plugins new {shlex.quote(name)} --network")
    terminal = open_terminal()
    with working(terminal, options) as work:
        planned = _planned(name, "network" if network else "metric", work)
        folder = planned.write(into)
    files = sorted(planned.files)
    if options.json:
        terminal.show_json({"name": name, "distribution": planned.distribution, "folder": str(folder), "files": files})
    else:
        lines = [Text(f"{clean(str(folder))}/", style="bold"), *(Text(f"  {file}") for file in files)]
        following = [
            Step(f"cd {shlex.quote(str(folder))}", ""),
            Step("pip install -e '.[dev]'", "makes it part of Kleos"),
            Step(f"kleos plugins check {name}", "everything that a plugin has to keep"),
        ]
        terminal.show(*lines, *next_step(following, min(WIDEST, terminal.out.width)))
    return Exit.DONE


def _planned(name: str, kind: PluginKind, work: Work) -> Plan:
    """Plan the plugin; a metric's example is of a network that is installed, if there is one."""
    networks: tuple[Network, ...] = ()
    if kind == "metric":
        networks = tuple(load(networks=None, metrics=(), emit=work.emit).networks.values())
    return plan(name, kind, taken=installed(), networks=networks)
