"""The network keeps what every plugin has to keep."""

import shutil
from pathlib import Path

from kleos.testing import PluginContract

SAMPLES = Path(__file__).parents[1] / "samples"


def somebody_who_writes_much(folder: Path, size: int) -> Path:
    """Make a Takeout with one channel and as many comments of its owner as are asked for."""
    shutil.copytree(SAMPLES / "takeout", folder, dirs_exist_ok=True)
    (written,) = folder.rglob("comments.csv")
    columns, *rows = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(columns + b"".join(rows) * (size // len(b"".join(rows)) + 1))
    return folder


class TestYouTube(PluginContract):
    plugin = "youtube"
    samples = {  # noqa: RUF012  # as the kit shows it
        "comments": [SAMPLES / "data-api", SAMPLES / "yt-dlp"],
        "takeout": [SAMPLES / "takeout"],
    }
    large = {"takeout": somebody_who_writes_much}  # noqa: RUF012
