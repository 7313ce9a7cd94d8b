"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one: the threads of each channel, newest first, then its uploads. Threads that are no
older than the last pass by `look_back` are looked at again, since people answer late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kleos_youtube.answers.shapes import Answer, Channel, Comment, PlaylistItem, Thread, elements
from kleos_youtube.api.tasks import MANY, Audiences, Look, Replies, Task, Threads, Uploads, Videos
from kleos_youtube.values import BAD, CHANNEL, count, moment

__all__ = ["Plan"]

_HOUR = 3_600_000_000


class _State(msgspec.Struct):
    """What a cursor holds. Times are unix microseconds."""

    accounts: list[str] = []
    """Whose plan it is, as configured."""
    began: int = 0
    channels: list[str] = []
    """The channel ids of the accounts, as far as this pass has found them."""
    known: dict[str, int] = {}
    """Channel → the newest thread when its last whole pass began."""
    next_known: dict[str, int] = {}
    """The same for the pass under way."""
    todo: list[Task] = []
    authors: list[str] = []
    """Commenters whose subscribers are to be asked for."""
    videos: list[str] = []
    """Videos whose counts are to be asked for."""


class Plan:
    """The questions of a run, one at a time: `next`, then `answered` or `dropped`."""

    def __init__(self, accounts: Sequence[str], look_back: int, cursor: str | None, now: int) -> None:
        """`look_back` and `now` in microseconds. A cursor of other accounts, or that cannot be read, starts from the beginning."""
        self._now = now
        self._look_back = look_back
        self._state = _read(cursor)
        if self._state.accounts != list(accounts):
            self._state = _State(accounts=list(accounts))
        self._met = {*self._state.authors, *self._state.videos}
        self._restarted: set[Task] = set()
        if not self._unfinished:
            self._begin()

    @property
    def channels(self) -> Sequence[str]:
        """The channel ids of the accounts, as far as they are known yet."""
        return tuple(self._state.channels)

    def cursor(self) -> str:
        """Return the plan as it stands."""
        return msgspec.json.encode(self._state).decode()

    def next(self) -> Task | None:
        """Return the next question, None when all are answered."""
        state = self._state
        if not self._unfinished and self._now - state.began > _HOUR:
            self._begin()  # what was left of an earlier run is done: see what is new since
        last = not state.todo
        if state.authors and (last or len(state.authors) >= MANY):
            state.todo.insert(0, Audiences(channels=tuple(state.authors[:MANY])))
            del state.authors[:MANY]
        elif state.videos and (last or len(state.videos) >= MANY):
            state.todo.insert(0, Videos(videos=tuple(state.videos[:MANY])))
            del state.videos[:MANY]
        return state.todo[0] if state.todo else None

    def answered(self, task: Task, answer: Answer) -> None:
        """Take the answer to a question: what it leads to comes next."""
        match task:
            case Look():
                # Every own channel is to be known before the first thread is read.
                self._replace(task, [])
                self._state.todo += self._found(answer)
            case Threads():
                self._replace(task, self._threads(task, answer))
            case Replies():
                self._replace(task, self._replies(task, answer))
            case Uploads():
                items = (item.content_details.video_id for _, item in elements(answer.items, PlaylistItem) if item)
                self._meet(self._state.videos, items)
                token = answer.next_page_token
                self._replace(task, [Uploads(playlist=task.playlist, token=token)] if token else [])
            case _:
                self._replace(task, [])

    def dropped(self, task: Task) -> None:
        """Give up a question that has no answer."""
        self._replace(task, [])

    def restarted(self, task: Task) -> bool:
        """Begin a list again from its start, for a page that is no longer there; False where that was tried before."""
        if isinstance(task, Look | Audiences | Videos) or not task.token:
            return False
        start = msgspec.structs.replace(task, token="")
        if start in self._restarted:
            return False
        self._restarted.add(start)
        self._replace(task, [start])
        return True

    @property
    def _unfinished(self) -> bool:
        return bool(self._state.todo or self._state.authors or self._state.videos)

    def _begin(self) -> None:
        self._state.began = self._now
        self._state.channels = []
        self._state.todo = [Look(account=account) for account in self._state.accounts]
        self._met.clear()

    def _replace(self, task: Task, by: Sequence[Task]) -> None:
        assert self._state.todo[0] == task
        self._state.todo[:1] = by

    def _found(self, answer: Answer) -> list[Task]:
        tasks: list[Task] = []
        for _, channel in elements(answer.items, Channel):
            if channel is None or not CHANNEL.fullmatch(channel.id) or channel.id in self._state.channels:
                continue
            self._state.channels.append(channel.id)
            tasks.append(Threads(channel=channel.id))
            uploads = channel.content_details.related_playlists.uploads
            if uploads:
                tasks.append(Uploads(playlist=uploads))
        return tasks

    def _threads(self, task: Threads, answer: Answer) -> list[Task]:
        state = self._state
        known = state.known.get(task.channel, 0)
        threads = [thread for _, thread in elements(answer.items, Thread) if thread]
        if not task.token:
            state.next_known[task.channel] = max([known, *(_time(thread.comment) for thread in threads)])
        young = [thread for thread in threads if _time(thread.comment) >= known - self._look_back]
        tasks: list[Task] = []
        for thread in young:
            tasks += self._thread(task.channel, known, thread)
        more = answer.next_page_token if young else None
        if more:
            tasks.append(Threads(channel=task.channel, token=more))
        else:
            state.known[task.channel] = state.next_known.pop(task.channel, known)
        return tasks

    def _thread(self, channel: str, known: int, thread: Thread) -> list[Task]:
        comment = thread.comment
        video = thread.snippet.video_id or comment.snippet.video_id
        replies = [reply for _, reply in elements(thread.answers, Comment) if reply]
        self._meet(self._state.authors, (one.author for one in (comment, *replies) if _time(one) >= known))
        self._meet(self._state.videos, (video,))
        if (count(thread.snippet.total_reply_count) or 0) <= len(thread.answers):
            return []
        return [Replies(channel=channel, video=video, parent=comment.id, to_own=comment.author == channel, since=known)]

    def _replies(self, task: Replies, answer: Answer) -> list[Task]:
        replies = [reply for _, reply in elements(answer.items, Comment) if reply]
        new = [reply for reply in replies if _time(reply) >= task.since]
        self._meet(self._state.authors, (reply.author for reply in new))
        token = answer.next_page_token
        return [msgspec.structs.replace(task, token=token)] if token and new else []

    def _meet(self, waiting: list[str], ids: Iterable[str | None]) -> None:
        """Put on a list what this run has not met yet; own channels need no question of their own."""
        for id_ in ids:
            if id_ and id_ not in self._met and id_ not in self._state.channels:
                self._met.add(id_)
                waiting.append(id_)


def _read(cursor: str | None) -> _State:
    try:
        return msgspec.json.decode(cursor or "{}", type=_State)
    except (ValueError, RecursionError):
        return _State()


def _time(comment: Comment) -> int:
    """Return when a comment was written; 0 where it does not tell."""
    time = moment(comment.snippet.published_at)
    return 0 if time is None or time == BAD else time
