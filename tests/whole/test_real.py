"""Real input: a real archive, and a real population."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from kleos.cli import main

SIX_LINES = """\
[run]
store = "store"
[people.milan]
accounts = {{ twitter = "milahu104" }}
[networks.twitter]
archive = "{path}"
"""


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_real_archive_is_accounted_for_to_the_last_like(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], packed: bool
) -> None:
    folder = shared / "real" / "twitter" / "archive-2026"
    # Counted without the parser: in this archive no post is somebody else's.
    text = (folder / "data" / "tweets.js").read_text()
    likes = sum(map(int, re.findall(r'"favorite_count" : "(\d+)"', text)))
    reposts = sum(map(int, re.findall(r'"retweet_count" : "(\d+)"', text)))
    assert (likes, reposts) == (1481, 108)
    path = folder
    if packed:
        path = tmp_path / "archive.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for member in sorted(folder.rglob("*")):
                file.write(member, member.relative_to(folder))
    (tmp_path / "kleos.toml").write_text(SIX_LINES.format(path=path))
    assert main(["run", str(tmp_path / "kleos.toml"), "--json", "--quiet"]) == 0
    result = json.loads(capsys.readouterr().out)
    person = result["people"][0]
    coverage = person["coverage"]
    assert coverage["imported"] == likes + reposts
    assert person["networks"]["twitter"]["interactions"] == likes + reposts - coverage["outside_window"] - coverage["after_as_of"]
    assert result["as_of_reason"] == "the newest time in the data"


def test_over_a_real_population_the_mean_is_40_and_the_top_5_percent_begin_at_63(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kleos.toml").write_text(
        f'[population]\ninteractions = "{shared}/bench-data/higgs-2012-07-01-to-04.csv.gz"\nnetwork = "twitter"\n'
        'kinds = { RT = "retweet", MT = "mention", RE = "reply" }\ntime_unit = "s"\nout = "scores.parquet"\n'
    )
    assert main(["run", str(tmp_path / "kleos.toml"), "--json", "--quiet"]) == 0
    population = json.loads(capsys.readouterr().out)["population"]
    assert population["reference"]["mean"] == pytest.approx(40, abs=0.5)
    assert population["reference"]["top_5_percent"] == pytest.approx(63, abs=0.5)
    assert (tmp_path / "scores.parquet").stat().st_size > 0
