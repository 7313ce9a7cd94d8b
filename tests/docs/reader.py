"""Somebody who reads a page and does what it says: in an empty folder, in a virtual environment of their own.

The environment sees what is installed where the tests run, so that nothing has to be downloaded.
"""

from __future__ import annotations

import os
import site
import subprocess
import venv
from pathlib import Path

from attrs import define, field

from docs.blocks import Block, commands, shown

__all__ = ["Reader", "environment"]

_WIDTH = 100
_LEAVES = ("cd ", "pip ", "kleos plugins new ")
_CHECK_TOML = """
import sys
from pathlib import Path
from kleos.config import read, resolve
from kleos.plugins import load
raw = read(sys.stdin.read())
loaded = load(networks=raw.networks, metrics=raw.metrics, strict=True)
resolve(raw, loaded.networks, loaded.metrics, folder=Path.cwd())
"""


def environment(folder: Path) -> Path:
    """Make a virtual environment on top of the one that runs the tests; return its folder of programs."""
    venv.EnvBuilder(symlinks=True).create(folder)
    programs = folder / "bin"
    python = programs / "python"
    place = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    outer = "; ".join(f"site.addsitedir({path!r})" for path in site.getsitepackages())
    Path(place.stdout.strip(), "outer.pth").write_text(f"import site; {outer}\n", encoding="utf-8")
    for name in ("kleos", "pip", "pytest"):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec {python} -m {name} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    return programs


@define
class Reader:
    """Does what the blocks of a page say; each of its methods returns what went wrong, None where nothing did."""

    home: Path
    programs: Path
    place: Path = field(init=False)
    variables: dict[str, str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.place = self.home / "work"
        self.place.mkdir()
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "XDG_CACHE_HOME", "NUMBA_DISABLE_JIT") if name in os.environ}
        cache = {"XDG_CACHE_HOME": kept.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))}  # compiled once for all pages
        self.variables = {
            **kept,
            **cache,
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "XDG_DATA_HOME": str(self.home / "data"),
            "COLUMNS": str(_WIDTH),
            "NO_COLOR": "1",
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it the other way round: this forbids isolation, and so the download of a builder
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_ROOT_USER_ACTION": "ignore",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def follow(self, block: Block) -> str | None:
        """Do what a block says."""
        if block.caption:
            file = self.place / block.caption
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
            return None
        if block.language == "console":
            return self._type(block.text)
        if block.language == "python":
            return self._run(["-W", "error", "-"], block.text)
        if block.language == "toml":
            return self._run(["-c", _CHECK_TOML], block.text)
        return None if block.language in ("text", "sh") else f"nobody knows what to do with a block of {block.language!r}"

    def prepare(self, block: Block) -> str | None:
        """Do only what leaves something behind: write files, go to folders, make and install plugins."""
        if block.language != "console" or block.caption:
            return self.follow(block) if block.caption else None
        kept = [command.line for command in commands(block.text) if command.line.startswith(_LEAVES)]
        return self._type("\n".join(f"$ {line}" for line in kept))

    def _type(self, text: str) -> str | None:
        for command in commands(text):
            done = subprocess.run(
                ["bash", "-c", f"trap 'pwd > {self.home}/pwd; env -0 > {self.home}/env' EXIT\n{command.line}\n"],
                cwd=self.place,
                env=self.variables,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            self.place = Path((self.home / "pwd").read_text().strip())
            pairs = (line.partition("=") for line in (self.home / "env").read_text().split("\0") if line)
            self.variables = {name: value for name, _, value in pairs}
            if done.returncode:
                return f"{command.line}\nexits with {done.returncode}\n{done.stdout}{done.stderr}"
            if command.printed and not shown(done.stdout, command.printed):
                return f"{command.line}\nprints\n{done.stdout}\nand not, as the page says,\n{command.printed}\n{done.stderr}"
        return None

    def _run(self, options: list[str], text: str) -> str | None:
        done = subprocess.run(
            [self.programs / "python", *options],
            cwd=self.place,
            env=self.variables,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        return f"{text}\nfails\n{done.stdout}{done.stderr}" if done.returncode else None
