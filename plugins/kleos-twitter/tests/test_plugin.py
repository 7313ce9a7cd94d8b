"""What the plugin declares."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

from kleos.contract import AMOUNT, Role
from kleos.secrets import Secret
from kleos_twitter import kleos_networks
from kleos_twitter.api.settings import ApiSettings, Wish

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
    assert [(source.name, source.owned, source.live) for source in network.sources] == [
        ("archive", True, False),
        ("bulk", False, False),
        ("api", True, True),
    ]


def test_the_ids_of_posts_have_pages() -> None:
    (network,) = kleos_networks()
    ((pattern, address),) = network.item_pages.items()
    assert address == "https://x.com/i/status/{item}"
    assert [bool(re.fullmatch(pattern, item)) for item in ("2118168220136375331", "17", "post1", "2118168220136375331/photo")] == [
        True,
        False,
        False,
        False,
    ]


def test_the_plugin_is_light_to_load_and_uses_only_the_contract() -> None:
    code = (
        "import sys, kleos_twitter; heavy = {'numpy', 'numba', 'duckdb', 'httpx2'} & sys.modules.keys();"
        "core = {name for name in sys.modules if name.startswith('kleos.')} - "
        "{'kleos.asking', 'kleos.contract', 'kleos.hookspecs', 'kleos.errors', 'kleos.secrets'}; print(heavy | core)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_readme_tells_of_every_kind_every_source_and_every_setting() -> None:
    (network,) = kleos_networks()
    readme = (PLUGIN / "README.md").read_text("utf-8")
    for kind in network.kinds:
        assert f"`{kind}`" in readme
    for source in network.sources:
        assert f"{source.name} = " in readme
        assert all(f"| `{setting.name}` |" in readme for setting in attrs.fields(source.settings)), source.name
    assert all(f'"{wish}"' in readme for wish in get_args(Wish))


@pytest.mark.parametrize("host", ["http://example.org", "https://user@host/", "https://", "http://127.0.0.1.example.org"])
def test_the_token_goes_only_over_https_or_to_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        ApiSettings(token=Secret(env="X"), host=host)


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_usd": -1.0},
        {"limit_usd": float("nan")},
        {"usd_per_post": float("inf")},
        {"days": 0},
        {"page_size": 5},
        {"page_size": 101},
        {"max_pages": 0},
        {"ask": ()},
        {"ask": ("retweets",)},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        ApiSettings(token=Secret(env="X"), **wrong)


def test_more_money_or_more_wishes_do_not_start_the_api_from_the_beginning() -> None:
    asked = [setting.name for setting in attrs.fields(ApiSettings) if not setting.metadata.get(AMOUNT)]
    assert asked == ["token", "limit_usd", "host"]  # the limit is known by its charge
