"""Letters, and the words of letters and pages in every language."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from newsletter.errors import RenderingError
from newsletter.model.moment import Moment
from newsletter.rendering.letters import (
    Letter,
    LetterKind,
    language_name,
    reader_languages,
    reader_words,
    render_letter,
)
from newsletter.rendering.shipping import shipped
from tests import factories as make

LINK = "https://news.example.org/confirm/E9dkfrV2r3jSVA_2G6oMn8RHrHLc"
STOP = "https://news.example.org/u/E9dkfrV2r3jSVA_2G6oMn8RHrHLc"
LANGUAGES = sorted(path.stem for path in (shipped() / "readers").glob("*.toml"))


def letter(kind: LetterKind = LetterKind.CONFIRM, language: str = "en") -> Letter:
    """Return a letter about the monthly list."""
    until = Moment(dt.datetime(2024, 8, 4, 9, 0, tzinfo=make.ZONE))
    return Letter(kind, language, LINK, until, ("Monthly newsletter",))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_says_the_same_in_html_and_text(kind: LetterKind, language: str, tmp_path: Path) -> None:
    """Its link, until when it works, and the way out are in both; nothing is fetched from anywhere."""
    edition = render_letter(letter(kind, language), make.workspace(tmp_path))
    values = {"unsubscribe_url": STOP}
    html, text = edition.html.fill(values).decode(), edition.text.fill(values).decode()
    mirrored = language in {"ar", "fa", "he"}
    assert edition.direction == ("rtl" if mirrored else "ltr")
    assert edition.language == language
    assert set(re.findall(r'<td[^>]* align="(left|right)"', html)) == {"right" if mirrored else "left"}
    for part in (html, text):
        assert LINK in part
        assert STOP in part
        assert reader_words(make.workspace(tmp_path), language).say(f"letter.{kind}.button") in part
    assert "<img" not in html
    assert edition.images == edition.hosted == ()


def test_a_letter_is_the_same_each_time(tmp_path: Path) -> None:
    """Sent again, the provider knows it again."""
    one, other = (render_letter(letter(), make.workspace(tmp_path)) for _ in range(2))
    assert one.digest == other.digest


def test_titles_cannot_become_markup(tmp_path: Path) -> None:
    """What the team writes is text."""
    space = make.workspace(tmp_path, title="News <b>& more</b>")
    html = render_letter(letter(), space).html.fill({"unsubscribe_url": STOP}).decode()
    assert "News &lt;b&gt;&amp; more&lt;/b&gt;" in html


def test_a_team_changes_single_words(tmp_path: Path) -> None:
    """Its file holds only what it changes; everything else stays as it is shipped."""
    own = tmp_path / "templates" / "readers" / "en.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[subscribe]\nbutton = "Count me in"\n', encoding="utf-8")
    words = reader_words(make.workspace(tmp_path), "en")
    assert words.say("subscribe.button") == "Count me in"
    assert words.say("skip") == "Skip to the content"


def test_a_team_adds_a_language(tmp_path: Path) -> None:
    """What it lacks is said in English."""
    own = tmp_path / "templates" / "readers" / "sv.toml"
    own.parent.mkdir(parents=True)
    own.write_text('skip = "Till innehållet"\n', encoding="utf-8")
    space = make.workspace(tmp_path)
    assert reader_languages(space) == ("en", *sorted({*LANGUAGES, "sv"} - {"en"}))
    words = reader_words(space, "sv-FI")
    assert (words.language, words.say("skip"), words.say("privacy")) == ("sv", "Till innehållet", "Privacy")


def test_a_team_adds_chinese_in_traditional_characters(tmp_path: Path) -> None:
    """Without it, their readers get English, and not the simplified ones."""
    space = make.workspace(tmp_path)
    assert [reader_words(space, tag).language for tag in ("zh-TW", "zh-CN", "zh")] == ["en", "zh", "zh"]
    own = tmp_path / "templates" / "readers" / "zh-Hant.toml"
    own.parent.mkdir(parents=True)
    own.write_text('skip = "跳到正文"\n', encoding="utf-8")
    words = reader_words(space, "zh-TW")
    assert (words.language, words.say("skip"), words.say("privacy")) == ("zh-Hant", "跳到正文", "Privacy")


def test_words_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """With the file's name."""
    own = tmp_path / "templates" / "readers" / "en.toml"
    own.parent.mkdir(parents=True)
    own.write_text("skip = Weiter\n", encoding="utf-8")
    with pytest.raises(RenderingError, match=r"templates/readers/en\.toml cannot be read"):
        reader_words(make.workspace(tmp_path), "en")


def test_languages_are_named_in_themselves() -> None:
    """So that those who look for theirs find it; each with a capital, or the list would be of two kinds."""
    assert [language_name(tag) for tag in ("de", "fr", "ar", "pt-BR")] == [
        "Deutsch",
        "Français",
        "العربية",
        "Português (Brasil)",
    ]


def test_a_letter_shows_no_setting_that_readers_must_not_see(tmp_path: Path) -> None:
    """Where the database is, and how one gets in, is no template's business; nor is a provider's name."""
    secret = "postgresql+psycopg://readers:s3cret@db.example.org/news"
    workspace = make.workspace(tmp_path, database=secret, providers={"main": {"kind": "resend"}}, provider="main")
    own = workspace.templates / "readers"
    own.mkdir(parents=True)
    (own / "letter.txt.j2").write_text("{{ settings.database }}|{{ settings.providers }}|{{ settings }}\n")
    assert render_letter(letter(), workspace).text.marked.startswith("|{}|title=")
    assert "s3cret" not in render_letter(letter(), workspace).text.marked


def test_no_blank_stands_behind_a_wide_full_stop(tmp_path: Path) -> None:
    """It brings one along; Latin sentences have theirs."""
    editions = [render_letter(letter(language=language), make.workspace(tmp_path)) for language in ("ja", "es")]
    texts = ["".join(edition.html.fill({"unsubscribe_url": STOP}).decode().split("\n")) for edition in editions]
    assert "お送りしています。お心当たりが" in texts[0]
    assert ". ¿No lo ha solicitado?" in texts[1]
    assert "お送りしています。お心当たりが" in editions[0].text.fill({"unsubscribe_url": STOP}).decode().replace(
        "\n", ""
    )
