"""Dates, numbers, names and labels as readers of each language write them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import RenderingError
from newsletter.model.issue import Period
from newsletter.model.moment import read_moment
from newsletter.rendering.localisation import Words, direction
from newsletter.rendering.shipping import shipped
from tests.factories import ZONE

LANGUAGES = sorted(path.stem for path in (shipped() / "labels").glob("*.toml"))


def labels(language: str) -> Mapping[str, Any] | None:
    """Return the shipped labels of a language."""
    path = shipped() / "labels" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def words(language: str) -> Words:
    """Return a language's words from the shipped labels."""
    return Words(language, labels)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("26 July 2024", "Jul", "31 July 2024, 18:00\u00a0CEST", "7–12 Jul 2024", "18,500", "Austria")),
        (
            "en-US",
            ("July 26, 2024", "Jul", "July 31, 2024, 6:00\u202fPM\u00a0CEST", "Jul 7 – 12, 2024", "18,500", "Austria"),
        ),
        (
            "fr",
            (
                "26 juillet 2024",
                "juil",
                "31 juillet 2024, 18:00\u00a0CEST",
                "7–12 juil. 2024",
                "18\u202f500",
                "Autriche",
            ),
        ),
        ("de", ("26. Juli 2024", "Jul", "31. Juli 2024, 18:00\u00a0MESZ", "7.–12. Juli 2024", "18.500", "Österreich")),
    ],
)
def test_dates_and_numbers_follow_the_language(language: str, expected: tuple[str, ...]) -> None:
    """By the rules of Unicode CLDR; English without a country is international."""
    said = words(language)
    start, end = read_moment("2024-07-07", ZONE), read_moment("2024-07-12", ZONE)
    day = dt.date(2024, 7, 26)
    deadline = read_moment("2024-07-31T18:00", ZONE)
    assert (
        said.date(day),
        said.month(day),
        said.moment(deadline),
        re.sub("\u2009", " ", said.span(start, end)),
        said.number(18500),
        said.country("AT"),
    ) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "News – No. 7", "NEWS – NO. 7"),
        ("de", "Straßen", "STRASSEN"),
        ("tr", "Göç bilgileri", "GÖÇ BİLGİLERİ"),
        ("el", "Νέα και ϊός", "ΝΕΑ ΚΑΙ ΪΟΣ"),
        ("ka", "სიახლეები ICMPD", "სიახლეები ICMPD"),
        ("en", "From სიახლეები", "FROM სიახლეები"),
        ("ar", "أخبار", "أخبار"),
    ],
)
def test_capitals_are_those_of_the_language(language: str, text: str, expected: str) -> None:
    """The headings of the plain text; few fonts have capitals for Georgian."""
    assert words(language).capitals(text) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-08-01", None, "1er août 2024"),
        ("2024-08-01", "2024-08-03", "1er–3 août 2024"),
        ("2024-07-28", "2024-08-01", "28 juil. – 1er août 2024"),
        ("2024-08-11", None, "11 août 2024"),
        ("2024-08-11", "2024-08-21", "11–21 août 2024"),
    ],
)
def test_french_says_the_first_of_a_month_as_an_ordinal(first: str, last: str | None, expected: str) -> None:
    """Every other day is a number, and the day beside a row stands alone."""
    said = words("fr").span(read_moment(first, ZONE), read_moment(last, ZONE) if last else None)
    assert re.sub("[\u2009\u202f\u00a0]", " ", said) == expected
    assert words("fr").day(dt.date(2024, 8, 1)) == "1"


def test_several_names_are_joined_as_the_language_does() -> None:
    """Authors and countries."""
    assert words("en").list(("a", "b", "c")) == "a, b and c"
    assert words("fr").list(("a", "b")) == "a et b"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Georgia", "Irak"), "Georgia e Irak"),
        (("Georgia", "Irak", "Islandia"), "Georgia, Irak e Islandia"),
        (("Irak", "Georgia"), "Irak y Georgia"),
        (("Padres", "hijos"), "Padres e hijos"),
        (("Agua", "hielo"), "Agua y hielo"),
        (("Libia", "Yemen"), "Libia y Yemen"),
        (("Irak",), "Irak"),
    ],
)
def test_spanish_says_e_before_the_sound_of_i(names: tuple[str, ...], expected: str) -> None:
    """Lists of countries often end with such a name."""
    assert words("es").list(names) == expected
    assert words("es-MX").list(names) == expected


