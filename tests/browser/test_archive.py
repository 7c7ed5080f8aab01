"""The archive in a real browser: from the list to an issue and to the form, as people of all kinds go that way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.test_readers import opened, sent
from tests.web.serving import SETTINGS, Served, served

pytestmark = pytest.mark.browser
PAGES = {
    "index": "/issues",
    "one-list": "/issues?list=monthly&year={year}",
    "withdrawn": "/issues/2024-06",
    "subscribe": "/subscribe",
}
ISSUE = "/issues/2024-07"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running service with an issue on each of two lists, and one that was withdrawn."""
    settings = SETTINGS.replace("public = true", "public = true\narchive = true")
    settings = settings.replace("[readers]", '[readers]\nwithdrawn = ["2024-06"]')
    with served(tmp_path_factory.mktemp("archived"), settings) as running:
        (running.root / "anna.csv").write_text("email\nanna@example.org\n", encoding="utf-8")
        for issue, name in (("2024-06", "monthly"), ("2024-07", "monthly"), ("2024-08", "events")):
            running.run("subscribers", "import", str(running.root / "anna.csv"), "--list", name)
            sent(running, issue, name)
        yield running


@pytest.fixture
def pages(service: Served, browser: Any) -> dict[str, str]:
    """The pages' addresses, by what they show."""
    page = opened(browser, service)
    page.goto(f"{service.url}/issues")
    year = page.locator("h2").first.inner_text()
    page.context.close()
    return {name: service.url + path.format(year=year) for name, path in PAGES.items()}


def test_the_whole_way_of_somebody_who_looks_first(browser: Any, service: Served) -> None:
    """From the form to past issues, to one of them, back, and to the form again; without scripts."""
    page = opened(browser, service, scripts=False)
    page.goto(f"{service.url}/subscribe")
    page.get_by_role("link", name="Or look at past issues first.").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Past issues"
    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Monthly newsletter").click()
    page.get_by_role("link", name="What July brought").click()
    assert page.url == service.url + ISSUE
    assert page.get_by_text("Dear reader,").is_visible()
    page.get_by_role("link", name="Past issues").click()
    assert page.get_by_role("link", name="What July brought").count() == 2
    page.go_back()
    page.get_by_role("navigation", name="More from us").get_by_role("link", name="Subscribe").click()
    assert page.get_by_label("Your email address").is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Any, service: Served, pages: dict[str, str], name: str, scheme: str) -> None:
    """WCAG 2.2 A and AA and best practices, in both colour schemes; nothing is left undecided about contrast."""
    page = opened(browser, service, color_scheme=scheme)
    page.goto(pages[name])
    assert axe.objections(page) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_ways_above_an_issue(browser: Any, service: Served, scheme: str) -> None:
    """The issue itself is looked at as an email is; its page runs no script, so that the same HTML is looked at."""
    page = opened(browser, service, color_scheme=scheme)
    html = page.request.get(service.url + ISSUE).text()
    page.set_content(html)
    assert axe.objections(page, ".ways-on") == []
    page.context.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_the_ways_above_an_issue_begin_where_its_words_begin(browser: Any, service: Served, width: int) -> None:
    """One edge for the whole page, on a phone and on a desk."""
    page = opened(browser, service, width=width)
    page.goto(service.url + ISSUE)
    first, title = (page.locator(what).first.bounding_box()["x"] for what in (".ways-on a", "h1"))
    assert first == title
    page.context.close()


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_nothing_scrolls_sideways(
    browser: Any, service: Served, pages: dict[str, str], width: int, language: str
) -> None:
    """Every page fits the smallest phone, in every language and direction."""
    page = opened(browser, service, width=width)
    for address in pages.values():
        page.goto(f"{address}{'&' if '?' in address else '?'}language={language}")
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_content(page.request.get(service.url + ISSUE).text())
    assert page.evaluate("document.documentElement.scrollWidth") <= max(width, 320)
    page.context.close()


def test_everything_is_reached_and_seen_by_keyboard(browser: Any, service: Served, pages: dict[str, str]) -> None:
    """Tab comes to each link in turn, with an outline around it; in the list, each is large enough for a finger."""
    page = opened(browser, service)
    for address in (pages["index"], pages["withdrawn"]):
        page.goto(address)
        wanted = page.locator("a").count()
        reached = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    """() => { const each = document.activeElement, style = getComputedStyle(each);
                        return [each.outerHTML, style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
                )
            )
        assert all(html.startswith("<a ") and style != "none" and size >= 2 for html, style, size in reached)
        assert len(reached) == wanted
        heights = page.evaluate("[...document.querySelectorAll('main a')].map(a => a.getBoundingClientRect().height)")
        assert min(heights) >= 36
    page.context.close()
