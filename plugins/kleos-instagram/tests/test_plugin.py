from pathlib import Path

import attrs

from kleos.contract import Role
from kleos.hookspecs import NETWORKS_GROUP
from kleos_instagram.plugin import INSTAGRAM, kleos_networks

HERE = Path(__file__).parents[1]


def test_the_network_is_declared_under_the_name_of_its_entry_point() -> None:
    assert f'[project.entry-points."{NETWORKS_GROUP}"]\n{INSTAGRAM.name} = ' in (HERE / "pyproject.toml").read_text()
    assert kleos_networks() == (INSTAGRAM,)


def test_views_and_followers_are_never_scored_and_a_like_is_given_once() -> None:
    context = {name for name, kind in INSTAGRAM.kinds.items() if not kind.role.in_any}
    assert context == {"view", "follow", "follow_request"}
    assert INSTAGRAM.kinds["like"].once
    assert INSTAGRAM.kinds["save"].role is Role.ENDORSE


def test_the_readme_names_every_kind_every_setting_and_the_table() -> None:
    readme = (HERE / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in INSTAGRAM.kinds)
    assert all(f"| `{field.name}` |" in readme for source in INSTAGRAM.sources for field in attrs.fields(source.settings))
    assert "[networks.instagram]" in readme


def test_what_the_api_uses_up_is_declared_with_the_setting_that_limits_it() -> None:
    (charge,) = next(source for source in INSTAGRAM.sources if source.name == "api").charges
    assert (charge.unit, charge.setting, charge.period) == ("questions", "daily_questions", "day")