@pytest.mark.parametrize(
    ("language", "comma", "space"),
    [("en", ", ", " "), ("ar", "، ", " "), ("he", ", ", " "), ("ja", "、", ""), ("zh", "、", ""), ("ko", ", ", " ")],
)
def test_what_stands_between_words_and_sentences_is_the_languages_own(language: str, comma: str, space: str) -> None:
    """Chinese and Japanese signs bring their blank along."""
    assert (words(language).comma, words(language).space) == (comma, space)


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("he", ("ידיעות", "Events"), "ידיעות ו־Events"),
        ("he", ("Events", "ידיעות"), "Events וידיעות"),
        ("ar", ("الأخبار", "Events"), "الأخبار و Events"),
        ("ar", ("الأخبار", "الفعاليات"), "الأخبار والفعاليات"),
        ("th", ("News", "Events"), "News และ Events"),
        ("th", ("ข่าว", "กิจกรรม"), "ข่าวและกิจกรรม"),
        ("th", ("ข่าว", "News", "กิจกรรม"), "ข่าว News และกิจกรรม"),
        ("th", ("ปิ่นแก้ว น้ำผึ้ง", "มานะ ใจดี"), "ปิ่นแก้ว น้ำผึ้ง และมานะ ใจดี"),
        ("th", ("ปิ่นแก้ว น้ำผึ้ง", "Anna Müller"), "ปิ่นแก้ว น้ำผึ้ง และ Anna Müller"),
        ("he", ("Events",), "Events"),
    ],
)
def test_an_and_without_a_blank_is_parted_from_other_letters(
    language: str, names: tuple[str, ...], expected: str
) -> None:
    """A list without a name in the language keeps its own, and CLDR would write וEvents and NewsและEvents."""
    assert words(language).list(names) == expected


def test_a_whole_month_is_called_by_its_name() -> None:
    """Any other period by its first and its last day."""
    said = words("en")
    assert said.period(Period(dt.date(2024, 7, 1), dt.date(2024, 8, 1), ZONE)) == "July 2024"
    assert said.period(Period(dt.date(2024, 6, 28), dt.date(2024, 7, 27), ZONE)) == "28 Jun\u2009–\u200926 Jul 2024"
    july = Period(dt.date(2024, 7, 1), dt.date(2024, 8, 1), ZONE)
    assert [words(language).period(july) for language in ("es", "uk", "ru", "zh")] == [
        "julio de 2024",
        "липень 2024",
        "июль 2024",
        "2024年7月",
    ]


def test_an_event_of_one_day_keeps_its_time() -> None:
    """One of several days says its first and its last."""
    said, start = words("en"), read_moment("2024-09-11T09:30", ZONE)
    assert said.span(start, None) == "11 September 2024, 09:30\u00a0CEST"
    assert said.span(start, read_moment("2024-09-11T11:00", ZONE)) == "11 September 2024, 09:30–11:00\u00a0CEST"
    assert said.span(start, read_moment("2024-09-11", ZONE)) == "11 September 2024, 09:30\u00a0CEST"


def test_an_evening_that_lasts_beyond_midnight_keeps_its_time() -> None:
    """Readers would come on the wrong day to a party of two days."""
    said, start = words("en"), read_moment("2024-09-11T18:00", ZONE)
    assert said.span(start, read_moment("2024-09-12T02:00", ZONE)) == "11 September 2024, 18:00–02:00\u00a0CEST"
    night = read_moment("2024-10-26T23:00", ZONE), read_moment("2024-10-27T04:00", ZONE)
    assert said.span(*night) == "26 October 2024, 23:00\u00a0CEST–04:00\u00a0CET"
    twice = read_moment("2024-10-27T02:30", ZONE), read_moment("2024-10-27T02:15+01:00", ZONE)
    assert said.span(*twice) == "27 October 2024, 02:30\u00a0CEST–02:15\u00a0CET"
    assert said.span(start, read_moment("2024-09-12T18:00", ZONE)) == "11–12 Sept 2024"
    assert said.span(start, read_moment("2024-09-12", ZONE)) == "11–12 Sept 2024"


