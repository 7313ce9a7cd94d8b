"""The questions that are asked of the Data API v3. Each costs one unit; each is small enough to stand in a cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

__all__ = ["MANY", "Audiences", "Look", "Replies", "Task", "Threads", "Uploads", "Videos"]

MANY = 50
"""As many ids as one question takes, and as many uploads as one answer gives."""
_MOST_COMMENTS = 100


class _Task(msgspec.Struct, frozen=True, tag_field="ask"):
    """A question: the resource whose ``list`` is called, its parameters, and what its answer does not repeat (see `parsing.Asked`)."""

    resource: ClassVar[str]

    def parameters(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def context(self) -> Mapping[str, Any]:
        return {}


class Look(_Task, frozen=True, tag="look"):
    """Whose channel is it, how many subscribe to it, and which playlist holds its uploads?"""

    resource = "channels"
    account: str
    """A channel id, or a handle with its @."""

    def parameters(self) -> Mapping[str, Any]:
        by = "forHandle" if self.account.startswith("@") else "id"
        return {"part": "snippet,contentDetails,statistics", by: self.account}


class Threads(_Task, frozen=True, tag="threads"):
    """Which comments are there under the videos of a channel? The newest first."""

    resource = "commentThreads"
    channel: str
    token: str = ""

    def parameters(self) -> Mapping[str, Any]:
        asked = {"part": "snippet,replies", "allThreadsRelatedToChannelId": self.channel, "order": "time", "textFormat": "plainText"}
        return {**asked, "maxResults": _MOST_COMMENTS, **_paged(self.token)}

    def context(self) -> Mapping[str, Any]:
        return {"channel": self.channel}


class Replies(_Task, frozen=True, tag="replies"):
    """Which replies are there to a comment? The newest first."""

    resource = "comments"
    channel: str
    video: str | None
    parent: str
    to_own: bool
    """Whether the comment is of that channel."""
    since: int
    """What was known then (unix µs) need not be read again."""
    token: str = ""

    def parameters(self) -> Mapping[str, Any]:
        return {"part": "snippet", "parentId": self.parent, "textFormat": "plainText", "maxResults": _MOST_COMMENTS, **_paged(self.token)}

    def context(self) -> Mapping[str, Any]:
        return {"channel": self.channel, "video": self.video, "to_own": self.to_own}


class Audiences(_Task, frozen=True, tag="audiences"):
    """How many subscribe to each of these channels?"""

    resource = "channels"
    channels: tuple[str, ...]

    def parameters(self) -> Mapping[str, Any]:
        return {"part": "statistics", "id": ",".join(self.channels), "maxResults": MANY}


class Uploads(_Task, frozen=True, tag="uploads"):
    """Which videos are in a channel's list of uploads?"""

    resource = "playlistItems"
    playlist: str
    token: str = ""

    def parameters(self) -> Mapping[str, Any]:
        return {"part": "contentDetails", "playlistId": self.playlist, "maxResults": MANY, **_paged(self.token)}


class Videos(_Task, frozen=True, tag="videos"):
    """How many viewed and liked each of these videos?"""

    resource = "videos"
    videos: tuple[str, ...]

    def parameters(self) -> Mapping[str, Any]:
        return {"part": "snippet,statistics", "id": ",".join(self.videos), "maxResults": MANY}


Task = Look | Threads | Replies | Audiences | Uploads | Videos


def _paged(token: str) -> Mapping[str, str]:
    return {"pageToken": token} if token else {}
