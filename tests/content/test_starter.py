from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.content import planning, starter, starting
from newsletter.errors import ConfigurationError
from newsletter.model.entry import SHIPPED_TYPES
from newsletter.rendering.shipping import shipped

RIGHT_TO_LEFT = {"ar", "fa", "he"}
LANGUAGES = sorted(path.stem for path in (shipped() / "labels").glob("*.toml"))


def unpack(root: Path, today: dt.date, language: str = "en") -> config.Workspace:
    """Write a new newsletter below `root`."""
    for name, content in starter.files(today, language).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return config.load(root, {})


@pytest.mark.parametrize("today", [dt.date(2024, 2, 29), dt.date(2024, 12, 31), dt.date(2026, 11, 1)])
def test_a_new_newsletter_builds_without_a_finding(tmp_path: Path, today: dt.date) -> None:
    """Whatever the day, the first `build` and the first `lint` succeed, and nothing stays out."""
    built = pipeline.build(unpack(tmp_path, today), f"{today:%Y-%m}")
    assert (built.findings, built.selection.out) == ((), ())
    assert {entry.type for entry in built.selection.entries} == {
        model.model_fields["type"].default for model in SHIPPED_TYPES
    }


def test_a_new_newsletter_keeps_readers_out_of_git() -> None:
    """The database and the outbox hold addresses, and so do files that are imported."""
    ignored = starter.files(dt.date(2024, 7, 1))[".gitignore"].splitlines()
    assert [line for line in ignored if not line.startswith(b"#")] == [
        b".newsletter/",
        b"build/",
        b"*.csv",
        b"*.xlsx",
    ]


def test_no_placeholder_is_left() -> None:
    """Every mark in the files stands for a date of the month."""
    for name, content in starter.files(dt.date(2024, 7, 1)).items():
        assert "@" not in name
        if not name.endswith(".png"):
            assert not starter.TOKEN.search(content.decode()), name


def test_addresses_are_reserved_ones() -> None:
    """A first `send` in earnest must not reach anybody."""
    lines = starter.files(dt.date(2024, 7, 1))["subscribers.csv"].decode().splitlines()[1:]
    domains = {line.partition(",")[0].partition("@")[2] for line in lines}
    assert {
        domain for domain in domains if not domain.endswith((".example", "example.org", "example.com", "example.net"))
    } == set()


