from pathlib import Path

from kleos.contract import Role
from kleos.hookspecs import NETWORKS_GROUP
from kleos_googleplus.plugin import GOOGLEPLUS, kleos_networks


def test_the_network_is_declared_under_the_name_of_its_entry_point() -> None:
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    assert f'[project.entry-points."{NETWORKS_GROUP}"]\n{GOOGLEPLUS.name} = ' in project
    assert kleos_networks() == (GOOGLEPLUS,)


def test_every_kind_has_its_role_and_only_comments_can_be_repeated() -> None:
    roles = {name: (kind.role, kind.once) for name, kind in GOOGLEPLUS.kinds.items()}
    assert roles == {
        "plusone": (Role.LIKE, True),
        "comment": (Role.REPLY, False),
        "reshare": (Role.SHARE, True),
        "poll_vote": (Role.LIKE, True),
    }


def test_the_readme_names_every_kind_and_the_table() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    assert all(f"`{name}`" in readme for name in GOOGLEPLUS.kinds)
    assert "[networks.googleplus]" in readme
