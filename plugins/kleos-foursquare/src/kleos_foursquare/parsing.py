"""From a file of an export, or an answer of the API, to what others did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, get_args

from kleos.contract import Page, Profile, Row
from kleos.errors import ParseError
from kleos_foursquare.gathered import Gathered
from kleos_foursquare.kinds import AGREE, COMMENT, FOLLOW, FRIEND, LIKE, LIST_FOLLOW, NETWORK, VIEW
from kleos_foursquare.shapes import CheckIn, Comment, Crowd, Listing, Myself, Remark, Section, Tip, User, elements, sections
from kleos_foursquare.values import BAD, handle_in, identity, known, moment

__all__ = ["name_of", "parse"]

_SECTIONS: Mapping[str, Section] = {section: section for section in get_args(Section)}


def parse(page: Page) -> Iterator[Row]:
    """Yield the reactions of one page. Raises `ParseError`.

    ``context`` holds, where they are needed: ``holds``, what elements are that stand in an array of no name (default: check-ins);
    ``lines``, whether every line is a JSON text of its own; ``self``, the id of the account that the API answers about; ``one_by_one``,
    the check-ins whose comments are asked for one by one, so that their count, the owner's own among it, says nothing; and
    ``named_elsewhere``, for each check-in how many of its comments comments.json has by name.
    """
    context = page.context or {}
    myself = context.get("self")
    owner = page.owner
    ids = [*(owner.ids if owner else ()), *([myself] if isinstance(myself, str) and myself else [])]
    subject = myself if isinstance(myself, str) and myself else owner.account if owner else ""
    if not subject:
        raise ParseError("nothing says whose check-ins these are", where=page.where, hint="give the person an account in the configuration")
    reader = _Reader(Gathered(subject, ids, page.captured), context)
    default = _SECTIONS.get(str(context.get("holds")), "check-in")
    body = page.body.removeprefix(b"\xef\xbb\xbf")
    texts = [line for line in body.split(b"\n") if line.strip()] if context.get("lines") is True else [body]
    for number, text in enumerate(texts, 1):
        try:
            reader.read(text, default, page.where)
        except ParseError:
            if len(texts) == 1:
                raise
            reader.gathered.flaw(f"{page.where}: line {number}", "a line that is no check-in, or breaks off")
    yield from reader.gathered.rows()


def name_of(myself: Myself) -> str | None:
    """Return the display name of an account, None where it has none."""
    return " ".join(part.strip() for part in (myself.first_name, myself.last_name) if part and part.strip()) or None


class _Reader:
    """Reads the elements of one page into what they give."""

    def __init__(self, gathered: Gathered, context: Mapping[str, Any]) -> None:
        self.gathered = gathered
        self._one_by_one = _texts(context.get("one_by_one"))
        named = context.get("named_elsewhere")
        self._named = named if isinstance(named, Mapping) else {}
        self._readers: Mapping[Section, tuple[type, str, Callable[[Any, str], None]]] = {
            "check-in": (CheckIn, "a check-in", self._check_in),
            "tip": (Tip, "a tip", self._tip),
            "list": (Listing, "a list", self._list),
            "friend": (User, "a friend", lambda user, where: self._person(FRIEND, user, where)),
            "follower": (User, "a follower", lambda user, where: self._person(FOLLOW, user, where)),
            "comment": (Remark, "a comment", self._remark),
            "self": (Myself, "the account", self._myself),
        }

    def read(self, text: bytes, default: Section, where: str) -> None:
        """Read a JSON text. Raises `ParseError` for one that is none, or something else."""
        for section, array in sections(text, default, where):
            type_, what, read = self._readers[section]
            for number, element in enumerate(elements(array, type_, where), 1):
                place = f"{where}: {section} {number}"
                if element is None:
                    self.gathered.flaw(place, f"{what} whose fields have an unexpected type")
                else:
                    read(element, place)

    def _check_in(self, check_in: CheckIn, where: str) -> None:
        item = self._item(check_in, "a check-in", where)
        if item is None:
            return
        id_, time = item
        if check_in.likes is not None:
            self.gathered.crowd(LIKE, id_, time, check_in.likes, by_owner=check_in.like)
        if check_in.comments is None:
            return
        count, listed = check_in.comments.count, check_in.comments.items or ()
        own = 0
        for comment in listed:
            if self.gathered.is_own(comment.user):
                own += 1
            else:
                self._comment(comment, id_, time, where)
        whole = bool(listed) and len(listed) >= (count or 0)
        if whole or id_ not in self._one_by_one:
            named = self._named.get(id_, 0)
            without = own + (named if isinstance(named, int) else 0)
            self.gathered.total(COMMENT, id_, count, time, without=without, finer=whole)

    def _comment(self, comment: Comment, item: str, item_time: int | None, where: str) -> None:
        actor = identity(comment.user.id) if comment.user else None
        id_ = identity(comment.id)
        if actor is None and id_ is None:
            self.gathered.flaw(where, "a comment that says neither whose nor which it is: it is counted only")
            return
        self.gathered.reaction(COMMENT, actor, item, time=self._time(comment.created_at, "a comment", where), id_=id_, item_time=item_time)

    def _tip(self, tip: Tip, where: str) -> None:
        item = self._item(tip, "a tip", where)
        if item is not None:
            id_, time = item
            self.gathered.crowd(AGREE, id_, time, tip.likes or Crowd(), by_owner=tip.like, also=tip.agree_count)
            self.gathered.total(VIEW, id_, tip.view_count, time)

    def _list(self, listing: Listing, where: str) -> None:
        if listing.user is not None and identity(listing.user.id) is not None and not self.gathered.is_own(listing.user):
            return  # one that the owner follows, or may edit: it is somebody else's
        item = self._item(listing, "a list", where)
        if item is not None and listing.followers is not None:
            self.gathered.crowd(LIST_FOLLOW, *item, listing.followers)

    def _person(self, kind: str, user: User, where: str) -> None:
        actor = identity(user.id)
        if actor is None:
            self.gathered.flaw(where, "a friend or follower without an id")
        elif not self.gathered.is_own(user):
            self.gathered.reaction(kind, actor)

    def _remark(self, remark: Remark, where: str) -> None:
        actor = identity(remark.user_id)
        if actor is None:
            self.gathered.flaw(where, "a comment that does not say whose it is")
        elif not self.gathered.knows_owner:
            self.gathered.flaw(where, "a comment that may be the owner's own, since nothing says who that is: it is left out")
        elif not self.gathered.is_own(User(id=actor)):
            self.gathered.reaction(COMMENT, actor, time=self._time(remark.time, "a comment", where))

    def _myself(self, myself: Myself, where: str) -> None:
        id_ = identity(myself.id)
        if id_ is None:
            self.gathered.flaw(where, "an account without an id")
        else:
            self.gathered.profiles.append(Profile(network=NETWORK, id=id_, handle=handle_in(myself.address), name=name_of(myself)))

    def _item(self, thing: CheckIn | Tip | Listing, what: str, where: str) -> tuple[str, int | None] | None:
        """Return the id and the time of something of the owner's; None, and a flaw, for what is not."""
        id_ = identity(thing.id)
        if id_ is None:
            self.gathered.flaw(where, f"{what} without an id")
            return None
        user = thing.user
        if user is not None and identity(user.id) is not None and self.gathered.knows_owner and not self.gathered.is_own(user):
            self.gathered.flaw(where, f"{what} by somebody else: reactions to it are not received")
            return None
        return id_, self._time(thing.created_at, what, where)

    def _time(self, written: str | float | None, what: str, where: str) -> int | None:
        time = moment(written)
        if time == BAD:
            self.gathered.flaw(where, f"{what} whose time makes no sense")
        return known(time)


def _texts(value: Any) -> Collection[str]:
    return {one for one in value if isinstance(one, str)} if isinstance(value, list | tuple) else ()
