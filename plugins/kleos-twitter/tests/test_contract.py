"""The network keeps what every plugin has to keep."""

from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


class TestTwitter(PluginContract):
    plugin = "twitter"
    samples = {  # noqa: RUF012  # as the kit shows it
        "archive": [SAMPLES / "ada", SAMPLES / "bob.zip"],
        "bulk": [SAMPLES / "collected-v1.jsonl", SAMPLES / "collected-v2.jsonl"],
    }