@pytest.mark.parametrize(("language", "expected"), [("de", "Mär"), ("pt", "mar"), ("th", "มี.ค.")])
def test_the_month_beside_a_row_has_no_full_stop_but_where_each_part_has_one(language: str, expected: str) -> None:
    """It stands alone, as a heading does; a Thai one without its last is a misprint."""
    assert words(language).month(dt.date(2024, 3, 5)) == expected


def test_a_minus_stays_before_its_number_among_words_from_right_to_left() -> None:
    """It has no direction of its own; a left-to-right mark gives it one."""
    assert [words(language).number(-12.75) for language in ("en", "ar")] == ["-12.75", "\u200e-12.75"]


def test_a_thai_year_stays_on_one_line_with_its_era() -> None:
    """It is the Christian one that readers must not miss."""
    assert words("th").date(dt.date(2024, 7, 3)) == "3 กรกฎาคม ค.ศ.\u00a02024"


def test_persian_is_written_in_its_own_digits() -> None:
    """Numbers with their signs, dates and clocks; Babel alone would write 18,500.5 and 26 ژوئیه 2024."""
    said, start = words("fa"), read_moment("2024-07-07", ZONE)
    assert [said.number(18500.5), said.number(3.5, 2), said.percent(98.5), said.digits("2024")] == [
        "۱۸٬۵۰۰٫۵",
        "۳٫۵۰",
        "۹۸٫۵٪",
        "۲۰۲۴",
    ]
    assert said.moment(read_moment("2024-07-31T18:00", ZONE)) == "۳۱ ژوئیه ۲۰۲۴،\u200f ۱۸:۰۰\u00a0CEST\u200f"
    assert (said.span(start, read_moment("2024-07-12", ZONE)), said.day(start.day)) == ("۷ تا ۱۲ ژوئیه ۲۰۲۴", "۷")
    assert said.period(Period(dt.date(2024, 7, 1), dt.date(2024, 8, 1), ZONE)) == "ژوئیه ۲۰۲۴"
    assert said.line(("۷ ژوئیه", "Vienna")) == "۷ ژوئیه\u200f\u00a0· Vienna"
    assert words("ar-EG").number(18500.5) == "18,500.5"


@pytest.mark.parametrize(("value", "digits"), [(10**27, 28), (1e308, 309), (10**399, 400)])
def test_no_number_is_too_large_to_be_written(value: float, digits: int) -> None:
    """Somebody has leant on a key; the issue is shown with it, so that they see it."""
    assert words("en").number(value).count(",") == (digits - 1) // 3
    assert words("en").number(value, 2).endswith(".00")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("pt-BR", "ltr")],
)
def test_direction_follows_the_script(language: str, expected: str) -> None:
    """Right to left for Arabic, Hebrew and Persian."""
    assert direction(language) == expected


def test_a_language_that_nobody_knows_is_refused() -> None:
    """It has no month names."""
    with pytest.raises(RenderingError, match="no dates and country names are known in the language 'xx-YY'"):
        words("xx-YY")


def test_labels_come_in_the_language_or_else_in_english() -> None:
    """A language without labels still has its own dates."""
    assert words("fr").say("unsubscribe") == "Se désabonner"
    assert words("fr-CA").say("unsubscribe") == "Se désabonner"
    assert words("fi").say("unsubscribe") == "Unsubscribe"


