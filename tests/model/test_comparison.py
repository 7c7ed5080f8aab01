"""Two outlines of an issue become sentences about what has changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.comparison import compare
from newsletter.model.difference import Difference, Kind
from newsletter.model.outline import EditionOutline, Outline
from tests.model import outlines as make

A, B, C = make.entry("a"), make.entry("b"), make.entry("c")


def sentences(before: EditionOutline, after: EditionOutline) -> tuple[str, ...]:
    """Return what is said about two states of one edition."""
    return compare(make.outline(before), make.outline(after)).sentences


def test_an_entry_that_came_and_one_that_went_are_named_with_their_section() -> None:
    """Their links go with them and are not told again."""
    before, after = make.edition(make.section("News", A, B)), make.edition(make.section("News", A, C))
    assert sentences(before, after) == ("“C” was added to “News”.", "“B” was taken out of “News”.")


def test_an_entry_that_changed_place_is_moved_and_the_others_are_not() -> None:
    """The fewest entries are named that explain the new order."""
    before, after = make.edition(make.section("News", A, B, C)), make.edition(make.section("News", C, A, B))
    assert sentences(before, after) == ("“C” is number 1 of “News”; it was number 3.",)


def test_an_entry_in_another_section_has_moved_there() -> None:
    """A removal and an addition would say less."""
    before = make.edition(make.section("Lead", A, B), make.section("News", C))
    after = make.edition(make.section("Lead", A), make.section("News", B, C))
    assert sentences(before, after) == ("“B” moved from “Lead” to “News”.",)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        ({}, {}, ()),
        ({"url": ""}, {"url": ""}, ()),
        ({}, {"summary": "Short"}, ("The summary of “One” is new: “Short”.",)),
    ],
)
def test_an_entry_in_a_renamed_file_is_the_same_one(
    then: dict[str, str], now: dict[str, str], said: tuple[str, ...]
) -> None:
    """Readers see no difference, so nothing is said to have come or gone; what else has changed is told."""
    shared = {"title": "One", "url": "https://www.example.org/one"}
    before, after = (
        make.edition(make.section("News", A, make.entry(name, **{**shared, **fields})), links=())
        for name, fields in (("2024-one", then), ("one", now))
    )
    renamed = "“One” is the same entry with another id: it was “2024-one” and is now “one”."
    assert sentences(before, after) == (renamed, *said)


def test_a_renamed_file_of_another_page_is_another_entry() -> None:
    """Two entries with one title are two."""
    before = make.edition(make.section("News", make.entry("b", title="Call")))
    after = make.edition(make.section("News", make.entry("c", title="Call")))
    assert sentences(before, after) == ("“Call” was added to “News”.", "“Call” was taken out of “News”.")


@pytest.mark.parametrize(
    ("field", "old", "new", "sentence"),
    [
        ("title", "A", "Alpha", "“A” is now called “Alpha”."),
        ("url", "http://a.eu", "http://b.eu", "The link of “A” was “http://a.eu” and is now “http://b.eu”."),
        ("summary", "", "Short", "The summary of “A” is new: “Short”."),
        ("summary", "", "It ended.", "The summary of “A” is new: “It ended.”"),
        ("summary", "Is it?", "It is!", "The summary of “A” was “Is it?” and is now “It is!”"),
        ("summary", "Short", "", "The summary of “A” is gone."),
        ("summary", "long " * 40, "Short", "The summary of “A” has changed."),
        ("image__alt", "A dog", "A cat", "The alternative text of “A” was “A dog” and is now “A cat”."),
        ("authors", "Ann", "Ben", "The authors of “A” were “Ann” and are now “Ben”."),
        (
            "start",
            "2024-07-26T18:00+02:00",
            "2024-07-26T19:00+02:00",
            "The start of “A” was “2024-07-26, 18:00” and is now “2024-07-26, 19:00”.",
        ),
        ("room_number", "1", "2", "The room number of “A” was “1” and is now “2”."),
    ],
)
def test_a_changed_field_of_an_entry_is_told(field: str, old: str, new: str, sentence: str) -> None:
    """Both texts where they are short; a team's own fields by their names."""
    before, after = (
        make.edition(make.section("News", make.entry("a", **{field: text})), links=()) for text in (old, new)
    )
    assert sentences(before, after) == (sentence,)


def test_subject_preheader_and_introduction_are_told() -> None:
    """What stands in the inbox comes before everything inside."""
    before = make.edition(make.section("News", A))
    after = make.edition(make.section("News", A, B), subject="Another", preheader="", intro="Hello")
    assert sentences(before, after) == (
        "The subject was “News from July” and is now “Another”.",
        "The preheader is gone.",
        "The introduction was “Dear reader” and is now “Hello”.",
        "“B” was added to “News”.",
    )


