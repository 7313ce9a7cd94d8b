"""Exports of any size: what ``kleos collect`` needs of memory while it reads one, beside an export a tenth as large.

``python -m benchmarks.exports --gigabytes 5 --only facebook``: the sample that a plugin ships, one of its files made as long as asked for
(Google+ has a file for each post: there it is their number), collected by a process of its own whose peak memory is told.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

__all__ = ["main"]

PLUGINS = Path(__file__).parents[1] / "plugins"
_MARK = "\0"
_BLOCK = 1 << 20
_PER_POST = 48 << 10
"""Bytes of one post of Google+ with all its comments."""

CONFIG = """
[run]
store = "store"

[people.owner]
{accounts}

[networks.{network}]
{source} = "export"

[limits]
members = 10_000_000
member_bytes = "64GB"
total_bytes = "256GB"
"""


@frozen
class _Sample:
    """A sample, and which of its arrays is made longer."""

    source: str
    folder: str
    file: str
    array: str | None = None
    """The key of the array; None where the file is an array, or a table."""
    ids: str = r"\d{12,}"
    """What makes an element another one: a number is put behind it."""
    prefix: str = ""
    indent: int | None = None
    many: bool = False
    """Whether there is a file for each post."""
    account: str = ""


SAMPLES: Mapping[str, _Sample] = {
    "facebook": _Sample(
        "export",
        "export-2026",
        "your_facebook_activity/posts/album/0.json",
        "photos",
        ids=r"\d{12,}(?=_n)|(?<=\"author\": \")\w+",
        indent=2,
    ),
    "foursquare": _Sample("export", "data-export", "checkins1.json", "items", ids="65f2c0de[0-9a-f]+"),
    "googleplus": _Sample(
        "takeout",
        "takeout-json",
        "Takeout/Google+ Stream/Posts/20180512 - The kiln is finally warm_ first bowls c.json",
        "comments",
        ids=r"\b(?!100000000000000007919\b)\d{12,}",  # the owner has one id, however long the archive
        many=True,
    ),
    "instagram": _Sample(
        "export",
        "instagram-ada.quill.makes-2026-11-12-Kx3fQ9aB",
        "logged_information/past_instagram_insights/posts.json",
        "organic_insights_posts",
        indent=2,
    ),
    "linkedin": _Sample(
        "export",
        "Complete_LinkedInDataExport_11-15-2026",
        "Recommendations_Received.csv",
        ids=r"(?m)^[A-Z]\w+(?=,[A-Z]\w+,)",
        account='linkedin = ["ada-quill-lutherie", "Ada Quill"]',
    ),
    "mastodon": _Sample("archive", "archive/ada", "outbox.json", "orderedItems", account='mastodon = "ada@mastodon.example"'),
    "twitter": _Sample("archive", "ada", "data/tweets.js", prefix="window.YTD.tweets.part0 = ", ids=r"\d{19}", indent=2),
    "youtube": _Sample(
        "comments",
        "yt-dlp",
        "The kiln is open [k1lnOpen_26].info.json",
        "comments",
        ids=r"Ugx[\w-]+|(?<=@)\w+",
        account='youtube = "UCAdaMuster-Pottery-7A0w"',
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one JSON object for each network; returns 1 where one could not be collected."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description="Memory that large exports take.")
    parser.add_argument("--gigabytes", type=float, default=1.0, help="how large the export is (default: %(default)s)")
    parser.add_argument("--only", choices=SAMPLES, action="append", help="this network alone; may be given more than once")
    wanted = parser.parse_args(arguments)
    failed = False
    for network in wanted.only or SAMPLES:
        small, large = (_collected(network, int(wanted.gigabytes * share * 1e9)) for share in (0.1, 1))
        failed |= bool(small["exit_code"] or large["exit_code"])
        growth = round(large["peak_memory_mb"] / small["peak_memory_mb"], 2)
        print(json.dumps({"benchmark": "exports", "network": network, **large, "a_tenth": small, "growth": growth}), flush=True)
    return int(failed)


def _collected(network: str, size: int) -> dict[str, Any]:
    sample = SAMPLES[network]
    with tempfile.TemporaryDirectory(prefix="kleos-exports-") as name:
        folder = Path(name)
        shutil.copytree(PLUGINS / f"kleos-{network}/samples" / sample.folder, folder / "export")
        path = folder / "export" / sample.file
        files = _many(path, size, sample) if sample.many else _one(path, size, sample)
        config = CONFIG.format(network=network, source=sample.source, accounts=f"accounts = {{ {sample.account} }}")
        (folder / "kleos.toml").write_text(config)
        start = time.perf_counter()
        command = [sys.executable, "-m", "kleos", "collect", str(folder / "kleos.toml"), "--json", "--quiet"]
        with (folder / "out.json").open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        found = json.loads((folder / "out.json").read_text() or "{}")
        return {
            "megabytes": size // 1_000_000,
            "files": files,
            "rows": sum(one["rows"] for one in found.get("sources", ())),
            "seconds": round(time.perf_counter() - start, 1),
            "peak_memory_mb": usage.ru_maxrss // 1024,
            "exit_code": process.returncode,
        }


def _one(path: Path, size: int, sample: _Sample) -> int:
    """Make the array of one file as long as asked for."""
    begin, pieces, between, end = _template(path, sample)
    with path.open("wb") as file:
        file.write(begin)
        for number, block in enumerate(_blocks(pieces, between)):
            file.write((between if number else b"") + block)
            if file.tell() >= size:
                break
        file.write(end)
    return 1


def _many(path: Path, size: int, sample: _Sample) -> int:
    """Write the file again and again under other names, each time with an array of its own, some hundred elements long."""
    begin, pieces, between, end = _template(path, sample)
    whole = begin.decode()
    copies = _copies(pieces)
    files = length = 0
    while length < size:
        comments = [next(copies)]
        while sum(map(len, comments)) < _PER_POST:
            comments.append(next(copies))
        files += 1
        body = re.sub(r"(?<=posts/)\w+", lambda found, files=files: f"{found[0]}{files}", whole).encode() + between.join(comments) + end
        length += len(body)
        path.with_name(f"{files} - Post.json").write_bytes(body)
    return files


def _template(path: Path, sample: _Sample) -> tuple[bytes, list[bytes], bytes, bytes]:
    """Return what stands before the elements, the elements cut where a number belongs, what stands between two, and what follows."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        begin, _, rows = text.partition("\n")
        return f"{begin}\n".encode(), _cut(rows, sample), b"", b""
    whole = json.loads(text.removeprefix(sample.prefix))
    elements = whole if sample.array is None else whole[sample.array]
    if sample.array is None:
        whole = [_MARK]
    else:
        whole[sample.array] = [_MARK]
    begin, end = json.dumps(whole, indent=sample.indent).split(json.dumps(_MARK))
    several = ",\n".join(json.dumps(element, indent=sample.indent) for element in elements)
    return (sample.prefix + begin).encode(), _cut(several, sample), b",\n", end.encode()


def _cut(text: str, sample: _Sample) -> list[bytes]:
    return [piece.encode() for piece in re.sub(sample.ids, lambda found: found[0] + _MARK, text).split(_MARK)]


def _copies(pieces: Sequence[bytes]) -> Iterator[bytes]:
    number = 0
    while True:
        yield str(number).join(piece.decode() for piece in pieces).encode() if number else b"".join(pieces)
        number += 1


def _blocks(pieces: Sequence[bytes], between: bytes) -> Iterator[bytes]:
    block: list[bytes] = []
    length = 0
    for copy in _copies(pieces):
        block.append(copy)
        length += len(copy)
        if length >= _BLOCK:
            yield between.join(block)
            block, length = [], 0


if __name__ == "__main__":
    sys.exit(main())
