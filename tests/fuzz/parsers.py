"""Fuzz the parsers, led by what of their code has been reached: ``python tests/fuzz/parsers.py --seconds 20``.

Needs atheris (``pip install atheris``), which is there for Linux and for some versions of Python only; `test_targets.py` tries the same
targets without it. What breaks a promise is written to a file of the current folder, and ``python tests/fuzz/parsers.py FILE`` tries it
again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

Check = Callable[[bytes], None]

PACKAGES = sorted(path.name for path in (Path(__file__).parents[2] / "plugins").glob("*/src/kleos_*"))
_MARK = 2
"""The first bytes of an input say which target it is for."""


def main() -> int:
    """Run for the seconds that are asked for; return 0 where nothing was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="inputs to try again, instead of making new ones")
    parser.add_argument("--seconds", type=int, default=20, help="how long (default: %(default)s)")
    parser.add_argument("--network", action="append", help="only this one, or several (default: all with samples)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kleos-fuzz-") as folder:
        # The fuzzer ends its process without a word to Python: somebody else has to tidy up.
        child = os.fork()
        if not child:
            fuzz(asked.network, Path(folder), asked.files, asked.seconds)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def fuzz(networks: Sequence[str] | None, folder: Path, files: Sequence[Path], seconds: int) -> None:
    """Fuzz all targets of some networks, beginning with the samples, or try files again; does not return."""
    corpus = folder / "corpus"
    corpus.mkdir()
    with atheris.instrument_imports(include=PACKAGES):
        targets = list(_targets(networks, folder))
        for number, (check, seed) in enumerate(targets):
            check(seed)  # a sample passes as it is; and what is imported late is imported under instruments
            (corpus / str(number)).write_bytes(number.to_bytes(_MARK, "big") + seed)

    def one(data: bytes) -> None:
        if len(data) >= _MARK:
            check, _ = targets[int.from_bytes(data[:_MARK], "big") % len(targets)]
            check(data[_MARK:])

    flags = [str(path) for path in files] or [f"-max_total_time={seconds}", str(corpus)]
    atheris.Setup([sys.argv[0], "-timeout=20", "-rss_limit_mb=4096", *flags], one)
    atheris.Fuzz()


def _targets(names: Sequence[str] | None, folder: Path) -> Iterator[tuple[Check, bytes]]:
    """Yield what checks an input, and an input to begin with: pages, zips, and files in these."""
    from fuzz.targets import exported, networks, paged

    for name in names or networks():
        for page in paged(name):
            yield page.check, page.body
        for export in exported(name, folder):
            yield export.check, export.zipped()
            for member, body in export.files.items():
                yield lambda data, export=export, member=member: export.check(export.zipped(member, data)), body


if __name__ == "__main__":
    sys.exit(main())
