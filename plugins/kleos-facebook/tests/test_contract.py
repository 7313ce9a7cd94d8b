"""The network keeps what every plugin has to keep."""

from __future__ import annotations

import json
from pathlib import Path

from kleos.testing import CHECKS, PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


def one_large_album(folder: Path, size: int) -> Path:
    """Make an export whose one album, an object and no bare list, is as large as is asked for."""
    album = json.loads((SAMPLES / "export-2019/photos_and_videos/album/0.json").read_text(encoding="utf-8"))
    times = max(1, size // len(json.dumps(album["photos"])))
    (folder / "photos_and_videos/album").mkdir(parents=True)
    (folder / "photos_and_videos/album/0.json").write_text(json.dumps(album | {"photos": album["photos"] * times}), encoding="utf-8")
    return folder


class TestFacebook(PluginContract):
    plugin = "facebook"
    samples = {"export": sorted(SAMPLES.iterdir())}  # noqa: RUF012  # as the kit shows it


def test_memory_is_bounded_where_one_album_is_large() -> None:
    (check,) = (check for check in CHECKS if check.name == "memory_is_bounded")
    check.run("facebook", {"export": [SAMPLES / "export-2019"]}, {}, {"export": one_large_album})
