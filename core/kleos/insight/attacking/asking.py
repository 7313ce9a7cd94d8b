"""Which population is attacked, and by which model it is scored."""

from __future__ import annotations

from datetime import datetime

from kleos.config import Config
from kleos.errors import KleosError
from kleos.events import Emit, Note
from kleos.insight.attacking.opened import world_of
from kleos.insight.attacking.outcome import Tried
from kleos.insight.attacking.synthetic import invented_world
from kleos.insight.attacking.trying import try_all
from kleos.pipeline.prepare import resolve, say_compiling
from kleos.plugins import Loaded, installed, load
from kleos.scoring.model import load_model
from kleos.scoring.resolved import Resolved, resolve_model

__all__ = ["attack_configured", "attack_shipped"]

INVENTED = "an invented population"


def attack_shipped(*, emit: Emit) -> Tried:
    """Attack the model that ships, on an invented population of the first installed network that the model was calibrated on."""
    model = load_model()
    names = sorted(entry.name for entry in installed() if entry.kind == "network")
    chosen = ([name for name in names if name in model.networks] or names)[:1]
    loaded = load(networks=chosen, metrics=list(model.metrics), emit=emit)
    return _on_invented(resolve_model(model, loaded.metrics), loaded, emit)


def attack_configured(config: Config, loaded: Loaded, *, emit: Emit, now: datetime, invented: bool = False) -> Tried:
    """Attack the `[population]` of a configuration, as its own model and weights score it; without one, or if wished, an invented one.

    Raises what opening a population raises, and `KleosError` where there are too few people of average score.
    """
    if config.population is not None and not invented:
        say_compiling(emit, "parts.fold_part")
        names = ", ".join(path.name for path in config.population.interactions)
        return try_all(world_of(config, loaded, emit=emit, now=now), population=names, emit=emit)
    if not invented:
        emit(Note(text="the configuration has no [population]: an invented one is attacked, with the configuration's model and weights"))
    return _on_invented(resolve(config, loaded), loaded, emit)


def _on_invented(resolved: Resolved, loaded: Loaded, emit: Emit) -> Tried:
    known = [name for name in loaded.networks if name in resolved.model.networks] or list(loaded.networks)
    if not known:
        raise KleosError(
            "attacks need a network, and no plugin offers one here", hint="pip install a network; `kleos plugins` tells what there is"
        )
    say_compiling(emit, "parts.fold_part")
    form = resolved.form(loaded.networks[known[0]])
    return try_all(invented_world(resolved, form), population=f"{INVENTED} on {form.network.title}", emit=emit)
