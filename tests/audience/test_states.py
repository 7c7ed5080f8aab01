"""Who may be written to by the words, dates and numbers of a file."""

from __future__ import annotations

import pytest

from newsletter.audience import STATES, read_words, show
from newsletter.config import Workspace
from newsletter.errors import UnclearColumns, UnclearWords
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests.audience.people import put, states


def test_who_has_not_confirmed_elsewhere_is_kept_as_pending_and_counted(
    database: Database, workspace: Workspace
) -> None:
    """An empty cell of a column that says when somebody confirmed is no consent, whatever state an account has."""
    report = put(
        database,
        workspace,
        "email,status,activated_at\na@example.org,active,2020-01-02\nb@example.org,active,\n"
        "c@example.org,subscribed,\nd@example.org,unsubscribed,2020-01-02\ne@example.org,bounced,\n",
    )
    assert states(database) == {
        ("a@example.org", "monthly"): "confirmed",
        ("b@example.org", "monthly"): "pending",
        ("c@example.org", "monthly"): "confirmed",
        ("d@example.org", "monthly"): "unsubscribed",
    }
    assert (report.pending, report.as_json()["pending"]) == (1, 1)


NUMBERS = "email,status\na@example.org,1\nb@example.org,2\nc@example.org,0\nd@example.org,-1\n"


@pytest.mark.parametrize("plan", [True, False])
def test_numbers_of_a_program_that_is_not_known_are_not_guessed(
    database: Database, workspace: Workspace, plan: bool
) -> None:
    """Where there is a 2, a 1 may be anything as well, so that nobody comes in by it."""
    with pytest.raises(UnclearWords) as caught:
        put(database, workspace, NUMBERS, plan=plan)
    assert (caught.value.message, caught.value.why) == (
        "the column 'status' has numbers that may mean anything, such as -1 and 2",
        "each program has its own, and what 0 and 1 mean beside them is not known either",
    )
    assert caught.value.fix == (
        f"look up what that program means by each, and say it, as in --means 2=unsubscribed (it can be {STATES}); "
        'or, where they say nothing of consent: --ignore "status"'
    )
    assert states(database) == {}


def test_what_a_person_says_that_numbers_mean_is_taken(database: Database, workspace: Workspace) -> None:
    """Whoever says it of one number must say it of all: then 0 and 1 are not no and yes by themselves."""
    said = read_words(["2=confirmed", "-1=unsubscribed", "0=pending"])
    with pytest.raises(UnclearWords, match="such as 1"):
        put(database, workspace, NUMBERS, words=said)
    put(database, workspace, NUMBERS, words={**said, "1": Suppression.BOUNCE})
    assert states(database) == {
        ("b@example.org", "monthly"): "confirmed",
        ("c@example.org", "monthly"): "pending",
        ("d@example.org", "monthly"): "unsubscribed",
    }
    assert show(database, "a@example.org")["suppression"]["reason"] == "bounce"


def test_numbers_of_something_else_are_set_aside(database: Database, workspace: Workspace) -> None:
    """A status may be that of a member."""
    report = put(database, workspace, NUMBERS, ignore=["Status"])
    assert (report.added, report.ignored, report.doubts) == (4, ("status",), ())


def test_words_that_are_not_known_are_named_once(database: Database, workspace: Workspace) -> None:
    """Whoever reads them can say what they mean, and imports the file again."""
    content = "email,status\na@example.org,gold\nb@example.org,gold\nc@example.org,lost\nd@example.org,yes\n"
    report = put(database, workspace, content)
    assert (report.invalid, report.unknown, report.as_json()["unknown"]) == (3, ("gold", "lost"), ["gold", "lost"])
    report = put(database, workspace, content, words=read_words(["Gold=confirmed", "lost=bounce"]))
    assert (report.invalid, report.unknown, report.added) == (0, (), 2)


@pytest.mark.parametrize("plan", [True, False])
@pytest.mark.parametrize(
    ("content", "fix"),
    [
        (
            "email,Estado\na@example.org,Dado de baja\n",
            'say which column has it: --map consent="name of the column"; not used yet: Estado',
        ),
        ("a@example.org\n", "leave out --means: the file has no column that could hold it"),
    ],
)
def test_what_words_mean_is_not_left_aside_where_no_column_has_them(
    database: Database, workspace: Workspace, content: str, fix: str, plan: bool
) -> None:
    """Whoever says that a word means somebody has left has seen it in the file."""
    words = read_words(["Dado de baja=unsubscribed"])
    with pytest.raises(UnclearColumns) as caught:
        put(database, workspace, content, words=words, plan=plan)
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "no column is taken for consent, so nobody looks for 'dado de baja'",
        "whoever has left by such a word would be written to",
        fix,
    )
    assert states(database) == {}


def test_a_day_on_which_somebody_subscribed_is_a_yes(database: Database, workspace: Workspace) -> None:
    """MailerLite writes one there; a day beside a status, one of nothing, and one with more words, say nothing."""
    report = put(
        database,
        workspace,
        "Subscriber,Subscribed,Unsubscribed\na@example.org,2024-01-05 10:00:00,\nb@example.org,05.01.2024,\n"
        "c@example.org,1/5/2024,2024-02-01 10:00:00\nd@example.org,1970-01-01,\ne@example.org,0000-00-00,\n"
        "f@example.org,2024-01-05 – 2024-02-01,\ng@example.org,2024-01-05 (left),\nh@example.org,01/01/1970,\n"
        "i@example.org,1/5/2024 3:04 PM,\nj@example.org,2024-01-05T10:00:00+01:00,\nl@example.org,2024/1/5 9:00,\n",
    )
    assert states(database) == {
        ("a@example.org", "monthly"): "confirmed",
        ("b@example.org", "monthly"): "confirmed",
        ("c@example.org", "monthly"): "unsubscribed",
        ("i@example.org", "monthly"): "confirmed",
        ("j@example.org", "monthly"): "confirmed",
        ("l@example.org", "monthly"): "confirmed",
    }
    assert report.invalid == 5
    assert put(database, workspace, "email,status\nk@example.org,2024-01-05\n").invalid == 1


LETTERS = "email,status\na@example.org,A\nb@example.org,X\nc@example.org,A\n"


def test_letters_of_a_program_that_is_not_known_are_not_guessed(database: Database, workspace: Workspace) -> None:
    """Where A stands for those who get it, X is no tick; with j and n alone nobody is asked."""
    with pytest.raises(UnclearWords) as caught:
        put(database, workspace, LETTERS)
    assert (caught.value.message, caught.value.why) == (
        "the column 'status' has letters that may mean anything, such as A",
        "each program has its own, and what x and y mean beside them is not known either",
    )
    with pytest.raises(UnclearWords, match="such as X"):
        put(database, workspace, LETTERS, words=read_words(["A=confirmed"]))
    put(database, workspace, LETTERS, words=read_words(["A=confirmed", "X=unsubscribed"]))
    assert states(database) == {
        ("a@example.org", "monthly"): "confirmed",
        ("b@example.org", "monthly"): "unsubscribed",
        ("c@example.org", "monthly"): "confirmed",
    }
    assert put(database, workspace, "email,status\nd@example.org,j\ne@example.org,N\n").added == 1