def test_chinese_labels_are_in_the_characters_of_their_readers() -> None:
    """Never simplified ones in a letter in traditional ones; one file serves Taiwan and Hong Kong."""
    assert words("zh-CN").say("unsubscribe") == "退订"
    assert (words("zh-TW").say("unsubscribe"), words("zh-TW").written) == ("Unsubscribe", False)
    files: dict[str, dict[str, str]] = {"zh": {"website": "网站"}, "zh-hant": {"website": "網站"}}
    said = [Words(tag, files.get).say("website") for tag in ("zh-TW", "zh-Hant-HK", "zh-SG")]
    assert said == ["網站", "網站", "网站"]


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        ("en", 1, "1 day left"),
        ("en", 2, "2 days left"),
        ("ar", 2, "بقي يومان"),
        ("ar", 3, "بقيت 3 أيام"),
        ("ar", 11, "بقي 11 يومًا"),
        # Their own grammar has other forms, and so have the numbers; the words are English.
        ("ko", 1, "1 day left"),
        ("ga", 3, "3 days left"),
    ],
)
def test_counts_take_the_plural_that_the_language_asks_for(language: str, count: int, expected: str) -> None:
    """Two forms in English, six in Arabic."""
    assert words(language).say("days_left", count=count) == expected


def test_an_unknown_label_is_refused_with_the_one_that_was_meant() -> None:
    """A template's author sees the mistake before readers do."""
    with pytest.raises(RenderingError) as caught:
        words("fr").say("unsubcribe")
    assert (caught.value.message, caught.value.why) == (
        "there is no label 'unsubcribe'",
        "did you mean 'unsubscribe'?",
    )


def test_a_label_that_is_no_text_is_refused() -> None:
    """Another language's word in its place would hide the mistake."""
    with pytest.raises(RenderingError) as caught:
        Words("en", lambda tag: {"unsubscribe": 3}).say("unsubscribe")
    assert (caught.value.message, caught.value.fix) == (
        "the label 'unsubscribe' in the language 'en' is no text",
        'write a text in quotes: unsubscribe = "3"',
    )


@pytest.mark.parametrize(
    ("label", "fix"),
    [("{days} left", "write {count}"), ({"other": "{days} left"}, "write {count}")],
)
def test_a_place_in_a_label_that_nothing_fills_is_refused(label: object, fix: str) -> None:
    """Whoever translates a word may translate its place too, and readers would see {days}."""
    with pytest.raises(RenderingError) as caught:
        Words("en", lambda tag: {"days_left": label}).say("days_left", count=3)
    assert (caught.value.message, caught.value.fix) == (
        "the label 'days_left' in labels/en.toml has a place {days} that nothing fills",
        fix,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_used_by_a_template_or_a_view(language: str) -> None:
    """Translators work for readers."""
    sources = "".join(path.read_text(encoding="utf-8") for path in shipped().rglob("*.j2"))
    sources += "".join(
        path.read_text(encoding="utf-8") for path in Path(direction.__code__.co_filename).parent.glob("*.py")
    )
    for name in labels(language) or {}:
        assert f'"{name}' in sources or f"{name}." in sources, name


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "31 يوليو 2024، 6:00\u00a0م\u00a0CEST\u200f"),
        ("ja", "2024年7月31日 18:00\u00a0CEST"),
        ("el", "31 Ιουλίου 2024, 6:00\u202fμ.μ.\u00a0CEST"),
    ],
)
def test_a_time_stands_beside_its_day_as_the_language_has_it(language: str, expected: str) -> None:
    """A Latin comma among Arabic words, or any among Japanese ones, is a mistake."""
    moment = words(language).moment(read_moment("2024-07-31T18:00", ZONE))
    assert re.sub("[\u00a0\u202f]", " ", moment) == re.sub("[\u00a0\u202f]", " ", expected)


