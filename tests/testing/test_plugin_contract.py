"""The class that plugins' tests extend: its methods, and how they end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kleos.testing import CHECKS, PluginContract, check_plugin
from kleos.testing.checks import verdict_of

from .conftest import Bench


def names(class_: type) -> list[str]:
    return [name.removeprefix("test_") for name in vars(class_) if name.startswith("test_")]


def test_a_network_has_the_methods_of_networks_and_all_pass(bench: Bench) -> None:
    bench.install_network()

    class Twin(PluginContract):
        plugin = "twin"
        samples = {"archive": [bench.sample()]}  # noqa: RUF012  # as the kit shows it

    assert names(Twin) == [check.name for check in CHECKS if check.about != "metric"]
    for name in names(Twin):
        getattr(Twin(), f"test_{name}")()


def test_metrics_are_found_by_name_and_by_distribution(bench: Bench) -> None:
    bench.install_metric()

    class ByName(PluginContract):
        plugin = "twin"

    class ByDistribution(PluginContract):
        plugin = "kleos-twin"

    assert names(ByName) == names(ByDistribution) == [check.name for check in CHECKS if check.about != "network"]


def test_a_broken_check_fails_with_the_message_alone_and_those_behind_it_are_skipped(bench: Bench) -> None:
    bench.install("networks", "1 / 0")

    class Twin(PluginContract):
        plugin = "twin"

    methods: Any = Twin()
    with pytest.raises(pytest.fail.Exception, match=r"(?s)twin: .*ZeroDivisionError.*what to do: ") as failure:
        methods.test_loads_alone()
    assert failure.value.pytrace is False
    with pytest.raises(pytest.skip.Exception, match="see the check loads_alone"):
        methods.test_samples_parse()


def test_what_is_not_installed_fails_one_test_that_says_so(bench: Bench) -> None:
    class Nobody(PluginContract):
        plugin = "nobody"

    assert names(Nobody) == ["loads_alone"]
    (verdict,) = check_plugin("nobody")
    assert "nothing called 'nobody' is installed\nwhat to do: install the plugin" in verdict.message


def test_a_method_of_ones_own_stands(bench: Bench) -> None:
    bench.install_metric()

    class Twin(PluginContract):
        plugin = "twin"

        def test_metrics_add_up(self) -> None:
            """Own."""

    assert vars(Twin)["test_metrics_add_up"].__doc__ == "Own."


def test_samples_of_no_source_and_samples_that_are_not_there_are_named(bench: Bench) -> None:
    bench.install_network()
    (check,) = [check for check in CHECKS if check.name == "samples_parse"]
    for samples, expected in (
        ({"archives": [bench.sample()]}, "samples name the source 'archives', which is none of archive, api"),
        ({"archive": [bench.folder / "nowhere"]}, "nowhere is not there"),
        ({}, "source archive has no sample\nwhat to do: invent a small one"),
    ):
        verdict = verdict_of(check, "twin", samples, {})
        assert verdict.outcome == "broken"
        assert expected in verdict.message


def test_samples_may_be_relative(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.install_network()
    monkeypatch.chdir(bench.sample().parent)
    verdicts = check_plugin("twin", {"archive": [Path("sample")]})
    assert {verdict.outcome for verdict in verdicts} == {"kept"}


def test_a_value_that_the_kit_cannot_guess_is_given_by_the_author(bench: Bench) -> None:
    bench.install_network("instances: tuple[str, ...]", "instances: datetime")
    (check,) = [check for check in CHECKS if check.name == "settings_are_read"]
    assert "settings = {'api': {'instances': …}}" in verdict_of(check, "twin", {}, {}).message
    assert verdict_of(check, "twin", {}, {"api": {"instances": datetime(2026, 1, 1, tzinfo=UTC)}}).outcome == "kept"


def test_an_author_may_make_the_large_export(bench: Bench) -> None:
    bench.install_network("for lines in export.chunks(name)", "for lines in list(export.chunks(name))")
    (check,) = [check for check in CHECKS if check.name == "memory_is_bounded"]
    sizes: list[int] = []

    def make(folder: Path, size: int) -> Path:
        assert list(folder.iterdir()) == []
        sizes.append(size)
        (folder / "likes.jsonl").write_bytes(b'{"a": 1}\n' * (size // 9))
        return folder

    class Twin(PluginContract):
        plugin = "twin"
        samples = {"archive": [bench.sample()]}  # noqa: RUF012  # as the kit shows it
        large = {"archive": make}  # noqa: RUF012

    methods: Any = Twin()
    with pytest.raises(pytest.fail.Exception, match=r"takes .* MB of memory where it has 2.0 MB, and .* MB where it has 8.0 MB"):
        methods.test_memory_is_bounded()
    assert len(sizes) == 2
    assert verdict_of(check, "twin", Twin.samples, {}).outcome == "broken", "what the kit makes shows it, too"


def test_a_large_export_that_is_of_no_use_is_no_flaw(bench: Bench) -> None:
    bench.install_network(
        "for name in export.names:", "assert sum(1 for _ in export.chunks('likes.jsonl')) < 2\n    for name in export.names:"
    )
    (check,) = [check for check in CHECKS if check.name == "memory_is_bounded"]
    verdict = verdict_of(check, "twin", {"archive": [bench.sample()]}, {})
    assert verdict.outcome == "not checked"
    assert "give one: large = {'archive': function}" in verdict.message


@pytest.mark.parametrize(
    "annotation",
    ["str | None", "list[int]", "dict[str, int]", "float", "bool", "set[str]", "Literal['a', 'b']", "'Secret | None'", "tuple[Path, ...]"],
)
def test_the_kit_knows_a_value_of_what_stands_in_most_settings(bench: Bench, annotation: str) -> None:
    bench.install_network("instances: tuple[str, ...]", f"instances: {annotation}")
    (check,) = [check for check in CHECKS if check.name == "settings_are_read"]
    verdict = verdict_of(check, "twin", {}, {})
    assert verdict.outcome == "kept", verdict.message


def test_every_check_stands_alone(bench: Bench) -> None:
    # An earlier check must not do a later one's work, such as resolving the annotations of settings.
    bench.install_network("token: Secret", "token: str")
    (check,) = [check for check in CHECKS if check.name == "secrets_never_show"]
    assert "'token' takes a text" in verdict_of(check, "twin", {}, {}).message


def test_every_claim_is_a_sentence() -> None:
    for check in CHECKS:
        assert check.claim.endswith(".")
        assert "\n\n" not in check.claim
