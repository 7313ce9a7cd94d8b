"""What is still to be asked. The plan is the cursor: a run that is cut short goes on with the very next question.

One *pass* asks everything there is since the last one: posts, newest first, with the comments and numbers of each; then tags, mentions, and
last how many follow those who commented.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from attrs import frozen

from kleos.contract import account_key
from kleos_instagram.api.shapes import Comment, LinkedPage, Listing, Media, User, elements
from kleos_instagram.api.state import State, read_state
from kleos_instagram.api.tasks import Accounts, Audience, Comments, Insights, Look, Mention, Posts, Replies, Tags, Task
from kleos_instagram.values import BAD, HANDLE, count, moment

__all__ = ["Plan", "Scope"]

_HOUR = 3_600_000_000
_LATE = 7 * 24 * _HOUR
"""How long before the last pass comments are read again, for the answers that they had since."""
_NO_INSIGHTS = ("STORY", "AD")


@frozen(kw_only=True)
class Scope:
    """What the settings ask for."""

    accounts: Sequence[str]
    """Whose account, as configured: ids and user names. Empty: whoever the token is of."""
    login: str
    look_back: int
    """In µs."""
    insights: bool = True
    audiences: int = 0
    mentions: Sequence[tuple[str, str, str]] = ()
    """(account's id, post, comment or empty), in the order in which the notifications came."""


class Plan:
    """The questions of a run, one at a time: `next`, then `answered`, `dropped` or `restarted`."""

    def __init__(self, scope: Scope, cursor: str | None, now: int) -> None:
        """`now` in microseconds. A cursor of other accounts, or that cannot be read, starts from the beginning."""
        self._scope = scope
        self._now = now
        self._restarted: set[Task] = set()
        self._left_out: list[type[Task]] = []
        self._state = read_state(cursor)
        if self._state.accounts != list(scope.accounts):
            self._state = State(accounts=list(scope.accounts))
        self._met = {handle for handle, _ in self._state.authors}
        if not self._unfinished:
            self._begin()

    @property
    def own(self) -> Sequence[str]:
        """Ids and user names of the accounts, as far as they are known yet."""
        return tuple(self._state.own)

    @property
    def found(self) -> bool:
        """Whether any account to ask about is known."""
        return bool(self._state.users)

    @property
    def seen(self) -> Sequence[str]:
        """The user names that the token may see, and that nobody asked for."""
        return tuple(self._state.seen)

    def cursor(self) -> str:
        """Return the plan as it stands."""
        return msgspec.json.encode(self._state).decode()

    def next(self) -> Task | None:
        """Return the next question, None when all are answered."""
        state = self._state
        if not self._unfinished and self._now - state.began > _HOUR:
            self._begin()  # what was left of an earlier run is done: see what is new since
        if not state.todo and state.asked < len(state.authors) and state.users:
            handle, actor = state.authors[state.asked]
            state.todo.append(Audience(user=state.users[0], handle=handle, actor=actor))
        self._leave_out()
        return state.todo[0] if state.todo else None

    def answered(self, task: Task, answer: Any) -> None:
        """Take the answer to a question: what it leads to comes next."""
        match task:
            case Look():
                self._replace(task, self._look([answer], whole=True))
            case Accounts():
                users = [page.instagram_business_account for _, page in elements(answer.data, LinkedPage) if page]
                found = self._look([user for user in users if user], whole=not answer.goes_on)
                self._replace(task, [*self._more(task, answer), *found])
            case Posts():
                self._replace(task, self._posts(task, answer))
            case Comments():
                self._replace(task, self._comments(task, answer))
            case Replies():
                replies = [reply for _, reply in elements(answer.data, Comment) if reply]
                self._meet(replies, task.since)
                self._replace(task, self._more(task, answer))
            case Tags():
                self._replace(task, self._tags(task, answer))
            case _:
                self._replace(task, [])

    def dropped(self, task: Task) -> None:
        """Give up a question that has no answer."""
        self._replace(task, [])

    def left_out(self, kind: type[Task]) -> None:
        """Give up all questions of a kind that are waiting: the token may not ask them."""
        self._left_out.append(kind)
        self._leave_out()
        if kind is Audience:
            self._state.asked = len(self._state.authors)
        elif kind is Mention:
            self._state.told.clear()  # another token may ask them
        elif kind is not Insights:
            self._state.is_partial, self._state.known = True, dict(self._state.before)

    def restarted(self, task: Task) -> bool:
        """Begin a list again from its start, for a page that is no longer there; False where that was tried before."""
        if not getattr(task, "after", ""):
            return False
        beginning = msgspec.structs.replace(task, after="")
        if beginning in self._restarted:
            return False
        self._restarted.add(beginning)
        self._replace(task, [beginning])
        return True

    @property
    def _unfinished(self) -> bool:
        return bool(self._state.todo or self._state.asked < len(self._state.authors))

    def _leave_out(self) -> None:
        self._state.todo = [task for task in self._state.todo if not isinstance(task, tuple(self._left_out))]

    def _begin(self) -> None:
        state = self._state
        state.began, state.asked, state.is_partial, state.before = self._now, 0, False, dict(state.known)
        state.users, state.own, state.seen, state.authors = [], [], [], []
        self._met.clear()
        if self._scope.login == "instagram":
            state.todo = [Look(account="me")]
            return
        ids = [account for account in state.accounts if account.isdigit()]
        state.todo = [Look(account=account) for account in ids]
        if len(ids) < len(state.accounts) or not ids:
            state.todo.append(Accounts())

    def _replace(self, task: Task, by: Iterable[Task]) -> None:
        assert self._state.todo[0] == task
        if isinstance(task, Audience):
            self._state.asked += 1
        self._state.todo[:1] = by

    def _look(self, users: Sequence[User], *, whole: bool) -> list[Task]:
        """Take the accounts that were asked for; where nobody is, the only one there is."""
        state = self._state
        wanted = {account_key(account) for account in state.accounts}
        chosen = [user for user in users if wanted & {account_key(key) for key in _keys(user)}]
        others = [user for user in users if user not in chosen]
        state.seen += [user.username or user.account for user in others]
        if not wanted and whole and len(others) == 1 and len(state.seen) == 1:
            chosen = others
        tasks: list[Task] = []
        for user in chosen:
            if user.account in state.users:
                continue
            state.users.append(user.account)
            state.own += [key for key in _keys(user) if key not in state.own]
            tasks += self._about(user.account)
        return tasks

    def _about(self, user: str) -> list[Task]:
        known = self._state.known.get(user, 0)
        told = [notice for notice in self._scope.mentions if notice[0] == user]
        # Fewer than were asked about: it is another file, which is read from its beginning.
        done = self._state.told.get(user, 0)
        new = told[done:] if done <= len(told) else told
        self._state.told[user] = len(told)
        mentions = [Mention(user=user, media=media, comment=comment) for _, media, comment in new]
        return [Posts(user=user), Tags(user=user, since=known), *mentions]

    def _posts(self, task: Posts, answer: Listing) -> list[Task]:
        state = self._state
        known = state.known.get(task.user, 0)
        posts = [post for _, post in elements(answer.data, Media) if post]
        oldest = known - self._scope.look_back
        tasks: list[Task] = []
        for post in posts:
            if not known or _time(post.timestamp) >= oldest:
                tasks += self._post(task.user, known, post)
        more = [] if _is_past(posts, oldest, known) else self._more(task, answer)
        if not more and not state.is_partial:
            state.known[task.user] = state.began
        return [*tasks, *more]

    def _post(self, user: str, known: int, post: Media) -> list[Task]:
        media = str(post.id)
        tasks: list[Task] = []
        if count(post.comments_count) != 0:
            tasks.append(Comments(user=user, media=media, published=post.timestamp, since=max(0, known - _LATE)))
        if self._scope.insights and post.media_product_type not in _NO_INSIGHTS:
            tasks.append(Insights(user=user, media=media, published=post.timestamp))
        return tasks

    def _comments(self, task: Comments, answer: Listing) -> list[Task]:
        comments = [comment for _, comment in elements(answer.data, Comment) if comment]
        self._meet(comments, task.since)
        own = {account_key(key) for key in self._state.own}
        tasks: list[Task] = []
        for comment in comments:
            if comment.replies is None:
                continue
            self._meet((reply for _, reply in elements(comment.replies.data, Comment) if reply), task.since)
            if comment.replies.goes_on and comment.replies.after:
                to_own = bool(own & {account_key(key) for key in (comment.handle, comment.actor) if key})
                tasks.append(
                    Replies(
                        user=task.user,
                        media=task.media,
                        published=task.published,
                        comment=str(comment.id),
                        to_own=to_own,
                        since=task.since,
                        after=comment.replies.after,
                    )
                )
        past = _is_past(comments, task.since, task.since)
        return [*tasks, *([] if past else self._more(task, answer))]

    def _tags(self, task: Tags, answer: Listing) -> list[Task]:
        """The list of tags has cursors, and never says whether it goes on: it ends with an empty page."""
        posts = [post for _, post in elements(answer.data, Media) if post]
        if (
            not answer.data
            or not answer.after
            or answer.after == task.after
            or _is_past(posts, task.since - self._scope.look_back, task.since)
        ):
            return []
        return [msgspec.structs.replace(task, after=answer.after)]

    def _more(self, task: Accounts | Posts | Comments | Replies, answer: Listing) -> list[Task]:
        after = answer.after if answer.goes_on else ""
        return [msgspec.structs.replace(task, after=after)] if after and after != task.after else []

    def _meet(self, comments: Iterable[Comment], since: int) -> None:
        """Note those who wrote since the last pass, as many as may be asked about."""
        state = self._state
        known = since + _LATE if since else 0
        if self._scope.login != "facebook":
            return
        own = {account_key(key) for key in state.own}
        for comment in comments:
            handle = comment.handle
            if len(state.authors) >= self._scope.audiences:
                return
            if not handle or not HANDLE.fullmatch(handle) or handle in self._met or account_key(handle) in own:
                continue
            if _time(comment.timestamp) >= known:
                self._met.add(handle)
                state.authors.append((handle, comment.actor or handle))


def _keys(user: User) -> list[str]:
    return [key for key in dict.fromkeys((user.account, str(user.id), user.username)) if key]


def _time(written: str | None) -> int:
    """Return when something was written; 0 where it does not tell."""
    time = moment(written)
    return 0 if time is None or time == BAD else time


def _is_past(rows: Collection[Media] | Collection[Comment], oldest: int, known: int) -> bool:
    """Tell whether a list that is newest first has come to what is known. One in another order is read to its end."""
    times = [_time(row.timestamp) for row in rows]
    return bool(known and times) and max(times) < oldest and times == sorted(times, reverse=True)
