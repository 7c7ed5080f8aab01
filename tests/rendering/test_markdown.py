"""Markdown: safe HTML for mail clients, and plain text with nothing lost."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.columns import columns
from newsletter.rendering import markdown
from tests.rendering.page import parse

ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
MOSTLY_MARKDOWN = st.lists(
    st.sampled_from([*"ab 1.)(-*_`#>[]!<&;:/\\\n\"'", "http://", "javascript:", "](", "<script>", "&#x"])
).map("".join)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("Plain & simple", '<p style="margin:0">Plain &amp; simple</p>'),
        ("One\ntwo\n\nthree", '<p style="margin:0 0 12px">One two</p><p style="margin:0">three</p>'),
        (
            "*em* **strong** `code`",
            '<p style="margin:0"><em>em</em> <strong>strong</strong> <code dir="ltr">code</code></p>',
        ),
        ("# A heading", '<p style="margin:0"><strong>A heading</strong></p>'),
        ("![a map](https://example.org/a.png)", '<p style="margin:0">a map</p>'),
        ("<b>raw</b>", '<p style="margin:0">&lt;b&gt;raw&lt;/b&gt;</p>'),
        (
            "[a](https://example.org/?a=1&b=2 'title')",
            '<p style="margin:0"><a style="color:red" href="https://example.org/?a=1&amp;b=2">a</a></p>',
        ),
        ("[a](javascript:alert(1))", '<p style="margin:0">[a](javascript:alert(1))</p>'),
        ("[a](/relative)", '<p style="margin:0">a</p>'),
        (
            "One:\n\n- a\n\n> Two\n>\n> three\n\nfour",
            (
                '<p style="margin:0 0 12px">One:</p>\n'
                '<ul style="margin:0 0 12px;padding:0 20px">\n<li>a</li>\n</ul>\n'
                '<blockquote>\n<p style="margin:0 0 12px">Two</p>\n<p style="margin:0">three</p>\n</blockquote>\n'
                '<p style="margin:0">four</p>'
            ),
        ),
        (
            "    long code",
            '<pre style="margin:0 0 12px;white-space:pre-wrap"><code dir="ltr">long code\n</code></pre>',
        ),
        (
            "- one\n- two",
            '<ul style="margin:0 0 12px;padding:0 20px">\n<li>one</li>\n<li>two</li>\n</ul>',
        ),
    ],
)
def test_html_is_what_mail_clients_show_alike(source: str, expected: str) -> None:
    """Headings lose their level, pictures leave their text, raw HTML stays text, links lead to the web."""
    assert markdown.to_html(source, "color:red") == expected


@given(st.one_of(ANYTHING, MOSTLY_MARKDOWN))
def test_html_holds_only_harmless_elements(source: str) -> None:
    """Whatever stands in an entry, nothing else reaches a mail client, and all of it is closed."""
    page = parse(markdown.to_html(source, "color:red"))
    for element in page:
        assert element.name in {*markdown._TAGS, "document"}
        # Code reads from left to right, whatever stands around it.
        assert set(element.attributes) <= {"href", "style", "start", "dir"}
        assert element.attributes.get("dir") in ({"ltr"} if element.name == "code" else {None})
        if "href" in element.attributes:
            assert re.match(r"(https?|mailto):", element.attributes["href"], re.IGNORECASE)


@given(st.one_of(ANYTHING, MOSTLY_MARKDOWN))
def test_the_short_cut_for_plain_text_changes_nothing(source: str) -> None:
    """Text without any Markdown takes a way that is 100 times faster and must lead to the same."""
    paragraphs = markdown._paragraphs(source)
    if paragraphs:
        parsed = html.unescape(markdown._clean(source)).replace("</p>\n<p>", "</p><p>").replace("\n", " ")
        assert parsed == "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def test_plain_text_reads_like_a_letter() -> None:
    """Paragraphs, lists, quotes and code keep their shape; a link's address follows its words."""
    source = """# A *heading*

A line with [a link](https://www.example.org/a/very/long/address/that/is/never/broken?whatever=1) and more.\\
Broken by hand.

1. One
2. Two, long enough to be wrapped, so that the second line stands below the first
   - [press@example.org](mailto:press@example.org)

> Quoted
> twice

    code  here

![A picture](https://example.org/a.png) <https://example.org>
"""
    assert markdown.to_text(source) == (
        "A heading\n"
        "\n"
        "A line with a link\n"
        "<https://www.example.org/a/very/long/address/that/is/never/broken?whatever=1>\n"
        "and more.\n"
        "Broken by hand.\n"
        "\n"
        "1. One\n"
        "2. Two, long enough to be wrapped, so that the second line stands below\n"
        "   the first\n"
        "   - press@example.org\n"
        "\n"
        "> Quoted twice\n"
        "\n"
        "    code  here\n"
        "\n"
        "A picture https://example.org"
    )


@given(MOSTLY_MARKDOWN)
def test_plain_text_shows_every_address(source: str) -> None:
    """A reader without HTML can follow every link."""
    shown = markdown.to_text(source).replace("\n", " ")
    for element in parse(markdown.to_html(source)).find("a"):
        assert element.attributes["href"].removeprefix("mailto:") in shown


@given(ANYTHING)
def test_plain_text_keeps_to_its_width(source: str) -> None:
    """Only what has no space is longer than 72 columns."""
    for line in markdown.to_text(source).split("\n"):
        assert columns(line) <= 72 or " " not in line.strip(" ").lstrip("> -0123456789.")


def test_a_list_begins_after_an_empty_line() -> None:
    """After another list too, or the two would be read as one."""
    assert markdown.to_text("- a\n  1. b\n- c\n\n1. d\n2. e") == "- a\n  1. b\n- c\n\n1. d\n2. e"


def test_paragraphs_of_one_item_stay_apart() -> None:
    """In plain text, too, an answer is no part of its question; items of one paragraph stand together."""
    source = "- Who?\n\n  I am.\n\n  Gladly.\n\n      code\n- Next\n  - a\n\n    b\n  - c\n\nEnd"
    assert markdown.to_text(source) == (
        "- Who?\n\n  I am.\n\n  Gladly.\n\n      code\n\n- Next\n  - a\n\n    b\n\n  - c\n\nEnd"
    )
    assert markdown.to_text("- a\n\n- b\n\n- c") == "- a\n- b\n- c"


def test_a_quotation_of_several_paragraphs_stays_one() -> None:
    """Mail programs draw one line beside it."""
    source = "> One.\n>\n> - a\n> - b\n>\n> – somebody\n\nAfter."
    assert markdown.to_text(source) == "> One.\n>\n> - a\n> - b\n>\n> – somebody\n\nAfter."
