"""The network keeps what every plugin has to keep."""

from pathlib import Path

import pytest

from kleos.testing import PluginContract

pytest.importorskip("openpyxl", reason="pip install 'kleos-linkedin[analytics]' to test the samples of workbooks")

SAMPLES = Path(__file__).parents[1] / "samples"


class TestLinkedIn(PluginContract):
    plugin = "linkedin"
    samples = {  # noqa: RUF012  # as the kit shows it
        "export": [SAMPLES / "Complete_LinkedInDataExport_11-15-2026"],
        "analytics": [SAMPLES / "analytics", *SAMPLES.glob("page-analytics/*.xlsx")],
    }
