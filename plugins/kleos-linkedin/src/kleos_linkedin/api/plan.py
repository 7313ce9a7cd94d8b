"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one: the posts of each page, newest first, and of each post that is no older than the
last pass by `look_back`, who reacted and who wrote. The first pass asks about all posts.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kleos_linkedin.api.shapes import Answer, Comment, Post, Reaction, elements, next_start
from kleos_linkedin.api.tasks import MANY, Comments, Posts, Reactions, Replies, Task

__all__ = ["Plan"]

_OVERLAP = 3_600_000
"""Milliseconds: what was given while the last pass was under way is asked for again."""
_PUBLISHED = (None, "PUBLISHED")


class _State(msgspec.Struct):
    """What a cursor holds. Times are unix milliseconds."""

    organizations: list[str] = []
    """Whose plan it is."""
    began: int = 0
    known: dict[str, int] = {}
    """Page → when its last whole pass began."""
    unseen: list[str] = []
    """Pages whose posts could not be listed in the pass under way."""
    todo: list[Task] = []


class Plan:
    """The questions of a run, one at a time: `next`, then `answered` or `dropped`."""

    def __init__(self, organizations: Sequence[str], look_back: int, cursor: str | None, now: int) -> None:
        """`look_back` and `now` in milliseconds. A cursor of other pages, or that cannot be read, starts from the beginning."""
        self._look_back = look_back
        self._state = _read(cursor)
        if self._state.organizations != list(organizations):
            self._state = _State(organizations=list(organizations))
        if not self._state.todo:
            self._state.began = now
            self._state.unseen = []
            self._state.todo = [Posts(organization=one) for one in organizations]

    def cursor(self) -> str:
        """Return the plan as it stands."""
        return msgspec.json.encode(self._state).decode()

    def next(self) -> Task | None:
        """Return the next question, None when everything has been asked."""
        return self._state.todo[0] if self._state.todo else None

    def answered(self, task: Task, answer: Answer) -> None:
        """Take the answer to a question: what it leads to comes next."""
        start = next_start(answer, task.start, MANY)
        tasks: list[Task] = []
        more = True
        match task:
            case Posts():
                tasks, more = self._posts(task, answer)
            case Reactions():
                given = [reaction.created.time for _, reaction in elements(answer, Reaction) if reaction]
                more = any(time is None or time >= task.since for time in given)
            case Comments():
                tasks = _threads(task, answer)
            case Replies():
                pass
        if start is not None and more:
            tasks.append(msgspec.structs.replace(task, start=start))
        self._replace(task, tasks)

    def dropped(self, task: Task) -> None:
        """Give up a question that has no answer."""
        if isinstance(task, Posts):
            self._state.unseen.append(task.organization)
        self._replace(task, [])

    def _replace(self, task: Task, by: Sequence[Task]) -> None:
        state = self._state
        assert state.todo[0] == task
        state.todo[:1] = by
        if not state.todo:
            state.known |= {one: state.began for one in state.organizations if one not in state.unseen}

    def _posts(self, task: Posts, answer: Answer) -> tuple[list[Task], bool]:
        """Return what is to be asked about the posts of an answer, and whether older ones are wanted."""
        known = self._state.known.get(task.organization)
        oldest = 0 if known is None else known - self._look_back
        since = 0 if known is None else known - _OVERLAP
        tasks: list[Task] = []
        young = False
        for _, post in elements(answer, Post):
            if post is None or (post.posted is not None and post.posted < oldest):
                continue
            young = True
            if post.lifecycle_state in _PUBLISHED and post.id:
                tasks.append(Reactions(organization=task.organization, post=post.id, posted=post.posted, since=since))
                tasks.append(Comments(organization=task.organization, post=post.id, posted=post.posted))
        return tasks, young


def _threads(task: Comments, answer: Answer) -> list[Task]:
    """Return the questions for the answers to comments, where there are any."""
    return [
        Replies(
            organization=task.organization,
            post=task.post,
            posted=task.posted,
            comment=comment.comment_urn,
            to_own=comment.author == task.organization,
            commented=comment.created.time,
        )
        for _, comment in elements(answer, Comment)
        if comment and comment.comment_urn and comment.answers and not comment.parent_comment
    ]


def _read(cursor: str | None) -> _State:
    try:
        return msgspec.json.decode(cursor or "{}", type=_State)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _State()