def test_sections_are_told_as_renamed_new_gone_and_in_another_place() -> None:
    """A section with another heading and the same entries is the same section."""
    before = make.edition(make.section("Lead", A), make.section("News", B), make.section("Calls", C))
    after = make.edition(
        make.section("Calls", C, layout="cards"), make.section("Stories", A, intro="Best"), make.section("Odd", B)
    )
    assert sentences(before, after) == (
        "The section “Calls” is number 1; it was number 3.",
        "The section “Calls” is laid out as cards, not as list.",
        "The section “Lead” is now called “Stories”.",
        "The introduction of “Stories” is new: “Best”.",
        "The section “News” is now called “Odd”.",
    )
    assert sentences(make.edition(make.section("Lead", A)), make.edition(make.section("News", B))) == (
        "“B” was added to “News”.",
        "“A” was taken out of “Lead”.",
        "The section “News” is new.",
        "The section “Lead” is gone.",
    )


def test_links_and_pictures_outside_entries_are_told() -> None:
    """A picture's address is made of its content."""
    before = make.edition(
        links=("https://old.example",),
        images=(make.picture("Map"), make.picture("Logo", "l"), make.picture("Gone", "g")),
    )
    after = make.edition(
        links=("https://new.example",), images=(make.picture("Map", "b"), make.picture("Our logo", "l"))
    )
    assert sentences(before, after) == (
        "There is a new link: “https://new.example”.",
        "A link is gone: “https://old.example”.",
        "A picture is gone: “Gone”.",
        "Another picture, or another size of it, is shown: “Map”.",
        "The alternative text of a picture was “Logo” and is now “Our logo”.",
    )


@pytest.mark.parametrize("kind", ["event", "tour"])
def test_the_calendar_file_of_an_event_is_told_with_the_event(kind: str) -> None:
    """Its address is made of its content, and says nothing to anybody; where no event has changed it is told."""
    event, later = (replace(make.entry("a", start=day), type=kind) for day in ("1 May", "2 May"))
    files = [("https://news.example.org/images/1.ics",), ("https://news.example.org/images/2.ics",)]
    before, after, same = (
        make.edition(make.section("Events", shown), links=links)
        for shown, links in ((event, files[0]), (later, files[1]), (event, files[1]))
    )
    assert sentences(before, after) == ("The start of “A” was “1 May” and is now “2 May”.",)
    assert sentences(before, same) == (f"There is a new link: “{files[1][0]}”.", f"A link is gone: “{files[0][0]}”.")


def test_what_the_settings_say_is_told() -> None:
    """It stands at the top and the bottom of every issue; a lock of an earlier version cannot tell it."""
    before = make.edition(newsletter={"title": "News", "tagline": "", "postal_address": "1 First Street"})
    after = make.edition(
        newsletter={"title": "Our news", "tagline": "From Vienna", "postal_address": "2 Second Street"}
    )
    assert sentences(before, after) == (
        "The newsletter’s title was “News” and is now “Our news”.",
        "The tagline is new: “From Vienna”.",
        "The postal address was “1 First Street” and is now “2 Second Street”.",
    )
    assert sentences(make.edition(html_digest="another"), after) == (
        "The HTML is made differently; entries, words, links and pictures are the same.",
    )


def test_the_sender_and_the_audience_come_first() -> None:
    """Who writes to whom matters more than any word inside."""
    before = make.outline(make.edition())
    after = make.outline(
        make.edition(subject="Another"),
        sender={"sender": "Other <other@example.org>", "reply_to": "press@example.org"},
        audience={"lists": "monthly, press"},
    )
    assert compare(before, after).sentences == (
        "The lists were “monthly” and are now “monthly, press”.",
        "The From was “ICMPD <news@example.org>” and is now “Other <other@example.org>”.",
        "The Reply-To is new: “press@example.org”.",
        "The subject was “News from July” and is now “Another”.",
    )


def test_corrections_are_told() -> None:
    """Whoever approves the corrected issue answers for what stands above everything else, too."""
    before = make.edition(make.section("News", A), corrections=("At 8, not at 7.",))
    after = make.edition(make.section("News", A), corrections=("At 9, not at 8.",))
    assert sentences(before, after) == (
        "Readers are told of a correction: “At 9, not at 8.”.",
        "Readers are told no more of a correction: “At 8, not at 7.”.",
    )


def test_editions_that_come_and_go_are_told() -> None:
    """By language and topics."""
    english, french = make.edition(), make.edition(language="fr", topics=("law",))
    assert compare(make.outline(english), make.outline(english, french)).sentences == (
        "There is a new edition: fr (law).",
    )
    assert compare(make.outline(english, french), make.outline(english)).sentences == ("The edition fr (law) is gone.",)


