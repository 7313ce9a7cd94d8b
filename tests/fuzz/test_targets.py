"""Whatever is in a zip, reading it ends in rows or in an error that Kleos declares, and opens nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fuzz.targets import Exported, exported, networks, nothing_but, paged

FEW = settings(max_examples=30, deadline=None)
PIECES = (b"", b"\xff\xfe", b'"', b"null", b"\0", b"9999", b"]", b"}", b"\n", b"\\ud800", b"../../x", b"PK\x05\x06")


@st.composite
def damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Bytes with a few stretches replaced, doubled or gone."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 200)))
        body = body[:start] + draw(st.sampled_from([*PIECES, body[start:end] * 2])) + body[end:]
    return body


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Exported]]:
    """Return a function: a network → its samples as zips."""
    made: dict[str, list[Exported]] = {}

    def of(network: str) -> list[Exported]:
        if network not in made:
            made[network] = exported(network, tmp_path_factory.mktemp(network))
        return made[network]

    return of


def test_seven_networks_are_fuzzed() -> None:
    assert set(networks()) >= {"facebook", "foursquare", "googleplus", "instagram", "linkedin", "twitter", "youtube"}


@pytest.mark.parametrize("network", networks())
def test_the_samples_pass_as_they_are(network: str, exports: Callable[[str], list[Exported]]) -> None:
    pages = paged(network)
    assert pages
    for page in pages:
        page.check(page.body)
    for export in exports(network):
        export.check(export.zipped())


@pytest.mark.parametrize("network", networks())
def test_a_damaged_file_in_a_zip(network: str, exports: Callable[[str], list[Exported]]) -> None:
    @FEW
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        export = data.draw(st.sampled_from(exports(network)))
        name = data.draw(st.sampled_from(sorted(export.files)))
        export.check(export.zipped(name, data.draw(damaged(export.files[name]))))

    holds()


@pytest.mark.parametrize("network", networks())
def test_a_damaged_zip(network: str, exports: Callable[[str], list[Exported]]) -> None:
    @FEW
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        export = data.draw(st.sampled_from(exports(network)))
        export.check(data.draw(damaged(export.zipped())))

    holds()


def test_the_watch_sees_another_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"x")
    with pytest.raises(AssertionError, match="another file was opened"), nothing_but(tmp_path / "export.zip"):
        (tmp_path / "other").read_bytes()


def test_the_fuzzer_finds_nothing_within_seconds(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="pip install atheris to fuzz by coverage; the tests above try the same without it")
    command = [sys.executable, str(Path(__file__).with_name("parsers.py")), "--seconds", "5"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not list(tmp_path.iterdir())
