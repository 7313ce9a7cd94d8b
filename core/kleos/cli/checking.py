"""A check-up: every check is made, whatever became of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from kleos.cli.exits import Exit
from kleos.cli.following import Step, command
from kleos.cli.opening import open_config
from kleos.cli.options import DEFAULT_CONFIG, Options
from kleos.cli.render.checkup import checkup_json, checkup_report
from kleos.cli.render.report import WIDEST, next_step
from kleos.cli.terminal import open_terminal
from kleos.cli.working import Work, working
from kleos.config import Config, read
from kleos.errors import ConfigError, KleosError
from kleos.events import Emit, Event, Fault
from kleos.plugins import installed, load
from kleos.report.words import count_of, listed
from kleos.scoring.model import load_model
from kleos.setup.checks import Check, failed, fine, wary
from kleos.setup.checkup import check_configured, check_machine, check_plugins
from kleos.setup.survey import Means

__all__ = ["check"]


def check(config: Path | None, options: Options) -> int:
    """Check everything, show it, and return the exit code: 1 where something is an error."""
    terminal = open_terminal()
    with working(terminal, options) as work:
        checks = list(_checks(config, work))
    errors = any(one.status == "error" for one in checks)
    if options.json:
        terminal.show_json(checkup_json(checks))
    else:
        width = min(WIDEST, terminal.out.width)
        terminal.show(*checkup_report(checks, width=width), *next_step(_following(config or DEFAULT_CONFIG, checks), width))
    if work.stop.is_set():
        return Exit.INTERRUPTED
    return Exit.FAULTS if errors else Exit.DONE


def _following(config: Path, checks: Sequence[Check]) -> list[Step]:
    """Return what to try next: a run, where there is something to run on."""
    if any(check.status == "error" for check in checks):
        return [Step(command("doctor", config), "again, once the errors are seen to")]
    if any(check.name in ("config", "networks") and check.status != "ok" for check in checks):
        return [Step("kleos init --from PATH…", "a configuration for the exports that you have")]
    return [Step(command("run", config), "the scores")]


def _checks(path: Path | None, work: Work) -> Iterator[Check]:
    yield from check_machine()
    faults: list[Fault] = []
    loaded = load(networks=None, metrics=None, emit=_into(faults))
    yield from check_plugins(installed(), set(loaded.origins.values()), faults, _named(path or DEFAULT_CONFIG))
    if not _has(path):
        text = f"there is no {DEFAULT_CONFIG} here, so sources, secrets and the store were not checked"
        yield wary("config", text, "kleos init --from PATH… writes one for the exports that you have")
        return
    try:
        config, _ = open_config(path or DEFAULT_CONFIG, emit=_into([]), everything=True)
    except ConfigError as error:
        for problem in error.problems:
            yield Check(problem.where or "config", "error", problem.message, problem.hint)
        return
    except KleosError as error:
        yield failed("config", error)
        return
    yield fine("config", f"{path or DEFAULT_CONFIG}: {_size(config)}")
    means = Means(loaded=loaded, now=datetime.now(UTC), limits=config.limits, stop=work.stop)
    for one in check_configured(config, means):
        yield one
        if work.stop.is_set():
            return


def _has(path: Path | None) -> bool:
    return path is not None or DEFAULT_CONFIG.is_file()


def _into(faults: list[Fault]) -> Emit:
    def keep(event: Event) -> None:
        if isinstance(event, Fault):
            faults.append(event)

    return keep


def _named(path: Path) -> set[str]:
    """Return the plugins that a configuration, or the model, depends on; what cannot be read names none."""
    with suppress(OSError, ValueError, KleosError):
        raw = read(path.read_text(encoding="utf-8"), where=str(path))
        return {*raw.networks, *raw.metrics, *load_model().metrics}
    return set(load_model().metrics)


def _size(config: Config) -> str:
    parts = [count_of(len(config.people), "people"), count_of(len(config.sources), "sources")]
    return listed([*parts, "a population"] if config.population is not None else parts)
