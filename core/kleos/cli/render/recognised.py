"""What ``kleos init --from`` understood, and what it did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict
from rich.console import RenderableType
from rich.text import Text

from kleos.cli.render.layout import hanging, held, paragraph
from kleos.cli.render.report import moment
from kleos.cli.render.table import table
from kleos.events import Fault
from kleos.plugins import Loaded
from kleos.report.words import clean, listed
from kleos.scoring.result import iso

if TYPE_CHECKING:
    from kleos.setup.looking import Unrecognised
    from kleos.setup.understanding import Entry, Understood

__all__ = ["recognised_json", "recognised_report"]

_MOST = 20
_FEW = 4


def recognised_report(understood: Understood, loaded: Loaded, config: Path | None, *, width: int) -> list[RenderableType]:
    """Return what each path is, who was found, what is of no use, and where the configuration is (None: none was written)."""
    lines: list[RenderableType] = []
    if understood.entries:
        lines.append(Text("recognised", style="bold"))
        for entry in understood.entries:
            lines += [_paths(entry, width), *(paragraph(fact, width, indent=4) for fact in _facts(entry, loaded))]
        lines += [Text(), *_people(understood, width), Text()]
    if understood.unknown:
        lines.append(Text("not used", style="bold yellow"))
        for stranger in understood.unknown[:_MOST]:
            lines += _stranger(stranger, width)
        if len(understood.unknown) > _MOST:
            lines.append(Text(f"  and {len(understood.unknown) - _MOST:,} more: --json lists them all"))
        lines.append(Text())
    notes = list(_notes(understood))
    if notes:
        lines += [Text("notes", style="bold"), *(paragraph(note, width, indent=2) for note in notes), Text()]
    if config is None:
        return lines[:-1]
    when = f", to be scored as of {held(moment(understood.as_of))}, the newest time in the data" if understood.as_of else ""
    return [*lines, paragraph(f"written to {clean(str(config))}{when}", width)]


def recognised_json(understood: Understood, config: Path | None, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return the same for programs; `config` is null where nothing was written."""
    return {
        "config": None if config is None else str(config),
        "as_of": None if understood.as_of is None else iso(understood.as_of),
        "sources": [_entry_json(entry) for entry in understood.entries],
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "accounts": {network: list(accounts) for network, accounts in person.accounts.items()},
                "owner": person.id not in understood.bystanders,
            }
            for person in understood.people
        ],
        "not_recognised": [
            {"path": str(stranger.path), "reason": stranger.reason, "hint": stranger.hint} for stranger in understood.unknown
        ],
        "notes": list(_notes(understood)),
        "faults": [asdict(fault) for fault in faults],
    }


def _paths(entry: Entry, width: int) -> Text:
    shown = ", ".join(clean(str(path)) for path in entry.found.paths)
    return hanging("  ", shown, width, room=2, style="cyan")


def _facts(entry: Entry, loaded: Loaded) -> Iterator[str]:
    found = entry.found
    titles = {source.name: source.title for source in loaded.networks[found.network].sources}
    networks = listed([loaded.networks[name].title for name in found.networks or (found.network,)])
    what = f"{networks}: {titles.get(found.source, 'a table of reactions')}"
    if len(found.paths) > 1 and found.owned:
        what += f", in {len(found.paths)} parts"
    yield clean(f"{what}, {_sure(found.sure)}{_whose(entry)}")
    yield clean(entry.survey.counted.told())
    for guess in found.others:
        yield clean(f"may also be {guess.network} ({guess.source}), {_sure(guess.sure)}")
    if entry.survey.faults:
        yield clean(entry.survey.flaws)


def _whose(entry: Entry) -> str:
    owner = entry.found.owner
    if entry.person is None:
        return ""
    if owner is None:
        return "; does not say whose it is"
    name = next((f" ({name})" for name in owner.names if name != _shown(entry)), "")
    return f"; of {_shown(entry)}{name}"


def _shown(entry: Entry) -> str:
    owner = entry.found.owner
    return next(iter((*owner.handles, *owner.ids, *owner.names)), "") if owner else ""


def _people(understood: Understood, width: int) -> list[RenderableType]:
    rows = [
        [
            clean(person.id),
            clean(person.name),
            ", ".join(f"{network} {clean(accounts[0])}" for network, accounts in person.accounts.items() if accounts),
        ]
        for person in understood.people
    ]
    return table(("person", "name", "accounts"), rows, width=width)


def _stranger(stranger: Unrecognised, width: int) -> list[RenderableType]:
    lines: list[RenderableType] = [hanging("  ", clean(str(stranger.path)), width, room=2, style="cyan")]
    lines.append(paragraph(clean(stranger.reason), width, indent=4))
    if stranger.hint:
        lines.append(hanging("    hint: ", clean(stranger.hint), width, room=10, label_style="green"))
    return lines


def _notes(understood: Understood) -> Iterator[str]:
    for reason in understood.joined:
        yield clean(f"{reason}.")
    if understood.bystanders:
        count = len(understood.bystanders)
        who = f"{count} of the people are" if count > 1 else "One of the people is"
        them = "them" if count > 1 else "this account"
        tables = _some([entry for entry in understood.entries if entry.person is None])
        yield f"{who} here for the reactions to {them} in {tables}, which nobody owns: take out whom you do not mean."
    unsaid = [entry for entry in understood.entries if entry.person is not None and entry.found.owner is None]
    if unsaid:
        yield f"Not said: whose {_some(unsaid)} is. It has a person of its own, named after the file; put the right one in their place."
    outdated = [entry for entry in understood.entries if entry.outdated]
    if outdated:
        yield f"Older than the window before as_of, and so not scored: {_some(outdated)}. A configuration of their own would score them."


def _some(entries: Sequence[Entry]) -> str:
    names = [clean(entry.found.paths[0].name) for entry in entries]
    return listed(names if len(names) <= _FEW else [*names[: _FEW - 1], f"{len(names) - _FEW + 1} more"])


def _sure(share: float) -> str:
    return held(f"{share * 100:.0f} % sure")


def _entry_json(entry: Entry) -> dict[str, Any]:
    found, counted = entry.found, entry.survey.counted
    owner = None if found.owner is None else {"ids": found.owner.ids, "handles": found.owner.handles, "names": found.owner.names}
    return {
        "paths": [str(path) for path in found.paths],
        "network": found.network,
        "source": found.source,
        "sure": found.sure,
        "owner": owner,
        "person": entry.person,
        "rows": entry.survey.rows,
        "reactions": {f"{network}.{kind}": count for (network, kind), count in counted.reactions.items()},
        "oldest": None if counted.oldest is None else iso(counted.oldest),
        "newest": None if counted.newest is None else iso(counted.newest),
        "outdated": entry.outdated,
        "flaws": sum(fault.count for fault in entry.survey.faults),
        "others": [{"network": guess.network, "source": guess.source, "sure": guess.sure} for guess in found.others],
    }
