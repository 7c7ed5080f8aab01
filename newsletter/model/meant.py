"""What a person probably meant by a value that cannot be used; asked only when there is a mistake to explain."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from newsletter.model.months import month, without_weekday

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?([^\W\d_]{3,})\.?,?\s+(?:de\s+)?(\d{4})")
_MONTH_DAY_YEAR = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_YEAR_MONTH_DAY = re.compile(r"(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
_CODE = re.compile(r"([A-Z]+)[ _-]*0*([0-9]*)")
_CLOCK = re.compile(
    r"(?:T|\s|,|\bat\b|\bum\b)+(?P<hour>\d{1,2})"
    r"(?:[:.](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?(?:\s*(?:h|hrs|Uhr)|\s*(?P<half>[AaPp])\.?[Mm]\.?)?|\s*(?:h|Uhr))"
    r"(?:\s*(?P<zone>Z|(?:UTC|GMT)?(?P<offset>[+-]\d{2}(?::?\d{2})?)?)(?:\s*\([\w ]+\))?)?$"
)
_LONGEST_DAY = 100
_COUNTRY_LANGUAGES = ("en", "fr", "es", "de")
# Known by the names that they have for themselves; Babel needs milliseconds for each.
_OWN_NAMES = ("ar", "el", "fa", "he", "hi", "it", "ja", "nl", "pl", "pt", "ru", "th", "tr", "uk", "zh")
_ALSO_WRITTEN = {
    **dict.fromkeys(("אנגלית", "انگلیسی", "अंग्रेज़ी", "अंग्रेजी", "อังกฤษ", "ภาษาอังกฤษ"), "en"),
    "हिंदी": "hi",
    "ภาษาไทย": "th",
    "فارسي": "fa",
}
"""Beside a language's own name: how it is spelt as often, and what English is called in lists of two languages."""
_FORMER_AND_SHORT = {
    "burma": "MM",
    "cape verde": "CV",
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "ivory coast": "CI",
    "macedonia": "MK",
    "moldavia": "MD",
    "scotland": "GB",
    "swaziland": "SZ",
    "turkey": "TR",
    "uae": "AE",
    "usa": "US",
    "wales": "GB",
}


_OTHER_WORDS = {
    "abstract": "summary",
    "alternative": "alt",
    "api_secret_env": "secret_key_env",
    "api_secret_file": "secret_key_file",
    "api_token_env": "api_key_env",
    "author": "authors",
    "banner": "image",
    "blurb": "summary",
    "canonical_url": "url",
    "caption": "alt",
    "categories": "topics",
    "category": "topics",
    "closes": "deadline",
    "closing": "deadline",
    "content": "body",
    "cost": "price_per_thousand",
    "cover": "image",
    "cover_image": "image",
    "date_published": "date",
    "deck": "summary",
    "description": "summary",
    "due": "deadline",
    "end_date": "end",
    "end_time": "end",
    "ends": "end",
    "event_date": "start",
    "excerpt": "summary",
    "external_link": "url",
    "external_url": "url",
    "feature_image": "image",
    "featured_image": "image",
    "filter": "take",
    "from_date": "start",
    "headline": "title",
    "hero_image": "image",
    "href": "url",
    "img": "image",
    "keywords": "topics",
    "lang": "language",
    "lead": "summary",
    "link": "url",
    "locale": "language",
    "location": "place",
    "main_image": "image",
    "meta_description": "summary",
    "name": "title",
    "og_image": "image",
    "path": "src",
    "permalink": "url",
    "photo": "image",
    "picture": "image",
    "preview": "preheader",
    "price": "price_per_thousand",
    "primary_image": "image",
    "pub_date": "date",
    "publication_date": "date",
    "publish_date": "date",
    "published": "date",
    "published_at": "date",
    "standfirst": "summary",
    "start_date": "start",
    "start_time": "start",
    "starts": "start",
    "state": "phase",
    "subtitle": "summary",
    "tags": "topics",
    "token_env": "api_key_env",
    "teaser": "summary",
    "text": "body",
    "thumbnail": "image",
    "time": "date",
    "type": "take",
    "until": "deadline",
    "url": "src",
    "venue": "place",
    "website": "url",
}
"""Words that people and other tools use for fields, and ours."""
_OF_PERIODS = {
    "after": "since",
    "begin": "from",
    "bis": "to",
    "end": "to",
    "first": "from",
    "last": "to",
    "start": "from",
    "till": "to",
    "until": "to",
    "von": "from",
}
"""Words that people use for the ends of a period, and ours."""
_NEARLY = frozenset({"caption", "end_time", "start_time", "state"})
"""Other words for fields that often hold something else: a clock's time alone, a part of a country."""
_OF_WEB_SITES = frozenset(
    "aliases author_link author_profile captions cascade class classes comments created disqus excerpt_separator"
    " expiry_date hide_table_of_contents katex kicker last_modified_at lastmod layout lightgallery math menu"
    " mermaid nav_order noindex pagination path redirect_from redirect_to resources robots seo series show_date"
    " sidebar sidebar_position sitemap slug sticky template toc translation_key url_slug weight".split()
)
"""Fields of website generators that say nothing of which an email could make use."""
_SWITCHES = {"draft": ("ready", "draft"), "published": ("draft", "ready")}
"""Fields of other tools that are false or true, and which `status` that is."""
_OTHER_VALUES = {"done": "ready", "final": "ready", "finished": "completed", "publish": "ready", "published": "ready"}


