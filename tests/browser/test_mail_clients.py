"""The email in what mail clients make of it, as far as a browser can be told to do the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.rendering import render
from newsletter.rendering.tokens import tokens
from tests import factories as make

READER = {"first_name": "Ana", "unsubscribe_url": "https://x.example/u", "view_url": "https://x.example/v"}
COLOR = "#004b87"
pytestmark = pytest.mark.browser


@pytest.fixture
def html(tmp_path: Path) -> str:
    """A letter with what is widest: rows with day and picture, a map's countries, long numbers."""
    picture = {"src": "https://www.example.org/a.png", "alt": "Four people at work"}
    workspace = make.workspace(tmp_path, public_url="https://news.example.org", brand={"color": COLOR})
    selection = make.selection(
        (make.section("News"), [make.news(id="n", title="International meetings", image=picture)]),
        (make.section("Where we work", "project"), [make.project(id="p", countries=["TM", "UZ"])]),
        (make.section("In figures", "figure"), [make.figure(id="f", label="of funding", value=635000, unit="EUR")]),
    )
    return render(selection, workspace, "en").html.fill(READER).decode()


@pytest.fixture
def shown(browser: Any) -> Any:
    """Return a function that opens HTML at a width, in light or dark; nothing is fetched."""
    contexts = []

    def show(html: str, *, width: int = 600, scheme: str = "light") -> Any:
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme))
        tab = contexts[-1].new_page()
        tab.route("http*://**/*", lambda route: route.abort())
        tab.set_content(html)
        return tab

    yield show
    for context in contexts:
        context.close()


def in_thunderbird(html: str) -> str:
    """Return what Thunderbird shows: inside of its frame, and without what stands inside of @media."""
    styles = re.compile(r"(<style[^>]*>)(.*?)</style>", re.DOTALL)
    flat = styles.sub(lambda style: f"{style[1]}{without_queries(style[2])}</style>", html)
    return flat.replace("<body", "<body><div class='moz-text-html'", 1).replace("</body>", "</div></body>")


def without_queries(css: str) -> str:
    """Return a style sheet without what stands inside of @media."""
    return re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", css)


def ground(tab: Any, where: str) -> str:
    """Return the background colour of the first element that a selector finds, as templates write it."""
    found: str = tab.evaluate(
        """where => '#' + getComputedStyle(document.querySelector(where)).backgroundColor
            .match(/\\d+/g).slice(0, 3).map(part => Number(part).toString(16).padStart(2, '0')).join('')""",
        where,
    )
    return found


def test_thunderbird_shows_the_letters_own_dark(html: str, shown: Callable[..., Any]) -> None:
    """It leaves @media out, but heeds the media of a style sheet."""
    palettes = tokens(COLOR)
    for scheme, colors in (("light", palettes.light), ("dark", palettes.dark)):
        tab = shown(in_thunderbird(html), scheme=scheme)
        assert ground(tab, "[role=article]") == colors.page
        assert ground(tab, ".surface > table") == colors.surface


def test_a_client_that_does_not_heed_the_media_of_a_style_sheet_shows_no_dark(
    html: str, shown: Callable[..., Any]
) -> None:
    """Roundcube takes the attribute away and keeps the rules."""
    tab = shown(html.replace(' media="(prefers-color-scheme:dark)"', ""))
    assert ground(tab, ".surface > table") == tokens(COLOR).light.surface
    assert ground(tab, "body") == tokens(COLOR).light.page


def test_the_body_has_no_class(html: str) -> None:
    """Roundcube finds the body by a class of its own; with another one in its place no rule would apply."""
    (body,) = re.findall(r"<body[^>]*>", html)
    assert "class=" not in body


def test_without_any_style_sheet_a_phone_shows_whole_words(html: str, shown: Callable[..., Any]) -> None:
    """As Gmail's app does for mailboxes that are not Gmail's."""
    tab = shown(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL), width=375)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 375
    broken = tab.evaluate(
        """words => words.filter(word => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
                const start = texts.currentNode.data.indexOf(word);
                if (start < 0 || !texts.currentNode.parentElement.closest('table')) continue;
                const range = document.createRange();
                range.setStart(texts.currentNode, start);
                range.setEnd(texts.currentNode, start + word.length);
                return range.getClientRects().length != 1;
            }
            return true;
        })""",
        ["International", "Turkmenistan", "635,000"],
    )
    assert broken == []


def test_the_month_beside_a_row_stays_whole_and_apart_from_its_title(tmp_path: Path, shown: Callable[..., Any]) -> None:
    """In French it is as wide as its column on a phone, and whoever reads large letters has any month so wide."""
    selection = make.selection((make.section("Actualités"), [make.news(date="2024-07-01", language="fr")]))
    html = render(selection, make.workspace(tmp_path), "fr").html.fill(READER).decode()
    for larger in (1, 2):
        tab = shown(html.replace("font-size:12px", f"font-size:{12 * larger}px"), width=320)
        month, title = tab.evaluate(
            """() => ['.day .caps', 'h3'].map(where => {
                const range = document.createRange();
                range.selectNodeContents(document.querySelector(where));
                const {left, right} = range.getBoundingClientRect();
                return [range.getClientRects().length, left, right];
            })"""
        )
        assert month[0] == 1
        assert title[1] - month[2] >= 7


def test_where_colours_are_the_readers_own_a_button_has_an_edge(html: str, shown: Callable[..., Any]) -> None:
    """Windows' contrast themes take its ground away, and words alone stand there as if they had slipped."""
    tab = shown(html.replace("</h3>", "</h3><div class='button'><a href='https://x.example'>Read</a></div>", 1))
    width = "getComputedStyle(document.querySelector('.button a')).borderTopWidth"
    assert tab.evaluate(width) == "0px"
    tab.emulate_media(forced_colors="active")
    assert tab.evaluate(width) == "1px"


def test_on_paper_the_masthead_keeps_its_ground_and_pages_are_filled(html: str, shown: Callable[..., Any]) -> None:
    """Browsers leave grounds out and grey what is white; and no page breaks within a block that stands in a line."""
    tab = shown(html)
    tab.emulate_media(media="print")
    style = "where => getComputedStyle(document.querySelector(where))"
    assert tab.evaluate(f"({style})('.band').printColorAdjust") == "exact"
    assert tab.evaluate(f"({style})('.page').printColorAdjust") == "economy"
    assert tab.evaluate(f"({style})('.mj-outlook-group-fix').display") == "block"


def test_in_outlook_titles_that_lead_somewhere_have_the_font_of_headings(
    tmp_path: Path, shown: Callable[..., Any]
) -> None:
    """Its engine would take Times for fonts that it does not know; small capitals are no heading to look at."""
    issue = make.issue(intro="Hello.\n\n- One\n\n> Two")
    selection = make.selection((make.section(layout="hero"), [make.news()]), of=issue)
    html = render(selection, make.workspace(tmp_path), "en").html.fill(READER).decode()
    tab = shown(re.sub(r"<!--\[if mso\]>(<style>.*?</style>)<!\[endif\]-->", r"\1", html))
    fonts = "where => getComputedStyle(document.querySelector(where)).fontFamily.split(',')[0]"
    serif, plain = ["h1", "h3 a", ".intro p", ".intro li", ".quote p"], ["h2.caps", ".text p:not(.intro p)"]
    assert {where: tab.evaluate(fonts, where) for where in serif} == dict.fromkeys(serif, "Georgia")
    assert {where: tab.evaluate(fonts, where) for where in plain} == dict.fromkeys(plain, "Arial")
