"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one: each Page's posts, the newest first, with who reacted to each; then what visitors
wrote, and who mentions the Page. Posts that are no older than the last pass by `look_back` are looked at again, where their counts have
changed: people react late.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from kleos_facebook.api.shapes import Answer, Comment, Post, elements
from kleos_facebook.api.tasks import Comments, Look, Posts, Reactions, Shares, Tagged, Task, Visitors
from kleos_facebook.values import BAD, moment

__all__ = ["Plan"]

_HOUR = 3_600_000_000

Counts = tuple[int | None, int | None, int | None]


class _State(msgspec.Struct):
    """What a cursor holds. Times are unix microseconds."""

    accounts: list[str] = []
    """Whose plan it is, as configured."""
    began: int = 0
    pages: list[str] = []
    """The ids of the Pages, as far as this pass has found them."""
    known: dict[str, int] = {}
    """Page → when the last pass over all its posts began."""
    counts: dict[str, Counts] = {}
    """Post → its reactions, comments and shares when they were last asked for, of posts that the last pass has looked at."""
    next_counts: dict[str, Counts] = {}
    """The same for the pass under way."""
    todo: list[Task] = []


class Plan:
    """The questions of a run, one at a time: `next`, then `answered` or `dropped`."""

    def __init__(self, accounts: Sequence[str], look_back: int, cursor: str | None, now: int) -> None:
        """`look_back` and `now` in microseconds. A cursor of other accounts, or that cannot be read, starts from the beginning."""
        self._now = now
        self._look_back = look_back
        self._state = _read(cursor)
        if self._state.accounts != list(accounts):
            self._state = _State(accounts=list(accounts))
        self._restarted: set[Task] = set()
        self._refused: set[type[Task]] = set()
        if not self._state.todo:
            self._begin()

    @property
    def pages(self) -> Sequence[str]:
        """The ids of the Pages, as far as they are known yet."""
        return tuple(self._state.pages)

    def cursor(self) -> str:
        """Return the plan as it stands."""
        return msgspec.json.encode(self._state).decode()

    def next(self) -> Task | None:
        """Return the next question, None when all are answered."""
        state = self._state
        while state.todo and type(state.todo[0]) in self._refused:
            self.dropped(state.todo[0])
        if not state.todo and self._now - state.began > _HOUR:
            self._begin()  # what was left of an earlier run is done: see what is new since
        return state.todo[0] if state.todo else None

    def answered(self, task: Task, answer: Answer) -> None:
        """Take the answer to a question: what it leads to comes next."""
        match task:
            case Look():
                self._replace(task, ())
                self._state.todo += self._found(answer)
            case Posts():
                self._replace(task, list(self._posts(task, answer)))
            case Visitors() | Tagged():
                # Where posts do not tell their time, there is no telling where to stop.
                old = [time < task.since - _HOUR for time in _times(answer, Post)]
                self._replace(task, () if old and all(old) else _more(task, answer))
            case Comments():
                self._replace(task, () if self._nothing_newer(task, answer) else _more(task, answer))
            case Reactions() | Shares():
                self._replace(task, _more(task, answer))

    def dropped(self, task: Task) -> None:
        """Give up a question that has no answer."""
        self._replace(task, ())

    def given_up(self, kind: type[Task]) -> None:
        """Ask no more questions of a kind in this run."""
        self._refused.add(kind)

    def restarted(self, task: Task) -> bool:
        """Begin a list again from its start, for a page that is no longer there; False where that was tried before."""
        if isinstance(task, Look) or not task.more:
            return False
        start = msgspec.structs.replace(task, more=())
        if start in self._restarted:
            return False
        self._restarted.add(start)
        self._replace(task, (start,))
        return True

    def _begin(self) -> None:
        state = self._state
        state.began = self._now
        state.pages = []
        state.counts, state.next_counts = state.next_counts, {}
        state.todo = [Look(account=account) for account in state.accounts]

    def _replace(self, task: Task, by: Sequence[Task]) -> None:
        assert self._state.todo[0] == task
        self._state.todo[:1] = by

    def _found(self, answer: Answer) -> Sequence[Task]:
        page, state = answer.id, self._state
        if not page or page in state.pages:
            return ()
        state.pages.append(page)
        since = state.known.get(page, 0)
        return (Posts(page=page, since=since), Visitors(page=page, since=since), Tagged(page=page, since=since))

    def _posts(self, task: Posts, answer: Answer) -> Iterator[Task]:
        posts = [post for _, post in elements(answer.data, Post) if post]
        young = [post for post in posts if (_time(post.created_time) or self._now) >= task.since - self._look_back]
        for post in young:
            yield from self._post(task, post)
        more = _more(task, answer) if young or not posts else ()
        if more:
            yield from more
        else:
            self._state.known[task.page] = self._state.began

    def _post(self, task: Posts, post: Post) -> Iterator[Task]:
        state = self._state
        counts = (post.reacted, post.commented, post.shared)
        before = state.counts.get(post.id, (0, 0, 0))
        time = _time(post.created_time)
        if time is not None and time >= state.began - self._look_back:
            state.next_counts[post.id] = counts  # the next pass will look at it again
        if counts[0] != before[0]:
            yield Reactions(page=task.page, post=post.id, time=time)
        if counts[1] != before[1]:
            yield Comments(page=task.page, post=post.id, time=time, since=task.since if post.id in state.counts else 0)
        if counts[2] is not None and counts[2] != before[2]:
            yield Shares(page=task.page, post=post.id, time=time)

    def _nothing_newer(self, task: Comments, answer: Answer) -> bool:
        """Tell whether all that can follow was asked for before: only where the list is the newest first, as it was asked to be."""
        times = list(_times(answer, Comment))
        sorted_down = all(later >= earlier for later, earlier in itertools.pairwise(times))
        return bool(times) and sorted_down and times[0] < task.since - _HOUR


def _more(task: Posts | Visitors | Tagged | Reactions | Comments | Shares, answer: Answer) -> Sequence[Task]:
    # A list that goes on where it was would never end.
    return (msgspec.structs.replace(task, more=answer.more),) if answer.more and answer.more != task.more else ()


def _times(answer: Answer, type_: type[Post] | type[Comment]) -> Iterator[int]:
    for _, one in elements(answer.data, type_):
        time = _time(one.created_time) if one else None
        if time is not None:
            yield time


def _time(written: str | None) -> int | None:
    time = moment(written)
    return None if time == BAD else time


def _read(cursor: str | None) -> _State:
    try:
        return msgspec.json.decode(cursor or "{}", type=_State)
    except (ValueError, RecursionError):
        return _State()
