from __future__ import annotations

import pytest

from newsletter.model import meant


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("26 July 2024", "2024-07-26"),
        ("26th July, 2024", "2024-07-26"),
        ("July 26, 2024", "2024-07-26"),
        ("26 Jul. 2024", "2024-07-26"),
        ("26.7.2024", "2024-07-26"),
        ("26/07/2024", "2024-07-26"),
        ("07/26/2024", "2024-07-26"),
        ("2024/7/26", "2024-07-26"),
        ("20240726", "2024-07-26"),
        ("31 July 2024, 23:59", "2024-07-31T23:59"),
        ("31.07.2024 18.00", "2024-07-31T18:00"),
        ("31 July 2024 at 9:05", "2024-07-31T09:05"),
        ("2024-07-26 9:05:00", "2024-07-26T09:05"),
        ("2024-07-26 10:00:00 UTC", "2024-07-26T10:00Z"),
        ("2024-07-26T10:00:00.0000000Z", "2024-07-26T10:00Z"),
        ("2024-07-26T10:00:00+02", "2024-07-26T10:00+02:00"),
        ("Fri, 26 Jul 2024 10:00:00 -0530", "2024-07-26T10:00-05:30"),
        ("Fri Jul 26 2024 10:00:00 GMT+0200 (CEST)", "2024-07-26T10:00+02:00"),
        ("July 26, 2024 12:30 AM", "2024-07-26T00:30"),
        ("Friday, July 26, 2024 at 1:05 p.m.", "2024-07-26T13:05"),
        ("26. Juli 2024", "2024-07-26"),
        ("26. Okt. 2024", "2024-10-26"),
        ("Do, 3. März 2024, 18 Uhr", "2024-03-03T18:00"),
        ("Freitag, 26.07.2024 um 18.30 Uhr", "2024-07-26T18:30"),
        ("1er février 2024", "2024-02-01"),
        ("26 de julio de 2024", "2024-07-26"),
        ("26 Temmuz 2024 18h", "2024-07-26T18:00"),
        ("Perşembe, 5 Aralık 2024", "2024-12-05"),
        ("26 липня 2024", "2024-07-26"),
        ("Mar 3, 2024", "2024-03-03"),
        ("mar. 26 juil. 2024", "2024-07-26"),
        ("26 jui 2024", ""),
        ("26 Lundi 2024", ""),
        ("2024-07-26 10:00 CET", ""),
        ("2024-07-26 13:00 pm", ""),
        ("07/08/2024", ""),
        ("31 June 2024", ""),
        ("5 Ma 2024", ""),
        ("5 Se 2024", ""),
        ("until 26 July 2024", ""),
        ("tomorrow", ""),
        ("2024-07", ""),
        ("31 July 2024, 25:00", ""),
    ],
)
def test_a_day_in_words_or_other_orders(written: str, day: str) -> None:
    """A day is suggested only where it can mean one thing on every continent."""
    assert meant.day(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Kenya", "KE"),
        ("kenia", "KE"),
        ("KEN", "KE"),
        ("404", "KE"),
        ("UK", "GB"),
        ("the Gambia", "GM"),
        ("Georgien", "GE"),
        ("Côte d’Ivoire", "CI"),
        ("Untied Kingdom", "GB"),
        ("Turkey", "TR"),
        ("Kosovo", "XK"),
        ("Africa", ""),
        ("XYZ", ""),
        ("", ""),
    ],
)
def test_a_country_by_name_or_other_code(written: str, code: str) -> None:
    """Names in four languages, three letters and numbers lead to the two letters."""
    assert meant.country(written) == code


@pytest.mark.parametrize(("written", "wider"), [("Africa", True), ("Europa", True), ("EU", True), ("Kenya", False)])
def test_a_region_is_not_a_country(written: str, wider: bool) -> None:
    """Continents and unions belong under `regions`."""
    assert meant.is_wider_than_a_country(written) is wider


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("English", "en"),
        ("français", "fr"),
        ("Deutsch", "de"),
        ("العربية", "ar"),
        ("日本語", "ja"),
        ("Polski", "pl"),
        ("עברית", "he"),
        ("فارسی", "fa"),
        ("हिन्दी", "hi"),
        ("ไทย", "th"),
        ("Elvish", ""),
    ],
)
def test_a_language_by_name(written: str, code: str) -> None:
    """Names of languages lead to their codes."""
    assert meant.language(written) == code


@pytest.mark.parametrize(
    ("written", "field"),
    [("sumary", "summary"), ("Title", "title"), ("Publication date", "date"), ("tags", "topics"), ("zzz", "")],
)
def test_a_field_misspelt_or_by_another_word(written: str, field: str) -> None:
    """Other tools' words for fields are understood where we have such a field."""
    assert meant.field(written, ["title", "summary", "date", "topics"]) == field


def test_another_word_counts_only_where_the_field_exists() -> None:
    """`location` means `place`, but not in a type without places."""
    assert (meant.field("location", ["place"]), meant.field("location", ["title"])) == ("place", "")
