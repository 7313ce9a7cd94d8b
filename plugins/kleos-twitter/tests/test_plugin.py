"""What the plugin declares."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from kleos.contract import Role
from kleos_twitter import kleos_networks

PLUGIN = Path(__file__).parent.parent


def test_the_network_is_declared_once_by_the_name_of_its_entry_point() -> None:
    (network,) = kleos_networks()
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["kleos.networks"] == {network.name: "kleos_twitter"}
    assert network.aliases == ("x",)
    assert {kind: one.role for kind, one in network.kinds.items()} == {
        "like": Role.LIKE,
        "retweet": Role.SHARE,
        "quote": Role.SHARE,
        "reply": Role.REPLY,
        "mention": Role.MENTION,
        "bookmark": Role.ENDORSE,
        "listed": Role.ENDORSE,
        "view": Role.VIEW,
        "follow": Role.FOLLOW,
    }
    assert [(source.name, source.owned, source.live) for source in network.sources] == [("archive", True, False), ("bulk", False, False)]


def test_the_plugin_is_light_to_load_and_uses_only_the_contract() -> None:
    code = (
        "import sys, kleos_twitter; heavy = {'numpy', 'numba', 'duckdb'} & sys.modules.keys();"
        "core = {name for name in sys.modules if name.startswith('kleos.')} - "
        "{'kleos.contract', 'kleos.hookspecs', 'kleos.errors', 'kleos.secrets'}; print(heavy | core)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_readme_tells_of_every_kind_and_every_source() -> None:
    (network,) = kleos_networks()
    readme = (PLUGIN / "README.md").read_text("utf-8")
    for kind in network.kinds:
        assert f"`{kind}`" in readme
    for source in network.sources:
        assert f"{source.name} = " in readme