class Unfit(ValueError):
    """A value that a field refuses: a sentence for people, why it matters, and what they can write instead.

    `field` names the field at fault where a whole group of fields was looked at.
    """

    def __init__(self, sentence: str, *, why: str = "", fix: str = "", field: str = "") -> None:
        super().__init__(sentence)
        self.why = why
        self.fix = fix
        self.field = field


def did_you_mean(written: str, known: Iterable[str], alike: float = 0.6) -> str:
    """Return the known word that is spelt almost like `written`, or nothing; `alike` is 1 for the same word alone."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(written.casefold(), list(folded), n=1, cutoff=alike)
    return folded[close[0]] if close else ""


def suggestion(better: str, quotes: str = "''") -> str:
    """Return what a message ends with that says what was probably meant, between these `quotes`, or nothing."""
    return f"; did you mean {quotes[:1]}{better}{quotes[-1:]}?" if better else ""


def parted(written: str) -> list[str]:
    """Return the words that a text with commas or semicolons was meant to be a list of; none where it has neither."""
    parts = [part.strip() for part in re.split("[,;]", written) if part.strip()]
    return parts if len(parts) > 1 else []


def slip(written: str, known: Iterable[str]) -> str:
    """Return the known name from which `written` differs by a slip of the finger, or nothing.

    For names among which strange ones are no mistake.
    """
    close = difflib.get_close_matches(written, list(known), n=1, cutoff=0.92)
    return close[0] if close else ""


def code(written: str, known: Iterable[str]) -> str:
    """Return the known code, such as `EDT004`, that `EDT04`, `edt4` or a misspelling of it means, or nothing."""
    codes = {name: _CODE.fullmatch(name) for name in known}
    match = _CODE.fullmatch(written.upper())
    if match is None or match[1] not in {each[1] for each in codes.values() if each}:
        return did_you_mean(written, codes)
    # A number that is near another number says nothing about what was meant.
    return next((name for name, each in codes.items() if each and each.groups() == match.groups()), "")


def field(written: str, known: Sequence[str]) -> str:
    """Return the field that `written` misspells or is another word for, or nothing."""
    if written.casefold() in known:
        return written.casefold()
    spelt = _spelt(written)
    if spelt in _OF_WEB_SITES and spelt not in _OTHER_WORDS:
        return ""
    other = (_OF_PERIODS if "since" in known else _OTHER_WORDS).get(spelt, "")
    return other if other in known else did_you_mean(written, known)


def is_same(written: str, field: str) -> bool:
    """Return whether `written` is what other tools call a field, and not perhaps a slip of the keys."""
    spelt = _spelt(written)
    return _OTHER_WORDS.get(spelt) == field and spelt not in _NEARLY


def is_of_a_web_site(written: str) -> bool:
    """Return whether a website generator has a field of this name, which is of no use for an email."""
    return _spelt(written) in _OF_WEB_SITES


def _spelt(written: str) -> str:
    return re.sub(r"[ -]|(?<=[a-z])(?=[A-Z])", "_", written).casefold()


def status(written: str, given: object) -> str:
    """Return the status that `draft: true` or `published: false` of another tool means, or nothing."""
    states = _SWITCHES.get(written.casefold())
    # In YAML 1.1, which many of them read, yes and no are true and false.
    switch = {"yes": True, "no": False, "true": True, "false": False}.get(str(given).casefold())
    return states[switch] if states and switch is not None else ""


def value(written: str, known: Sequence[str]) -> str:
    """Return the value of a choice that `written` misspells or is another word for, or nothing."""
    other = _OTHER_VALUES.get(written.casefold(), "")
    return other if other in known else did_you_mean(written, known)


def day(text: str) -> str:
    """Return `2024-07-26` for `26 July 2024`, `26.07.2024` and the like, with the time if there is one, or nothing.

    A date that reads differently on two continents, such as 07/08/2024, has no single meaning.
    """
    if len(text) > _LONGEST_DAY:
        return ""
    clock = _CLOCK.search(text)
    written = text[: clock.start()].strip(" ,") if clock else text.strip()
    # First as it is: `mar` begins a month in English, and a day of the week in French.
    found = _day(written) or _day(without_weekday(written))
    if found is None:
        return ""
    if clock is None:
        return str(found)
    at = _time(clock)
    return f"{found}{at}" if at else ""


def _time(clock: re.Match[str]) -> str:
    """Return `T18:00`, with its zone where one is told, or nothing for a time that no clock shows."""
    hour, half = int(clock["hour"]), (clock["half"] or "").lower()
    minute = int(clock["minute"] or 0)
    if hour > (12 if half else 23) or minute > 59 or (half and not hour):
        return ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    digits = (clock["offset"] or "").replace(":", "")
    zone = f"{digits[:3]}:{digits[3:] or '00'}" if digits else "Z" if clock["zone"] else ""
    return f"T{hour:02d}:{minute:02d}{zone}"


def _day(text: str) -> date | None:
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        return _calendar(int(match[3]), month(match[2]), int(match[1]))
    if match := _MONTH_DAY_YEAR.fullmatch(text):
        return _calendar(int(match[3]), month(match[1]), int(match[2]))
    if match := _YEAR_MONTH_DAY.fullmatch(text):
        return _calendar(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return _calendar(year, second, first)
        if second > 12:
            return _calendar(year, first, second)
    return None


def _calendar(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def country(text: str) -> str:
    """Return the two-letter code of a country's name, three-letter or number code, or nothing.

    Names are known in English, French, Spanish and German; small spelling mistakes are forgiven.
    """
    known = _countries()
    wanted = re.sub(r"^the\s+", "", text.strip().casefold())
    if wanted in known:
        return known[wanted]
    if len(wanted) < 4:
        return ""
    close = difflib.get_close_matches(wanted, list(known), n=1, cutoff=0.8)
    return known[close[0]] if close else ""


def language(text: str) -> str:
    """Return the code of a language's name in English, French, Spanish, German or itself, or nothing."""
    return _languages().get(text.strip().casefold(), "")


