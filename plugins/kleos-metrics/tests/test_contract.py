"""The metrics keep what every plugin has to keep."""

from kleos.testing import PluginContract


class TestMetrics(PluginContract):
    plugin = "kleos-metrics"
