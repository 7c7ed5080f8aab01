"""A reader's values, as they may stand in text, in HTML and in headers."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.slot import Context, Slot, escape, shown

NAME, LEAVE = Slot("first_name", "reader"), Slot("unsubscribe_url")


@pytest.mark.parametrize(
    ("value", "text", "markup"),
    [
        ("Ana", b"Ana", b"Ana"),
        ("", b"reader", b"reader"),
        ("  \t ", b"reader", b"reader"),
        ("Zoë O’Neil", "Zoë O’Neil".encode(), "Zoë O’Neil".encode()),
        ("<b>&\"'", b"<b>&\"'", b"&lt;b&gt;&amp;&quot;&#x27;"),
        ("Ana\r\nBcc: all@example.org", b"Ana Bcc: all@example.org", b"Ana Bcc: all@example.org"),
        ("A\u202ena\u0000", b"Ana", b"Ana"),
    ],
)
def test_a_name_is_text_everywhere(value: str, text: bytes, markup: bytes) -> None:
    """Neither markup nor a header can be written with one."""
    assert escape(NAME, value, Context.PLAIN) == escape(NAME, value, Context.HEADER) == text
    assert escape(NAME, value, Context.HTML) == markup


@pytest.mark.parametrize(
    "value",
    [
        "https://news.example.org/u/0123",
        "HTTPS://news.example.org/u?a=1&b=2",
        "mailto:leave@example.org?subject=unsubscribe",
        "http://localhost:8000/u/1",
        "http://127.0.0.1/u/1",
        "http://[::1]:8000/u/1",
    ],
)
def test_an_address_leads_by_https_or_mailto(value: str) -> None:
    """Without TLS only to the machine itself, where a team tries things out."""
    assert escape(LEAVE, value, Context.PLAIN) == value.encode()
    assert escape(LEAVE, value, Context.HTML) == html.escape(value).encode()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "http://news.example.org/u/1",
        "http://localhost.example.org/u/1",
        "http://127.0.0.1.example.org/",
        "http://localhost@example.org/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "//news.example.org",
        'https://example.org/"onclick="x',
        "https://example.org/ x",
        "ftp://example.org",
    ],
)
def test_any_other_address_is_refused(value: str) -> None:
    """A reader's link leads where the team's service is, and nowhere else."""
    for context in Context:
        with pytest.raises(ValueError, match="unsubscribe_url is not an https or mailto address"):
            escape(LEAVE, value, context)


@given(st.sampled_from([NAME, LEAVE]), st.text() | st.text().map("https://news.example.org/{}".format))
def test_the_short_way_gives_what_the_long_way_gives(slot: Slot, value: str) -> None:
    """Most names and addresses are looked at once; what stands in HTML as it is stands so in text, too."""
    try:
        in_text, in_html = shown(slot, value)
    except ValueError:
        for context in Context:
            with pytest.raises(ValueError, match="is not an https or mailto address"):
                escape(slot, value, context)
        return
    found = {context: escape(slot, value, context) for context in Context}
    assert found == {
        Context.HTML: in_html.encode(),
        Context.PLAIN: in_text.encode(),
        Context.HEADER: in_text.encode(),
    }
    assert not set("\r\n") & set(in_text)
    assert html.unescape(in_html) == in_text
    if in_html == value:
        assert in_text == value
