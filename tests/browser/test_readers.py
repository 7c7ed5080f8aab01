"""Readers in a real browser: the whole way from the form to leaving, and every page as people of all kinds use it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.browser import axe
from tests.web.readers import hidden, link, links, parsed
from tests.web.serving import SETTINGS, Served, served

pytestmark = pytest.mark.browser
HUMAN = 2.1
"""Seconds that a form must have been shown."""
ISSUE = """
title: ICMPD Newsletter – July 2024
period: 2024-07
subject: What July brought
preheader: One story
intro: Dear {first_name|reader},
lists: [monthly]
sections:
  - {heading: News, take: news}
"""
ENTRY = """---
title: Twelve projects for border communities
date: 2024-07-26
summary: Non-governmental organisations begin their work.
url: https://www.example.org/news/border-communities
---
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A running service, whose letters lie in an outbox."""
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running


def opened(browser: Any, service: Served, *, scripts: bool = True, width: int = 1000, **options: Any) -> Any:
    """Return a page that may ask for nothing outside the service."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="en-GB", **options
    )
    page = context.new_page()

    def only_here(route: Any) -> None:
        assert route.request.url.startswith(service.url), f"unexpected URL: {route.request.url}"
        route.continue_()

    page.route("**/*", only_here)
    return page


def sent(service: Served, issue: str, list_name: str) -> EmailMessage:
    """Send an issue to a list and return the last of its messages."""
    folder = service.root / "issues"
    (folder / issue).mkdir(parents=True)
    plan = ISSUE.replace("2024-07", issue).replace("monthly", list_name)
    (folder / issue / "issue.yaml").write_text(plan, encoding="utf-8")
    entry = folder / "entries" / "news" / f"{issue}-26-border-communities.md"
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(ENTRY.replace("2024-07", issue), encoding="utf-8")
    lists = json.loads(service.run("lists", "--json"))["lists"]
    (number,) = [item["confirmed"] for item in lists if item["name"] == list_name]
    service.run("send", issue, "--yes", "--expect", str(number))
    messages = sorted((service.root / ".newsletter" / "outbox" / issue).glob("*.eml"))
    return parsed(messages[-1].read_bytes())


def unsubscribe_address(message: EmailMessage) -> str:
    """Return where a message is unsubscribed from."""
    return str(message["List-Unsubscribe"]).strip("<>")


def consents(service: Served) -> dict[str, str]:
    """Return what Anna has said about each list."""
    return {
        item["list"]: item["consent"]
        for item in json.loads(service.run("subscribers", "show", "anna@example.org"))["lists"]
    }


