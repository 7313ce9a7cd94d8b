"""Advice in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from kleos.contract import Role
from kleos.insight.simulating.efforts import Effort

__all__ = ["sentence"]

_SUBJECTS = {
    Role.REPLY: "conversations",
    Role.SHARE: "reshares",
    Role.ENDORSE: "endorsements",
    Role.MENTION: "mentions",
    Role.LIKE: "applause",
}


def sentence(effort: Effort, gain: float, interval: tuple[float, float] | None, *, alike: Sequence[str] = (), calibrated: bool) -> str:
    """Say what would happen, and what for: "Conversations on LinkedIn would add 1.2 points (0.8 to 1.7): …".

    `alike` are the titles of other networks of which the same can be said.
    """
    network, kind = effort.network, effort.network.kinds[effort.kind]
    title, lent = network.title, "the curve of other networks"
    subject = f"{_SUBJECTS[kind.role].capitalize()} on {title}"
    people = _people(len(effort.rows))
    act = f"one {kind.title} each from {people}"
    if effort.sort == "influencers":
        subject = f"Reaching influential people on {title}"
        act += f" with about {effort.followers:,} followers"
    elif effort.sort == "networks":
        subject += f", where nobody reacts to you yet{f' (or on {_or(alike)})' if alike else ''},"
    elif effort.again:
        subject = f"People who come back on {title}"
        act = f"one more {kind.title} each, in another week, from {people} who reacted in a single week so far"
    else:
        act += _familiar(effort)
    if not calibrated:
        act += f" (the model lends {'them' if alike else title} {lent})"
    return f"{subject} would add {_gain(gain, interval)}: {act}."


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _people(number: int) -> str:
    return "one person" if number == 1 else f"{number} people"


def _familiar(effort: Effort) -> str:
    if not effort.familiar:
        return ""
    if effort.familiar == len(effort.rows):
        return " who react to you already, but not like this"
    return f", {effort.familiar} of whom react to you already, but not like this"


def _gain(gain: float, interval: tuple[float, float] | None) -> str:
    points = "less than 0.1 points" if gain < 0.05 else f"{gain:.1f} points"
    if interval is None:
        return f"{points} (too few people to tell how sure that is)"
    if gain < 0.05 and interval[1] < 0.05:
        return points
    # Adding 0 makes a rounded −0 a plain one.
    low, high = (round(bound, 1) + 0.0 for bound in interval)
    return f"{points} ({low:.1f} to {high:.1f})"
