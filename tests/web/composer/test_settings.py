"""What the settings say, for a team that never opens their file."""

from __future__ import annotations

import base64
import html
import json
import re
import threading

import pytest

from newsletter import content
from newsletter.web.composer import errands
from tests.content.sources.website import website
from tests.waiting import settles
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_readers import words
from tests.web.composer.test_reviewing import cli

PAGE = "/settings"
MAIN = 'provider = "main"\n{}\n[providers.main]\nkind = "brevo"\napi_key_env = "NEWS_KEY"\n'
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def rows(page: str) -> dict[str, str]:
    """Return each setting with what it says, and where it stands."""
    found = re.findall(r'<th scope="row">([^<]+)</th><td>(.*?)</td>', page)
    return {label: html.unescape(re.sub(r"<[^>]+>", "", said)) for label, said in found}


def findings(page: str) -> list[tuple[str, str]]:
    """Return what was looked at, each with how it is."""
    return re.findall(r'<li class="(good|open|bad)"><span class="tick-sign".*?<b>([^<]+)</b>', page)


def test_what_is_set_is_said_in_words_with_its_line(studio: Studio) -> None:
    """What is not set has the name by which it would be."""
    page = studio.show(PAGE)
    said = rows(page)
    assert said["From"] == "Our organisation <news@example.org> newsletter.toml:2"
    assert said["Answers go to"] == "the sender, above reply_to"
    assert said["Sent through"] == "outbox: messages become files on this computer; nobody gets an email provider"
    assert said["Approval"] == "not needed approval"
    assert said["Readers’ links lead to"] == "https://news.example.org newsletter.toml:4"
    assert "Monthly newsletter lists.monthly Not offered in the form · not in the archive" in words(page)
    assert '<a href="/settings" aria-current="true">Settings</a>' in page
    assert "<form" in page
    assert page.count("<form") == 1
    studio.write(
        "newsletter.toml", 'approval = {required = true, not_author = true}\nreply_to = "p@e.org"\n' + SETTINGS
    )
    said = rows(studio.show(PAGE))
    assert (
        said["Approval"] == "needed before an issue is sent, by another person than who wrote it last newsletter.toml:1"
    )
    assert said["Answers go to"] == "p@e.org newsletter.toml:2"


def test_whether_a_secret_is_set_is_said_and_never_the_secret(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor that of a database, nor anything else of the environment."""
    studio.write("newsletter.toml", MAIN.format(SETTINGS))
    monkeypatch.delenv("NEWS_KEY", raising=False)
    page = studio.show(PAGE)
    assert rows(page)["Key of main"] == "not set: the variable NEWS_KEY is empty newsletter.toml:13"
    assert ("bad", "Provider") in findings(page)
    assert "the environment variable NEWS_KEY holds no key for the provider" in words(page)
    monkeypatch.setenv("NEWS_KEY", "xkeysib-very-secret")
    page = studio.show(PAGE)
    assert rows(page)["Key of main"] == "set, in the variable NEWS_KEY newsletter.toml:13"
    assert ("good", "Provider") in findings(page)
    assert "very-secret" not in page


def test_a_secret_in_the_home_of_whoever_sends_is_found(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """As providers find it: a secret never lies in the workspace."""
    home = studio.root.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    studio.write("newsletter.toml", MAIN.format(SETTINGS).replace('api_key_env = "NEWS_KEY"', 'api_key_file = "~/key"'))
    assert rows(studio.show(PAGE))["Key of main"] == "not set: there is no file ~/key newsletter.toml:13"
    (home / "key").write_text("xkeysib-very-secret")
    page = studio.show(PAGE)
    assert rows(page)["Key of main"] == "set, in the file ~/key newsletter.toml:13"
    assert ("good", "Provider") in findings(page)


def test_the_findings_are_those_of_doctor_and_looking_makes_no_database(studio: Studio) -> None:
    """At once what this computer knows by itself; the others are there when somebody has asked."""
    page = studio.show(PAGE)
    assert not (studio.root / ".newsletter").exists()
    assert ("open", "Database") in findings(page)
    told = json.loads(cli(studio, "doctor", "--json").stdout)["checks"]
    page = studio.show(PAGE)
    kinds = {"ok": "good", "note": "open", "failed": "bad"}
    known = [(kinds[one["state"]], one["subject"][:1].upper() + one["subject"][1:]) for one in told]
    assert sorted(html.unescape(f"{kind} {word}") for kind, word in findings(page)) == sorted(
        f"{kind} {word}" for kind, word in known if word != "Sender's domain"
    )
    assert studio.press(PAGE).headers["location"] == f"{PAGE}#online"
    assert sorted(html.unescape(f"{kind} {word}") for kind, word in findings(studio.show(PAGE))) == sorted(
        f"{kind} {word}" for kind, word in known
    )


def test_settings_that_cannot_be_used_are_told_with_their_line(studio: Studio) -> None:
    """As on every page."""
    studio.write("newsletter.toml", SETTINGS.replace("https://news", "news"))
    answer = studio.browser.get(PAGE)
    assert (answer.status_code, "newsletter.toml:4:" in answer.text) == (500, True)


def test_colours_and_logos_are_shown(studio: Studio) -> None:
    """A logo that is not there, or lies outside, is no picture."""
    brand = '\n[brand]\ncolor = "#AA0011"\nlogo = {src = "images/logo.png", dark = "../../dark.png", alt = "Ours"}\n'
    studio.write("newsletter.toml", SETTINGS + brand)
    (studio.root / "issues/images").mkdir()
    (studio.root / "issues/images/logo.png").write_bytes(DOT)
    (studio.root.parent / "dark.png").write_bytes(DOT)
    page = studio.show(PAGE)
    assert '<rect width="64" height="40" fill="#aa0011"/>' in page
    assert f'<img src="data:image/png;base64,{base64.b64encode(DOT).decode()}" alt="Ours">' in page
    assert ("Logo in the dark" in page, page.count("<img")) == (True, 1)
    assert "not found" in page


def test_a_web_site_that_is_slow_hangs_no_page(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says that it waits, and goes on by itself."""
    monkeypatch.setattr(errands, "PATIENCE", 0.0)
    with website() as site:
        site.hold = threading.Event()
        studio.write("newsletter.toml", f'{SETTINGS}\n[sources.ours]\nurl = "{site.address}/feed"\nprivate = true\n')
        studio.press(PAGE)
        page = studio.show(PAGE)
        assert "Web sites and DNS are being asked …" in words(page)
        assert "data-moving" in page
        site.hold.set()
        settles(lambda: "data-moving" in studio.show(PAGE), False)
        assert "Source ours" in words(studio.show(PAGE))


def test_what_nobody_foresaw_is_told_once(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """After that the page is there again, and others can be asked once more."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    studio.write("newsletter.toml", f'{SETTINGS}\n[sources.ours]\nurl = "http://ours.example/feed"\n')
    with monkeypatch.context() as patched:
        patched.setattr("socket.getaddrinfo", broken)
        studio.press(PAGE)
        with pytest.raises(ZeroDivisionError):
            studio.show(PAGE)
    assert "Source ours" not in words(studio.show(PAGE))
    studio.press(PAGE)
    assert "Source ours" in words(studio.show(PAGE))


def test_the_page_reads_no_file_that_is_known(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many entries there are is known from the other pages; to count them again would take seconds after years."""
    assert "entries, " in words(studio.show(PAGE))
    monkeypatch.setattr(content, "load", None)
    assert "entries, " in words(studio.show(PAGE))
