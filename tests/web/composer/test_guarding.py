from __future__ import annotations

import re

import httpx
import pytest

from tests.web.composer.studio import BASE, KEY, Studio

PATHS = (
    "/",
    "/issues/2024-07",
    "/issues/2024-07?panel=words",
    "/issues/2024-07?panel=checks",
    "/issues/2024-07?panel=review",
    "/issues/2024-07/file",
    "/issues/2024-07/email?mode=dark",
    "/issues/2024-07/message.eml",
    "/entries",
    "/entries/wells",
    "/entries/wells?issue=2024-07",
    "/entries/wells/file",
    "/readers",
)


@pytest.mark.parametrize(
    ("back", "there"),
    [
        ("/issues/2024-07?panel=checks", "/issues/2024-07?panel=checks"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("evil", "/"),
        ("/\n/evil.example", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_back_to_a_page_of_ours_alone(studio: Studio, back: str, there: str) -> None:
    """Whatever the page said that it came from."""
    answer = studio.press("/issues/2024-07/decide", do="pin", entry="june", back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, there)


def test_the_opened_address_holds_a_key_that_becomes_a_cookie(studio: Studio) -> None:
    """No script can read the cookie, no other site sends it, and the key does not stay in the address."""
    opened = studio.stranger().get("/issues/2024-07", params={"key": KEY})
    assert (opened.status_code, opened.headers["location"]) == (303, "/issues/2024-07")
    assert opened.headers["set-cookie"] == f"newsletter-8150={KEY}; HttpOnly; Path=/; SameSite=strict"


@pytest.mark.parametrize("path", PATHS)
def test_without_the_key_nothing_is_shown(studio: Studio, path: str) -> None:
    """Other people and programs on this machine reach the port too."""
    for browser in (studio.stranger(), httpx.Client(transport=studio.browser._transport, base_url=BASE)):
        browser.cookies.set("newsletter-8150", "another key")
        answer = browser.get(path)
        assert (answer.status_code, "Open it from the terminal" in answer.text) == (403, True)
        assert "wells" not in answer.text


def test_another_name_of_this_machine_is_not_answered(studio: Studio) -> None:
    """A page elsewhere can have its own name point here (DNS rebinding)."""
    assert studio.stranger("http://evil.example").get("/", params={"key": KEY}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {},
    ],
    ids=[
        "another site",
        "another port",
        "another port, old browser",
        "a frame without origin",
        "no address",
        "no browser",
    ],
)
def test_only_the_studios_own_pages_change_anything(studio: Studio, headers: dict[str, str]) -> None:
    """Whatever a page elsewhere lets the browser send, the cookie goes along in some of them."""
    before = studio.files()
    form = {"do": "pin", "entry": "june", "reason": "so"}
    assert studio.browser.post("/issues/2024-07/decide", data=form, headers=headers).status_code == 403
    assert studio.browser.post("/pictures?name=x.png", content=b"x", headers=headers).status_code == 403
    people = {"file": ("people.csv", b"email\nanna@example.org\n")}
    assert studio.browser.post("/readers/import", files=people, headers=headers).status_code == 403
    for path in ("/readers", "/readers/import/x", "/readers/import/x/drop", "/readers/person/x/erase"):
        assert studio.browser.post(path, data={"address": "anna@example.org"}, headers=headers).status_code == 403
    assert studio.files() == before


@pytest.mark.parametrize("path", PATHS)
def test_looking_changes_no_file(studio: Studio, path: str) -> None:
    """GET shows, and nothing else."""
    before = studio.files()
    studio.show(path)
    assert studio.files() == before


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_its_headers(studio: Studio, path: str) -> None:
    """Pages run their own script alone; what an email brings along can neither run nor fetch."""
    answer = studio.browser.get(path)
    policy = answer.headers["content-security-policy"]
    own = "script-src 'self'; style-src 'self'" in policy and "frame-ancestors 'none'" in policy
    email = "default-src 'none'; img-src data:" in policy and "script-src" not in policy
    assert own != email
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_what_entries_say_never_becomes_markup(studio: Studio) -> None:
    """Titles come from many hands, and from feeds."""
    evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    studio.write(
        "issues/entries/news/evil.md",
        f"---\ntitle: '{evil}'\ndate: 2024-07-20\nsummary: '{evil}'\nurl: https://www.example.org/x\n---\n{evil}\n",
    )
    for path in ("/issues/2024-07", "/entries", "/entries/evil?issue=2024-07", "/entries/evil/file"):
        page = studio.show(path)
        assert "<img src=x" not in page
        assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/assets/[^"]+" defer>', page)


@pytest.mark.parametrize(
    "back",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https://[no-address"],
)
def test_a_form_leads_to_no_other_site(studio: Studio, back: str) -> None:
    """Where a form says it came from is a path of the studio."""
    answer = studio.press("/issues/2024-07/decide", do="pin", entry="june", back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize(
    "path", ["/issues/..%2f..", "/issues/%2e%2e/file", "/entries/..%2f..%2fnewsletter.toml/file", "/issues/2030-01"]
)
def test_names_lead_to_no_other_file(studio: Studio, path: str) -> None:
    """An issue or an entry is found among those that there are, never by its path."""
    answer = studio.browser.get(path)
    assert answer.status_code == 404
    assert "Our organisation, Vienna" not in answer.text
