"""Links to items: only where the network says what its ids look like, and nothing in an id can make it another address."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kleos.contract import Kind, Network, Role
from kleos.insight.explaining.addresses import address_of

KINDS = {"cheer": Kind(role=Role.LIKE, title="cheer")}


def network(pages: dict[str, str]) -> Network:
    return Network(name="pond", title="Pond", kinds=KINDS, sources=(), item_pages=pages)


POND = network({"[0-9]{3,}": "https://pond.example/posts/{item}", "urn:[a-z]+": "https://pond.example/{item}/"})


@pytest.mark.parametrize(
    ("item", "address"),
    [
        ("12345", "https://pond.example/posts/12345"),
        ("urn:leaf", "https://pond.example/urn:leaf/"),
        ("12", None),
        ("12345 ", None),
        ("12345\n", None),
        ("album: Glazes", None),
        ("", None),
    ],
)
def test_an_id_that_looks_like_one_has_an_address(item: str, address: str | None) -> None:
    assert address_of(POND, item) == address


def test_a_network_that_says_nothing_has_none() -> None:
    assert address_of(network({}), "12345") is None


@given(st.text(max_size=30))
def test_whatever_an_id_holds_its_address_stays_on_the_networks_page(item: str) -> None:
    address = address_of(network({"(?s:.)*": "https://pond.example/posts/{item}/end"}), item)
    assert address is not None
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("https", "pond.example", "", "")
    assert parts.path.startswith("/posts/")
    assert parts.path.endswith("/end")
    assert not set(address) & set("\"'<> \n")


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ({"[0-9": "https://pond.example/{item}"}, "is no regular expression"),
        ({"[0-9]+": "http://pond.example/{item}"}, "an address with https://"),
        ({"[0-9]+": "javascript:alert(1)//{item}"}, "an address with https://"),
        ({"[0-9]+": "https://pond.example/"}, "one {item}"),
        ({"[0-9]+": "https://{item}.example/"}, "one {item}"),
        ({"[0-9]+": "https://pond.example/{item}/{item}"}, "one {item}"),
        ({"[0-9]+": "https://pond.example/a b/{item}"}, "one {item}"),
    ],
)
def test_a_declaration_that_leads_nowhere_is_refused(pages: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        network(pages)
