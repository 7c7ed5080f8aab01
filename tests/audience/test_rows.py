"""What a row says about a subscriber."""

from __future__ import annotations

import pytest

from newsletter.audience.columns import Columns, read_columns
from newsletter.audience.rows import CONFIRMED, FORBIDDEN, LEFT, PENDING, Reader, Row
from newsletter.errors import AudienceError
from newsletter.model.attribute import Attribute


def columns(header: str) -> Columns:
    """Return what these columns mean."""
    found = read_columns(header.split(","))
    assert found is not None
    return found


def row(header: str, *cells: str) -> Row:
    """Return what a row says."""
    return Reader(columns(header)).read(7, cells)


def refusal(header: str, *cells: str) -> str:
    """Return the message about a row that cannot be used."""
    with pytest.raises(AudienceError) as caught:
        row(header, *cells)
    return caught.value.message


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2023-02-01", "2023-02-01 00:00:00.000000"),
        ("01.02.2023", "2023-02-01 00:00:00.000000"),
        ("1.2.2023 10:30", "2023-02-01 10:30:00.000000"),
        ("01.02.2023 10:30:05", "2023-02-01 10:30:05.000000"),
        ("1.2.2023, 9:05", "2023-02-01 09:05:00.000000"),
        ("2023/02/01", "2023-02-01 00:00:00.000000"),
        ("2023/2/1 9:05", "2023-02-01 09:05:00.000000"),
        ("2023.02.01", "2023-02-01 00:00:00.000000"),
        ("۲۰۲۳/۰۲/۰۱", "2023-02-01 00:00:00.000000"),
        ("1.2.2566", "2023-02-01 00:00:00.000000"),
        ("๒๕๖๖-๐๒-๐๑ ๙:๐๕", "2023-02-01 09:05:00.000000"),
        ("29.2.2567", "2024-02-29 00:00:00.000000"),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(written: str, stored: str) -> None:
    """Which is the day is certain where dots are between them, and where the year comes first."""
    assert row("email,confirmed_at", "a@example.org", written).consent_at == stored


@pytest.mark.parametrize("written", ["02/01/2023", "13/02/2023", "30.02.2023", "44958", "1.2.23"])
def test_dates_that_may_mean_two_days_are_refused(written: str) -> None:
    """Consent on another day than it was given is no proof."""
    assert "confirmed_at" in refusal("email,confirmed_at", "a@example.org", written)


@pytest.mark.parametrize(
    ("header", "cells", "consent", "suppression"),
    [
        ("email,unsubscribed,language", ["a@example.org", "yes", "the language of Molière"], "unsubscribed", ""),
        ("email,unsubscribed,confirmed_at", ["a@example.org", "yes", "02/01/2023"], "unsubscribed", ""),
        ("email,status,frequency", ["a@example.org", "bounced", "now and then"], "unsubscribed", "bounce"),
        ("email,status,blacklisted", ["a@example.org", "deactivated", "yes"], "unsubscribed", "by hand"),
    ],
)
def test_that_somebody_has_left_counts_whatever_else_is_wrong(
    header: str, cells: list[str], consent: str, suppression: str
) -> None:
    """A row that takes somebody off is not left out because of a cell beside."""
    found = row(header, *cells)
    assert (found.consent, found.suppression, found.language, found.consent_at) == (consent, suppression, "", None)


def test_a_dotted_date_may_be_an_attribute() -> None:
    """It is stored as every date is."""
    found = read_columns(["email", "since"], attributes={"since": Attribute(type="date")})
    assert found is not None
    assert Reader(found).read(2, ["a@example.org", "01.02.2023"]).attributes == '{"since": "2023-02-01"}'


@pytest.mark.parametrize(
    ("written", "attributes"),
    [
        ('{"seats": -4.5, "other": 1}', '{"seats": -4.5}'),
        ('{"Seats": 3}', '{"seats": 3}'),
        ('{"seats": ""}', None),
        ('{"seats": [1]}', None),
        ("[1]", None),
        ('"seats"', None),
        ("null", None),
        ("", None),
    ],
)
def test_what_another_program_keeps_as_json_is_read_as_far_as_it_is_known(written: str, attributes: str | None) -> None:
    """Whatever else it keeps stays out, and nobody stays out of a list for that."""
    found = read_columns(["uuid", "email", "attributes", "status"], attributes={"seats": Attribute(type="number")})
    assert found is not None
    assert Reader(found).read(2, ["1", "a@example.org", written, "enabled"]).attributes == attributes


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999"])
def test_a_number_that_is_none_stops_one_row_and_not_the_import(number: str) -> None:
    """Python writes such into JSON, and no database takes it."""
    found = read_columns(["uuid", "email", "attributes", "status"], attributes={"seats": Attribute(type="number")})
    assert found is not None
    with pytest.raises(AudienceError, match=r"^in the column attributes, seats: '(nan|inf|-inf)' is not a number"):
        Reader(found).read(2, ["1", "a@example.org", f'{{"seats": {number}}}', "enabled"])


def test_a_proof_alone_is_kept() -> None:
    """When somebody agreed may not be known any more; how they did still is."""
    assert row("email,proof", "a@example.org", "a card at the conference").proof == "a card at the conference"


def test_a_full_row() -> None:
    """Every value stands where the column says."""
    assert row("name,address,language,consent", "Anna Example", "Anna@Example.ORG", "de_AT", "pending") == Row(
        row=7,
        address="Anna@Example.ORG",
        address_key="anna@example.org",
        name="Anna Example",
        language="de-AT",
        consent="pending",
        suppression="",
        standing=2,
    )


