"""Models on the command line: shown, and calibrated into a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import attrs
from rich.text import Text

from kleos.cli.exits import Exit
from kleos.cli.following import Step
from kleos.cli.opening import open_config
from kleos.cli.options import Options
from kleos.cli.render.report import next_step
from kleos.cli.terminal import open_terminal
from kleos.cli.working import working
from kleos.errors import UsageError
from kleos.scoring.model import EVERY_OTHER, Model, load_model
from kleos.scoring.writing import model_text

__all__ = ["broken_promises", "calibrate_model", "check_new", "show_model", "write_model"]


def show_model(path: Path | None, options: Options) -> int:
    """Print a model as TOML that can be saved, edited and named in [run] model."""
    terminal = open_terminal()
    model = load_model(path)
    if options.json:
        terminal.show_json(attrs.asdict(model))
    else:
        terminal.out.print(model_text(model).rstrip(), soft_wrap=True, markup=False, highlight=False)  # a file, not prose
    if path is not None:
        for text in broken_promises(model):
            terminal.tell(Text.assemble(("note: ", "bold"), text))
    return Exit.DONE


def broken_promises(model: Model) -> list[str]:
    """Return what the weights of a model that was made by hand would break of what Kleos promises, in words."""
    from kleos.plugins import load
    from kleos.scoring.fitting.promised import broken

    found = []
    for network, slack in broken(model, load(networks=(), metrics=tuple(model.metrics)).metrics):
        where = f" on {network}" if network else ""
        if slack.limit == "outweighed":
            found.append(
                f"with this weight of {slack.metric}{where}, one person who comes back counts for more than a second person "
                f"({slack.by}): clicks may beat people"
            )
        else:
            found.append(f"less than {slack.share:.0%} of all weight{where} is on how many people react: clicks may beat people")
    return found


def calibrate_model(
    config: Path, *, out: Path, name: str, version: str, population: str | None, others: str | None, options: Options
) -> int:
    """Calibrate on a configuration's population, and write the model; nothing is overwritten."""
    from kleos import pipeline

    check_new(out)
    terminal = open_terminal()
    with working(terminal, options) as work:
        opened, loaded = open_config(config, emit=work.emit)
        words = population or ", ".join(path.name for path in opened.population.interactions) if opened.population else ""
        with work.at_once():
            model = pipeline.calibrate(
                opened, loaded, emit=work.emit, now=datetime.now(UTC), name=name, version=version, reference=words, others=others
            )
    write_model(model, out)
    before = load_model(opened.run.model).networks
    made = {key: network for key, network in model.networks.items() if network != before.get(key)}
    if options.json:
        networks = {key: network.reference.size for key, network in made.items()}
        rho = {key: network.rho for key, network in made.items()}
        terminal.show_json({"schema": 1, "out": str(out), "name": name, "version": version, "networks": networks, "rho": rho})
        return Exit.FAULTS if work.emit.faults else Exit.DONE
    for key, network in made.items():
        who = "networks that the model does not know" if key == EVERY_OTHER else key
        compared = "" if network.rho == 1 else f"; its odds count {network.rho:g} times, by the people who are on several networks"
        terminal.show(f"{who}: calibrated on {network.reference.size:,} accounts with at least 5 people reacting to them{compared}")
    terminal.show(f'written to {out}; to score with it: [run] model = "{out}"')
    terminal.show(
        *next_step([Step(f"kleos model diff {opened.run.model or 'shipped'} {out}", "what changed, and who moves")], terminal.out.width)
    )
    return Exit.FAULTS if work.emit.faults else Exit.DONE


def check_new(out: Path) -> None:
    """Raise `UsageError` where a file is in the way of a new model."""
    if out.exists():
        raise UsageError("there is a file already", where=str(out), hint="a model is never rewritten: name another file")


def write_model(model: Model, out: Path) -> None:
    """Write a model file; raises `UsageError` where that cannot be done."""
    try:
        out.write_text(model_text(model), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"the model cannot be written: {error.strerror or error}", where=str(out), hint="name another place") from None
