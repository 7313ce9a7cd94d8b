"""Which files of an export hold what others did, in all generations of its folders.

Facebook translates titles and labels, but not the names of files and folders. What the owner *gave* (``likes_and_reactions``,
``posts_and_comments``, ``comments``) is named nowhere here, and so is never read for reactions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

__all__ = ["Holds", "holds", "holding", "of_facebook"]

Holds = Literal["album", "media", "posts", "wall", "pokes", "followers", "requests", "friends"]
"""What a file holds: an album of photos; photos or videos outside albums; own posts (for the photos in them); what others wrote on the
timeline; pokes; followers; friend requests; friends, present and past, of whom only the names are used."""

_PART = r"(?:_\d+)?\.json"
_NAMES: Mapping[Holds, str] = {
    # 2018: photos_and_videos/album/0.json; 2021: posts/album/0.json; 2023: your_facebook_activity/posts/album/0.json
    "album": r"album/\d+",
    "media": r"(?:your_)?(?:uncategorized_)?(?:photos|videos)",
    "posts": r"your_posts(?:__check_ins__photos_and_videos)?",
    # Some programs that unpack zips replace the apostrophe, by anything.
    "wall": r"other_people.{0,4}s_posts_to_your_timeline",
    "pokes": r"pokes",
    "followers": r"people_who_follow(?:ed)?_you",
    "requests": r"received_friend_requests",
    "friends": r"(?:your_|removed_)?friends",
}
_PATTERNS = {what: re.compile(rf"(?:.*/)?{name}{_PART}", re.IGNORECASE) for what, name in _NAMES.items()}
_FOLDERS = re.compile(r"(?:.*/)?(?:your_facebook_activity|this_profile.{0,4}s_activity_across_facebook)/", re.IGNORECASE)


def holds(name: str) -> Holds | None:
    """Return what a file holds, by its name; None for one that is not read."""
    return next((what for what, pattern in _PATTERNS.items() if pattern.fullmatch(name)), None)


def holding(names: Iterable[str], *wanted: Holds) -> Sequence[tuple[str, Holds]]:
    """Return the files that hold what is wanted."""
    return [(name, what) for name in names if (what := holds(name)) in wanted and what is not None]


def of_facebook(name: str) -> bool:
    """Tell whether a file lies in a folder that only Facebook calls so."""
    return _FOLDERS.match(name) is not None