def test_what_all_editions_show_is_said_once_and_what_some_show_names_them() -> None:
    """A title that only the French read differs for them alone."""

    def both(*entries: str, title: str = "A") -> Outline:
        parts = [make.section("News", *(make.entry(name) for name in entries))]
        french = [make.section("Actualités", *(make.entry(name, title=title) for name in entries))]
        return make.outline(make.edition(*parts), make.edition(*french, language="fr"))

    difference = compare(both("a"), both("a", "b", title="Titre"))
    assert [(change.sentence, change.editions) for change in difference.changes] == [
        ("“B” was added to “News”.", ("en", "fr")),
        ("“A” is now called “Titre” (fr).", ("fr",)),
    ]


def test_what_only_looks_different_is_told_as_such() -> None:
    """A change of templates is named where somebody has looked at them; otherwise that bytes differ."""
    before, after = make.edition(html_digest="1"), make.edition(html_digest="2")
    assert sentences(before, after) == (
        "The HTML is made differently; entries, words, links and pictures are the same.",
    )
    difference = compare(make.outline(before, design="x"), make.outline(after, design="y"))
    assert [change.kind for change in difference.changes] == [Kind.DESIGN_CHANGED]
    same = make.outline(before, design="y")
    assert not compare(make.outline(before, design="x"), same), "no reader sees a template that is not used"
    text = (make.edition(text_digest="1", html_digest=""), make.edition(text_digest="2", html_digest=""))
    assert sentences(*text) == ("The plain text is made differently; entries, words and links are the same.",)
    odd = (make.edition(text_digest="", html_digest="", digest=number) for number in "12")
    assert sentences(*odd) == ("Something else in the message has changed.",)


def test_sizes_are_told_last() -> None:
    """In bytes, with the edition where several differ."""
    before = make.outline(make.edition(), make.edition(language="fr"))
    after = make.outline(
        make.edition(subject="Another", html_bytes=2500), make.edition(language="fr", subject="Another", text_bytes=90)
    )
    assert compare(before, after).sentences == (
        "The subject was “News from July” and is now “Another”.",
        "The HTML has 2,500 bytes, 1,500 more than before (en).",
        "The plain text has 90 bytes, 10 fewer than before (fr).",
    )


def test_a_difference_is_data_too() -> None:
    """Reports and scripts read the same as people do."""
    before, after = (replace(make.outline(make.edition(subject=text)), digest=text) for text in ("Old", "New"))
    assert compare(before, after).as_json() == {
        "schema": 1,
        "before": "Old",
        "after": "New",
        "changes": [
            {
                "kind": "text_changed",
                "sentence": "The subject was “Old” and is now “New”.",
                "editions": ["en"],
                "entry": "",
                "field": "subject",
                "before": "Old",
                "after": "New",
            }
        ],
        "sizes": [],
    }


@given(make.outlines())
def test_nothing_differs_from_itself(outline: Outline) -> None:
    """An outline that went through JSON is the same outline."""
    assert not compare(outline, outline)
    assert not compare(outline, Outline.from_json(outline.as_json()))


@given(make.outlines(), make.outlines())
def test_no_change_goes_unsaid(before: Outline, after: Outline) -> None:
    """Whatever changes the digest changes a sentence, and the other way round."""
    assert bool(compare(before, after)) == (before.digest != after.digest)


def of(difference: Difference, kind: Kind) -> list[str]:
    """Return the entries that the changes of a kind are about."""
    return [change.entry for change in difference.changes if change.kind is kind]


@given(make.outlines(), make.outlines())
def test_additions_and_removals_lead_from_one_to_the_other(before: Outline, after: Outline) -> None:
    """What is there afterwards is what was there, less what went, and what came; backwards they change roles."""
    there, back = compare(before, after), compare(after, before)
    came, went = (of(there, kind) for kind in (Kind.ENTRY_ADDED, Kind.ENTRY_REMOVED))
    changed = [change for change in there.changes if change.kind is Kind.ENTRY_CHANGED and change.field == "id"]
    renamed = {change.before: change.after for change in changed}
    ids = [{entry.id for entry in one.editions[0].entries} for one in (before, after)]
    assert {renamed.get(name, name) for name in ids[0] - set(went)} | set(came) == ids[1]
    assert sorted(came) == sorted(of(back, Kind.ENTRY_REMOVED))
    assert sorted(went) == sorted(of(back, Kind.ENTRY_ADDED))


@given(make.editions(), st.data())
def test_another_order_is_a_move_and_nothing_else(edition: EditionOutline, data: st.DataObject) -> None:
    """Sections keep their headings and entries; only their places differ."""
    sections = tuple(
        replace(section, entries=tuple(data.draw(st.permutations(section.entries)))) for section in edition.sections
    )
    difference = compare(make.outline(edition), make.outline(replace(edition, sections=sections)))
    assert {change.kind for change in difference.changes} <= {Kind.ENTRY_MOVED}
    assert bool(difference) == (sections != edition.sections)
