"""A configuration to begin with: valid as it stands, with every key that there is, switched off and explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import groupby

import attrs
import tomli

from kleos.config import KEYS, Key
from kleos.config.strict import mentions
from kleos.contract import AGGREGATIONS, Metric, Network, Source
from kleos.secrets import Secret
from kleos.setup.toml import inline, remark

__all__ = ["starter"]

_HEADER = (
    "Kleos: who is scored, and from what. `kleos run` does it, `kleos doctor` says what is missing.",
    "A line that begins with # and no blank is switched off: take the # away to use it, and that of its [table]. "
    "It shows the default, or else an example.",
)

_MEANINGS = {
    "run": "How a run goes about its work.",
    "people.<id>": "Who is scored: a table for each person, [people.<id>]. Put an id of your own in the place of me.",
    "networks.<network>.interactions": "From what: a table for each network, and in it a key for each way to obtain its data. It is set "
    "to a path, a table of settings, or a list of these. "
    'For an export that does not say whose it is: { path = "export.zip", person = "me" }; for one in parts: { path = ["1.zip", "2.zip"] }.',
    "metrics.<metric>": "What counts for more, or less: a table for each metric. `kleos metrics` lists them.",
    'factors."<factor>"': "Single factors that are to be scored, too: a table for each. `kleos factors` lists them.",
    "population": "Everybody in a table, scored together: its rows say who reacted to whom.",
    "limits": "How much of a file is read before it is taken for a hostile one. Raise a limit for files that you trust.",
}

# For keys whose default is told in words.
_EXAMPLES = {
    "run.store": '"store"',
    "run.as_of": "2026-03-31",
    "run.window": '"90d"',
    "run.model": '"model.toml"',
    "run.threads": "2",
    "people.<id>.accounts": '{ <network> = ["ada", "@ada_at_work"] }',
    "networks.<network>.interactions.path": '"reactions.csv"',
    "networks.<network>.interactions.network": '"<network>"',
    "networks.<network>.interactions.columns": '{ actor = "from", subject = "to" }',
    "networks.<network>.interactions.kinds": '{ "their word" = "<kind>" }',
    "networks.<network>.interactions.time_unit": '"s"',
    'factors."<factor>".weight': "0.5",
    "population.interactions": '"events/*.parquet"',
    "population.accounts": '"accounts.parquet"',
    "population.out": '"scores.parquet"',
    "population.network": '"<network>"',
    "population.columns": '{ actor = "from", subject = "to" }',
    "population.kinds": '{ "their word" = "<kind>" }',
    "population.time_unit": '"s"',
}


def starter(networks: Mapping[str, Network], metrics: Mapping[str, Metric]) -> str:
    """Return the text of a configuration; its examples are of the networks and metrics given, which are those installed."""
    network = next(iter(networks), "network")
    kind = next(iter(networks[network].kinds), "like") if networks else "like"
    names = {
        "<id>": "me",
        "<network>": network,
        "<kind>": kind,
        "<metric>": next(iter(metrics), "metric"),
        "<factor>": f"{network}.{kind}.{AGGREGATIONS[0]}",
    }
    lines = [line for text in _HEADER for line in remark(text)]
    for table, keys in groupby(KEYS, key=lambda key: key.path.rpartition(".")[0]):
        lines += ["", *remark(_MEANINGS.get(table, f"[{table}]"))]
        if table.startswith("networks."):
            lines += [line for installed in networks.values() for line in _network(installed)]
            lines += ["", *remark("Every network can also be given as a table of reactions, one in each row:")]
        live = table in ("run", "people.<id>")
        lines.append(_named(f"[{table}]" if live else f"#[{table}]", names))
        for key in keys:
            lines += _key(key, names)
    return "\n".join(lines) + "\n"


def _key(key: Key, names: Mapping[str, str]) -> list[str]:
    """Return what a key means, and the key: switched off, but for the name without which nobody is there."""
    default = f" (default: {key.default})" if key.default and not _is_toml(key.default) else ""
    value = key.default if _is_toml(key.default) and key.default not in ("{}", "") else _EXAMPLES.get(key.path, '"…"')
    name = key.path.rpartition(".")[2]
    line = 'name = "Me"' if key.path == "people.<id>.name" else f"#{name} = {value}"
    return [*remark(f"{key.meaning}{default}"), _named(line, names)]


def _network(network: Network) -> Iterator[str]:
    yield f"#[networks.{network.name}]"
    for source in network.sources:
        yield from remark(f"{network.title}: {source.title}")
        yield f"#{source.name} = {_settings(source)}"


def _settings(source: Source) -> str:
    """Return the least that a source has to be told."""
    if not attrs.has(source.settings):
        return "{}"
    with suppress(NameError):  # annotations that only a type checker can follow
        attrs.resolve_types(source.settings)
    fields = attrs.fields_dict(source.settings)
    if "path" in fields:
        return '"downloads/export.zip"' if source.owned else '"downloads/file.json"'
    needed = {name: field for name, field in fields.items() if field.default is attrs.NOTHING}
    return inline((name, '{ env = "TOKEN" }' if mentions(field.type, Secret) else '"…"') for name, field in needed.items())


def _is_toml(text: str) -> bool:
    try:
        return bool(tomli.loads(f"x = {text}"))
    except tomli.TOMLDecodeError:
        return False


def _named(line: str, names: Mapping[str, str]) -> str:
    for placeholder, name in names.items():
        line = line.replace(placeholder, name)
    return line
