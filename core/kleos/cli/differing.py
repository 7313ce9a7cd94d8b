"""``kleos model diff``: two models side by side, and who moves between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import attrs

from kleos.cli.exits import Exit
from kleos.cli.following import Step
from kleos.cli.opening import open_config
from kleos.cli.options import DEFAULT_CONFIG, Options
from kleos.cli.terminal import open_terminal
from kleos.cli.working import Work, working
from kleos.errors import UsageError
from kleos.plugins import Loaded, load
from kleos.scoring.model import Model, load_model

if TYPE_CHECKING:
    from kleos.insight.comparing_models.moves import Moves

__all__ = ["SHIPPED", "diff_models"]

SHIPPED = "shipped"
"""What the model that ships is called where a file is expected."""


def diff_models(before: str, after: str, *, config: Path | None, top: int, options: Options) -> int:
    """Show what differs, and who of the configuration moves; without one, and none in the usual place, only what differs."""
    if top < 0:
        raise UsageError(f"expected a number of at least 0, found {top}", where="--top")
    files = [None if name == SHIPPED else Path(name) for name in (before, after)]
    sides = [_Side(file, load_model(file)) for file in files]
    from kleos.insight.comparing_models.changes import model_changes

    changes = model_changes(sides[0].model, sides[1].model)
    terminal = open_terminal()
    chosen = config if config is not None else DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None
    moves = None
    with working(terminal, options) as work:
        if chosen is not None:
            moves = _moves(chosen, sides, top, work)
    if options.json:
        from kleos.cli.render.models.diff import diff_json

        terminal.show_json(diff_json(changes, moves))
        return Exit.FAULTS if work.emit.faults else Exit.DONE
    from kleos.cli.render.models.diff import diff_report

    following = [Step(f"kleos evaluate {chosen}" if chosen else "kleos evaluate", "how well the model of a configuration predicts")]
    if moves is None:
        following = [Step(f"kleos model diff {before} {after} --config CONFIG", "who moves, and why"), *following]
    terminal.show(*diff_report(changes, moves, width=terminal.out.width, following=following))
    return Exit.FAULTS if work.emit.faults else Exit.DONE


class _Side(NamedTuple):
    """One of the two models."""

    file: Path | None
    model: Model


def _moves(chosen: Path, sides: Sequence[_Side], top: int, work: Work) -> Moves | None:
    opened, loaded = open_config(chosen, emit=work.emit)
    loaded = _with_metrics(loaded, [metric for side in sides for metric in side.model.metrics], work)
    from kleos.insight.comparing_models.moves import people_moves, population_moves

    with work.at_once():
        if opened.population is not None and not opened.people:
            models = (sides[0].model, sides[1].model)
            return population_moves(opened, loaded, models, top=top, emit=work.emit, now=datetime.now(UTC))
        if opened.people:
            return people_moves(opened, loaded, (sides[0].file, sides[1].file), emit=work.emit, now=datetime.now(UTC))
    return None


def _with_metrics(loaded: Loaded, wanted: list[str], work: Work) -> Loaded:
    """Return what is loaded with the metrics of both models, whichever of them the configuration names."""
    missing = tuple(dict.fromkeys(metric for metric in wanted if metric not in loaded.metrics))
    if not missing:
        return loaded
    more = load(networks=(), metrics=missing, emit=work.emit)
    return attrs.evolve(loaded, metrics={**loaded.metrics, **more.metrics}, origins={**loaded.origins, **more.origins})
