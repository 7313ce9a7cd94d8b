"""A first configuration: looked for in what a person has downloaded, or explained key by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kleos.cli.exits import Exit
from kleos.cli.following import Step, command
from kleos.cli.options import Options
from kleos.cli.render.recognised import recognised_json, recognised_report
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.terminal import Terminal, open_terminal
from kleos.cli.working import Work, working
from kleos.config import read, resolve
from kleos.config.paths import has_wildcard
from kleos.errors import UsageError
from kleos.plugins import Loaded, installed, load
from kleos.report.words import clean
from kleos.store import replacing

__all__ = ["begin"]


def begin(config: Path, sources: Sequence[Path] | None, *, force: bool, options: Options) -> int:
    """Write a configuration, say what is in it, and return the exit code."""
    _check_place(config, force)
    if sources is None:
        return _explained(config, options)
    _check_sources(sources)
    return _recognised(config, sources, options)


def _explained(config: Path, options: Options) -> int:
    from kleos.setup.starter import starter

    terminal = open_terminal()
    with working(terminal, options) as work:
        loaded = load(networks=None, metrics=None, emit=work.emit)
    _write(config, starter(loaded.networks, loaded.metrics), loaded)
    if options.json:
        terminal.show_json({"config": str(config), "sources": [], "people": [], "not_recognised": []})
    else:
        following = [
            Step(command("init", config, "--from", "PATH…", "--force").replace("'", ""), "one for the exports that you have"),
            Step(command("doctor", config), "what is still missing"),
        ]
        terminal.show(f"{clean(str(config))} is written, with every key explained.", *next_step(following, _width(terminal)))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def _recognised(config: Path, sources: Sequence[Path], options: Options) -> int:
    from kleos.setup.configured import configuration
    from kleos.setup.understanding import understand

    terminal = open_terminal()
    with working(terminal, options) as work:
        loaded = load(networks=None, metrics=None, emit=work.emit)
        understood = understand(sources, loaded, now=datetime.now(UTC), emit=work.emit, stop=work.stop)
    if work.stop.is_set():
        terminal.tell("interrupted: nothing was written", style="yellow")
        return Exit.INTERRUPTED
    written = bool(understood.entries)
    if written:
        _write(config, configuration(understood, config.parent), loaded)
    if options.json:
        terminal.show_json(recognised_json(understood, config if written else None, work.emit.faults))
    else:
        following = [Step(command("run", config), "the scores"), Step(command("doctor", config), "whether all is in order")]
        width = _width(terminal)
        terminal.show(*recognised_report(understood, loaded, config if written else None, width=width))
        terminal.show(*next_step(following if written else [Step("kleos networks", "what can be recognised")], width))
    if not written:
        terminal.tell("error: nothing of this was recognised, so nothing was written", style="bold red")
        return Exit.USAGE
    return _code(work, any(stranger.broken for stranger in understood.unknown))


def _code(work: Work, broken: bool) -> int:
    return Exit.FAULTS if work.emit.faults or broken else Exit.DONE


def _write(config: Path, text: str, loaded: Loaded) -> None:
    """Write the text whole or not at all; what would not pass as a configuration is never written."""
    names = {entry.name for entry in installed()}
    resolve(read(text, where=str(config)), loaded.networks, loaded.metrics, folder=config.parent, installed=names)
    try:
        with replacing(config) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the file cannot be written: {error.strerror or error}", where=str(config)) from None


def _check_place(config: Path, force: bool) -> None:
    if config.is_dir():
        raise UsageError("expected a file to write, found a folder", where=str(config), hint=f"try {config / 'kleos.toml'}")
    if config.exists() and not force:
        hint = "give another name (kleos init other.toml), or replace it with --force"
        raise UsageError("there is a file already, and it stays as it is", where=str(config), hint=hint)
    if not config.absolute().parent.is_dir():
        raise UsageError("there is no such folder to write to", where=str(config.absolute().parent), hint="make it first")


def _check_sources(sources: Sequence[Path]) -> None:
    if not sources:
        raise UsageError("expected a path, found none", where="--from", hint="kleos init --from ada.zip downloads/*.zip")
    missing = [path for path in sources if not path.exists()]
    if missing:
        more = f" (and {len(missing) - 1} more that are not there)" if len(missing) > 1 else ""
        hint = "nothing matches this pattern" if has_wildcard(str(missing[0])) else "check the path; put quotes around one with blanks"
        raise UsageError(f"there is no such file or folder{more}", where=str(missing[0]), hint=hint)


def _width(terminal: Terminal) -> int:
    return min(WIDEST, terminal.out.width)
