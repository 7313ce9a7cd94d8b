"""What is declared, and what the README says of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import attrs
import pytest

from kleos.contract import Role, Source
from kleos.hookspecs import NETWORKS_GROUP
from kleos.secrets import Secret
from kleos_facebook.api.settings import ApiSettings
from kleos_facebook.plugin import FACEBOOK, kleos_networks

HERE = Path(__file__).parents[1]


def test_the_network_is_declared_under_the_name_of_its_entry_point() -> None:
    project = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    assert f'[project.entry-points."{NETWORKS_GROUP}"]\n{FACEBOOK.name} = "kleos_facebook.plugin"' in project
    assert kleos_networks() == (FACEBOOK,)


def test_every_kind_has_its_role() -> None:
    assert {name: (kind.role, kind.once) for name, kind in FACEBOOK.kinds.items()} == {
        "reaction": (Role.LIKE, True),
        "comment": (Role.REPLY, False),
        "reply": (Role.REPLY, False),
        "share": (Role.SHARE, False),
        "wall_post": (Role.MENTION, False),
        "mention": (Role.MENTION, False),
        "poke": (Role.LIKE, False),
        "follow": (Role.FOLLOW, True),
        "friend_request": (Role.FOLLOW, True),
    }


def test_only_the_api_is_live_and_limited(sources: Mapping[str, Source]) -> None:
    assert {name: (source.owned, source.live) for name, source in sources.items()} == {"export": (True, False), "api": (True, True)}
    assert [(charge.unit, charge.setting, charge.period) for charge in sources["api"].charges] == [("requests", "daily_requests", "day")]


def test_the_readme_names_every_kind_source_and_setting(sources: Mapping[str, Source]) -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in FACEBOOK.kinds)
    assert "[networks.facebook]" in readme
    for name, source in sources.items():
        assert f"{name} =" in readme
        assert all(field.name in readme for field in attrs.fields(source.settings)), name


def test_the_client_library_is_loaded_by_nobody_but_the_api() -> None:
    code = "import sys, kleos_facebook.plugin; assert not {'httpx2', 'numpy'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": ":".join(sys.path)})


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "http://example.org"},
        {"host": "https://user@host/"},
        {"version": "26"},
        {"version": "v26.0/../x"},
        {"page": "a/b"},
        {"page": "me?x"},
        {"daily_requests": 0},
        {"max_pages": 0},
        {"look_back_days": -1},
        {"look_back_days": 10**9},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        ApiSettings(token=Secret(env="X"), **wrong)  # type: ignore[arg-type]  # the settings under test


def test_the_token_is_not_in_the_settings() -> None:
    assert "X_SECRET" not in repr(ApiSettings(token=Secret(env="X_SECRET")))
