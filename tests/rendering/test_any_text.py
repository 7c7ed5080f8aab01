"""Any text in any place: what people write is what readers see, and never more than text.

It takes a minute; `NEWSLETTER_FUZZ=3600` lets it go on for that many seconds.
"""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model.entry import News
from newsletter.model.fields import read_url
from newsletter.rendering import render
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import Element, parse

SECONDS = float(os.environ.get("NEWSLETTER_FUZZ", "60"))
SCRIPTS = [
    (0x0020, 0x007E),  # Latin, and all that has a meaning in markup
    (0x00A0, 0x024F),  # no-break space, soft hyphen, accents
    (0x0300, 0x036F),  # accents that combine
    (0x0370, 0x052F),  # Greek and Cyrillic
    (0x0590, 0x06FF),  # Hebrew and Arabic with their vowel marks
    (0x0900, 0x097F),  # Devanagari
    (0x0E00, 0x0E7F),  # Thai
    (0x10A0, 0x10FF),  # Georgian
    (0x2000, 0x2029),  # spaces of all widths, joiners
    (0x3040, 0x30FF),  # Japanese
    (0x4E00, 0x4EFF),  # Chinese
    (0xFE00, 0xFE0F),  # variation selectors
    (0x1F300, 0x1F6FF),  # emoji
]
HOSTILE = [
    "<script>alert(1)</script>", '" onerror="x', "' onload='x", "</mj-text>", "<mj-raw>", "<mj-include path='x'/>",
    "-->", "<!--[if mso]>", "]]>", "{{ 7 * 7 }}", "{% raw %}", "{#", "{first_name}", "&amp;", "&#60;", "\\u{a0}", "\\n",
    "@@", "slot.invalid", "https://slot.invalid/x0x", "javascript:alert(1)", "=\r\n", "\u200d", "👩‍👩‍👧",
]  # fmt: skip
CHARACTER = st.one_of(
    [st.characters(min_codepoint=first, max_codepoint=last, exclude_categories=["Cs", "Cc"]) for first, last in SCRIPTS]
)
# Control and bidirectional characters are refused when an entry is read, and so never get here.
LINE = (
    st.lists(st.one_of(st.text(CHARACTER, max_size=12), st.sampled_from(HOSTILE)), min_size=1, max_size=6)
    .map("".join)
    .map(lambda text: re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+", " ", text).strip())
    .filter(bool)
)


def for_its_share(test: Callable[[], None]) -> Callable[[], None]:
    """Return a test that searches on, with new examples, until its share of the time is over."""

    def searched() -> None:
        end = time.monotonic() + SECONDS / 3
        test()
        while time.monotonic() < end:
            test()

    searched.__doc__ = test.__doc__
    return searched


WORKSPACE = make.workspace(Path("has-nothing-of-its-own"))


def shape(page: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element's name and its attributes' names: what markup in a text would change."""
    return [(element.name, tuple(sorted(element.attributes))) for element in page]


def seen(text: str) -> str:
    """Return a text as a browser shows it: runs of white space as one."""
    return re.sub(r"[ \t\n\r\f]+", " ", text).strip()


def escaped(text: str) -> str:
    """Return Markdown that shows `text` as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


@for_its_share
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=LINE, summary=LINE, alt=LINE, section=LINE, preheader=LINE, note=LINE)
def test_readers_see_exactly_what_was_written(
    title: str, summary: str, alt: str, section: str, preheader: str, note: str
) -> None:
    """Output parses, shows the text, and has the same elements and attributes as with plain words."""

    def rendered(title: str, summary: str, alt: str, section: str, preheader: str, note: str) -> tuple[Element, str]:
        entry: News = make.news(
            title=title, summary=escaped(summary), image={"src": "https://example.org/a.png", "alt": alt}
        )
        issue = make.issue(
            preheader=preheader.replace("{", "(") or None,
            title=f"Issue {section}",
            corrections=[{"date": "2024-08-02", "note": note}],
        )
        plan = make.section(section, "news", layout="hero")
        edition = render(make.selection((plan, [entry]), of=issue), WORKSPACE, "en")
        return parse(edition.html.fill(READER).decode()), edition.text.fill(READER).decode()

    page, text = rendered(title, summary, alt, section, preheader, note)
    plain, _ = rendered("Title", "Summary", "Alt", "Section", "Preheader", "Note")
    assert shape(page) == shape(plain)
    (headline,) = page.find("h3")
    (heading,) = page.find("h2")
    (image,) = page.find("img")
    assert headline.text == seen(title)
    assert page.find("h1")[0].text == page.find("title")[0].text == seen(f"Issue {section}")
    assert heading.text == seen(section)
    assert image.attributes["alt"] == alt
    assert seen(summary) in page.text
    assert seen(note) in page.text
    assert "".join(note.split()) in "".join(text.split())
    assert "".join(title.split()) in "".join(text.split())
    assert "".join(unicodedata.normalize("NFC", summary).split()) in "".join(unicodedata.normalize("NFC", text).split())


@for_its_share
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=st.lists(
        st.one_of(LINE, st.sampled_from(["\n", "\n\n", "# ", "> ", "- ", "    ", "[a](", ")", "![", "`", "*", "<"]))
    ).map("".join)
)
def test_no_markdown_breaks_the_letter(body: str) -> None:
    """Whatever Markdown makes of it, nothing but its own harmless elements appears, and every element is closed."""
    entry = make.news(summary="", body=body, url=None)
    edition = render(make.selection((make.section(), [entry])), WORKSPACE, "en")
    page = parse(edition.html.fill(READER).decode())
    for element in page:
        assert not any(name.startswith("on") for name in element.attributes)
        assert element.name not in {"script", "iframe", "object", "form", "input", "img"}
    assert [slot.name for slot in edition.html.slots] == ["view_url", "unsubscribe_url"]


@for_its_share
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.text(CHARACTER, max_size=30).filter(lambda text: not re.search(r"\s", text)))
def test_an_address_leads_where_it_was_written_to(path: str) -> None:
    """Quotes, brackets and letters of every script stay in the address."""
    url = read_url(f"https://www.example.org/{path}")
    edition = render(make.selection((make.section(), [make.news(url=url)])), WORKSPACE, "en")
    page = parse(edition.html.fill(READER).decode())
    (headline,) = page.find("h3")
    assert [link.attributes["href"] for link in headline.find("a")] == [url]
    assert f"\n{url}\n" in edition.text.fill(READER).decode()
