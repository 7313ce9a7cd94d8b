"""The network keeps what every plugin has to keep."""

from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


class TestYouTube(PluginContract):
    plugin = "youtube"
    samples = {  # noqa: RUF012  # as the kit shows it
        "comments": [SAMPLES / "data-api", SAMPLES / "yt-dlp"],
        "takeout": [SAMPLES / "takeout"],
    }
