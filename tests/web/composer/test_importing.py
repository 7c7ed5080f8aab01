"""A file of readers in the studio: the plan of the command line, exactly that plan, and no trace of it after."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter import config, store
from tests.audience.people import people, states
from tests.web.composer.studio import BASE, Studio
from tests.web.composer.test_reviewing import cli

ANNA = "email,name\nanna@example.org,Anna\n"


def choose(studio: Studio, content: str | bytes, name: str = "people.csv", **fields: str) -> httpx.Response:
    """Choose a file on the page, and press the button."""
    return studio.browser.post(
        "/readers/import",
        data={"back": "/readers", "list": "monthly"} | fields,
        files={"file": (name, content if isinstance(content, bytes) else content.encode(), "text/csv")},
        headers={"Origin": BASE, "Sec-Fetch-Site": "same-origin"},
    )


def planned(studio: Studio, content: str | bytes, name: str = "people.csv", **fields: str) -> str:
    """Choose a file that can be read, and return the path of its plan."""
    answer = choose(studio, content, name, **fields)
    path = answer.headers["location"]
    assert (answer.status_code, re.fullmatch(r"/readers/import/[0-9a-f]{32}", path) is not None) == (303, True), path
    return path


def plan(page: str) -> dict[str, str]:
    """Return the numbers of a plan, as its page shows them."""
    table = page[page.index('id="plan"') : page.index("</table>", page.index('id="plan"'))]
    return dict(re.findall(r'<th scope="row">([^<]+)<.*?<td class="right">([^<]+)<', table))


def fields(page: str) -> dict[str, str]:
    """Return the form of a plan as a browser would send it."""
    form = page[page.index('id="columns"') : page.index("</form>", page.index('id="columns"'))]
    chosen = {
        name: found[1]
        for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', form)
        if (found := re.search(r'value="([^"]*)" selected', options))
    }
    return dict(re.findall(r'name="([^"]+)"(?: type="date")? value="([^"]*)"', form)) | chosen


def columns(page: str) -> dict[str, str]:
    """Return each column with what it is taken for."""
    names = re.findall(r'<label for="column-\d+">([^<]+?) ?<', page)
    return dict(zip(names, [value for name, value in fields(page).items() if name.startswith("column.")], strict=True))


def left_out(page: str) -> list[tuple[str, str]]:
    """Return the rows that are left out, each with its line and why."""
    return re.findall(r"<tr><td>(\d+)</td><td>([^<]+)</td></tr>", page)


def kept(studio: Studio) -> list[Path]:
    """Return the files that wait for a decision."""
    return sorted((studio.root / ".newsletter" / "imports").glob("*"))


def held(studio: Studio) -> list[str]:
    """Return the addresses of everybody who is in the database."""
    with store.open_database(config.load(studio.root)) as database:
        return [address for address, _, _ in people(database)]


def test_the_plan_is_the_one_of_the_command_line_and_is_done_by_one_press(lists: Studio) -> None:
    """The same numbers, the same rows with the same reasons, the same digest; nothing is written before the press."""
    lists.write("before.csv", "email,name\nanna@example.org,Anna\ngone@example.org,Gone\n")
    assert cli(lists, "subscribers", "import", str(lists.root / "before.csv"), "--list", "monthly").returncode == 0
    cli(lists, "subscribers", "unsubscribe", "gone@example.org")
    cli(lists, "subscribers", "suppress", "hard@example.org", "--reason", "bounce")
    content = (
        "E-mail,Vorname,Nachname\nanna@example.org,Anna,Berg\nben@example.org,Ben,\ngone@example.org,Gone,\n"
        "hard@example.org,,\nnobody,,\nBEN@example.org,,\n"
    )
    lists.write("people.csv", content)
    command = ("subscribers", "import", str(lists.root / "people.csv"), "--list", "monthly", "--plan", "--json")
    told = json.loads(cli(lists, *command).stdout)
    path = planned(lists, content)
    page = lists.show(path)
    assert plan(page) == {
        "Added": "1",
        "Updated": "1",
        "Blocked": "1",
        "Would resubscribe, refused": "1",
        "Duplicate": "1",
        "Invalid": "1",
    }
    said = {(str(one["row"]), one["message"]) for one in told["problems"]}
    assert {(row, why.replace("&#39;", "'")[:-1].lower()) for row, why in left_out(page)} == {
        (row, why.lower().removesuffix(".")) for row, why in said
    }
    assert fields(page)["digest"] == told["digest"]
    assert columns(page) == {"E-mail": "address", "Vorname": "first_name", "Nachname": "last_name"}
    assert held(lists) == ["anna@example.org", "gone@example.org"]
    lists.press(path, do="import", **fields(page))
    assert plan(lists.show(path)) == plan(page)
    assert "It is imported, and the file is removed from here." in lists.show(path)
    with store.open_database(config.load(lists.root)) as database:
        assert people(database) == [
            ("anna@example.org", "Anna Berg", ""),
            ("ben@example.org", "Ben", ""),
            ("gone@example.org", "Gone", ""),
        ]
        assert states(database)["ben@example.org", "monthly"] == "confirmed"
        assert states(database)["gone@example.org", "monthly"] == "unsubscribed"
    assert kept(lists) == []
    lists.press(path, do="import", **fields(page))
    assert cli(lists, "subscribers", "show", "ben@example.org").stdout.count("import of people.csv") == 1


def test_a_plan_is_refused_where_the_lists_have_changed_and_the_new_one_is_shown(lists: Studio) -> None:
    """Somebody may have left since the page was shown."""
    path = planned(lists, ANNA + "ben@example.org,Ben\n")
    page = lists.show(path)
    lists.write("other.csv", "email,unsubscribed\nben@example.org,yes\n")
    assert cli(lists, "subscribers", "import", str(lists.root / "other.csv"), "--list", "monthly").returncode == 0
    lists.press(path, do="import", **fields(page))
    assert lists.told(path) == (
        "Nothing is imported. The lists have changed since the plan was made. "
        "Look at what the file would do now, then import."
    )
    assert held(lists) == ["ben@example.org"]
    anew = lists.show(path)
    assert plan(anew) == {"Added": "1", "Would resubscribe, refused": "1"}
    lists.press(path, do="import", **fields(page))
    assert "The plan was made again since the page was shown." in lists.told(path)
    lists.press(path, do="import", **fields(anew))
    assert held(lists) == ["anna@example.org", "ben@example.org"]


def test_what_a_column_is_can_be_changed(studio: Studio) -> None:
    """A new plan goes by it; a press of the import without one makes the plan instead."""
    path = planned(studio, "Kontakt,Mail,Nom\nanna@example.org,home@example.org,Berg\n")
    page = studio.show(path)
    assert columns(page) == {"Kontakt": "unused", "Mail": "address", "Nom": "name"}
    changed = fields(page) | {"column.0": "address", "column.1": "unused"}
    studio.press(path, do="import", **changed)
    assert "You have changed what the columns are since the plan was made." in studio.told(path)
    assert held(studio) == []
    page = studio.show(path)
    assert columns(page) == {"Kontakt": "address", "Mail": "silent", "Nom": "name"}
    studio.press(path, **fields(page) | {"column.2": "address"})
    assert studio.told(path) == "Two columns are taken for “Address”: Kontakt and Nom. Choose one of them."
    studio.press(path, do="import", **fields(page))
    assert held(studio) == ["anna@example.org"]


def test_where_nobody_knows_the_addresses_a_person_says_it(studio: Studio) -> None:
    """In the words of the page, not of the command line."""
    path = planned(studio, "Kontakt;Ort\nanna@example.org;Wien\n")
    page = studio.show(path)
    assert "No column of people.csv is known to hold addresses." in page
    assert "Say below which column is what." in page
    assert "--map" not in page
    assert 'value="import"' not in page
    studio.press(path, **fields(page) | {"column.0": "address"})
    assert studio.told(path) == "Planned again: 1 added."
    studio.press(path, do="import", **fields(studio.show(path)))
    assert held(studio) == ["anna@example.org"]


def test_two_columns_that_say_who_has_left_are_chosen_between(studio: Studio) -> None:
    """Neither is taken for granted, and both must be answered."""
    path = planned(studio, "email,unsubscribed,opt out\nanna@example.org,no,yes\nben@example.org,no,no\n")
    page = studio.show(path)
    assert columns(page) == {"email": "address", "unsubscribed": "", "opt out": ""}
    studio.press(path, **fields(page))
    assert columns(studio.show(path)) == columns(page)
    studio.press(path, **fields(page) | {"column.1": "silent", "column.2": "left"})
    page = studio.show(path)
    assert columns(page) == {"email": "address", "unsubscribed": "silent", "opt out": "left"}
    assert plan(page) == {"Added": "1", "Unsubscribed by the file": "1"}
    studio.press(path, **fields(page) | {"column.1": "left"})
    assert columns(studio.show(path)) == {"email": "address", "unsubscribed": "left", "opt out": "left"}


def test_nothing_is_imported_while_people_who_have_left_may_be_in_the_file(studio: Studio) -> None:
    """The column and the rows are named, and the page asks what it is."""
    path = planned(studio, "email,Do not email\nanna@example.org,\nben@example.org,yes\n")
    page = studio.show(path)
    assert "“Do not email” is not used, and seems to say so in 1 row." in page
    assert 'value="import"' not in page
    studio.press(path, do="import", **fields(page))
    assert held(studio) == []
    studio.press(path, **fields(page) | {"column.1": "left"})
    assert plan(studio.show(path)) == {"Added": "1", "Unsubscribed by the file": "1"}


def test_what_a_file_contradicts_is_told_in_words(studio: Studio) -> None:
    """Of two rows the stricter one counts; who is confirmed here stays so whatever a later file has not heard of."""
    path = planned(studio, "email,status\nanna@example.org,confirmed\nbo@example.org,active\nbo@example.org,pending\n")
    page = studio.show(path)
    assert left_out(page) == [
        ("3", "The same address as in row 4, by which they have not confirmed, and which so counts.")
    ]
    assert (
        "1 duplicate says otherwise than another row whether somebody may be written to: the stricter row coun" in page
    )
    studio.press(path, **fields(page), do="import")
    page = studio.show(planned(studio, "email,status\nanna@example.org,pending\n"))
    assert (
        "1 row is of somebody who, by the file, has not confirmed, but is confirmed here, and still written to" in page
    )


def test_a_column_of_names_with_notes_of_something_else_keeps_its_names(studio: Studio) -> None:
    """It is asked about, and stays what it is when it says nothing of who has left."""
    path = planned(studio, "email,name\nanna@example.org,Anna (no longer at the ministry)\nben@example.org,Ben\n")
    page = studio.show(path)
    assert "“name” seems to say so in 1 row. Look at row 2:" in page
    assert 'value="import"' not in page
    studio.press(path, **fields(page) | {"column.1": "kept"})
    page = studio.show(path)
    assert columns(page) == {"email": "address", "name": "kept"}
    studio.press(path, do="import", **fields(page))
    with store.open_database(config.load(studio.root)) as database:
        assert [name for _, name, _ in people(database)] == ["Anna (no longer at the ministry)", "Ben"]


def test_what_numbers_and_words_of_consent_mean_is_said_on_the_page(studio: Studio) -> None:
    """In the words of the page; what says nothing is told, and what was said before stays."""
    path = planned(studio, "email,status\nanna@example.org,1\nben@example.org,2\ncleo@example.org,0\n")
    page = studio.show(path)
    assert "The column &#39;status&#39; has numbers that may mean anything, such as 2." in page
    assert "Say below what they mean." in page
    assert ("--means" in page, 'value="import"' in page) == (False, False)
    studio.press(path, **fields(page), means="1=confirmed\n\n2 = gone\n")
    assert studio.told(path).startswith("'2 = gone' does not say what a word means.")
    studio.press(path, **fields(page), means="0=pending\n1=confirmed\n2=unsubscribed")
    page = studio.show(path)
    assert plan(page) == {"Added": "2", "Unsubscribed by the file": "1"}
    assert "1 row is of somebody who, by the file, has not confirmed: nothing is sent to them." in page
    assert ">0=pending\n1=confirmed\n2=unsubscribed</textarea>" in page
    studio.press(path, do="import", **fields(page), means="1=confirmed\n2=unsubscribed")
    assert held(studio) == []
    studio.press(path, **fields(page) | {"column.1": "silent"}, means="2=unsubscribed")
    page = studio.show(path)
    assert "No column is taken for consent, so nobody looks for &#39;2&#39;." in page
    assert ">2=unsubscribed</textarea>" in page
    page = studio.show(planned(studio, "email,status\nanna@example.org,gold\nben@example.org,yes\n"))
    assert "Not known here: “gold”. Say below what it means, and the rows with it come along." in page


def test_all_that_is_to_be_said_is_asked_at_once(studio: Studio) -> None:
    """What the numbers mean, and who may have left by a column that is not used."""
    path = planned(studio, "email,status,Do not email\nanna@example.org,1,yes\nben@example.org,2,\n")
    page = studio.show(path)
    assert "The column &#39;status&#39; has numbers that may mean anything, such as 2." in page
    assert "people who have left may be in the file, by the column &#39;Do not email&#39; (in 1 row)." in page
    studio.press(path, **fields(page) | {"column.2": "left"}, means="1=confirmed\n2=unsubscribed")
    assert plan(studio.show(path)) == {"Unsubscribed by the file": "2"}


def test_an_export_of_another_program_is_recognised_by_its_own_name(studio: Studio) -> None:
    """Mailchimp says in the name of a file who has left; the name that the file has here says nothing."""
    export = "Email Address,LEID,EUID\nanna@example.org,1,a\n"
    page = studio.show(planned(studio, export, "unsubscribed_members.csv"))
    assert "1 row, an export of Mailchimp" in page
    assert plan(page) == {"Unsubscribed by the file": "1"}
    choose(studio, export, "C:\\fakepath\\nonsubscribed_members.csv")
    assert studio.told("/readers").startswith("The people in nonsubscribed_members.csv have never subscribed.")
    assert len(kept(studio)) == 1


def test_who_is_pending_by_a_file_is_told_as_blocked_and_why(studio: Studio) -> None:
    """They were never asked, so that they have not answered would be wrong; the proof on the page confirms them."""
    path = planned(studio, "email,status\nanna@example.org,pending\n")
    studio.press(path, **fields(studio.show(path)), do="import")
    path = planned(studio, ANNA)
    page = studio.show(path)
    assert plan(page) == {"Blocked": "1"}
    assert "must not be written to, were erased, have not confirmed yet, or said no" in page
    studio.press(path, **(fields(page) | {"agreed_on": "2024-01-05", "agreed_how": "sheet"}))
    page = studio.show(path)
    assert plan(page) == {"Updated": "1"}
    assert "pending by an earlier file and agreed, by the proof in this one: the newsletter would go to them" in page


def test_who_had_left_comes_back_by_proof_alone(studio: Studio) -> None:
    """Its day and its source are asked for as on the command line, and kept."""
    studio.write("before.csv", ANNA)
    cli(studio, "subscribers", "import", str(studio.root / "before.csv"), "--list", "monthly")
    cli(studio, "subscribers", "unsubscribe", "anna@example.org")
    path = planned(studio, "anna@example.org\n")
    page = studio.show(path)
    assert plan(page) == {"Would resubscribe, refused": "1"}
    for day, how in (("2150-01-01", "sheet"), ("2024-07-01", ""), ("", "sheet"), ("soon", "sheet")):
        studio.press(path, **fields(page) | {"agreed_on": day, "agreed_how": how})
        assert studio.told(path)
        assert plan(studio.show(path)) == {"Would resubscribe, refused": "1"}
    with store.open_database(config.load(studio.root)) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE consents SET changed_at = '2024-06-30 09:00:00.000000'")
    studio.press(path, **fields(page) | {"agreed_on": "2024-07-01", "agreed_how": "sheet, Vienna"})
    page = studio.show(path)
    assert plan(page) == {"Resubscribed by newer consent": "1"}
    studio.press(path, do="import", **fields(page))
    (word,) = json.loads(cli(studio, "subscribers", "show", "anna@example.org").stdout)["lists"]
    assert (word["consent"], word["proof"], word["confirmed_at"]) == (
        "confirmed",
        "sheet, Vienna",
        "2024-06-30T22:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "People.csv is empty."),
        (b"PK\x03\x04rest", "People.csv is a workbook, not a CSV file."),
        (
            b"email,name\nanna@example.org,Zo\xc3\xa9\nben@example.org,Zo\xe9\n",
            "People.csv is not written in UTF-8: row 3",
        ),
        ("email\n" + "x" * 140_000, "Row 2 of people.csv is longer than 131,072 letters."),
        ("a@example.org,b@example.org\n", "The first row of people.csv holds several addresses."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(studio: Studio, content: str | bytes, told: str) -> None:
    """By the name that the team knows it by."""
    answer = choose(studio, content)
    assert answer.headers["location"] == "/readers"
    assert studio.told("/readers").lower().startswith(told.lower())
    assert kept(studio) == []


def test_what_is_no_file_or_no_list_is_told(studio: Studio) -> None:
    """Nothing is kept of it."""
    choose(studio, "", "")
    assert studio.told("/readers") == "No file is chosen. Choose a CSV file, one person a row."
    choose(studio, ANNA, list="weekly")
    assert studio.told("/readers").startswith("There is no list called 'weekly'.")
    assert kept(studio) == []


def test_what_a_file_says_never_becomes_markup(studio: Studio) -> None:
    """Names of columns, topics, addresses and the file's own name come from strangers."""
    evil = '"><img src=x onerror=alert(1)>'
    rows = [["email", evil, "topics", "Do not email"], [evil, "x", evil, ""], ["anna@example.org", evil, evil, "yes"]]
    studio.write("rows.csv", "")
    with (studio.root / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    page = studio.show(planned(studio, studio.read("rows.csv"), f"{evil[2:]}.csv"))
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged."""
    with caplog.at_level("DEBUG"):
        yield caplog


def test_no_log_and_no_notice_names_anybody(studio: Studio, logged: pytest.LogCaptureFixture) -> None:
    """Only the page of the plan names what stands in a row that cannot be used."""
    path = planned(studio, ANNA + "broken@@example.org,X\n")
    page = studio.show(path)
    assert "broken@@example.org" in page
    studio.press(path, do="import", **fields(page))
    assert studio.told("/") == "Imported: 1 added, 1 invalid."
    assert "example.org" not in logged.text
    for other in ("/", "/readers", "/entries"):
        assert "anna@" not in studio.show(other)


def test_a_note_about_somebody_who_has_left_is_asked_with_its_row(studio: Studio) -> None:
    """Nothing is imported before the team has looked; the page says where, and what to write."""
    content = "email,name,notes\nanna@example.org,Anna,\nbo@example.org,Bo,bitte nicht mehr anschreiben\n"
    page = studio.show(planned(studio, content))
    said = page[page.index('id="doubts"') : page.index("</div>", page.index('id="doubts"'))]
    assert re.findall(r"<li>(.*?)</li>", said) == [
        (
            "“notes” is not used, and seems to say so in 1 row. Look at row 3: where somebody has left, write "
            "“unsubscribed” into a column “unsubscribed” of the file. Otherwise say that it says nothing of who has "
            "left."
        )
    ]


def test_a_heading_above_those_who_have_left_is_told_on_the_page_of_readers(studio: Studio) -> None:
    """The file is not kept, and the team is told what to do with it."""
    answer = choose(studio, "email,name\nanna@example.org,Anna\nAbgemeldet,\nbo@example.org,Bo\n")
    assert answer.headers["location"].endswith("/readers")
    assert "row 3 of people.csv is a heading" in studio.show("/readers").lower()
