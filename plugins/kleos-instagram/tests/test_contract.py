"""The network keeps what every plugin has to keep."""

from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


class TestInstagram(PluginContract):
    plugin = "instagram"
    samples = {"export": sorted(SAMPLES.iterdir())}  # noqa: RUF012  # as the kit shows it