@pytest.mark.parametrize("language", [*LANGUAGES, "de-AT"])
def test_a_newsletter_in_any_language_builds_without_a_finding(tmp_path: Path, language: str) -> None:
    """Whatever there are labels in, there are samples in, and none is left in English."""
    today = dt.date(2026, 11, 25)
    space = unpack(tmp_path, today, language)
    built = pipeline.build(space, "2026-11")
    assert (built.findings, built.selection.out) == ((), ())
    (edition,) = built.editions
    letter = edition.html.fill({"unsubscribe_url": "https://u.example", "view_url": "https://v.example"}).decode()
    english = set(starting.words("en").values()) - set(starting.words(language).values())
    assert edition.language == language
    assert re.findall('<html[^>]* dir="([a-z]+)"', letter) == ["rtl" if language in RIGHT_TO_LEFT else "ltr"]
    assert [word for word in english if f">{word}<" in letter] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_samples_have_the_same_words_in_every_language(language: str) -> None:
    """What one of them lacks would be missing only when somebody begins in it."""
    assert starting.words(language).keys() == starting.words("en").keys()
    assert starting.languages() == tuple(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_address_is_asked_to_be_replaced(tmp_path: Path, language: str) -> None:
    """Readers must not get it, in whichever language it is."""
    unpack(tmp_path, dt.date(2026, 11, 25), language)
    settings = tmp_path / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8").replace("<news@example.org>", "<news@letters.city>"), "utf-8")
    found = [finding.message for finding in pipeline.build(config.load(tmp_path, {}), "2026-11").findings]
    assert "the postal address is still that of the sample" in found


@pytest.mark.parametrize(
    ("language", "december"),
    [
        ("en", "Our newsletter – December 2026"),
        ("es", "Nuestro boletín – diciembre de 2026"),
        ("ja", "ニュースレター – 2026年12月"),
        ("uk", "Наша розсилка – грудень 2026"),
        ("ar", "نشرتنا – ديسمبر 2026"),
        ("fa", "خبرنامهٔ ما – دسامبر ۲۰۲۶"),
        ("he", "הניוזלטר שלנו – דצמבר 2026"),
    ],
)
def test_the_issue_after_the_sample_is_called_by_its_month(tmp_path: Path, language: str, december: str) -> None:
    """With the sections and the greeting of the sample, in its language."""
    space = unpack(tmp_path, dt.date(2026, 11, 25), language)
    path, text = planning.next_issue(space, "2026-12", pipeline.read(space).issues)
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    issue = pipeline.read(space).issues["2026-12"]
    told = starting.words(language)
    assert (issue.title, issue.intro) == (december, told["issue.greeting"])
    assert issue.sections[0].heading == told["headings.featured"]


@pytest.mark.parametrize(
    ("written", "tag"), [("de", "de"), ("DE", "de"), ("de-AT", "de-AT"), ("pt_BR", "pt-BR"), (" fr ", "fr")]
)
def test_a_language_is_taken_as_people_write_it(written: str, tag: str) -> None:
    """The settings get a tag that they take."""
    assert starting.known(written) == tag


@pytest.mark.parametrize(
    ("written", "fix"), [("Deutsch", "write --language de"), ("sv", "take one"), ("de-", "take one")]
)
def test_a_language_without_samples_is_refused_with_those_that_have_some(written: str, fix: str) -> None:
    """So it is where only the name of a language was written instead of its code."""
    with pytest.raises(ConfigurationError) as refused:
        starting.known(written)
    assert str(refused.value).startswith(f"there are no samples in the language '{written}'")
    assert (
        refused.value.why
        == "there are some in ar, de, el, en, es, fa, fr, he, hi, it, ja, nl, pl, pt, ru, th, tr, uk, zh"
    )
    assert refused.value.fix.startswith(fix)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LC_ALL": "C.UTF-8", "LANG": "de_AT.UTF-8"}, ""),
        ({"LC_ALL": "", "LANG": "uk_UA.UTF-8"}, "uk"),
        ({"LANG": "en_GB.UTF-8"}, ""),
        ({"LANG": "zh_TW.UTF-8"}, ""),
        ({"LANG": "sv_SE"}, ""),
        ({}, ""),
    ],
)
def test_a_computer_tells_the_language_of_its_people(environment: dict[str, str], language: str) -> None:
    """English is what they get anyway, and nothing is said of a language without samples."""
    assert starting.spoken_here(environment) == language


@pytest.mark.parametrize(
    ("environment", "zone"),
    [
        ({"TZ": "Europe/Athens"}, "Europe/Athens"),
        ({"TZ": ":America/Argentina/Salta"}, "America/Argentina/Salta"),
        ({"TZ": ":/usr/share/zoneinfo/Asia/Tokyo"}, "Asia/Tokyo"),
        ({"TZ": "UTC"}, ""),
        ({"TZ": "Etc/UTC"}, ""),
        ({"TZ": "CET-1CEST,M3.5.0/2,M10.5.0/3"}, ""),
        ({"TZ": "../../etc/localtime"}, ""),
        ({"TZ": ":/etc/localtime"}, ""),
    ],
)
def test_a_computer_tells_the_time_zone_of_its_people(environment: dict[str, str], zone: str) -> None:
    """Under a name that other computers know; a server's UTC is nobody's."""
    assert starting.zone_here(environment) == zone


def test_without_a_word_from_the_environment_the_system_is_asked() -> None:
    """Whichever it names, its clocks are those of the computer."""
    code = (
        "import datetime as dt, zoneinfo; from newsletter.content import starting; zone = starting.zone_here({});"
        "here = dt.datetime.now().astimezone(); there = here.astimezone(zoneinfo.ZoneInfo(zone or 'UTC'));"
        "print(not zone or here.utcoffset() == there.utcoffset())"
    )
    environment = {name: value for name, value in os.environ.items() if name != "TZ"}
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    ("language", "here", "zone"), [("el", "", "Europe/Athens"), ("el", "Europe/Vienna", "Europe/Vienna")]
)
def test_a_newsletter_begins_in_the_time_zone_of_its_people(
    tmp_path: Path, language: str, here: str, zone: str
) -> None:
    """That of the computer, or else of most who speak the language."""
    for name, content in starter.files(dt.date(2026, 11, 25), language, here).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert config.load(tmp_path, {}).settings.zone.key == zone
