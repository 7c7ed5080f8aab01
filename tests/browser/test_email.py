"""The email as a browser shows it: no sideways scrolling, dark where readers want it, fingers find every link."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter import config, pipeline
from newsletter.model.selection import Selection
from newsletter.rendering import render
from tests import factories as make

ROOT = Path(__file__).parents[2]
THEMES = ("monthly", "digest", "bulletin")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def july() -> Selection:
    """The July 2024 issue of this repository's workspace."""
    workspace = config.load(ROOT, environment={})
    return pipeline.choose(workspace, "2024-07", pipeline.read(workspace))


def page(july: Selection, theme: str, folder: Path) -> Path:
    """Write the issue in a theme, with its pictures beside it, and return the file."""
    workspace = config.load(ROOT, environment={"NEWSLETTER_IMAGES": "inline"})
    themed = replace(july, issue=july.issue.model_copy(update={"theme": theme}))
    built = pipeline.render(workspace, themed, ["en"])
    (edition,) = built.editions
    html = edition.html.fill(built.sample.values)
    for image in edition.images:
        (folder / image.name).write_bytes(image.data)
        html = html.replace(f"cid:{image.content_id}".encode(), image.name.encode())
    file = folder / f"{theme}.html"
    file.write_bytes(html)
    return file


def opened(browser: Any, file: Path, *, width: int, scheme: str = "light") -> Any:
    """Return the page at a width; nothing outside this machine is asked for."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    tab = context.new_page()
    tab.route("http*://**/*", lambda route: pytest.fail(f"unexpected URL: {route.request.url}"))
    tab.goto(file.as_uri())
    return tab


@pytest.mark.parametrize("width", [320, 375, 600, 1024])
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_scrolls_sideways(browser: Any, july: Selection, theme: str, width: int, tmp_path: Path) -> None:
    """Every theme fits phones, tablets and desktops."""
    tab = opened(browser, page(july, theme, tmp_path), width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.context.close()


@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("theme", THEMES)
def test_long_headings_and_a_wide_logo_fit_too(browser: Any, theme: str, width: int, tmp_path: Path) -> None:
    """A letter that is wider than the window is shown small by phones, all of it."""
    (tmp_path / "issues").mkdir()
    Image.new("RGB", (1200, 300), "navy").save(tmp_path / "issues/logo.png")
    brand = {"color": "#004b87", "logo": {"src": "logo.png", "dark": "logo.png", "alt": "Logo", "width": 600}}
    workspace = make.workspace(tmp_path, images="inline", brand=brand)
    heading = "What our partners in the Western Balkans and in Central Asia have been working on this summer"
    sections = [(make.section(f"{heading} ({number})"), [make.news(id=f"n{number}")]) for number in range(4)]
    edition = render(make.selection(*sections, of=make.issue(theme=theme)), workspace, "en")
    file = tmp_path / "letter.html"
    html = edition.html.fill(dict.fromkeys(("unsubscribe_url", "view_url"), "https://news.example.org")).decode()
    for image in edition.images:
        (tmp_path / image.name).write_bytes(image.data)
        html = html.replace(f"cid:{image.content_id}", image.name)
    file.write_text(html, encoding="utf-8")
    for scheme in ("light", "dark"):
        tab = opened(browser, file, width=width, scheme=scheme)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.context.close()


@pytest.mark.parametrize("with_logo", [False, True])
def test_no_light_shines_through_the_masthead(browser: Any, with_logo: bool, tmp_path: Path) -> None:
    """On many a laptop a pixel is 1.25 dots, and where two sections meet the ground behind them is seen."""
    (tmp_path / "issues").mkdir()
    white = Image.new("RGBA", (361, 81), "#ffffff00")
    white.paste("white", (20, 20, 60, 60))
    white.save(tmp_path / "issues/logo.png")
    logo = {"logo": {"src": "logo.png", "alt": "Logo", "width": 180}} if with_logo else {}
    workspace = make.workspace(tmp_path, images="inline", brand={"color": "#004b87", **logo})
    sections = [(make.section(f"Part {number}"), [make.news(id=f"n{number}")]) for number in range(4)]
    letter = render(make.selection(*sections), workspace, "en").html
    html = letter.fill(dict.fromkeys(("unsubscribe_url", "view_url"), "https://news.example.org"))
    context = browser.new_context(viewport={"width": 600, "height": 420}, device_scale_factor=1.25)
    tab = context.new_page()
    tab.set_content(html.decode())
    band, strip = (tab.locator(f"{part} >> nth=0").bounding_box() for part in (".band", ".strip"))
    taken = Image.open(BytesIO(tab.screenshot())).convert("L")
    # At the letter's edge, where no words are, and without the half dots at both ends.
    first, last = ceil(band["y"] * 1.25), floor((strip["y"] + strip["height"]) * 1.25)
    column = list(taken.crop((740, first, 741, last)).tobytes())
    assert max(column) == column[0]
    context.close()


@pytest.mark.parametrize("theme", THEMES)
def test_dark_is_dark_and_light_is_light(browser: Any, july: Selection, theme: str, tmp_path: Path) -> None:
    """The ground and the words change places."""
    file = page(july, theme, tmp_path)
    lightness = {}
    for scheme in ("light", "dark"):
        tab = opened(browser, file, width=600, scheme=scheme)
        colors = tab.evaluate(
            """() => ['.surface > table', '.text'].map(where => {
                const style = getComputedStyle(document.querySelector(where));
                return where == '.text' ? style.color : style.backgroundColor;
            })"""
        )
        lightness[scheme] = [sum(map(int, color.strip("rgba()").split(",")[:3])) / 765 for color in colors]
        tab.context.close()
    assert lightness["light"][0] > 0.9 > 0.3 > lightness["light"][1]
    assert lightness["dark"][0] < 0.2 < 0.7 < lightness["dark"][1]


@pytest.mark.parametrize("theme", THEMES)
def test_fingers_find_every_way_on(browser: Any, july: Selection, theme: str, tmp_path: Path) -> None:
    """On a phone every button and every way on is at least 44 pixels high (WCAG 2.5.5)."""
    tab = opened(browser, page(july, theme, tmp_path), width=375)
    low = tab.evaluate(
        """() => [...document.querySelectorAll('a.go, .button a, .page p.brand a')]
            .filter(a => a.getBoundingClientRect().height < 44)
            .map(a => a.textContent + ' ' + a.getBoundingClientRect().height)"""
    )
    assert low == []
    tab.context.close()


def test_without_pictures_their_words_are_there(browser: Any, july: Selection, tmp_path: Path) -> None:
    """Each picture that is not decoration shows its alternative text where it would stand."""
    file = page(july, "monthly", tmp_path)
    for picture in [*tmp_path.glob("*.png"), *tmp_path.glob("*.jpg")]:
        picture.unlink()
    tab = opened(browser, file, width=600)
    shown = tab.evaluate(
        """() => [...document.images].filter(i => i.alt)
            .map(i => [i.alt.length > 0, i.getBoundingClientRect().height >= 16])"""
    )
    assert shown
    assert all(words and height for words, height in shown)
    tab.context.close()


@pytest.mark.parametrize(("language", "other", "side"), [("en", "ar", "right"), ("ar", "en", "left")])
def test_what_is_in_another_language_begins_on_its_own_side(
    browser: Any, language: str, other: str, side: str, tmp_path: Path
) -> None:
    """Title, paragraph, list and quotation alike, and the bar of the quotation stands there."""
    (tmp_path / "issues").mkdir()
    news = make.news(language=other, summary="One.\n\n- Two\n\n> Three")
    edition = render(make.selection((make.section("News", "news"), [news])), make.workspace(tmp_path), language)
    file = tmp_path / "page.html"
    file.write_bytes(edition.html.fill({"unsubscribe_url": "https://u.example/", "view_url": "https://v.example/"}))
    tab = opened(browser, file, width=600)
    told = tab.evaluate(
        """other => {
            const around = document.querySelector(`h3[lang=${other}]`).getBoundingClientRect()
            return ['h3', 'p', 'li', 'blockquote p'].map(name => {
                const words = document.createRange()
                words.selectNodeContents(document.querySelector(name === 'h3' ? 'h3 a' : `.text ${name}`).firstChild)
                const box = words.getBoundingClientRect()
                return box.left - around.left < around.right - box.right ? 'left' : 'right'
            })
        }""",
        other,
    )
    assert told == [side] * 4
    widths = f"blockquote => getComputedStyle(blockquote).border{side.title()}Width"
    assert tab.locator("blockquote").evaluate(widths) == "3px"
    tab.context.close()
