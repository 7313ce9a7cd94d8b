"""From a name to the files of a distribution, and these into a folder of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from attrs import frozen

from kleos.contract import Network
from kleos.errors import UsageError
from kleos.plugins import Installed, PluginKind
from kleos.plugins.seen import canonical
from kleos.scaffold.examples import example_run

__all__ = ["Plan", "plan"]

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_LONGEST = 40
_RESERVED = ("any", "interactions", "kleos")
"""What means something else in a configuration, or as a name of a package."""
_ENDING = ".template"


@frozen(kw_only=True)
class Plan:
    """A distribution that has not been written yet."""

    distribution: str
    """``kleos-<name>``: the name of its folder, too."""
    files: Mapping[str, str]
    """Path in that folder → text."""

    def write(self, into: Path) -> Path:
        """Write the files into a new folder in `into` (made where there is none), and return the folder; whole, or not at all.

        Raises `UsageError` where the folder is there already, whatever is in it, or cannot be made.
        """
        folder = into / self.distribution
        try:
            into.mkdir(parents=True, exist_ok=True)
            folder.mkdir()
        except FileExistsError:
            hint = "choose another name, or another folder with --into"
            raise UsageError("this is there already, and nothing is overwritten", where=str(folder), hint=hint) from None
        except OSError as error:
            hint = "choose another folder with --into"
            raise UsageError(f"the folder cannot be made: {error.strerror}", where=str(folder), hint=hint) from None
        try:
            for name, text in self.files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise UsageError(
                f"the files cannot be written: {error.strerror}", where=str(folder), hint="make room, or choose another"
            ) from None
        return folder


def plan(name: str, kind: PluginKind, *, taken: Sequence[Installed], networks: Sequence[Network] = ()) -> Plan:
    """Return the distribution of a new plugin.

    `taken` is what is installed, `networks` those that an example of a metric can be made for. Raises `UsageError` for a name that cannot
    be used.
    """
    distribution = f"kleos-{name.replace('_', '-')}"
    _check(name, kind, distribution, taken)
    words = name.split("_")
    values = {
        "name": name,
        "title": " ".join(words).capitalize(),
        "class_name": "".join(word.capitalize() for word in words),
        "constant": name.upper(),
        "distribution": distribution,
        "package": f"kleos_{name}",
    }
    more = example_run(name, networks) if kind == "metric" else {}
    written = {place: Template(text).substitute(values) for place, text in _templates(files(__package__) / kind)}
    return Plan(
        distribution=distribution,
        files={place.replace("PACKAGE", values["package"]): text for place, text in (written | more).items()},
    )


def _check(name: str, kind: PluginKind, distribution: str, taken: Sequence[Installed]) -> None:
    allowed = f"lower-case letters and digits with single _ between, a letter first, at most {_LONGEST}"
    if not _NAME.match(name) or len(name) > _LONGEST:
        better = _better(name)
        raise UsageError(f"expected {allowed}, found {name!r}", where="NAME", hint=f"try {better}" if better else "")
    if name in _RESERVED:
        raise UsageError(f"{name!r} means something else to Kleos", where="NAME", hint=f"choose another name: {allowed}")
    if name.startswith("kleos_"):
        hint = f"try {name.removeprefix('kleos_')}: the distribution is called kleos-… by itself"
        raise UsageError(f"expected a name without kleos, found {name!r}", where="NAME", hint=hint)
    for entry in taken:
        if (entry.kind, entry.name) == (kind, name):
            hint = "choose another name: two of one name cannot be installed together"
            raise UsageError(f"the {kind} {name} is installed already, by {entry.distribution}", where="NAME", hint=hint)
        if canonical(entry.distribution) == distribution:
            hint = "choose another name: the new distribution would take its place"
            raise UsageError(f"the distribution {distribution} is installed already", where="NAME", hint=hint)


def _better(name: str) -> str:
    """Return a name that can be used and is like another; empty where there is none."""
    found = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_").removeprefix("kleos_").lstrip("_0123456789")[:_LONGEST].rstrip("_")
    return found if _NAME.match(found) and found not in _RESERVED else ""


def _templates(folder: Traversable, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of every template in a folder."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f".{entry.name.removeprefix('dot-')}" if entry.name.startswith("dot-") else entry.name
        if entry.is_dir():
            yield from _templates(entry, f"{place}{name}/")
        elif name.endswith(_ENDING):
            yield f"{place}{name.removesuffix(_ENDING)}", entry.read_text(encoding="utf-8")
