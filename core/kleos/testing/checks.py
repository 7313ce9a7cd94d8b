"""All checks, in the order in which an author wants to be told; they need no pytest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from attrs import frozen

from kleos.testing import exports, loading, memory, metrics, pages, rows, settings, stored
from kleos.testing.subject import Large, Samples, Settings, Subject, entries_of, find
from kleos.testing.verdicts import BrokenContractError, NotCheckedError

__all__ = ["CHECKS", "Check", "Verdict", "check_plugin", "checks_of", "verdict_of"]

About = Literal["plugin", "network", "metric"]
NO_LARGE: Large = {}


@frozen
class Check:
    """One thing that a plugin has to keep."""

    name: str
    about: About
    """Which plugins it is for; "plugin": for all."""
    claim: str
    """What is kept, in a sentence."""
    _keep: Callable[[Subject], None] | None

    def run(self, plugin: str, samples: Samples, settings: Settings, large: Large) -> None:
        """Raise `BrokenContractError` where it is not kept, `NotCheckedError` where another check tells why this one has nothing to see."""
        if self._keep is None:
            loading.loads_alone(plugin)
        else:
            self._keep(find(plugin, samples, settings, large))


@frozen
class Verdict:
    """How a check ended."""

    check: Check
    outcome: Literal["kept", "broken", "not checked"]
    message: str = ""
    """What was found and what to do; why there was nothing to see."""


def _check(about: About, keep: Callable[[Subject], None]) -> Check:
    return Check(keep.__name__, about, (keep.__doc__ or "").strip(), keep)


CHECKS = (
    Check("loads_alone", "plugin", (loading.loads_alone.__doc__ or "").strip(), None),
    _check("network", settings.settings_are_read),
    _check("network", settings.settings_are_documented),
    _check("network", settings.unknown_keys_are_refused),
    _check("network", settings.secrets_never_show),
    _check("network", pages.samples_parse),
    _check("network", rows.kinds_are_declared),
    _check("network", rows.numbers_are_counts),
    _check("network", rows.times_have_zones),
    _check("network", rows.own_activity_is_left_out),
    _check("network", pages.parsing_is_pure),
    _check("network", pages.junk_raises_parse_error),
    _check("network", exports.junk_exports_are_survived),
    _check("network", pages.pages_replay),
    _check("network", memory.memory_is_bounded),
    _check("network", stored.duplicates_collapse),
    _check("network", stored.score_never_falls),
    _check("metric", metrics.metrics_are_documented),
    _check("metric", metrics.metrics_are_monotone),
    _check("metric", metrics.metrics_are_order_free),
    _check("metric", metrics.metrics_are_bounded),
    _check("metric", metrics.metrics_are_about_others),
    _check("metric", metrics.metrics_add_up),
)


def checks_of(plugin: str) -> tuple[Check, ...]:
    """Return the checks that concern what is installed under a name; nothing of it is imported."""
    about = {"plugin", *(entry.kind for entry in entries_of(plugin))}
    return tuple(check for check in CHECKS if check.about in about)


def check_plugin(
    plugin: str, samples: Samples | None = None, settings: Settings | None = None, large: Large | None = None
) -> tuple[Verdict, ...]:
    """Run every check that concerns a plugin.

    `plugin` is the name of a network or a metric, or of a distribution of metrics. `samples` gives each source's exports or bulk files,
    `settings` the keys that its table needs beside `path`, `large` what makes a large export where repeating a sample does not.
    """
    return tuple(verdict_of(check, plugin, samples or {}, settings or {}, large or {}) for check in checks_of(plugin))


def verdict_of(check: Check, plugin: str, samples: Samples, settings: Settings, large: Large = NO_LARGE) -> Verdict:
    """Run one check, and tell how it ended."""
    try:
        check.run(plugin, samples, settings, large)
    except BrokenContractError as error:
        return Verdict(check, "broken", str(error))
    except NotCheckedError as error:
        return Verdict(check, "not checked", str(error))
    return Verdict(check, "kept")
