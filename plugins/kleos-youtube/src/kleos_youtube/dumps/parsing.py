"""From a dump of comments to the reactions in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from kleos.contract import Page, Profile, Row
from kleos.errors import ParseError
from kleos_youtube.answers.parsing import Asked, read_answer
from kleos_youtube.answers.shapes import decode
from kleos_youtube.dumps.records import Comment, Info, comments_in, info_in
from kleos_youtube.gathered import Gathered
from kleos_youtube.kinds import LIKE, NETWORK, VIEW
from kleos_youtube.values import BAD, CHANNEL, count, from_microseconds, microseconds, moment, seconds, text

__all__ = ["About", "about", "author_of", "parent_of", "parse"]


@frozen(kw_only=True)
class About:
    """The video that comments are about."""

    video: str | None = None
    channel: str | None = None
    """Whose video it is."""
    own: Collection[str] = ()
    """Other keys of that channel."""
    published: int | None = None
    captured: int | None = None
    """Unix microseconds, both."""


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions of one page of a dump. Raises `ParseError`.

    ``context`` holds the page's ``shape`` ("info", "comments", "lines" or "answer"); where the dump itself does not tell them, ``video``,
    ``channel``, ``own`` and ``captured`` (`About`); and ``answered``, the owner's comments on earlier pages that are answered on this one.
    """
    context = page.context or {}
    body = page.body.removeprefix(b"\xef\xbb\xbf")
    told = _told(context)
    shape = context.get("shape")
    gathered = Gathered(captured=told.captured)
    if shape == "answer":
        answer = decode(body, page.where)
        gathered.captured = _newest_time(body) if told.captured is None else told.captured
        read_answer(answer, Asked(channel=told.channel, video=told.video), gathered, page.where)
    elif shape == "info":
        info = info_in(body, page.where)
        found = about(info, told)
        comments = _read(comments_in(info.comments, page.where), gathered)
        times = _times(comments)
        gathered.captured = _captured(found, times)
        _video(info, found, gathered)
        _comments(comments, times, found, gathered)
    else:
        comments = _read(comments_in(body, page.where, lines=shape == "lines"), gathered)
        times = _times(comments)
        gathered.captured = _captured(told, times)
        _comments(comments, times, told, gathered, _texts(context.get("answered")))
    yield from gathered.rows()


def about(info: Info, told: About) -> About:
    """Return what an info.json says of its video, and where it says nothing, what was `told`.

    Raises `ParseError` for a video of another site: yt-dlp knows a thousand.
    """
    if isinstance(info.extractor_key, str) and not info.extractor_key.startswith("Youtube"):
        raise ParseError("expected a video of YouTube, found one of another site", hint="leave it out")
    channel = text(info.channel_id)
    handle = text(info.uploader_id)
    published = seconds(_number(info.timestamp))
    if published is None or published == BAD:
        published = _day(info.upload_date)
    captured = microseconds(seconds(_number(info.epoch)))
    video = text(info.id) if info.kind in (None, "video") else None
    return About(
        video=video or told.video,
        channel=channel or told.channel,
        own=[handle] if channel and handle else told.own,
        published=published,
        captured=captured if captured is not None else told.captured,
    )


def author_of(comment: Comment, about: About) -> str | None:
    """Return who wrote a comment: the channel's id, else the handle; the video's owner by the same key as the video says."""
    author = comment.author_id or comment.channel or (comment.author if comment.author and comment.author[0] == "@" else None)
    return about.channel if about.channel and (comment.author_is_uploader or author in about.own) else author


def parent_of(comment: Comment) -> str | None:
    """Return the comment that is answered: in the id of a reply its parent's stands before the point."""
    parent = comment.parent
    if parent is None:
        id_ = comment.cid or comment.id
        parent = id_[: id_.rindex(".")] if "." in id_ else None
    return parent if parent and parent != "root" else None