def test_the_whole_way_of_a_reader(browser: Any, service: Served) -> None:
    """Subscribe, confirm, choose, get an issue, look at it, leave: without JavaScript, by what the buttons say."""
    page = opened(browser, service, scripts=False)
    page.goto(service.url)
    page.get_by_label("Your email address").fill("anna@example.org")
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Monthly newsletter").check()
    time.sleep(HUMAN)
    page.get_by_role("button", name="Subscribe").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Please check your mailbox"
    (letter,) = service.letters("confirm")
    for address in links(letter):
        if address.startswith(service.url):
            assert httpx.get(address, follow_redirects=True).status_code == 200
            httpx.head(address)
    assert consents(service) == {"monthly": "pending"}

    page.goto(link(letter))
    page.get_by_role("button", name="Yes, subscribe me").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You are subscribed"
    assert consents(service) == {"monthly": "confirmed"}

    page.get_by_role("link", name="Change your preferences").first.click()
    page.get_by_label("Events").check()
    page.get_by_label("Diaspora").check()
    page.get_by_label("How often at most").select_option("Once a month")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text().startswith("Saved")
    assert page.get_by_label("Events").is_checked()
    assert consents(service) == {"monthly": "confirmed", "events": "confirmed"}

    unsubscribe = unsubscribe_address(sent(service, "2024-07", "monthly"))
    page.goto(unsubscribe.replace("/u/", "/v/"))
    assert "Twelve projects for border communities" in page.content()
    assert "Anna" not in page.content()
    for _ in range(3):
        assert httpx.get(unsubscribe).status_code == 200
    assert consents(service)["monthly"] == "confirmed"
    for body in (b"List-Unsubscribe=One-Click", b""):
        answer = httpx.post(unsubscribe, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 200
    assert consents(service) == {"monthly": "unsubscribed", "events": "confirmed"}

    page.goto(unsubscribe)
    page.get_by_role("button", name="Unsubscribe from everything we send").click()
    assert page.get_by_role("heading", level=1).inner_text() == "You have unsubscribed"
    assert consents(service) == {"monthly": "unsubscribed", "events": "unsubscribed"}
    page.context.close()


def ways(service: Served) -> dict[str, str]:
    """Return every kind of page by what it shows."""
    page = httpx.get(f"{service.url}/subscribe")
    time.sleep(HUMAN)
    number = len(list((service.root / ".newsletter/outbox/letter-confirm").glob("*.eml")))
    httpx.post(
        f"{service.url}/subscribe",
        data=hidden(page.text) | {"email": f"reader{number}@example.org", "list": ["monthly", "events"]},
    )
    letter = service.letters("confirm", number + 1)[-1]
    confirmed = httpx.post(link(letter)).text
    preferences = confirmed.split('href="/preferences/')[1].split('"')[0]
    return {
        "subscribe": f"{service.url}/subscribe",
        "framed": f"{service.url}/subscribe/framed",
        "ask": f"{service.url}/preferences",
        "confirm": link(letter),
        "preferences": f"{service.url}/preferences/{preferences}?saved=yes",
        "decline": unsubscribe_address(letter),
        "missing": f"{service.url}/nothing",
        "expired": f"{service.url}/confirm/x",
    }


@pytest.fixture(scope="module")
def pages(service: Served) -> dict[str, str]:
    """Pages of a reader who has just subscribed, and of a message."""
    found = ways(service)
    return found | {"leave": unsubscribe_address(sent(service, "2024-08", "events"))}


NAMES = ("subscribe", "framed", "ask", "confirm", "preferences", "decline", "missing", "expired", "leave")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(browser: Any, service: Served, pages: dict[str, str], name: str, scheme: str) -> None:
    """WCAG 2.2 A and AA and best practices, in both colour schemes; nothing is left undecided about contrast."""
    page = opened(browser, service, color_scheme=scheme)
    page.goto(pages[name])
    assert axe.objections(page) == []
    page.context.close()


@pytest.mark.parametrize("language", ["en", "de", "fr", "ar"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(
    browser: Any, service: Served, pages: dict[str, str], name: str, language: str
) -> None:
    """Every page fits the smallest phone, in every language and direction; what fingers press is 44 pixels high."""
    page = opened(browser, service)
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{pages[name]}{'&' if '?' in pages[name] else '?'}language={language}")
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                'main button, main a.button, main select, main input, .choice label'
            )].filter(each => !each.closest('.trap') && each.type != 'hidden' && each.type != 'checkbox')
                .filter(each => each.getBoundingClientRect().height < 40).map(each => each.outerHTML)"""
        )
        assert small == [], width
    page.context.close()


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service whose team has long words, as German has, and addresses without a blank."""
    word = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
    settings = (
        SETTINGS.replace("ICMPD Newsletter", f"{word}snewsletter")
        .replace('"Labour migration"', f'"{word}"')
        .replace('title = "Events"', f'title = "{word}"')
        .replace("once a month", f"once a month (https://www.example.org/{'a' * 60}).")
        .replace("1020 Vienna, Austria", f"{word}, 1020 Vienna.")
    )
    with served(tmp_path_factory.mktemp("wordy"), settings) as running:
        yield running


@pytest.mark.parametrize("size", ["100%", "200%"])
@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("path", ["/subscribe", "/subscribe/framed", "/preferences", "/nothing"])
def test_long_words_are_broken(browser: Any, wordy: Served, path: str, language: str, size: str) -> None:
    """In the sender's name, lists and topics as well, on the smallest phone and where letters are twice as large."""
    page = opened(browser, wordy, width=320 if size == "100%" else 640)
    page.goto(f"{wordy.url}{path}?language={language}")
    page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    cut = page.evaluate(
        """() => [...document.querySelectorAll('h1, p, a, label, button')].filter(each => !each.closest('.trap'))
            .filter(each => getComputedStyle(each).display != 'inline' && each.scrollWidth > each.clientWidth + 1)
            .map(each => each.outerHTML)"""
    )
    assert cut == []
    page.context.close()


def test_words_of_another_direction_keep_their_full_stop(browser: Any, wordy: Served) -> None:
    """An English description on an Arabic page ends with it on the right, as English does."""
    page = opened(browser, wordy)
    page.goto(f"{wordy.url}/subscribe?language=ar")
    stops = page.evaluate(
        """() => [...document.querySelectorAll('bdi')].map(each => each.firstChild)
            .filter(text => text.data.endsWith('.')).map(text => { const place = new Range(), end = text.data.length;
                const at = (from, to) => { place.setStart(text, from); place.setEnd(text, to);
                    return place.getBoundingClientRect().left; };
                return at(end - 2, end - 1) < at(end - 1, end); })"""
    )
    assert stops == [True, True]
    page.context.close()


@pytest.mark.parametrize("name", ["subscribe", "preferences", "leave"])
def test_everything_is_reached_and_seen_by_keyboard(
    browser: Any, service: Served, pages: dict[str, str], name: str
) -> None:
    """Tab comes to each control in turn, with an outline around it; the trap for machines is passed over."""
    page = opened(browser, service)
    page.goto(pages[name])
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a, button, select, input')]
            .filter(each => each.type != 'hidden' && each.tabIndex >= 0).length"""
    )
    reached = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => { const each = document.activeElement, style = getComputedStyle(each);
                    return [each.outerHTML, style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
            )
        )
    assert len({html for html, _, _ in reached}) == wanted
    assert all(style != "none" and width >= 2 for _, style, width in reached)
    assert not any('name="website"' in html for html, _, _ in reached)
    page.context.close()


def test_the_form_works_in_a_frame_of_another_site(browser: Any, service: Served) -> None:
    """With the snippet as it is printed, from the form to the answer; a site that the settings do not name has none."""
    snippet = service.run("serve", "--snippet")
    seen = {}
    for site in ("https://www.example.org", "https://evil.example"):
        context = browser.new_context(locale="en-GB", permissions=["local-network-access"])
        page = context.new_page()
        page.route(f"{site}/", lambda route: route.fulfill(body=f"<!doctype html>{snippet}", content_type="text/html"))
        page.goto(f"{site}/")
        page.wait_for_load_state("networkidle")
        frame = page.frames[1]
        # Some browsers have a page of their own to say that they refuse.
        address = frame.get_by_label("Your email address")
        seen[site] = address.count()
        if seen[site]:
            address.fill("framed@example.org")
            frame.get_by_label("Monthly newsletter").check()
            time.sleep(HUMAN)
            frame.get_by_role("button", name="Subscribe").click()
            frame.get_by_role("heading", name="Please check your mailbox").wait_for(timeout=5000)
        context.close()
    assert seen == {"https://www.example.org": 1, "https://evil.example": 0}


def test_the_brand_has_its_color(browser: Any, service: Served) -> None:
    """As in the email."""
    page = opened(browser, service)
    page.goto(service.url)
    color = page.evaluate("getComputedStyle(document.querySelector('main button')).backgroundColor")
    assert color == "rgb(0, 75, 135)"
    page.context.close()


def test_errors_are_read_out_at_their_field(browser: Any, service: Served) -> None:
    """The message describes the field, and an alert is above the form."""
    page = opened(browser, service, scripts=True)
    page.goto(service.url)
    page.get_by_label("Your email address").fill("anna@example")
    page.evaluate("document.querySelector('form').noValidate = true")
    time.sleep(HUMAN)
    page.get_by_role("button", name="Subscribe").click()
    field = page.get_by_label("Your email address")
    described = field.get_attribute("aria-describedby").split()
    assert field.get_attribute("aria-invalid") == "true"
    assert "not a complete email address" in page.locator(f"#{described[0]}").inner_text()
    assert page.get_by_role("alert").count() == 1
    assert field.input_value() == "anna@example"
    page.context.close()


def test_japanese_headings_and_buttons_break_between_phrases(browser: Any, service: Served) -> None:
    """Within one they would be hard to read on a phone; in other languages nothing changes."""
    page = opened(browser, service, width=375)
    page.goto(f"{service.url}/preferences")
    kinds = ("h1", "main button", "main p")
    said = [page.locator(kind).first.evaluate("each => getComputedStyle(each).wordBreak") for kind in kinds]
    assert said == ["auto-phrase", "auto-phrase", "normal"]
    page.context.close()


@pytest.mark.parametrize(("color", "grounded"), [("navy", "dark"), ("white", "light")])
def test_a_logo_is_as_wide_as_the_settings_say_by_day_and_by_night(
    browser: Any, tmp_path: Path, color: str, grounded: str
) -> None:
    """The ground that it needs by one of them stands around it, and takes none of its room by the other."""
    (tmp_path / "issues").mkdir()
    sign = Image.new("RGBA", (720, 180))
    sign.paste(color, (0, 60, 720, 120))
    sign.save(tmp_path / "issues/logo.png")
    logo = 'color = "#ffd200"\nlogo = {src = "logo.png", alt = "Us", width = 180}'
    with served(tmp_path, SETTINGS.replace('color = "#004b87"', logo)) as running:
        for scheme in ("light", "dark"):
            page = opened(browser, running, color_scheme=scheme)
            page.goto(running.url)
            ground = 32 if scheme == grounded else 0
            assert page.locator(".masthead img").evaluate("logo => logo.getBoundingClientRect().width") == 180 + ground
            page.context.close()


@pytest.mark.parametrize("path", ["/nothing", "/issues", "/preferences", "/"])
def test_the_page_has_as_much_room_below_its_words_as_above(browser: Any, service: Served, path: str) -> None:
    """What the last paragraph keeps between itself and a next one would come on top."""
    page = opened(browser, service)
    page.goto(f"{service.url}{path}")
    edges = page.locator("main").evaluate(
        """main => {
            const [own, last] = [main, main.lastElementChild].map(each => each.getBoundingClientRect().bottom);
            return [Math.round(own - last), parseFloat(getComputedStyle(main).paddingTop)];
        }"""
    )
    assert edges[0] == edges[1] + 1
    page.context.close()
