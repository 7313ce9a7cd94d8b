"""The source `export`: files as pages of some megabytes at most, whatever their size."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from kleos.contract import Context, Export, Owner, Page, account_key
from kleos.errors import ExportError, ParseError
from kleos_foursquare.export.dating import newest
from kleos_foursquare.export.files import File, bodies, dated, files, has_tables_only, place
from kleos_foursquare.kinds import NETWORK
from kleos_foursquare.shapes import CheckIn, Remark, elements, sections
from kleos_foursquare.values import identity, known, moment

__all__ = ["DataExport", "fetch"]

_ALWAYS = (1 << 63) - 1
"""Where a comment does not tell its time, any check-in may be the one."""


@frozen(kw_only=True)
class DataExport:
    """``[networks.foursquare.export]``"""

    path: tuple[Path, ...]
    """The data export (zip or folder), or check-ins that a program has saved from the API (a file, or a folder of them)."""


def fetch(settings: DataExport, owner: Owner | None, context: Context) -> Iterator[Page]:
    """Yield the files that hold what others did. Raises `ExportError` for the first that cannot be read, once all others are given."""
    export = context.open_export(settings.path)
    found = files(export)
    if not found:
        raise _nothing(export)
    captured = newest(export, dated(export, found), context.now)
    unplaced = _Unplaced(export, found, owner)
    failures: list[ExportError] = []
    for done, file in enumerate(found):
        context.progress(done, len(found), "files")
        try:
            for body, lines in bodies(export, file.name):
                if context.stop.is_set():
                    return
                told: dict[str, Any] = {"holds": file.holds} | ({"lines": True} if lines else {})
                placed = unplaced.placed(body) if file.named and file.holds == "check-in" else {}
                yield Page(
                    network=NETWORK,
                    source="export",
                    where=place(export, file.name),
                    owner=owner,
                    captured=captured,
                    body=body,
                    context=told | ({"named_elsewhere": placed} if placed else {}),
                )
        except ExportError as error:
            failures.append(error)
    context.progress(len(found), len(found), "files")
    if failures:
        more = f" (and {len(failures) - 1} more files have problems)" if len(failures) > 1 else ""
        raise ExportError(failures[0].message + more, where=failures[0].where, hint=failures[0].hint) from failures[0]


class _Unplaced:
    """Comments by others in comments.json. They do not say to which check-in, and are among the comments that check-ins count.

    So that none counts twice, each is taken off the count of one check-in: the newest of those before it that has comments left.
    """

    def __init__(self, export: Export, found: Sequence[File], owner: Owner | None) -> None:
        own = {account_key(id_) for id_ in (owner.ids if owner else ())}
        self._times = array("q", sorted(_times_of_others(export, found, own)) if own else [])

    def placed(self, body: bytes) -> Mapping[str, int]:
        """Return, for the check-ins of a page, how many of their comments are in comments.json by name."""
        found: dict[str, int] = {}
        if not self._times:
            return found
        try:
            check_ins = [one for _, part in sections(body, "check-in", "") for one in elements(part, CheckIn, "")]
        except ParseError:
            return found  # parsing it tells the failure
        dated_ones = [(known(moment(one.created_at)), one) for one in check_ins if one is not None]
        for time, check_in in sorted(dated_ones, key=lambda pair: pair[0] or 0, reverse=True):
            id_, comments = identity(check_in.id), check_in.comments
            if id_ is not None and time is not None and comments is not None and comments.count is not None and comments.count > 0:
                first = bisect_left(self._times, time)
                taken = self._times[first : first + comments.count]
                if taken:
                    del self._times[first : first + len(taken)]
                    found[id_] = len(taken)
        return found


def _times_of_others(export: Export, found: Sequence[File], own: set[str]) -> Iterator[int]:
    for file in found:
        if file.holds == "comment":
            try:
                for body, _ in bodies(export, file.name):
                    for _, part in sections(body, "comment", file.name):
                        for remark in elements(part, Remark, file.name):
                            id_ = identity(remark.user_id) if remark is not None else None
                            if remark is not None and id_ is not None and account_key(id_) not in own:
                                time = known(moment(remark.time))
                                yield _ALWAYS if time is None else time
            except (ExportError, ParseError):
                continue  # reading it for its comments tells the failure


def _nothing(export: Export) -> ExportError:
    if has_tables_only(export):
        return ExportError(
            "expected the JSON files of a Foursquare export (checkins1.json, …), found only the same as CSV",
            where=export.where,
            hint="give the whole export: it has both",
        )
    return ExportError(
        "expected a Foursquare export (checkins1.json, tips.json, users.json, …) or saved check-ins, found neither",
        where=export.where,
        hint="ask for it at app.foursquare.com/settings/privacy, and give the zip as it came",
    )
