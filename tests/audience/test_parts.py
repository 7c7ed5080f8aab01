"""Files in which those who have left stand in a part of their own: nobody is written to by it."""

from __future__ import annotations

import pytest

from newsletter.config import Workspace
from newsletter.errors import AudienceError, UnclearColumns
from newsletter.store import Database
from tests.audience.people import put, states


@pytest.mark.parametrize("plan", [True, False])
@pytest.mark.parametrize(
    ("content", "heading"),
    [
        ("Email,Name\nanna@example.org,Anna\nAbgemeldet:,\nbo@example.org,Bo\n", "Abgemeldet:"),
        ("Name,Email\nAnna,anna@example.org\nFormer members,\nBo,bo@example.org\n", "Former members"),
        ("anna@example.org\n\nUnsubscribed\nbo@example.org\n", "Unsubscribed"),
        ("anna@example.org\n\n# bounced\nbo@example.org\n", "# bounced"),
        ("Courriel,Nom\nanna@example.org,Anna\n,Désinscrits\nbo@example.org,Bo\n", "Désinscrits"),
    ],
)
def test_a_heading_above_those_who_have_left_is_refused(
    database: Database, workspace: Workspace, content: str, heading: str, plan: bool
) -> None:
    """What is below it says nothing of it row by row."""
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, content, plan=plan)
    row = content.splitlines().index(next(line for line in content.splitlines() if heading in line)) + 1
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        f"row {row} of readers.csv is a heading, '{heading}'",
        "those below it would be written to",
        (
            "put them into a file of their own, with a column 'status' that says unsubscribed, pending or bounced in "
            "every row; delete the row if it is not about them"
        ),
    )
    assert states(database) == {}


@pytest.mark.parametrize(
    "content",
    [
        "Email,Name\nanna@example.org,Anna\nVorstand,\nbo@example.org,Bo\n",
        "Email,Name\nanna@example.org,Anna\nbo@example.org,Bo\nUnsubscribed: 0,\n",
        "Email,Status\nanna@example.org,subscribed\nUnsubscribed,\nbo@example.org,subscribed\n",
        "Email,Name\nanna@example.org,Anna\nEmail,Name\nbo@example.org,Bo\n",
        "ID,Email,Role\n1,anna@example.org,\n2,,subscriber\n3,bo@example.org,\n",
        "Email,Name,Status\nanna@example.org,,subscribed\n,Subscriber,confirmed\nbo@example.org,,subscribed\n",
    ],
)
def test_other_rows_without_an_address_are_named_and_nothing_more(
    database: Database, workspace: Workspace, content: str
) -> None:
    """A group, a sum below the last row, the same names once more, and a heading where each row tells its state."""
    report = put(database, workspace, content)
    assert (report.added, report.invalid, report.doubts) == (2, 1, ())


def test_a_second_table_with_other_columns_is_refused(database: Database, workspace: Workspace) -> None:
    """Who has left by its columns would be read by those of the first."""
    content = "Email,Name\nanna@example.org,Anna\n\nE-Mail,Abgemeldet am\nbo@example.org,2024-01-02\n"
    with pytest.raises(AudienceError, match=r"a second table with other columns begins in row 4 of readers\.csv"):
        put(database, workspace, content)
    assert states(database) == {}


def test_those_who_have_left_in_a_column_beside_the_others_are_refused(
    database: Database, workspace: Workspace
) -> None:
    """Its cells are about themselves, not about their rows."""
    content = "Email,Unsubscribed\nanna@example.org,bo@example.org\nbo@example.org,\n"
    with pytest.raises(UnclearColumns, match="the column 'Unsubscribed' has addresses of its own, such as in row 2"):
        put(database, workspace, content)
    assert states(database) == {}
    assert put(database, workspace, content, ignore=["Unsubscribed"]).added == 2


def test_a_title_of_those_who_have_left_is_not_only_to_be_deleted(database: Database, workspace: Workspace) -> None:
    """Without it nothing in the file would say so."""
    with pytest.raises(AudienceError) as caught:
        put(database, workspace, "Abgemeldete Mitglieder 2024\nEmail,Name\nanna@example.org,Anna\n")
    assert (caught.value.message, caught.value.fix) == (
        "the title of readers.csv is 'Abgemeldete Mitglieder 2024'",
        (
            "delete the rows above the names of the columns, and add a column 'status' with unsubscribed, pending or "
            "bounced in every row"
        ),
    )
