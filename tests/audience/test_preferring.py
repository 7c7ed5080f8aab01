"""What changed a reader's preferences last, and when: whoever asks for their data is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from newsletter.audience import (
    Changes,
    Choice,
    SignupKind,
    Wishes,
    ask,
    change_preferences,
    confirm,
    letter_sent,
    next_letter,
    prefer,
    preferences,
    read_address,
    show,
)
from newsletter.config import Workspace
from newsletter.model.consent import Frequency
from newsletter.store import Database
from tests.audience.people import NOW, put, subscribe

LATER = NOW + dt.timedelta(hours=1)
ANNA = "anna@example.org"
AT_ONCE, AFTER = "2024-07-28T09:00:00+00:00", "2024-07-28T10:00:00+00:00"


def said(database: Database) -> tuple[str | None, str]:
    """Return when Anna's preferences were changed, and what changed them."""
    found = show(database, ANNA)
    return found["preferences_changed_at"], found["preferences_source"]


def chosen(database: Database, **values: Any) -> None:
    """Save the preference page, with these values changed."""
    held = preferences(database, 1)
    assert held is not None
    shown: dict[str, Any] = {
        name: getattr(held, name) for name in ("lists", "topics", "language", "frequency", "paused_until")
    }
    changes = Changes(offered=("monthly",), wordings={}, proof="", had=held.lists, **(shown | values))
    assert change_preferences(database, 1, changes, now=LATER)


def test_readers_own_choice_is_told_and_the_page_saved_as_it_was_is_none(database: Database) -> None:
    """Each of the four; who has only subscribed has changed nothing, and lists have their own record."""
    subscribe(database, ANNA, "monthly", language="en")
    chosen(database)
    chosen(database, lists=frozenset())
    assert said(database) == (None, "")
    chosen(database, topics=("work",))
    assert said(database) == (AFTER, "preference page")


def test_each_preference_counts(database: Database) -> None:
    """Language, how often and a pause as well as topics, and taking one back."""
    subscribe(database, ANNA, "monthly")
    for values in (
        {"language": "de"},
        {"frequency": Frequency.MONTHLY},
        {"paused_until": LATER + dt.timedelta(days=9)},
        {"paused_until": None},
        {"topics": ("work",)},
        {"topics": ()},
    ):
        prefer(database, ANNA, Wishes(language="fr"), source="before", zone=dt.UTC, now=NOW)
        prefer(database, ANNA, Wishes(language=""), source="before", zone=dt.UTC, now=NOW)
        assert said(database) == (AT_ONCE, "before")
        chosen(database, **values)
        assert said(database) == (AFTER, "preference page")


def test_what_the_team_changes_is_told(database: Database) -> None:
    """By where it was done; what is there already is no change."""
    subscribe(database, ANNA, "monthly")
    prefer(database, ANNA, Wishes(topics=("work",)), source="command line", zone=dt.UTC, now=NOW)
    prefer(database, ANNA, Wishes(topics=("Work",)), source="by hand", zone=dt.UTC, now=LATER)
    assert said(database) == (AT_ONCE, "command line")


def test_a_file_that_changes_preferences_is_told(database: Database, workspace: Workspace) -> None:
    """Of whoever was known before; their name is none, and what the file has as they do changes nothing."""
    put(database, workspace, f"email,language,topics,frequency\n{ANNA},de,work,monthly\n")
    put(database, workspace, f"email,name,language,topics,frequency\n{ANNA},Anna,de,Work,Monthly\n", now=LATER)
    assert said(database) == (None, "")
    for change in ("language\n{},fr", "topics\n{},borders", "frequency\n{},quarterly", "paused_until\n{},2099-01-15"):
        prefer(database, ANNA, Wishes(language="tr"), source="before", zone=dt.UTC, now=NOW)
        prefer(database, ANNA, Wishes(language="de"), source="before", zone=dt.UTC, now=NOW)
        put(database, workspace, f"email,{change.format(ANNA)}\n", now=LATER)
        assert said(database) == (AFTER, "import of readers.csv"), change


def test_topics_chosen_in_the_form_are_told(database: Database) -> None:
    """When the letter about it is answered."""
    with database.writing() as connection:
        choice = Choice(("monthly",), "Anna", ("work",))
        ask(connection, SignupKind.SUBSCRIBE, read_address(ANNA), choice, language="en", wording="", now=NOW)
    signup = next_letter(database, now=NOW)
    assert signup is not None
    letter_sent(database, signup)
    confirm(database, signup.id, proof="letter", now=LATER)
    assert (show(database, ANNA)["topics"], *said(database)) == (["work"], AFTER, "form")
