"""A built issue becomes its outline."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter import pipeline
from newsletter.errors import ContentError
from newsletter.model.comparison import compare
from newsletter.model.entry import News
from newsletter.model.outline import ImageOutline, Outline
from newsletter.model.selection import Selection
from tests import factories as make


def selection(*news: News, **plan: object) -> Selection:
    """Return an issue in English and French with one section that is empty and one of news."""
    empty, filled = make.section("Calls", "call"), make.section(translations={"fr": {"heading": "Actualités"}})
    sections = [empty, filled]
    values = {"languages": ["en", "fr"], "lists": ["monthly"], "translations": {"fr": {"subject": "Bonjour"}}}
    return make.selection((empty, []), (filled, list(news)), of=make.issue(sections=sections, **(values | plan)))


def outlined(root: Path, chosen: Selection, **settings: object) -> Outline:
    """Return the outline of an issue that is built with some settings."""
    space = make.workspace(root, **settings)
    return pipeline.outline(space, pipeline.render(space, chosen))


def test_an_outline_says_what_each_edition_shows(tmp_path: Path) -> None:
    """Words in the edition's language, slots as people write them, no section that is empty."""
    french = {"title": "Des puits", "summary": "", "alt": "Un puits"}
    picture = {"src": "https://www.example.org/well.png", "alt": "A well"}
    entry = make.news(
        id="wells", title="Wells", topics=["water", "borders"], image=picture, translations={"fr": french}
    )
    outline = outlined(tmp_path, selection(entry, subject="Hello {first_name|reader}"))
    english, other = outline.editions
    assert (english.language, english.subject, other.language, other.subject) == (
        "en",
        "Hello {first_name|reader}",
        "fr",
        "Bonjour",
    )
    assert [(section.heading, [one.id for one in section.entries]) for section in other.sections] == [
        ("Actualités", ["wells"])
    ]
    assert dict(english.entries[0].fields) == {
        "title": "Wells",
        "date": "2024-07-26",
        "summary": entry.summary,
        "url": entry.url,
        "image.src": "https://www.example.org/well.png",
        "image.alt": "A well",
        "topics": "water, borders",
        "language": "en",
    }
    assert other.entries[0].title == "Des puits"
    assert other.entries[0].fields["image.alt"] == "Un puits"
    assert "summary" not in other.entries[0].fields, "a translation without a summary shows none"
    assert ImageOutline("https://www.example.org/well.png", "A well") in english.images
    assert ImageOutline("https://www.example.org/well.png", "Un puits") in other.images
    assert entry.url in english.links
    assert "{unsubscribe_url}" in english.links
    assert outline.audience == {"lists": "monthly"}
    assert outline.sender["sender"] == "ICMPD Newsletter <news@example.org>"


def test_what_a_translation_says_of_a_picture_is_of_that_picture(tmp_path: Path) -> None:
    """Where it is silent the original's words stand; where the entry has no picture, they describe none."""
    picture = {"src": "https://www.example.org/well.png", "alt": "A well"}
    silent = make.news(id="a", image=picture, translations={"fr": {"title": "Des puits"}})
    plain = make.news(id="b", url=None, translations={"fr": {"title": "Rien", "alt": "Un puits"}})
    _, french = outlined(tmp_path, selection(silent, plain)).editions
    assert [one.fields.get("image.alt") for one in french.entries] == ["A well", None]


def test_a_muted_rule_is_nothing_that_readers_see(tmp_path: Path) -> None:
    """It changes neither the outline nor the digest."""
    muted = selection(make.news(lint={"IMG001": "a drawing by a child"}))
    assert outlined(tmp_path, muted) == outlined(tmp_path, selection(make.news()))


def test_an_outline_names_corrections_in_the_words_of_each_language(tmp_path: Path) -> None:
    """Where they are not translated, in those that readers see."""
    notes = [
        {"date": "2024-08-02", "note": "At 9.", "translations": {"fr": {"note": "À 9 heures."}}},
        {"date": "2024-08-03", "note": "In Vienna."},
    ]
    english, french = outlined(tmp_path, selection(make.news(), corrections=notes)).editions
    assert english.corrections == ("At 9.", "In Vienna.")
    assert french.corrections == ("À 9 heures.", "In Vienna.")


def test_a_lock_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """It names no corrections."""
    outline = outlined(tmp_path, selection(make.news()))
    written = json.loads(json.dumps(outline.as_json()))
    for edition in written["editions"]:
        del edition["corrections"]
    assert Outline.from_json(written) == outline


def test_an_outline_survives_a_file(tmp_path: Path) -> None:
    """What was written at approval is read back as it was."""
    outline = outlined(tmp_path, selection(make.news()))
    assert Outline.from_json(json.loads(json.dumps(outline.as_json()))) == outline


@pytest.mark.parametrize("value", [None, [], {"schema": 2}, {"schema": 1}, {"schema": 1, "issue": 3}])
def test_what_is_no_outline_is_refused(value: object) -> None:
    """A file that somebody has edited ends in a sentence."""
    with pytest.raises(ContentError, match="cannot be read"):
        Outline.from_json(value)


def test_the_digest_covers_editions_sender_and_lists(tmp_path: Path) -> None:
    """Each of them voids an approval; what nobody gets does not."""
    base = outlined(tmp_path, selection(make.news()))
    assert base.digest == outlined(tmp_path, selection(make.news())).digest
    others = [
        outlined(tmp_path, selection(make.news(summary="Another summary."))),
        outlined(tmp_path, selection(make.news(), subject="Another")),
        outlined(tmp_path, selection(make.news(), translations={"fr": {"subject": "Salut"}})),
        outlined(tmp_path, selection(make.news(), lists=["press"]), lists={"press": {"title": "Press"}}),
        outlined(tmp_path, selection(make.news()), reply_to="other@example.org"),
        outlined(tmp_path, selection(make.news()), public_url="https://other.example.org"),
    ]
    assert len({base.digest, *(other.digest for other in others)}) == len(others) + 1
    assert all(compare(base, other) for other in others)
    assert outlined(tmp_path, selection(make.news()), provider="outbox", database="sqlite:///other.db") == base


def test_a_changed_template_is_named(tmp_path: Path) -> None:
    """The pull request of a designer shows that entries and words are the same."""
    before = outlined(tmp_path, selection(make.news()))
    own = tmp_path / "templates/parts/masthead.mjml.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<mj-section><mj-column><mj-text>Us</mj-text></mj-column></mj-section>", encoding="utf-8")
    after = outlined(tmp_path, selection(make.news()))
    difference = compare(before, after)
    assert difference.sentences[0] == "The templates or the colours have changed."
    assert not {change.kind for change in difference.changes} & {"entry_changed", "entry_moved", "text_changed"}
