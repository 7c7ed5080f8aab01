"""What the readers of one language and some topics see of a selection."""

from __future__ import annotations

from typing import Any

from newsletter.model.selection import Selection
from tests import factories as make


def selection(**plan: Any) -> Selection:
    """Return an issue in English and French: one entry in both, one in English, one in French, with topics."""
    section = make.section(translations={"fr": {"heading": "Actualités"}})
    return make.selection(
        (
            section,
            [
                make.news(id="both", translations={"fr": {"title": "Bonjour"}}, topics=["Law"]),
                make.news(id="english", topics=["borders"]),
                make.news(id="french", language="fr"),
            ],
        ),
        of=make.issue(
            sections=[section],
            languages=["en", "fr"],
            translations={"fr": {"subject": "Bonjour", "intro": "Chers lecteurs"}},
            **plan,
        ),
    )


def ids(chosen: Selection) -> list[str]:
    """Return the ids of what is in."""
    return [entry.id for entry in chosen.entries]


def test_an_edition_speaks_its_language() -> None:
    """Words that are translated change, the others stay; the original is untouched."""
    original = selection(intro="Dear readers")
    french = original.edition("fr")
    assert (french.issue.subject, french.issue.intro) == ("Bonjour", "Chers lecteurs")
    assert french.issue.title == original.issue.title
    assert french.sections[0].plan.heading == "Actualités"
    assert original.edition("en").issue.intro == "Dear readers"
    assert original.edition("en").sections[0].plan.heading == "News"


def test_an_entry_without_a_translation_is_shown_or_left_out_as_the_issue_says() -> None:
    """It stands there in its own language unless the issue wants it left out."""
    assert ids(selection().edition("fr")) == ["both", "english", "french"]
    assert ids(selection(untranslated="leave out").edition("fr")) == ["both", "french"]
    assert ids(selection(untranslated="leave out").edition("en")) == ["both", "english"]
    assert ids(selection(untranslated="leave out").edition("en-GB")) == ["both", "english"]


def test_a_reader_of_some_topics_sees_these_and_what_concerns_everybody() -> None:
    """Entries of other topics are left out; case does not count; no choice means everything."""
    assert ids(selection().edition("en", ["law"])) == ["both", "french"]
    assert ids(selection().edition("en", ["LAW", "Borders"])) == ["both", "english", "french"]
    assert ids(selection().edition("en")) == ["both", "english", "french"]


def test_a_topic_is_the_same_however_its_accents_are_kept() -> None:
    """Readers choose from one form of it, and files have what macOS or a web site gave."""
    section = make.section()
    entries = [make.news(id=name, topics=[topic]) for name, topic in (("a", "Sante\u0301  publique"), ("b", "law"))]
    chosen = make.selection((section, entries), of=make.issue(sections=[section]))
    assert ids(chosen.edition("en", ["santé publique"])) == ["a"]
