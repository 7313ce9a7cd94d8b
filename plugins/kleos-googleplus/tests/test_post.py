from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos_googleplus.post import Account, account_of, item_of, time_of

ID = "100000000000000007919"


@pytest.mark.parametrize(
    ("resource", "url", "id_", "handle"),
    [
        (f"users/{ID}", f"https://plus.google.com/{ID}", ID, None),
        (f"users/{ID}", "https://plus.google.com/+AdaMuster", ID, "+AdaMuster"),
        (None, "https://plus.google.com/+AdaMuster/posts", None, "+AdaMuster"),
        (None, f"http://plus.google.com/u/0/{ID}?hl=en", ID, None),
        (None, "https://plus.google.com/+%C3%89milieRoux", None, "+ÉmilieRoux"),
        (None, "//plus.google.com/+E\u0301milieRoux", None, "+ÉmilieRoux"),
    ],
)
def test_an_account_is_known_by_its_resource_name_or_its_address(
    resource: str | None, url: str, id_: str | None, handle: str | None
) -> None:
    assert account_of(resource=resource, url=url) == Account(id=id_, handle=handle)


def test_a_display_name_is_better_than_nothing_and_nothing_is_nobody() -> None:
    assert account_of(url="https://example.org/+AdaMuster", name=" Ada \n Muster ") == Account(name="Ada Muster")
    assert account_of(resource="users/", url="https://plus.google.com/communities/1", name=" ") is None


def test_a_name_identifies_only_where_nothing_better_is_known() -> None:
    assert Account(id=ID, name="Ada").keys == {ID}
    assert Account(handle="+AdaMuster", name="Ada").keys == {"+adamuster"}
    assert Account(name="Ada").keys == {"ada"}


def test_a_post_is_known_by_the_last_part_of_its_address() -> None:
    assert item_of("https://plus.google.com/+AdaMuster/posts/QgLazeP0ll22?hl=de") == "QgLazeP0ll22"
    assert item_of("https://plus.google.com/+AdaMuster") is item_of(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "2014-10-07 10:42:39-0400",
        " - 2014-10-07 14:42:39+0000",
        "2014-10-07T14:42:39Z",
        "2014-10-07 14:42:39",
        "2014-10-07T16:42:39.5+02:00",
    ],
)
def test_times_are_read_with_their_zone(text: str) -> None:
    assert time_of(text) == datetime(2014, 10, 7, 14, 42, 39, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "0000-01-01 00:00:00+0000",
        "0001-01-01 00:00:00+1400",
        "9999-12-31 23:59:59-1400",
        "2014-13-40 25:61:61+0000",
        "1970-01-01 00:00:00+0000",
    ],
)
def test_absurd_times_are_unknown(text: str | None) -> None:
    assert time_of(text) is None


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_reading_of_accounts_posts_and_times(resource: str, url: str, name: str) -> None:
    account = account_of(resource=resource, url=f"https://plus.google.com/{url}", name=name)
    assert account is None or account.key
    item_of(url)
    time_of(name)
