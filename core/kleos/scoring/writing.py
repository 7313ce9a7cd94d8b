"""A model as the text of a model file: what `load_model` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from kleos.scoring.model import Model, NetworkModel, Weight

__all__ = ["model_text"]

MICROSECONDS_A_SECOND = 1_000_000
PER_LINE = 12


def model_text(model: Model) -> str:
    """Return TOML that `load_model` reads back as an equal model, with comments that say what the numbers are."""
    seconds = model.window // MICROSECONDS_A_SECOND
    blocks = [
        f"name = {_text(model.name)}\nversion = {_text(model.version)}\ndescription = {_text(model.description)}",
        f"# How far back reactions count, unless the configuration says otherwise.\nwindow = {_text(_duration(seconds))}",
        "# Time constants: the window divided by these.\n[fractions]\n"
        f"half_life = {_number(model.fractions.half_life)}\nrecent = {_number(model.fractions.recent)}",
        "# How much an actor weighs where little is known.\n[influence]\n"
        f"floor = {_number(model.influence.floor)}\nunknown = {_number(model.influence.unknown)}\n"
        f"iterations = {model.influence.iterations}\nprolific = {_number(model.influence.prolific)}",
        "# strength = sum of weight * log(1 + metric / scale)\n" + "\n".join(["[metrics]", *_weights("metrics", model.metrics.items())]),
        *(_network(name, network) for name, network in model.networks.items()),
        "# score = 1 + 99 * BetaQuantile(odds / (1 + odds); a, b), tabulated over the log-odds\n[score]\n"
        f"a = {_number(model.score.a)}\nb = {_number(model.score.b)}\n"
        f"log_odds = {_numbers(model.score.log_odds)}\nscore = {_numbers(model.score.score)}",
    ]
    return "\n\n".join(blocks) + "\n"


def _network(name: str, network: NetworkModel) -> str:
    table = f"networks.{_key(name)}"
    reference = network.reference
    blocks = [
        f"[{table}]\nrho = {_number(network.rho)}\n"
        "# Mean number of reactions that an actor gives to others in a window.\n"
        f"attention = {_number(network.attention)}",
        f"[{table}.reference]\nname = {_text(reference.name)}\nsize = {reference.size}\nwindow = {_text(reference.window)}",
        "# Strength at quantiles of the reference population, against the log-odds of rank.\n"
        f"[{table}.odds]\nstrength = {_numbers(network.odds.strength)}\nlog_odds = {_numbers(network.odds.log_odds)}",
        "# log(1 + attention received) at quantiles of the reference population, against the log-odds of rank; attention is counted in\n"
        f"# whole attentions of unknown actors.\n[{table}.earned]\nstrength = {_numbers(network.earned.strength)}\n"
        f"log_odds = {_numbers(network.earned.log_odds)}",
        "# The share of active accounts with fewer followers.\n"
        f"[{table}.audience]\nfollowers = {_numbers(network.audience.followers)}\nshare = {_numbers(network.audience.share)}",
        *_weights(f"{table}.metrics", network.metrics.items()),
    ]
    return "\n".join(blocks)


def _weights(table: str, weights: Iterable[tuple[str, Weight]]) -> list[str]:
    return [f"[{table}.{_key(name)}]\nweight = {_number(weight.weight)}\nscale = {_number(weight.scale)}" for name, weight in weights]


def _key(name: str) -> str:
    """Return a TOML key, quoted where it has to be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _duration(seconds: int) -> str:
    return f"{seconds // 86_400}d" if seconds % 86_400 == 0 else f"{seconds}s"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's, but for this one


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def _numbers(values: Sequence[float]) -> str:
    texts = [_number(value) for value in values]
    if len(texts) <= PER_LINE:
        return "[" + ", ".join(texts) + "]"
    lines = [", ".join(texts[start : start + PER_LINE]) for start in range(0, len(texts), PER_LINE)]
    return "[\n" + "".join(f"  {line},\n" for line in lines) + "]"
