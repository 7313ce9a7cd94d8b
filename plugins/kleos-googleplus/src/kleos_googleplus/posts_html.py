"""A post from the HTML of an archive: one page per post, in either of two generations of markup.

Both mark people and reactions by the same classes: ``a.author``, ``div.plus-oners``, ``div.resharers``, ``div.comment``,
``div.poll-choice-votes``. The older writes a comment's time into ``span.time``; the newer adds schema.org microdata
(``itemprop="dateCreated"``, ``itemtype="http://schema.org/Comment"``). Texts are in the account's language, so only the markup counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kleos.contract import Flaw
from kleos.errors import ParseError
from kleos_googleplus.post import Account, Comment, Post, account_of, item_of, time_of

__all__ = ["read_html"]

_COMMENTS = 'div.comment, [itemtype$="schema.org/Comment"]:not(div.comment)'
_OUTSIDE = ':not(div.comment *, [itemtype$="schema.org/Comment"] *)'
_AUTHORS = ("a.author", 'a[itemprop~="author"]', '[itemprop~="author"] a[href]')
_TIMES = ('[itemprop~="dateCreated"]', "span.time", "time")
_ADDRESSES = ('a[itemprop~="url"][href*="/posts/"]', 'a.author ~ a[href*="/posts/"]')
_MARKS = 'div.visibility, [itemprop~="audience"], div.post-activity, div.plus-oners, div.resharers, div.comments'

# An HTML tree is built in time quadratic in the depth of its blocks. A post with all of its comments has a few thousand blocks;
# links, line breaks and spans, of which a loved post can have many, do not deepen it.
_BLOCK = re.compile(rb"<(?!/|!|a[\s>]|br|span|img)", re.IGNORECASE)
_MOST_BLOCKS = 20_000


def read_html(body: bytes) -> Post | None:
    """Read a post; None if the page is something else.

    Raises `ParseError` for a post that lacks its author, or both its address and its time, and for a page with more blocks than any
    post has.
    """
    if b"plus.google.com" not in body:
        return None
    if len(_BLOCK.findall(body)) > _MOST_BLOCKS:
        raise ParseError("a page with more blocks than any post has")
    page = LexborHTMLParser(body).body
    if page is None or page.css_first(_MARKS) is None:
        return None
    author = _author(page, _OUTSIDE)
    permalink = _permalink(page)
    if author is None or not (author.id or author.handle):
        if permalink is None:
            return None
        raise ParseError("a post without an author")
    time = (time_of(permalink.text()) if permalink is not None else None) or _time(page, _OUTSIDE)
    item = item_of(permalink.attributes.get("href")) if permalink is not None else None
    if item is None and time is not None:
        # Nobody wrote two posts in one second.
        item = time.strftime("%Y%m%dT%H%M%SZ")
    if item is None:
        raise ParseError("a post with neither address nor time")
    return _read(page, item, author, time)


def _read(page: LexborNode, item: str, author: Account, time: datetime | None) -> Post:
    flaws: list[Flaw] = []
    if time is None:
        flaws.append(Flaw(where="post", reason="a post without a sensible time"))
    return Post(
        item=item,
        author=author,
        time=time,
        comments=list(_comments(page, flaws)),
        plusones=list(_people(page, "div.plus-oners a", "+1", flaws)),
        reshares=list(_people(page, "div.resharers a", "reshare", flaws)),
        votes=list(_people(page, "div.poll-choice-votes a", "vote", flaws)),
        flaws=flaws,
    )


def _comments(page: LexborNode, flaws: list[Flaw]) -> Iterator[Comment]:
    for number, node in enumerate(page.css(_COMMENTS), 1):
        place = f"comment {number}"
        author = _author(node)
        if author is None:
            flaws.append(Flaw(where=place, reason="a comment that does not say by whom"))
            continue
        time = _time(node)
        if time is None:
            flaws.append(Flaw(where=place, reason="a comment without a sensible time"))
        yield Comment(author=author, time=time)


def _people(page: LexborNode, selector: str, what: str, flaws: list[Flaw]) -> Iterator[Account]:
    for number, node in enumerate(page.css(selector), 1):
        account = _account(node)
        if account is None:
            flaws.append(Flaw(where=f"{what} {number}", reason=f"a {what} that does not say by whom"))
        else:
            yield account


def _author(node: LexborNode, outside: str = "") -> Account | None:
    for selector in _AUTHORS:
        link = node.css_first(selector + outside)
        if link is not None:
            return _account(link)
    return None


def _permalink(page: LexborNode) -> LexborNode | None:
    # Texts may link to other posts, too; the post's own link wears its date, and comes first.
    for link in page.css('a[href*="/posts/"]'):
        if time_of(link.text()) is not None:
            return link
    found = (page.css_first(address) for address in _ADDRESSES)
    return next((link for link in found if link is not None), None)


def _time(node: LexborNode, outside: str = "") -> datetime | None:
    for selector in _TIMES:
        place = node.css_first(selector + outside)
        if place is None:
            continue
        attributes = place.attributes
        moment = time_of(place.text()) or time_of(attributes.get("datetime")) or time_of(attributes.get("content"))
        if moment is not None:
            return moment
    return None


def _account(link: LexborNode) -> Account | None:
    return account_of(url=link.attributes.get("href"), name=link.text())
