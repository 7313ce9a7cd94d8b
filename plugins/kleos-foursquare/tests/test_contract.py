"""The network keeps what every plugin has to keep."""

from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


class TestFoursquare(PluginContract):
    plugin = "foursquare"
    samples = {"export": [SAMPLES / "data-export", SAMPLES / "saved-check-ins"]}  # noqa: RUF012  # as the kit shows it
