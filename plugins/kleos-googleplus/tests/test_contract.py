"""The network keeps what every plugin has to keep."""

from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


class TestGooglePlus(PluginContract):
    plugin = "googleplus"
    samples = {"takeout": [SAMPLES / "takeout-json", SAMPLES / "takeout-html", SAMPLES / "takeout-microdata"]}  # noqa: RUF012  # as the kit shows it