@pytest.mark.parametrize(
    ("language", "zone", "expected"),
    [
        ("de", "Europe/Vienna", ("MEZ", "MESZ")),
        ("de-AT", "Europe/Kyiv", ("OEZ", "OESZ")),
        ("cs", "Europe/Vienna", ("SEČ", "SELČ")),
        ("tr", "Europe/Istanbul", ("TSİ", "TSİ")),
        ("pt", "America/Sao_Paulo", ("BRT", "BRT")),
        ("fr", "Europe/Vienna", ("CET", "CEST")),
        ("uk", "Europe/Kyiv", ("EET", "EEST")),
        ("de", "Europe/Istanbul", ("+03", "+03")),
        ("en", "America/New_York", ("EST", "EDT")),
        ("fr", "UTC", ("UTC", "UTC")),
        ("de", "Africa/Casablanca", ("+01", "+01")),
        ("ar", "Africa/Casablanca", ("\u200e+01\u200f", "\u200e+01\u200f")),
        ("en", "Asia/Kathmandu", ("+05:45", "+05:45")),
        ("fa", "Asia/Tehran", ("\u200e+۰۳:۳۰\u200f", "\u200e+۰۳:۳۰\u200f")),
        ("de", "Europe/Dublin", ("GMT", "IST")),
        # Else a number after it, as in what is left of the time, would change places with it.
        ("fa", "Europe/Vienna", ("CET\u200f", "CEST\u200f")),
    ],
)
def test_a_time_zone_is_called_as_its_readers_call_it(language: str, zone: str, expected: tuple[str, str]) -> None:
    """Where CLDR has no short name, or one for other clocks than Morocco's, the system's stays."""
    days = (read_moment(f"2024-{month}-10T18:00", ZoneInfo(zone)) for month in ("01", "07"))
    assert tuple(words(language).time(day).rpartition("\u00a0")[2] for day in days) == expected


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_a_time_stays_on_one_line_with_its_zone(language: str) -> None:
    """A line that begins with CEST, or with the word for the afternoon, says nothing."""
    assert " " not in words(language).time(read_moment("2024-07-31T18:00", ZONE))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0004, "0.0004"), (3.14159, "3.14159"), (1234567.89, "1,234,567.89"), (635000.0, "635,000"), (0, "0")],
)
def test_a_number_keeps_the_decimals_that_the_team_wrote(value: float, expected: str) -> None:
    """Rounded to three, a small share would be none."""
    assert words("en").number(value) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["3.50", "1,234.00", "4"]),
        ("de", ["3,50", "1.234,00", "4"]),
        ("hi", ["3.50", "1,234.00", "4"]),
        ("ar", ["3.50", "1,234.00", "4"]),
    ],
)
def test_a_price_has_the_decimals_that_the_template_asks_for(language: str, expected: list[str]) -> None:
    """Nobody reads 3.5 on a ticket."""
    said = words(language)
    assert [said.number(3.5, 2), said.number(1234, 2), said.number(3.5, 0)] == expected


def test_facts_on_one_line_end_with_the_dot_and_keep_their_order() -> None:
    """A dot that begins a line looks lost; a place in Latin letters would slip between the time and its zone."""
    assert words("en").line(("7 August 2024", "", "Vienna")) == "7 August 2024\u00a0· Vienna"
    assert words("ar").line(("6:00 م CEST", "Vienna")) == "6:00 م CEST\u200f\u00a0· Vienna"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "juillet 2024", "Juillet 2024"),
        ("el", "άνοιξη", "Άνοιξη"),
        ("tr", "ilkbahar", "İlkbahar"),
        ("ka", "ივლისი", "ივლისი"),
        ("en", "eHealth special", "eHealth special"),
        ("en", "2024", "2024"),
        ("en", "", ""),
    ],
)
def test_what_stands_alone_begins_with_a_capital(language: str, text: str, expected: str) -> None:
    """A name that is written with a small letter on purpose stays."""
    assert words(language).opening(text) == expected


def test_what_is_written_out_already_is_no_day() -> None:
    """Whoever writes a template is told where the day itself is, and no word of Python's."""
    with pytest.raises(RenderingError) as caught:
        Words("en", lambda _: {}).date("14 November 2026")  # type: ignore[arg-type]  # a template hands over anything
    assert (caught.value.message, caught.value.fix) == (
        "'14 November 2026' is no day, and only a day can be written out",
        "write it as it is, or take entry.fields.day instead",
    )
