"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one. It begins with whose the accounts are, which costs next to nothing and shows
whether the token works; then come mentions and replies, own posts, whoever reacted to those whose totals have grown, and at last the
audiences of people who are known by nothing but their id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kleos_twitter.api.answers import Answer
from kleos_twitter.api.cursor import read_cursor
from kleos_twitter.api.reading import newest_id, oldest_id, owned_post
from kleos_twitter.api.settings import ApiSettings, Wish
from kleos_twitter.api.tasks import MANY, Audiences, Dialect, Likes, Look, Me, Mentions, Own, Quotes, Replies, Reposts, Task
from kleos_twitter.bulk.records import Post, User
from kleos_twitter.times import from_microseconds, time_of_id

__all__ = ["Plan"]

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR
_SEARCHED = 6.5 * _DAY
"""How far back the search is asked: it refuses more than seven days."""
_About = Quotes | Reposts | Likes
_WISHES: Mapping[type[_About], Wish] = {Quotes: "quotes", Reposts: "reposts", Likes: "likes"}


class Plan:
    """The questions of a run, one at a time: `next`, then `answered` or `dropped`."""

    def __init__(self, accounts: Sequence[str], settings: ApiSettings, cursor: str | None, now: int) -> None:
        """`now` in unix µs. A cursor of other accounts, or that cannot be read, starts from the beginning."""
        self._ask = settings.ask
        self._page_size = settings.page_size
        self._now = now
        self._start = now - settings.days * _DAY
        self.state = read_cursor(cursor, list(accounts))
        self._met = set(self.state.authors)
        self._restarted: set[Task] = set()
        if not self._unfinished:
            self._begin()

    @property
    def people(self) -> Sequence[str]:
        """The ids of the accounts, as far as this pass has found them."""
        return tuple(self.state.people)

    @property
    def dialect(self) -> Dialect:
        """The words to ask in."""
        return self.state.dialect

    def next(self) -> Task | None:
        """Return the next question, None when all are answered."""
        state = self.state
        if not self._unfinished and self._now - state.began > _HOUR:
            self._begin()  # what was left of an earlier run is done: see what is new since
        if state.authors and (not state.todo or len(state.authors) >= MANY):
            state.todo.insert(0, Audiences(users=tuple(state.authors[:MANY])))
            del state.authors[:MANY]
        return state.todo[0] if state.todo else None

    def answered(self, task: Task, answer: Answer) -> None:
        """Take the answer to a question: what it leads to comes next."""
        self._known(user.id for user in answer.users(User))
        match task:
            case Me() | Look():
                # Every own account is to be known before the first reaction is read.
                self._replace(task, [])
                self.state.todo += self._found(answer)
            case Mentions() | Replies():
                self._meet(post.author_id for post in answer.elements(Post))
                self._replace(task, self._further(task, answer))
            case Own():
                grown = [about for post in answer.elements(Post) for about in self._grown(task.user, post)]
                self._replace(task, self._further(task, answer))
                self.state.todo += grown
            case Quotes() | Reposts() | Likes():
                if isinstance(task, Quotes):
                    self._meet(post.author_id for post in answer.elements(Post))
                else:
                    self._known(user.id for user in answer.elements(User))
                left = task.more - len(answer.given[0])
                token = answer.meta.next_token
                self._replace(task, [msgspec.structs.replace(task, more=left, token=token)] if token and left > 0 else [])
            case _:
                self._replace(task, [])

    def dropped(self, task: Task) -> None:
        """Give up a question that has no answer. What grew is asked for again by the next pass."""
        self._replace(task, [])
        if isinstance(task, Quotes | Reposts | Likes):
            counts = self.state.counts.setdefault(task.post, {})
            wish = _WISHES[type(task)]
            counts[wish] = max(0, counts.get(wish, 0) - task.more)

    def without(self, sort: type[_About]) -> None:
        """Give up all questions of a sort."""
        for task in [task for task in self.state.todo if isinstance(task, sort)]:
            self.state.todo.remove(task)
            self.state.todo.insert(0, task)
            self.dropped(task)

    def restarted(self, task: Task) -> bool:
        """Begin a list again from its start, for a place in it that is no longer there; False where that was tried before."""
        if isinstance(task, Me | Look | Audiences) or task in self._restarted:
            return False
        start: Task = msgspec.structs.replace(task, token="")
        if start == task and isinstance(task, Own | Mentions | Replies):
            start = msgspec.structs.replace(task, since="")
        if start == task:
            return False
        self._restarted.add(task)
        self._replace(task, [start])
        return True

    def reworded(self) -> bool:
        """Ask in the other words from now on; False where that was tried before."""
        if self.state.dialect == "posts":
            return False
        self.state.dialect = "posts"
        return True

    @property
    def _unfinished(self) -> bool:
        return bool(self.state.todo or self.state.authors)

    def _begin(self) -> None:
        state = self.state
        state.began = self._now
        state.people = []
        state.counts = {post: counts for post, counts in state.counts.items() if (time_of_id(post) or self._now) >= self._start}
        ids = [account for account in state.accounts if account.isdigit()]
        handles = [account for account in state.accounts if not account.isdigit()]
        state.todo = [Look(ids=tuple(ids[start : start + MANY])) for start in range(0, len(ids), MANY)]
        state.todo += [Look(handles=tuple(handles[start : start + MANY])) for start in range(0, len(handles), MANY)]
        state.todo = state.todo or [Me()]
        self._met.clear()

    def _replace(self, task: Task, by: Sequence[Task]) -> None:
        assert self.state.todo[0] == task
        self.state.todo[:1] = by

    def _found(self, answer: Answer) -> list[Task]:
        tasks: list[Task] = []
        for user in answer.elements(User):
            if user.id.isdigit() and user.id not in self.state.people:
                self.state.people.append(user.id)
                tasks += self._about_account(user.id)
        return tasks

    def _about_account(self, user: str) -> list[Task]:
        size, start = self._page_size, self._moment(self._start)
        newest = self.state.newest.get(user, {})
        tasks: list[Task] = []
        if "mentions" in self._ask:
            tasks.append(Mentions(user=user, most=size, since=newest.get("mentions", ""), start=start))
        if "replies" in self._ask:
            since = newest.get("replies", "")
            recent = self._now - _SEARCHED
            known = (time_of_id(since) or 0) >= recent
            tasks.append(Replies(user=user, most=size, since=since if known else "", start=self._moment(max(self._start, int(recent)))))
        if {"posts", "quotes", "reposts", "likes"} & set(self._ask):
            tasks.append(Own(user=user, most=size, start=start))
        return tasks

    def _further(self, task: Own | Mentions | Replies, answer: Answer) -> list[Task]:
        """Return the rest of a list. It goes on below the oldest post, since the network's marks of a page do not keep for days."""
        newest, sort = self.state.newest.setdefault(task.user, {}), type(task).__name__.lower()
        first = newest_id(answer.given[0])
        if not task.until and not task.token and first:
            newest[f"next {sort}"] = first
        token = answer.meta.next_token
        if token:
            oldest = oldest_id(answer.given[0])
            return [msgspec.structs.replace(task, until=oldest or task.until, token="" if oldest else token)]
        if f"next {sort}" in newest:
            newest[sort] = newest.pop(f"next {sort}")
        return []

    def _grown(self, user: str, post: Post) -> list[Task]:
        """Return what to ask of an own post: who is behind the totals that have grown."""
        totals = owned_post(post)
        known = self.state.counts.get(post.id, {})
        tasks: list[Task] = []
        for sort, wish in _WISHES.items():
            more = totals.get(wish, 0) - known.get(wish, 0)
            if sort is Likes:
                more = min(more, MANY - known.get(wish, 0))
            if wish in self._ask and more > 0:
                tasks.append(sort(user=user, post=post.id, more=more, made=post.created_at or ""))
                self.state.counts[post.id] = known = {**known, wish: totals[wish]}
        return tasks

    def _meet(self, ids: Iterable[str | None]) -> None:
        """Put on the list of those whose audience is to be asked for whom this pass has not met yet."""
        if "audiences" in self._ask:
            for id_ in ids:
                if id_ and id_.isdigit() and id_ not in self._met and id_ not in self.state.people:
                    self._met.add(id_)
                    self.state.authors.append(id_)

    def _known(self, ids: Iterable[str]) -> None:
        """Take off that list who came along with an answer."""
        known = set(ids)
        self._met |= known
        if known.intersection(self.state.authors):
            self.state.authors = [id_ for id_ in self.state.authors if id_ not in known]

    @staticmethod
    def _moment(time: int) -> str:
        return from_microseconds(time).strftime("%Y-%m-%dT%H:%M:%SZ")
