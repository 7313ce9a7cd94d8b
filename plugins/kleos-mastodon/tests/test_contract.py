"""The network keeps what every plugin has to keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

from kleos.testing import PluginContract

ADA = Path(__file__).parents[1] / "samples" / "archive" / "ada"


def large(folder: Path, size: int) -> Path:
    """Repeat the posts of the sample: an archive holds them in one list, however long."""
    outbox = json.loads((ADA / "outbox.json").read_text())
    activity = json.dumps(outbox["orderedItems"][0])
    for name in ("actor.json", "likes.json"):
        (folder / name).write_bytes((ADA / name).read_bytes())
    with (folder / "outbox.json").open("w") as file:
        file.write('{"@context": [], "orderedItems": [' + activity)
        for number in range(size // len(activity)):
            file.write("," + activity.replace("/statuses/", f"/statuses/{number}"))
        file.write("]}")
    return folder


class TestMastodon(PluginContract):
    plugin = "mastodon"
    samples: ClassVar = {"archive": [ADA]}
    settings: ClassVar = {"api": {"host": "https://mastodon.example"}}
    large: ClassVar = {"archive": large}
