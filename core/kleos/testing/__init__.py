"""The conformance kit: what every plugin has to keep, checked with the plugin's own samples. Only the command line imports it.

Four lines test a plugin that is installed::

    from kleos.testing import PluginContract

    class TestExample(PluginContract):
        plugin = "example"
        samples = {"archive": [Path(__file__).parent.parent / "samples" / "archive"]}

``kleos plugins check example`` runs the same without a file, and without pytest.

`kleos.testing.strategies` has hypothesis strategies for tests of one's own; it needs ``pip install 'kleos[testing]'``.
"""

from kleos.testing.checks import CHECKS, Check, Verdict, check_plugin
from kleos.testing.plugin_contract import PluginContract

__all__ = ["CHECKS", "Check", "PluginContract", "Verdict", "check_plugin"]
