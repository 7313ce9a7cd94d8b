"""From an answer of the Data API v3 to the reactions in it; the same for answers that somebody else has saved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from attrs import frozen

from kleos.contract import Page, Profile, Row
from kleos.errors import ParseError
from kleos_youtube.answers.shapes import Answer, Channel, Comment, Thread, Video, decode, elements
from kleos_youtube.gathered import Gathered
from kleos_youtube.kinds import LIKE, NETWORK, VIEW
from kleos_youtube.values import BAD, CHANNEL, count, from_microseconds, microseconds, moment, text, to_microseconds

__all__ = ["Asked", "parse", "read_answer"]


@frozen(kw_only=True)
class Asked:
    """What an answer does not repeat of its question; all of it may be missing."""

    own: Collection[str] | None = None
    """The channels whose reactions are wanted; None for everybody's."""
    channel: str | None = None
    """Whose videos the comments are about, where they do not say it."""
    video: str | None = None
    """The video that the replies are about."""
    to_own: bool = False
    """Whether the comment that was replied to is of that channel."""


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions of one answer; ``context`` holds the fields of `Asked`. Raises `ParseError`."""
    context = page.context or {}
    own = context.get("own")
    known = own if isinstance(own, list | tuple) else (page.owner.ids if page.owner else ())
    asked = Asked(
        own=frozenset(channel for channel in known if isinstance(channel, str)),
        channel=text(context.get("channel")),
        video=text(context.get("video")),
        to_own=context.get("to_own") is True,
    )
    gathered = Gathered(asked.own, None if page.captured is None else to_microseconds(page.captured))
    read_answer(decode(page.body, page.where), asked, gathered, page.where)
    yield from gathered.rows()


def read_answer(answer: Answer, asked: Asked, gathered: Gathered, where: str) -> None:
    """Take what an answer holds. Raises `ParseError` for a list that holds nothing of ours."""
    read = _READERS.get(answer.kind)
    if read is None:
        raise ParseError(
            "expected comment threads, comments, videos or channels, found another list of the API", where=where, hint="leave it out"
        )
    read(answer, asked, gathered)


def _threads(answer: Answer, asked: Asked, gathered: Gathered) -> None:
    for number, thread in elements(answer.items, Thread):
        if thread is None:
            gathered.flaw(f"thread {number}", "a comment thread whose fields are missing or of an unexpected type")
            continue
        comment = thread.comment
        channel = thread.snippet.channel_id or comment.snippet.channel_id or asked.channel
        video = thread.snippet.video_id or comment.snippet.video_id or asked.video
        if channel is None:
            gathered.flaw(f"thread {number}", _NOBODY)
            continue
        _take(comment, gathered, channel, video)
        answered = comment.id if comment.author == channel else None
        for place, reply in elements(thread.answers, Comment):
            if reply is None:
                gathered.flaw(f"thread {number}, reply {place}", _BROKEN)
            else:
                _take(reply, gathered, channel, video, answered)


def _comments(answer: Answer, asked: Asked, gathered: Gathered) -> None:
    for number, comment in elements(answer.items, Comment):
        if comment is None:
            gathered.flaw(f"comment {number}", _BROKEN)
            continue
        channel = comment.snippet.channel_id or asked.channel
        if channel is None:
            gathered.flaw(f"comment {number}", _NOBODY)
        else:
            answered = (comment.snippet.parent_id or None) if asked.to_own else None
            _take(comment, gathered, channel, comment.snippet.video_id or asked.video, answered)


def _take(comment: Comment, gathered: Gathered, channel: str, video: str | None, answered: str | None = None) -> None:
    time = moment(comment.snippet.published_at)
    if time == BAD:
        gathered.flaw(f"comment {comment.id}", "a comment without a sensible time")
    likes = count(comment.snippet.like_count)
    if likes == BAD:
        gathered.flaw(f"comment {comment.id}", "likes that are not a sensible number")
    gathered.comment(comment.id, comment.author, microseconds(time), likes or 0, channel, video, answered)


def _videos(answer: Answer, asked: Asked, gathered: Gathered) -> None:
    for number, video in elements(answer.items, Video):
        if video is None:
            gathered.flaw(f"video {number}", "a video whose fields are missing or of an unexpected type")
            continue
        channel = video.snippet.channel_id or asked.channel
        published = microseconds(moment(video.snippet.published_at))
        for kind, value in ((VIEW, video.statistics.view_count), (LIKE, video.statistics.like_count)):
            total = count(value)
            if total == BAD:
                gathered.flaw(f"video {video.id}", f"{kind}s that are not a sensible number")
            elif total is not None and channel is not None:
                gathered.total(kind, video.id, channel, total, published)
            elif total is not None:
                gathered.flaw(f"video {video.id}", _NOBODY)


def _channels(answer: Answer, asked: Asked, gathered: Gathered) -> None:
    captured = None if gathered.captured is None else from_microseconds(gathered.captured)
    for number, channel in elements(answer.items, Channel):
        if channel is None or not CHANNEL.fullmatch(channel.id):
            gathered.flaw(f"channel {number}", "a channel whose fields are missing or of an unexpected type")
            continue
        subscribers = None if channel.statistics.hidden_subscriber_count else count(channel.statistics.subscriber_count)
        if subscribers == BAD:
            gathered.flaw(f"channel {number}", "subscribers that are not a sensible number")
            subscribers = None
        # Of others nothing but the size of their audience is needed, and nothing else is kept.
        is_own = asked.own is None or channel.id in asked.own
        handle = text((channel.snippet.custom_url or "").removeprefix("@")) if is_own else None
        name = text(channel.snippet.title) if is_own else None
        if handle or name or subscribers is not None:
            gathered.profiles.append(
                Profile(network=NETWORK, id=channel.id, handle=handle, name=name, audience=subscribers, captured=captured)
            )


def _nothing(answer: Answer, asked: Asked, gathered: Gathered) -> None:
    """The list of uploads tells only which videos there are."""


_NOBODY = "nothing says whose video it is: set channel"
_BROKEN = "a comment whose fields are missing or of an unexpected type"

_READERS: Mapping[str, Callable[[Answer, Asked, Gathered], None]] = {
    "youtube#commentThreadListResponse": _threads,
    "youtube#commentListResponse": _comments,
    "youtube#videoListResponse": _videos,
    "youtube#channelListResponse": _channels,
    "youtube#playlistItemListResponse": _nothing,
}
