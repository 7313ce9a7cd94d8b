"""Models on the command line: shown, and calibrated into a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import attrs

from kleos.cli.exits import Exit
from kleos.cli.opening import open_config
from kleos.cli.options import Options
from kleos.cli.terminal import open_terminal
from kleos.cli.working import working
from kleos.errors import UsageError
from kleos.scoring.model import load_model
from kleos.scoring.writing import model_text

__all__ = ["calibrate_model", "show_model"]


def show_model(path: Path | None, options: Options) -> int:
    """Print a model as TOML that can be saved, edited and named in [run] model."""
    terminal = open_terminal()
    model = load_model(path)
    if options.json:
        terminal.show_json(attrs.asdict(model))
    else:
        terminal.out.print(model_text(model).rstrip(), soft_wrap=True, markup=False, highlight=False)  # a file, not prose
    return Exit.DONE


def calibrate_model(config: Path, *, out: Path, name: str, version: str, population: str | None, options: Options) -> int:
    """Calibrate on a configuration's population, and write the model; nothing is overwritten."""
    from kleos import pipeline

    if out.exists():
        raise UsageError("there is a file already", where=str(out), hint="a model is never rewritten: name another file")
    terminal = open_terminal()
    with working(terminal, options) as work:
        opened, loaded = open_config(config, emit=work.emit)
        words = population or ", ".join(path.name for path in opened.population.interactions) if opened.population else ""
        with work.at_once():
            model = pipeline.calibrate(opened, loaded, emit=work.emit, now=datetime.now(UTC), name=name, version=version, reference=words)
    out.write_text(model_text(model), encoding="utf-8")
    networks = {key: network.reference.size for key, network in model.networks.items() if network.reference.name == words}
    if options.json:
        terminal.show_json({"schema": 1, "out": str(out), "name": name, "version": version, "networks": networks})
        return Exit.DONE
    for key, size in networks.items():
        terminal.show(f"{key}: calibrated on {size:,} accounts with at least 5 people reacting to them")
    terminal.show(f'written to {out}; to score with it: [run] model = "{out}"')
    return Exit.FAULTS if work.emit.faults else Exit.DONE
