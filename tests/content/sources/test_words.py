"""A stranger's words: plain text on one line, and Markdown that shows exactly that."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.sources import words
from newsletter.rendering import markdown

_LONG = "A sentence that is long enough to stand alone as what a summary is."
_LINES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")) | st.just(" ")).map(words.of_text)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<p>Twelve <b>vil</b>lages</p><p>have water.</p>", "Twelve villages have water."),
        ("One<br>two<ul><li>three</li><li>four</li></ul>", "One two three four"),
        ("Wells &amp; pumps &#8211; 5 &lt; 6", "Wells & pumps – 5 < 6"),
        ("a<script>alert(1)</script><style>p{}</style><figure>x<figcaption>caption</figcaption></figure>b", "ab"),
        ("<img src=x onerror=alert(1)>seen", "seen"),
        ("Zuwander&shy;innen", "Zuwanderinnen"),
        ("said <b>", "said"),
        ("L&amp;#8217;&amp;eacute;t&amp;eacute;&amp;nbsp;: R&amp;amp;D", "L’été : R&D"),
        (
            "&amp;lt;b&amp;gt; is bold, &amp;notit; and &amp;what; are nothing",
            "&lt;b&gt; is bold, &notit; and &what; are nothing",
        ),
        ("zero\u200bwidth\u202e and\x07 bell", "zerowidth and bell"),
        ("", ""),
    ],
)
def test_html_is_what_it_says(written: str, said: str) -> None:
    """Neither markup nor what nobody sees is left, and words that blocks part stay apart."""
    assert words.of_html(written) == said


def test_html_is_read_as_deep_as_people_write_it() -> None:
    """Deeper, the parser takes the square of the time, and nobody can stop it; what need not be closed is not deep."""
    assert words.of_html(f"said {'<div>' * 50_000} never") == "said"
    assert words.of_html(f"{'<p><img><br>' * 5_000} said") == "said"
    assert words.of_html(f"<svg>{'<path d=x/>' * 5_000}<text>drawn</text></svg>said") == "said"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Wells &amp; pumps", "Wells & pumps"),
        ("Of &lt;em&gt;wells&lt;/em&gt;", "Of wells"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
    ],
)
def test_what_is_escaped_once_too_often_is_what_was_meant(written: str, said: str) -> None:
    """Entities and markup of a description are no words of it; signs of mathematics are."""
    assert words.of_attribute(written) == said


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("The museum reopens. Come in!", "The museum reopens", "Come in!"),
        ("Rendez-vous à 18 h !", "Rendez-vous à 18 h !", ""),
        ("no sentence at all", "no sentence at all", ""),
        (f"{'word ' * 30}end", f"{'word ' * 19}word…", f"{'word ' * 30}end"),
        ("", "", ""),
    ],
)
def test_what_has_no_title_is_called_by_how_it_begins(text: str, title: str, rest: str) -> None:
    """As are the posts of networks; nothing of a sentence that was cut off gets lost."""
    assert words.headed(text) == (title, rest)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Short.", "Short."),
        ("It has an end […]", "It has an end…"),
        ("It ends well. [...]", "It ends well…"),
        ("Said.The post Wells appeared first on Example.", "Said."),
        ("Said. The post Wells first appeared on Example.", "Said."),
        (f"{_LONG} " * 6, f"{_LONG} {_LONG} {_LONG} {_LONG}"),
        ("One. " + "word " * 100, "One. " + "word " * 62 + "word…"),
        ("ا" * 400, "ا" * 320 + "…"),
        ("水" * 90 + "。「井戸" + "戸" * 90 + "。」" + "水" * 200, "水" * 90 + "。「井戸" + "戸" * 90 + "。」"),
    ],
)  # fmt: skip
def test_a_summary_is_the_first_sentences(text: str, short: str) -> None:
    """It ends with a sentence where one ends in time, and says by three dots that there is more."""
    assert words.summary(text, "") == short


def test_what_page_builders_leave_is_no_summary() -> None:
    """WordPress shows their marks where it takes the first words of a page; other brackets are words."""
    left = "[vc_row][vc_column width=”1/2”][caption id=x]Twelve[/caption] wells [sic] [draft].[vc_separator title=”A"
    assert words.summary(left, "") == "Twelve wells [sic] [draft]."


@given(_LINES)
def test_a_summary_is_never_long(text: str) -> None:
    """Whatever a feed writes, a summary keeps its measure and begins as the text does."""
    short = words.summary(text, "")
    assert len(short) <= 321
    assert len(text) > 320 or len(short) <= len(text) + 1


@given(_LINES | st.text("\\`*_[]<>&#+-=~1.) !(a;:/", max_size=30).map(words.of_text))
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    """No word of a stranger becomes a heading, a list, a link, an address or an entity."""
    assert _shown(words.as_markdown(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("1. first", "12) one", "12.", "# one", "- one", "> one", "+ one", "* one", "=== one", "~~~ one", "`one`"),
        *("_one_", "[a](https://x.example)", "<https://x.example>", "&amp; &#38;", "\\*", "![a](b)"),
    ],
)
def test_what_begins_like_markup_is_no_markup(text: str) -> None:
    """The beginning of a line is where most of Markdown happens."""
    assert _shown(words.as_markdown(text)) == text


def _shown(written: str) -> str:
    """Return what Markdown shows; it must be one paragraph without any markup."""
    paragraph = markdown.to_html(written)
    if not paragraph:
        return ""
    found = re.fullmatch(r"<p[^<>]*>([^<>]*)</p>", paragraph)
    assert found, paragraph
    return html.unescape(found[1])
