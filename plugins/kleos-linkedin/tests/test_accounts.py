"""Addresses and URNs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kleos.contract import Owner
from kleos_linkedin.accounts import account_of, full_name, keys_of, organization_of, post_of, posted_at


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("www.linkedin.com/in/ada-quill", "ada-quill"),
        ("https://www.linkedin.com/in/ada-quill/de?trk=x", "ada-quill"),
        ("http://it.linkedin.com/in/ada-quill/", "ada-quill"),
        ("linkedin.com/in/%C3%A9mile", "émile"),
        ("LinkedIn.com/IN/Ada", "Ada"),
        ("urn:li:member:42", "urn:li:member:42"),
        ("urn:li:person:a_B-9", "urn:li:person:a_B-9"),
        ("https://www.linkedin.com/company/acme", None),
        ("https://linkedin.com.example.org/in/ada", None),
        ("https://notlinkedin.com/in/ada", None),
        ("urn:li:activity:42", None),
        ("", None),
        (None, None),
    ],
)
def test_a_profile_is_known_by_the_end_of_its_address(address: str | None, account: str | None) -> None:
    assert account_of(address) == account


@pytest.mark.parametrize(
    ("account", "urn"),
    [
        ("2414183", "urn:li:organization:2414183"),
        ("urn:li:organization:2414183", "urn:li:organization:2414183"),
        ("urn:li:organizationBrand:7", "urn:li:organizationBrand:7"),
        ("urn:li:person:7", None),
        ("acme", None),
        ("", None),
    ],
)
def test_a_page_is_known_by_its_number(account: str, urn: str | None) -> None:
    assert organization_of(account) == urn


@pytest.mark.parametrize(
    ("address", "urn"),
    [
        ("https://www.linkedin.com/feed/update/urn:li:activity:7406535690785632256", "urn:li:activity:7406535690785632256"),
        ("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A74/", "urn:li:share:74"),
        ("https://www.linkedin.com/feed/update/urn:li:ugcPost:74?utm=x", "urn:li:ugcPost:74"),
        ("https://www.linkedin.com/posts/ada_share-7-tips-activity-74-AbCd?trk=share-9", "urn:li:activity:74"),
        ("https://www.linkedin.com/posts/ada_ugcPost-74-x9Z", "urn:li:ugcPost:74"),
        ("https://www.linkedin.com/posts/ada-ugcPost-74-x9Z", "urn:li:ugcPost:74"),
        ("https://www.linkedin.com/in/ada-quill", None),
        ("https://example.org/feed/update/urn:li:activity:74", None),
        ("urn:li:activity:74", None),
        ("Post URL", None),
        (74, None),
    ],
)
def test_a_post_is_known_by_the_number_in_its_address(address: object, urn: str | None) -> None:
    assert post_of(address) == urn


def test_the_number_of_a_post_tells_when_it_was_made() -> None:
    # An address and a date that somebody published side by side.
    made = posted_at("urn:li:activity:7406535690785632256")
    assert made is not None
    assert made.date() == datetime(2025, 12, 16, tzinfo=UTC).date()
    assert posted_at("urn:li:activity:74") is None
    assert posted_at("urn:li:activity:99999999999999999999") is None


def test_names_are_joined_and_everything_an_owner_is_called_is_a_key() -> None:
    assert full_name(" Ada  M. ", "Quill") == "Ada M. Quill"
    assert full_name("", " ") is None
    assert keys_of(Owner(ids=["7"], handles=["Ada"], names=["Ada Quill", " "])) == {"7", "ada", "ada quill"}
    assert keys_of(None) == frozenset()
