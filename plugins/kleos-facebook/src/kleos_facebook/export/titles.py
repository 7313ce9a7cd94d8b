"""Who wrote on the timeline. An export says it only inside a sentence in the account's language: "Bob Fettle wrote on your timeline."

Names of friends stand in many of the sentences; what is around them is a *frame*, and whatever stands in the same frame is a name, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

__all__ = ["Frame", "frames_of", "name_in"]

Frame = tuple[str, str]
"""What stands before and after the name."""

_ENGLISH: Frame = ("", " wrote on your timeline.")
_LONGEST_NAME = 100
_SHORTEST_NAME = 3
_FEWEST_LETTERS = 2
_MOST = 50


def frames_of(titles: Iterable[str], names: Collection[str]) -> Sequence[Frame]:
    """Return the frames in which `names` stand in `titles`, at most 50, those seen most often."""
    starting: dict[str, list[str]] = {}
    for name in sorted((name for name in names if len(name) >= _SHORTEST_NAME), key=lambda name: (-len(name), name)):
        starting.setdefault(name[:_SHORTEST_NAME], []).append(name)
    frames: Counter[Frame] = Counter()
    for title in titles:
        for at in range(len(title)):
            # The first name of a sentence is who acted; of several that begin alike, the longest.
            found = next((one for one in starting.get(title[at : at + _SHORTEST_NAME], ()) if title.startswith(one, at)), None)
            if found is not None:
                frame = (title[:at], title[at + len(found) :])
                if sum(sign.isalpha() for part in frame for sign in part) >= _FEWEST_LETTERS:
                    frames[frame] += 1
                break
    return [frame for frame, _ in sorted(frames.items(), key=lambda entry: (-entry[1], entry[0]))[:_MOST]]


def name_in(title: str, frames: Iterable[Frame]) -> str | None:
    """Return the name that stands in a title, by the frame that fits closest; None where none fits."""
    for before, after in sorted({*frames, _ENGLISH}, key=lambda frame: (-len(frame[0]) - len(frame[1]), frame)):
        if title.startswith(before) and title.endswith(after):
            name = title[len(before) : len(title) - len(after)].strip()
            if name and len(title) >= len(before) + len(after) and len(name) <= _LONGEST_NAME:
                return name
    return None
