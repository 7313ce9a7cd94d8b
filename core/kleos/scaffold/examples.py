"""What a new metric is run on: a table of reactions, told to be of a network that is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from kleos.contract import Network, Role

__all__ = ["example_run"]

_WORDS = {"like": Role.LIKE, "answer": Role.REPLY, "share": Role.SHARE}
"""The table's own words for reactions, and what they stand for."""
_END = datetime(2026, 3, 31, 12, tzinfo=UTC)
_ROWS = 40


def example_run(name: str, networks: Sequence[Network]) -> dict[str, str]:
    """Return a configuration that weighs the metric `name`, and its table; nothing where there is no network with a kind that is scored."""
    for network in networks:
        scored = [kind for kind, declared in network.kinds.items() if declared.role.in_any]
        if scored:
            first = {declared.role: kind for kind, declared in reversed(list(network.kinds.items()))}
            kinds = {word: first.get(role, scored[0]) for word, role in _WORDS.items()}
            return {"kleos.toml": _configuration(name, network, kinds), "samples/interactions.csv": _table()}
    return {}


def _configuration(name: str, network: Network, kinds: Mapping[str, str]) -> str:
    mapped = ", ".join(f'{word} = "{kind}"' for word, kind in kinds.items())
    return f"""# kleos run
[people.ada]
name = "Ada Quill"
accounts = {{ {network.name} = "ada" }}

# Any network will do: the table has words of its own, and says here what they are there.
[networks.{network.name}]
interactions = {{ path = "samples/interactions.csv", kinds = {{ {mapped} }} }}

# Without this line it is shown, and not scored.
[metrics.{name}]
weight = 1.0
"""


def _table() -> str:
    lines = ["subject,actor,kind,item,time"]
    for number in range(_ROWS):
        time = (_END - timedelta(hours=31 * number)).isoformat()
        lines.append(f"ada,reader{number % 11},{tuple(_WORDS)[number % len(_WORDS)]},post{number % 6},{time}")
    return "\n".join(lines) + "\n"