def is_wider_than_a_country(text: str) -> bool:
    """Return whether `text` names a continent or a union, in one of the languages that country names are known in."""
    return text.strip().casefold() in _regions()


@cache
def _countries() -> dict[str, str]:
    # Babel's data takes tens of milliseconds to load.
    from babel import Locale
    from babel.core import get_global

    from newsletter.model.country import COUNTRIES

    known: dict[str, str] = {}
    for language in _COUNTRY_LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in COUNTRIES:
                known.setdefault(name.casefold(), code)
    for other, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in COUNTRIES:
            known.setdefault(other.casefold(), codes[0])
    return known | _FORMER_AND_SHORT


@cache
def _languages() -> dict[str, str]:
    from babel import Locale

    known = _ALSO_WRITTEN | {str(Locale(code).languages[code]).casefold(): code for code in _OWN_NAMES}
    return known | {
        str(name).casefold(): str(code)
        for language in _COUNTRY_LANGUAGES
        for code, name in Locale(language).languages.items()
        if len(str(code)) == 2
    }


@cache
def _regions() -> frozenset[str]:
    from babel import Locale

    codes: tuple[str, ...] = (
        "001",
        "002",
        "003",
        "005",
        "009",
        "013",
        "014",
        "015",
        "017",
        "018",
        "019",
        "021",
        "030",
        "034",
        "035",
    )
    codes += ("039", "142", "143", "145", "150", "151", "154", "155", "419", "EU", "EZ", "UN")
    names = {Locale(language).territories.get(code, "") for language in _COUNTRY_LANGUAGES for code in codes}
    return frozenset(name.casefold() for name in names) | {"eu", "un", "ue"}
