"""When two web addresses are the same page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.url import canonical_url

PAGE = "https://example.org/news/wells"


@pytest.mark.parametrize(
    "spelling",
    [
        "https://example.org/news/wells",
        "http://example.org/news/wells",
        "https://www.example.org/news/wells/",
        "https://EXAMPLE.org:443/news/wells#top",
        "https://example.org./news/wells?utm_source=mail&utm_medium=x&fbclid=1",
        "https://example.org/news/wells?source=rss----7b72---4",
        "https://example.org/news/wells?source=rss",
        "https://example.org/news/wells?pk_campaign=feed&pk_kwd=wells&mtm_source=feed",
        "https://example.org/news/w%65lls",
        "https://example.org/news/wells#/",
        "https://example.org/news/wells/#!",
    ],
)
def test_spellings_of_one_page_are_equal(spelling: str) -> None:
    """Scheme, www, default port, trailing slash, fragment, tracking parameters and needless escapes do not count."""
    assert canonical_url(spelling) == PAGE


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/news/Wells",
        "https://example.org/news/wells?page=2",
        "https://example.org/news/wells?source=library",
        "https://example.org/news/wells?pk_id=7",
        "https://example.org:8443/news/wells",
        "https://news.example.org/news/wells",
        "https://example.org/news",
        "https://example.org/news/wells#/page/2",
        "https://example.org/news/wells#!page=2",
    ],
)
def test_different_pages_stay_different(other: str) -> None:
    """Path, case, parameters, port and subdomain count, and what a site of one page shows for its address."""
    assert canonical_url(other) != PAGE


def test_the_order_of_parameters_does_not_count() -> None:
    """The same parameters in another order are the same page."""
    assert canonical_url("https://example.org/?b=2&a=1") == canonical_url("https://example.org?a=1&b=2")


def test_mail_addresses_are_compared_without_case() -> None:
    """Only the address of a mailto counts."""
    assert canonical_url("mailto:Press@Example.org?subject=Hi") == "mailto:press@example.org"


@given(
    st.from_regex(
        r"https?://[a-z]{1,8}\.(org|example)(:[0-9]{2,4})?(/[\w%.~-]{0,12}){0,3}(\?[\w=&%]{0,20})?(#[/!\w]{0,9})?",
        fullmatch=True,
    )
)
def test_the_canonical_address_is_its_own_canonical_address(address: str) -> None:
    """Doing it twice changes nothing."""
    once = canonical_url(address)
    assert canonical_url(once) == once
