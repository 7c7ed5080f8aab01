"""Other languages in the studio: an entry's forms, an issue's words, and what is not written."""

from __future__ import annotations

import re

import pytest

from tests.web.composer.studio import PLAN, SETTINGS, WELLS, Studio

FILE = "issues/entries/news/wells.md"
THERE = "/entries/wells?issue=2024-07"
ENTRY = "/entries/wells/words?issue=2024-07"
WORDS = "/issues/2024-07/words"
SEVERAL = PLAN.replace("lists: [monthly]", "languages: [en, fr, ar]\nlists: [monthly]")


@pytest.fixture
def several(studio: Studio) -> Studio:
    """A studio whose issue has three languages."""
    studio.write("issues/2024-07/issue.yaml", SEVERAL)
    return studio


def test_an_entry_has_a_form_in_each_language_of_its_issue(several: Studio) -> None:
    """Its own not among them; each says what the entry says in its own."""
    page = several.show(THERE)
    assert [tag for tag in ("en", "fr", "ar", "de") if f'id="words-{tag}"' in page] == ["fr", "ar"]
    assert 'name="f.title" value="" autocomplete="off" lang="ar" dir="rtl" aria-describedby="of-f-ar-title"' in page
    assert '<p class="hint original" id="of-f-ar-title">Border communities get new wells</p>' in page
    # What is not translated leads to the form below, whose heading says nothing of it.
    for tag in ("fr", "ar"):
        several.write("issues/2024-07/issue.yaml", PLAN.replace("lists:", f"languages: [en, {tag}]\nlists:"))
        assert f'<a class="show" href="#f-{tag}-title">Change it</a>' in several.show(THERE)
    # No picture, so nothing to describe.
    assert 'id="f-fr-alt"' not in page


def test_an_entry_that_names_no_language_is_written_in_the_newsletters(several: Studio) -> None:
    """So that it is not to be translated into its own; browsers spell and read its fields in that language."""
    several.write("newsletter.toml", f'language = "ar"\n{SETTINGS}')
    page = several.show(THERE)
    assert [tag for tag in ("en", "fr", "ar") if f'id="words-{tag}"' in page] == ["en", "fr"]
    title = 'name="f.title" value="Border communities get new wells" autocomplete="off" lang="ar" dir="rtl"'
    assert title in page
    # An address is none of Arabic, nor read from the right.
    assert 'value="https://www.example.org/news/wells" autocomplete="off" aria-describedby' in page
    assert 'id="f-fr-url" name="f.url" value="" autocomplete="off" aria-describedby' in page


@pytest.mark.parametrize(("languages", "first"), [("[de, ar]", ("de", "ltr")), ("[ar, de]", ("ar", "rtl"))])
def test_an_issues_words_are_in_its_first_language(studio: Studio, languages: str, first: tuple[str, str]) -> None:
    """Browsers spell, read and lay them out as that; codes and times are no words."""
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("lists:", f"languages: {languages}\nlists:"))
    page = studio.show("/issues/2024-07?panel=words")
    spoken = f'autocomplete="off" lang="{first[0]}" dir="{first[1]}"'
    assert re.search(rf'<textarea id="subject" [^>]*{spoken}[^>]*>\nWhat July brought</textarea>', page)
    assert f'id="intro" name="value" rows="9" lang="{first[0]}" dir="{first[1]}"' in page
    assert 'id="send_at" name="value" value="" autocomplete="off" spellcheck="false"' in page


def test_words_in_another_language_go_below_the_others(several: Studio) -> None:
    """And come back in its form; the remark stays."""
    typed = {
        "language": "fr",
        "f.title": "Des puits",
        "was.title": "",
        "f.summary": "Douze.\n\nEnfin.",
        "was.summary": "",
    }
    assert several.press(ENTRY, **typed).headers["location"] == THERE
    assert several.told(THERE) == "Saved in French."
    several.press(ENTRY, **{**typed, "was.title": "Des puits", "was.summary": "Douze.\n\nEnfin."})
    assert several.told(THERE) == "Everything is saved already."
    added = "translations:\n  fr:\n    title: Des puits\n    summary: |\n      Douze.\n\n      Enfin.\n---\n"
    assert several.read(FILE) == WELLS.replace("\n---\n", f"\n{added}")
    assert 'name="f.title" value="Des puits"' in several.show(THERE)
    again = {
        "language": "fr",
        "f.title": "",
        "was.title": "Des puits",
        "f.summary": "",
        "was.summary": "Douze.\n\nEnfin.",
    }
    assert several.press(ENTRY, **again).status_code == 303
    assert several.read(FILE) == WELLS


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"f.summary": "Douze.", "was.summary": ""}, "The title in French is missing. Write it."),
        ({"f.title": "T", "was.title": "", "f.url": "htp:/x", "was.url": ""}, "is not a web address"),
    ],
)
def test_what_readers_could_not_get_is_not_written(several: Studio, typed: dict[str, str], said: str) -> None:
    """The form stands open, with what was typed and the reason at its field."""
    answer = several.press(ENTRY, language="fr", **typed)
    assert (answer.status_code, several.read(FILE)) == (422, WELLS)
    assert '<details class="tongue" id="tongue-fr" open>' in answer.text
    assert said in answer.text
    assert all(value in answer.text for name, value in typed.items() if name.startswith("f."))
    # The other forms of the page lead where they belong.
    assert f'<form method="post" action="{THERE}" id="entry"' in answer.text


