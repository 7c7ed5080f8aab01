from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from newsletter.content.writing import entry_text, new_entry, slug
from newsletter.errors import ConfigurationError, NotFound
from newsletter.model.entry import Call, Event, News, Project
from newsletter.model.fields import Line
from tests import factories

DAY = dt.date(2024, 7, 26)


def test_a_new_call_has_every_field_with_its_hint() -> None:
    """What must be filled in stands open; what may be filled in stands in comments."""
    assert entry_text(Call, "Diaspora Hub: take part", DAY) == (
        "calls/2024-07-26-diaspora-hub-take-part.md",
        """---
title: "Diaspora Hub: take part"
date: 2024-07-26    # decides which issue takes it
deadline:           # such as 2024-07-31 for the end of that day, or 2024-07-31T18:00
summary:            # one or two sentences; Markdown
url:                # where readers can read on, such as https://www.example.org/page
# image: {src: images/name.jpg, alt: what the picture shows}
# topics: [one, two]
# eligibility:      # who may apply
# countries: [AT, KE]   # two-letter codes
status: draft       # ready, as soon as it may go out
---
""",
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Köln’s friends & “guests”", "kolns-friends-guests"),
        ("Straße, Ærø, Łódź", "strasse-ærø-łodz"),
        ("Cœur & Œuvres", "coeur-oeuvres"),
        ("مركز الهجرة", "مركز-الهجرة"),
        ("हिन्दी में", "हिन्दी-में"),
        ("Миграция 2024", "миграция-2024"),
        ("移民政策", "移民政策"),
        ("a" * 100, "a" * 60),
        ("the length of a file name " * 4, "the-length-of-a-file-name-the-length-of-a-file-name-the"),
        ("../../etc", "etc"),
        ("🎉!", "untitled"),
    ],
)
def test_a_title_becomes_part_of_a_file_name(title: str, expected: str) -> None:
    """Letters of any script stay, accents of Latin letters go, and nothing leads out of the folder."""
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", "fuer-grosse-aerzte-cafe"), ("de-AT", "fuer-grosse-aerzte-cafe"), ("tr", "fur-grosse-arzte-cafe")],
)
def test_german_letters_keep_their_sound(language: str, expected: str) -> None:
    """Nobody who reads German takes “fur” for a word; in Turkish, ü without its dots is the usual way."""
    assert slug("Für große Ärzte: Café", language) == expected


def test_a_new_entry_is_named_in_the_language_of_the_newsletter(tmp_path: Path) -> None:
    """As people would write it without the letters of their keyboard."""
    workspace = factories.workspace(tmp_path, language="de")
    assert new_entry(workspace, "news", "Öffnungszeiten", DAY)[0].name == "2024-07-26-oeffnungszeiten.md"


@pytest.mark.parametrize(
    ("model", "title", "day", "taken", "path"),
    [
        (News, "Story", DAY, [], "news/2024-07-26-story.md"),
        (News, "Story", DAY, ["2024-07-26-Story", "2024-07-26-story-2"], "news/2024-07-26-story-3.md"),
        (Project, "Story", None, ["2024-07-26-story"], "projects/story.md"),
        (Project, "CON", None, [], "projects/project-con.md"),
    ],
)
def test_a_file_name_is_new_on_every_system(
    model: type[News], title: str, day: dt.date | None, taken: list[str], path: str
) -> None:
    """Capital letters make no difference to some systems, and some names are kept for devices."""
    assert entry_text(model, title, day, taken=taken)[0] == path


@pytest.mark.parametrize(
    ("title", "message"),
    [(" ", "the title is empty"), ("a\x07", "the title contains the invisible control character U+0007 after “a”")],
)
def test_a_title_that_nobody_can_read_is_refused(title: str, message: str) -> None:
    """A file is only begun with a title that its readers can see."""
    with pytest.raises(ConfigurationError, match=message.replace("+", r"\+")):
        entry_text(News, title, DAY)


class Tour(Event):
    """A team's own type, which always says where it is."""

    folder: ClassVar[str] = "tours"
    type: Literal["tour"] = "tour"  # type: ignore[assignment]
    price: float
    place: Line
    guide: Line | None = None


def test_a_teams_own_type_brings_the_hints_of_the_one_that_it_is_made_from() -> None:
    """Otherwise nobody would know how a start is written."""
    assert entry_text(Tour, "The stacks", DAY)[1].splitlines()[3:-2] == [
        "place:",
        "price:",
        "start:              # such as 2024-07-07, or 2024-07-07T10:00",
        "# end:",
        "summary:            # one or two sentences; Markdown",
        "url:                # where readers can read on, such as https://www.example.org/page",
        "# image: {src: images/name.jpg, alt: what the picture shows}",
        "# topics: [one, two]",
        "# guide:",
        "# countries: [AT, KE]   # two-letter codes",
    ]


def test_a_new_entry_keeps_clear_of_all_that_exist(tmp_path: Path) -> None:
    """An id that another type uses is taken as well; plurals of types are understood."""
    space = factories.workspace(tmp_path)
    (space.entries / "calls").mkdir(parents=True)
    (space.entries / "calls" / "2024-07-26-story.md").write_text("")
    assert new_entry(space, "studies", "Story", DAY)[0] == space.entries / "studies" / "2024-07-26-story-2.md"


def test_an_unknown_type_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A slip of the keys costs no search through the documentation."""
    with pytest.raises(NotFound) as refused:
        new_entry(factories.workspace(tmp_path), "evnt", "Story", DAY)
    assert (refused.value.message, refused.value.fix) == (
        "there is no type 'evnt'; did you mean event?",
        "the types are news, study, call, event, project or figure",
    )