def _read(found: Iterable[Comment | None], gathered: Gathered) -> list[Comment]:
    """Return the comments that can be read; of the others, note that there were some."""
    comments: list[Comment] = []
    for number, comment in enumerate(found, 1):
        if comment is None:
            gathered.flaw(f"comment {number}", "a comment whose fields have an unexpected type, or that breaks off")
        elif not (comment.cid or comment.id):
            gathered.flaw(f"comment {number}", "a comment without an id")
        else:
            comments.append(comment)
    return comments


def _times(comments: Sequence[Comment]) -> list[int | None]:
    return [seconds(comment.time_parsed if comment.timestamp is None else comment.timestamp) for comment in comments]


def _comments(
    comments: Sequence[Comment], times: Sequence[int | None], about: About, gathered: Gathered, answered: Sequence[str] = ()
) -> None:
    channel, video = about.channel, about.video
    if channel is None:
        if comments:
            gathered.flaw("comments", "nothing says whose video it is: set channel")
        return
    authors = [author_of(comment, about) for comment in comments]
    own = {comment.cid or comment.id for comment, author in zip(comments, authors, strict=True) if author == channel}
    own.update(answered)
    for comment, author, written in zip(comments, authors, times, strict=True):
        id_ = comment.cid or comment.id
        time = written
        if time == BAD:
            gathered.flaw(f"comment {id_}", "a comment without a sensible time")
            time = None
        likes = count(comment.votes if comment.like_count is None else comment.like_count)
        if likes == BAD:
            gathered.flaw(f"comment {id_}", "likes that are not a sensible number")
        parent = parent_of(comment)
        gathered.comment(id_, author, time, likes or 0, channel, video, parent if parent in own else None)


def _video(info: Info, about: About, gathered: Gathered) -> None:
    if about.channel is None:
        return
    if about.video is not None:
        for kind, value in ((VIEW, info.view_count), (LIKE, info.like_count)):
            total = count(value)
            if total == BAD:
                gathered.flaw(f"video {about.video}", f"{kind}s that are not a sensible number")
            elif total is not None:
                gathered.total(kind, about.video, about.channel, total, about.published)
    if CHANNEL.fullmatch(about.channel) and about.channel == text(info.channel_id):
        handle = text(info.uploader_id)
        audience = count(info.channel_follower_count)
        gathered.profiles.append(
            Profile(
                network=NETWORK,
                id=about.channel,
                handle=handle[1:] if handle and handle[0] == "@" and len(handle) > 1 else None,
                name=text(info.channel),
                audience=None if audience == BAD else audience,
                captured=None if gathered.captured is None else from_microseconds(gathered.captured),
            )
        )


def _captured(about: About, times: Sequence[int | None]) -> int | None:
    """Return when the counts were taken; where nothing says it, no earlier than the newest comment, or the video."""
    if about.captured is not None:
        return about.captured
    newest = max((time for time in times if time is not None), default=BAD)
    return about.published if newest == BAD else newest


def _told(context: Mapping[str, Any]) -> About:
    captured = context.get("captured")
    return About(
        video=text(context.get("video")),
        channel=text(context.get("channel")),
        own=_texts(context.get("own")),
        captured=captured if isinstance(captured, int) and microseconds(seconds(captured // 1_000_000)) is not None else None,
    )


def _texts(value: Any) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else ()


def _newest_time(body: bytes) -> int | None:
    """Return the newest time in a saved answer: it was given no earlier."""
    times = (moment(found.decode("ascii", "replace")) for found in _TIME.findall(body))
    return max((time for time in times if time is not None and time != BAD), default=None)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _day(value: Any) -> int | None:
    """Return the beginning of a day such as 20260131."""
    try:
        return microseconds(moment(datetime.strptime(value, "%Y%m%d").isoformat()))  # noqa: DTZ007  # a date has no zone
    except (ValueError, TypeError):
        return None


_TIME = re.compile(rb'"(?:publishedAt|updatedAt)"\s*:\s*"([^"\\]{10,40})"')