def test_a_colleagues_translation_is_not_written_over(several: Studio) -> None:
    """Unasked; pressed once more it is, because both were seen."""
    theirs = WELLS.replace("\n---\nThe", "\ntranslations: {fr: {title: Theirs}}\n---\nThe")
    several.write(FILE, theirs)
    answer = several.press(ENTRY, **{"language": "fr", "f.title": "Mine", "was.title": ""})
    assert (answer.status_code, several.read(FILE)) == (409, theirs)
    assert "<li>Title says there: <q>Theirs</q></li>" in answer.text
    assert several.press(ENTRY, **{"language": "fr", "f.title": "Mine", "was.title": "Theirs"}).status_code == 303
    assert "translations: {fr: {title: Mine}}\n" in several.read(FILE)


def test_an_issues_words_are_saved_in_each_language(several: Studio) -> None:
    """The subject first, without which there is no edition; headings with their section."""
    early = several.press(WORDS, field="preheader", language="fr", value="Des puits", was="")
    assert (early.status_code, several.plan) == (422, SEVERAL)
    assert "Not saved: write the subject in French first." in early.text
    for field, value in (("subject", "Ce que juillet a apporté"), ("preheader", "Des puits"), ("intro", "Un\n\ndeux")):
        assert several.press(WORDS, field=field, language="fr", value=value, was="").status_code == 303
    done = several.press(WORDS, field="sections.1.heading", language="fr", value="Études", was="", about="Studies")
    assert done.status_code == 303
    added = (
        "translations:\n  fr:\n    subject: Ce que juillet a apporté\n    preheader: Des puits\n"
        "    intro: |\n      Un\n\n      deux\n"
    )
    assert (
        several.plan == SEVERAL.replace("take: study}", "take: study, translations: {fr: {heading: Études}}}") + added
    )
    page = several.show("/issues/2024-07?panel=words")
    assert 'French <span class="quiet">2 texts to translate</span>' in " ".join(page.split())
    assert "Ce que juillet a apporté" in several.browser.get("/issues/2024-07/email?edition=fr&mode=inbox").text


def test_a_section_that_moved_gets_no_others_words(several: Studio) -> None:
    """The page was made before."""
    answer = several.press(WORDS, field="sections.1.heading", language="fr", value="Nouvelles", was="", about="News")
    assert (answer.status_code, several.plan) == (422, SEVERAL)
    assert "the sections were changed elsewhere meanwhile" in answer.text


def test_languages_are_chosen_by_their_codes(studio: Studio) -> None:
    """The first is the one that everything is written in."""
    assert studio.press(WORDS, field="languages", value="en, fr", was="").status_code == 303
    assert studio.plan == PLAN.replace("lists: [monthly]\n", "lists: [monthly]\nlanguages: [en, fr]\n")
    answer = studio.press(WORDS, field="languages", value="en, french!", was="en, fr")
    assert (answer.status_code, "is not a language code" in answer.text) == (422, True)
    assert studio.press(WORDS, field="languages", value="", was="en, fr").status_code == 303
    assert 'id="tongue-fr"' not in studio.show("/issues/2024-07?panel=words")


def test_what_has_no_translation_is_refused(several: Studio) -> None:
    """By a form that is none of ours."""
    several.press(WORDS, field="period", language="fr", value="x", was="")
    assert "no field of an issue that is changed here" in several.told("/issues/2024-07?panel=words")
    several.press(WORDS, field="sections.7.heading", language="fr", value="x", was="", about="")
    several.press(ENTRY, **{"language": "fr", "f.status": "draft", "was.status": "", "f.title": "T", "was.title": ""})
    assert several.plan == SEVERAL
    assert several.read(FILE) == WELLS.replace("\n---\nThe", "\ntranslations:\n  fr:\n    title: T\n---\nThe")


OWN = """from typing import Literal

from pydantic import Field

from newsletter.model.entry import Entry, Translation
from newsletter.model.fields import Language, Line


class TourTranslation(Translation):
    meeting_point: Line | None = None


class Tour(Entry):
    type: Literal["tour"] = "tour"
    meeting_point: Line | None = None
    translations: dict[Language, TourTranslation] = Field(default_factory=dict)
"""


def test_a_field_of_a_teams_own_type_has_its_place_in_each_language(several: Studio) -> None:
    """Where its class of translations has it, and nowhere else."""
    several.write("tours.py", OWN)
    several.write("newsletter.toml", f'{SETTINGS}\n[types]\ntour = "tours:Tour"\n')
    several.write("issues/entries/tour/walk.md", "---\ntitle: A walk\nmeeting_point: Main gate\n---\n")
    page = several.show("/entries/walk?issue=2024-07")
    assert '<label for="f-fr-meeting_point">Meeting point' in page
    assert '<p class="hint original" id="of-f-fr-meeting_point">Main gate</p>' in page
    assert "meeting_point" not in several.show(THERE)
    words = {"f.title": "Une promenade", "was.title": "", "f.meeting_point": "Porte", "was.meeting_point": ""}
    assert several.press("/entries/walk/words?issue=2024-07", language="fr", **words).status_code == 303
    told = "translations:\n  fr:\n    title: Une promenade\n    meeting_point: Porte\n---\n"
    assert several.read("issues/entries/tour/walk.md").endswith(told)
