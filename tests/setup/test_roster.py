"""Accounts become people: joined only where there is a reason, and called the same whatever else is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kleos.config import read, resolve
from kleos.contract import Owner
from kleos.plugins import Loaded
from kleos.setup.configured import configuration
from kleos.setup.roster import Account, make_roster
from kleos.setup.understanding import Understood


def account(network: str, ids: Any = (), handles: Any = (), names: Any = (), label: str = "") -> Account:
    return Account(network=network, owner=Owner(ids=ids, handles=handles, names=names), label=label)


def places(*accounts: Account) -> tuple[int, ...]:
    return make_roster(accounts).places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"handles": ["Ada"]}, {"handles": ["@ada"]}),
        ({"ids": ["1"], "names": ["Ada Lovelace"]}, {"ids": ["2"], "names": ["ada  lovelace"]}),
    ],
    ids=["the same handle", "the same display name"],
)
def test_accounts_of_two_networks_are_joined(one: dict[str, Any], other: dict[str, Any]) -> None:
    roster = make_roster([account("birdsong", **one), account("meadow", **other)])
    assert roster.places == (0, 0)
    (reason,) = roster.joined
    assert reason.endswith("of birdsong and meadow is taken for one person, " + roster.people[0].id)
    assert set(roster.people[0].accounts) == {"birdsong", "meadow"}


def test_accounts_without_anything_in_common_are_two_people() -> None:
    assert places(account("birdsong", handles=["ada"]), account("meadow", handles=["bob"])) == (0, 1)


def test_a_name_that_two_people_of_one_network_share_joins_nobody() -> None:
    adas = [account("birdsong", [str(number)], [f"ada{number}"], ["Ada"]) for number in (1, 2)]
    assert places(*adas, account("meadow", ["3"], ["lovelace"], ["Ada"])) == (0, 1, 2)


def test_accounts_of_one_network_are_joined_by_their_id_whatever_the_handle() -> None:
    assert places(account("birdsong", ["1"], ["ada"]), account("birdsong", ["1"], ["ada_new"])) == (0, 0)


def test_accounts_of_one_network_with_other_ids_are_two_people_even_if_a_handle_changed_hands() -> None:
    assert places(account("birdsong", ["1"], ["new", "ada"]), account("birdsong", ["2"], ["ada"])) == (0, 1)


def test_a_person_has_the_present_handle_and_the_ids() -> None:
    (person,) = make_roster([account("birdsong", ["1"], ["ada", "old_ada"], ["Ada Lovelace"])]).people
    assert (person.id, person.name, person.accounts) == ("ada", "Ada Lovelace", {"birdsong": ("ada", "1")})


def test_an_owner_of_whom_only_the_name_is_known_is_claimed_by_it() -> None:
    (person,) = make_roster([account("meadow", names=["Ada Lovelace"])]).people
    assert (person.id, person.accounts) == ("ada-lovelace", {"meadow": ("Ada Lovelace",)})


def test_an_owner_of_whom_nothing_is_known_is_called_after_the_file() -> None:
    (person,) = make_roster([account("meadow", label="My export (2)")]).people
    assert (person.id, person.name, person.accounts) == ("my-export-2", "My export (2)", {})


def test_handles_that_make_the_same_id_are_told_apart() -> None:
    assert [person.id for person in make_roster([account("birdsong", handles=[handle]) for handle in ("a.b", "a+b", "A!B")]).people] == [
        "a-b",
        "a-b-2",
        "a-b-3",
    ]


@pytest.mark.parametrize(
    ("handle", "name", "expected"), [("李小龙", "Bruce Lee", "bruce-lee"), ("", "Zoë Ångström", "zoe-angstrom"), ("..", "李", "birdsong-7")]
)
def test_ids_are_made_of_plain_letters(handle: str, name: str, expected: str) -> None:
    assert make_roster([account("birdsong", ["7"], [handle] if handle else [], [name])]).people[0].id == expected


owners = st.builds(
    account,
    st.sampled_from(["birdsong", "meadow"]),
    st.lists(st.text(max_size=3), max_size=2),
    st.lists(st.text(max_size=3), max_size=2),
    st.lists(st.text(max_size=3), max_size=2),
    st.text(max_size=3),
)


@given(st.lists(owners, max_size=8))
def test_every_account_has_a_person_with_a_usable_id_of_their_own(accounts: list[Account]) -> None:
    roster = make_roster(accounts)
    ids = [person.id for person in roster.people]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9_-]+", id_) for id_ in ids)
    assert set(roster.places) == set(range(len(ids)))


def anything() -> st.SearchStrategy[str]:
    return st.text(st.characters(), max_size=3) | st.sampled_from(["ada", "@Ada", "1", "\ud800", " ", "@"])


anybody = st.builds(account, st.sampled_from(["birdsong", "meadow"]), *(st.lists(anything(), max_size=2) for _ in range(3)), anything())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # what is loaded never changes
@given(accounts=st.lists(anybody, min_size=1, max_size=8))
def test_a_configuration_of_any_people_passes(loaded: Loaded, accounts: list[Account]) -> None:
    people = make_roster(accounts).people
    nobody = Understood(entries=(), unknown=(), people=people, bystanders=(), joined=(), as_of=None)
    text = configuration(nobody, Path.cwd())
    config = resolve(read(text), loaded.networks, {}, folder=Path.cwd())
    told = [(person.id, person.name) for person in config.people.values()]
    assert told == [(person.id, person.name) for person in people]


@given(st.permutations([account("birdsong", handles=[handle]) for handle in ("ada", "bob", "eve", "Zoë")]))
def test_a_person_is_called_the_same_whatever_the_order(accounts: list[Account]) -> None:
    roster = make_roster(accounts)
    called = {accounts[place].owner.account: roster.people[who].id for place, who in enumerate(roster.places)}
    assert called == {"ada": "ada", "bob": "bob", "eve": "eve", "Zoë": "zoe"}
