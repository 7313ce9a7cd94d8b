"""``kleos plugins``: what is installed, and whether it loads; make a plugin, and check one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kleos.cli.options import DEFAULTS, Flag, Options

__all__ = ["check", "new", "plugins"]


def plugins(*, options: Options = DEFAULTS) -> int:
    """List the plugins that are installed, load each of them, and say what they add, or what is wrong with those that fail."""
    from kleos.cli.following import Step
    from kleos.cli.listings.listed import listed
    from kleos.cli.listings.plugins import find, show

    following = [Step("kleos networks", "their reactions and sources"), Step("kleos metrics", "what they measure")]
    return listed(options, find, show, following=following)


def new(
    name: Annotated[str, Parameter(help="What the network or metric is called: lower-case letters, digits and _.")],
    /,
    *,
    network: Flag = False,
    metric: Flag = False,
    into: Annotated[Path, Parameter(metavar="FOLDER", help="Where the folder of the plugin is made.")] = Path(),
    options: Options = DEFAULTS,
) -> int:
    """Make the distribution of a plugin: it installs, runs and passes all checks before a line of it is edited.

    Parameters
    ----------
    network
        Make a network: where reactions come from.
    metric
        Make a metric: what is counted of them.
    """
    from kleos.cli.scaffolding import make_plugin

    return make_plugin(name, network=network, metric=metric, into=into, options=options)


def check(
    name: Annotated[str, Parameter(help="The network or metric, or a distribution of metrics; it has to be installed.")],
    /,
    *,
    samples: Annotated[
        Path | None,
        Parameter(
            metavar="FOLDER", help="Where its samples are; by default tests/test_contract.py says so, for what pip install -e installed."
        ),
    ] = None,
    options: Options = DEFAULTS,
) -> int:
    """Run everything that a plugin has to keep, and say what to do about what it breaks; exit with 1 if it breaks anything."""
    from kleos.cli.following import Step
    from kleos.cli.listings.checks import finder, is_broken, show
    from kleos.cli.listings.listed import listed

    following = [Step("kleos plugins", "what is installed, and what it adds")]
    return listed(options, finder(name, samples), show, following=following, fails=is_broken)