@pytest.mark.parametrize(
    ("header", "cells", "name"),
    [
        ("name", ["Anna Example"], "Anna Example"),
        ("first name,last name", ["Anna", "Example"], "Anna Example"),
        ("first name,last name", ["", "Example"], "Example"),
        ("prénom,nom", ["Anna", "Example"], "Anna Example"),
        ("nombre,apellidos", ["Anna", "Example"], "Anna Example"),
        ("first name,last name,name", ["Anna", "Example", "Dr Anna Example"], "Dr Anna Example"),
        ("first name,last name,name", ["Anna", "Example", ""], "Anna Example"),
        ("name", ["  Anna \r\n  Example\t"], "Anna Example"),
        ("name", ["Anna\x00\u202eExample"], "Anna Example"),
        ("name", ["Jo\u0308rg"], "Jörg"),
        ("name", ["'=1+1"], "=1+1"),
        ("name", ["'Anna'"], "'Anna'"),
    ],
)
def test_names_are_put_together_and_cleaned(header: str, cells: list[str], name: str) -> None:
    """A name is one line without invisible marks, because it stands in headers of messages."""
    assert row(f"email,{header}", "a@example.org", *cells).name == name


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("German", "de"),
        ("français", "fr"),
        ("de_AT", "de-AT"),
        ("es", "es"),
        ("", ""),
        ("EN", "en"),
        ("Fre", "fr"),
        ("zh_hant_hk", "zh-Hant-HK"),
        ("हिंदी", "hi"),
        ("अंग्रेज़ी", "en"),
        ("ภาษาไทย", "th"),
        ("انگلیسی", "en"),
        ("עברית", "he"),
    ],
)
def test_a_language_may_be_written_out(written: str, language: str) -> None:
    """Other programs keep its name, and nobody stays out of a list for that."""
    assert row("email,language", "a@example.org", written).language == language


def test_how_often_is_read_in_any_case() -> None:
    """People write it as they write other words."""
    assert row("email,frequency", "a@example.org", "Monthly").frequency == "monthly"


def test_an_address_as_mail_programs_copy_it() -> None:
    """The name before it is used where the file gives none."""
    found = row("email,name", '"Anna Example" <anna@example.org>', "")
    assert (found.address, found.name) == ("anna@example.org", "Anna Example")
    assert row("email,name", "Anna <anna@example.org>", "Dr Anna").name == "Dr Anna"


@pytest.mark.parametrize(
    ("header", "cells", "outcome"),
    [
        ("consent", ["confirmed"], ("confirmed", "", CONFIRMED)),
        ("consent", ["pending"], ("pending", "", PENDING)),
        ("consent", ["unsubscribed"], ("unsubscribed", "", LEFT)),
        ("status", ["cleaned"], ("unsubscribed", "bounce", FORBIDDEN)),
        ("consent,suppressed", ["confirmed", "complaint"], ("confirmed", "complaint", FORBIDDEN)),
        ("consent,unsubscribed", ["confirmed", "2024-07-01"], ("unsubscribed", "", LEFT)),
        ("unsubscribed", ["no"], ("confirmed", "", CONFIRMED)),
    ],
)
def test_what_takes_rights_away_wins(header: str, cells: list[str], outcome: tuple[str, str, int]) -> None:
    """Of several columns and several rows about one address, the one that forbids counts."""
    found = row(f"email,{header}", "a@example.org", *cells)
    assert (found.consent, found.suppression, found.standing) == outcome


@pytest.mark.parametrize(
    ("header", "cells", "message"),
    [
        ("email", [""], "has no address"),
        ("name,email", ["Anna"], "has no address"),
        ("email", ["anna"], "'anna' is not an address"),
        ("email,name", ["a@example.org", "Example", "Anna"], "has 3 cells where the first row has 2"),
        ("email,Einwilligung", ["a@example.org", ""], "the column Einwilligung is empty"),
        (
            "email,status",
            ["a@example.org", "gold"],
            "'gold' in the column status is neither confirmed, pending nor unsubscribed",
        ),
        (
            "email,language",
            ["a@example.org", "Elvish"],
            "'Elvish' is not a language; use a code such as en, fr or ar",
        ),
        (
            "email,confirmed_at",
            ["a@example.org", "۱۴۰۱/۱۱/۱۲"],
            (
                "in the column confirmed_at: '1401/11/12' is a date of the Persian calendar; write that of the "
                "Gregorian one"
            ),
        ),
        ("email,name", ["a@example.org", "x" * 201], "the name is longer than 200 letters"),
        (
            "uuid,email,attributes,status",
            ["1", "a@example.org", "{seats: 3", "enabled"],
            "the column attributes is not JSON",
        ),
        (
            "uuid,email,attributes,status",
            ["1", "a@example.org", "[" * 100_000, "enabled"],
            "the column attributes is not JSON",
        ),
        (
            "email,frequency",
            ["a@example.org", "daily"],
            "'daily' is not how often somebody is written to; it is every issue, monthly, quarterly",
        ),
    ],
)
def test_a_row_that_cannot_be_used_says_why(header: str, cells: list[str], message: str) -> None:
    """Nothing is guessed and nothing dropped in silence."""
    assert refusal(header, *cells) == message


def test_broken_quotes_are_told() -> None:
    """A row that could not be taken apart has no cells."""
    with pytest.raises(AudienceError, match=r"^the quotation marks do not match$"):
        Reader(columns("email")).read(7, None)


def test_empty_cells_beyond_the_last_column_are_no_mistake() -> None:
    """Spreadsheets write them."""
    assert row("email,name", "a@example.org", "A", "", " ").name == "A"
