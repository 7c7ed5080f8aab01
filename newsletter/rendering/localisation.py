"""Dates, numbers, names and the templates' own words, as readers of one language write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import localcontext
from functools import lru_cache
from typing import Any, Literal
from unicodedata import normalize

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_decimal

from newsletter.errors import RenderingError
from newsletter.model.digits import EXTENDED, in_own
from newsletter.model.finding import Origin, Place
from newsletter.model.issue import Period
from newsletter.model.meant import did_you_mean
from newsletter.model.moment import Moment
from newsletter.model.month_of_year import month_of_year
from newsletter.model.tongues import base
from newsletter.rendering import bounds
from newsletter.rendering.enumeration import enumerated
from newsletter.rendering.failures.rules import FAILED, finding
from newsletter.rendering.spaces import held

_FALLBACK = "en"
_NOWHERE = Origin()
# Letters of these scripts join: space between them, as between capitals, would break words apart. The last four
# have no capitals, and no blanks that would show where a spaced word ends.
_JOINED = frozenset(
    {"ar", "fa", "ur", "ps", "ckb", "ug", "sd", "hi", "bn", "mr", "ne", "dv", "syr"} | {"km", "lo", "my", "th"},
)

# Their full stops and commas are as wide as a character, so that no space follows.
_WIDE = frozenset({"ja", "yue", "zh"})

# In these scripts nothing is set slanted; browsers would bend the upright signs.
_UPRIGHT = _JOINED | _WIDE | {"ko"}

# Languages with compounds in one word, or with many endings: a word may be longer than a line on a phone.
_COMPOUNDING = frozenset(
    {"da", "de", "et", "fi", "hu", "is", "lb", "nb", "nl", "nn", "no", "ru", "sv", "tr", "uk"},
)

_EVENING = dt.timedelta(hours=12)

_DIGITS = 4_300
"""More than any number has that Python reads or templates make."""
_PLACE = re.compile(r"\{(\w+)\}")
_DECIMALS = re.compile(r"\.[0#]+")
_PLACE_OF_NUMBER = re.compile("[#,.0]+")
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)")
_FIRST = re.compile(r"(?<!\d)1(?=[ \u00a0]\D|[\u2009\u202f]?–)")
# The accent of Greek vowels, which capitals go without.
_TONOS = "\u0301"
# Unicode gives Georgian capitals that few fonts have and no book prints.
_MKHEDRULI = {0x1C90 + letter: 0x10D0 + letter for letter in range(0x30)}


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """Return what Babel knows about a language tag of BCP 47, or about the language before its first dash.

    English without a country is the one of international organisations: 26 July 2024. Raises RenderingError.
    """
    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse("en-150" if tag == "en" else tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    raise RenderingError(
        f"no dates and country names are known in the language '{language}'",
        why="they are written by the rules of Unicode CLDR, which has no such language",
        fix="write a code of BCP 47, such as en, fr, ar or pt-BR",
    )


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Return whether a language is read from left to right or from right to left."""
    return "rtl" if locale(language).text_direction == "rtl" else "ltr"


class Words:
    """One language's way to write things; templates call it `words`."""

    def __init__(
        self,
        language: str,
        labels: Callable[[str], Mapping[str, Any] | None],
        *,
        strict: bool = True,
        origin: Callable[[str], Origin] = lambda _: _NOWHERE,
    ) -> None:
        """Take the words from what `labels` knows of the language, of the one it belongs to, and of English.

        Where a reader waits for a page, nothing is won by refusing a label: so there they are not `strict`. `origin`
        tells where a team's own labels stand.
        """
        self._strict, self._origin = strict, origin
        self.language = language
        self._locale = locale(language)
        # Without the mark, two parts in Latin letters would change places among Arabic words.
        self._between = "\u200f\u00a0· " if self._locale.text_direction == "rtl" else "\u00a0· "
        self._known: dict[str, str | Mapping[str, str]] = {}
        tags = dict.fromkeys((language, base(language), _FALLBACK))
        self._labels = {tag: found for tag in tags if (found := labels(tag)) is not None}
        self.written = list(self._labels) != [_FALLBACK] or base(language) == _FALLBACK
        """Whether the templates' own words are in this language; otherwise they are in English."""

    @property
    def joined(self) -> bool:
        """Whether the script's letters join, so that they must not be spaced."""
        return self._locale.language in _JOINED

    @property
    def upright(self) -> bool:
        """Whether the script has no slanted letters, so that emphasis is bold."""
        return self._locale.language in _UPRIGHT

    @property
    def compounds(self) -> bool:
        """Whether words may be so long that they need a hyphen."""
        return self._locale.language in _COMPOUNDING

    @property
    def phrases(self) -> bool:
        """Whether it has no blanks, but phrases that some browsers know, so that headings need not break within one."""
        return self._locale.language == "ja"

    @property
    def space(self) -> str:
        """What stands between two sentences."""
        return "" if self._locale.language in _WIDE else " "

    @property
    def comma(self) -> str:
        """What stands between the parts of a list without an “and”."""
        if self._locale.language in _WIDE:
            return "、"
        return "، " if self.joined and self._locale.text_direction == "rtl" else ", "

    def say(self, name: str, count: int | None = None, **values: object) -> str:
        """Return a label, such as `unsubscribe` or `types.news`, with its `{places}` filled.

        `count` chooses among the plural forms of a label that has some, and fills `{count}`. Raises RenderingError for
        a name that no language has, for a label that is no text, and if `strict` for a place that nothing fills.
        """
        label = self._known.get(name) or self._look_up(name)
        form = "other"
        if isinstance(label, Mapping):
            # A label in English has English forms, whatever the language that lacks it.
            tag = next(tag for tag, labels in self._labels.items() if _find(labels, name) is label)
            asked = locale(tag).plural_form(count or 0)
            form = asked if label.get(asked) else form
            label = label[form]
        if count is not None:
            values["count"] = self.number(count)
        if self._strict and "{" in label and (unknown := _places(label) - values.keys()):
            tag = next(tag for tag, labels in self._labels.items() if _find(labels, name))
            raise _refused(
                f"the label '{name}' in labels/{tag}.toml has a place {{{min(unknown)}}} that nothing fills",
                "readers would see it as it stands",
                f"write {' or '.join(f'{{{place}}}' for place in sorted(values))}" if values else "delete it",
                self._place(tag, name, form),
            )
        for place, value in values.items():
            marked, text = f"{{{place}}}", str(value)
            bounds.check_method("replace", label, (marked, text))
            label = label.replace(marked, text)
        return label

    def _look_up(self, name: str) -> str | Mapping[str, str]:
        for tag, labels in self._labels.items():
            label = _find(labels, name)
            if isinstance(label, str) or (isinstance(label, Mapping) and "other" in label):
                self._known[name] = label
                return label
            if label is not None and not isinstance(label, Mapping):
                raise _refused(
                    f"the label '{name}' in the language '{tag}' is no text",
                    "templates show the words of labels/ as they stand",
                    f'write a text in quotes: {name.rpartition(".")[2]} = "{_shown(label)}"',
                    self._place(tag, name),
                )
        meant = did_you_mean(name, _names([*self._labels.values()][-1]))
        raise RenderingError(
            f"there is no label '{name}'",
            why=f"did you mean '{meant}'?" if meant else "templates take their words from labels/",
            fix="correct the name, or add the label to labels/en.toml",
        )

    def _place(self, tag: str, *name: str) -> Place | None:
        """Return where a label of a team's own stands; a shipped one is right, so that the template is at fault."""
        origin, path = self._origin(tag), tuple(part for each in name for part in each.split("."))
        return origin.place(*path) if tuple(name[0].split(".")) in origin.marks else None

    def has(self, name: str) -> bool:
        """Return whether there is a label of that name."""
        return any(isinstance(_find(labels, name), str) for labels in self._labels.values())

    def date(self, day: dt.date) -> str:
        """Return such as 26 July 2024."""
        return _date(day, "long", self._locale)

    def day(self, day: dt.date) -> str:
        """Return the number of the day alone."""
        return _date(day, "d", self._locale)

    def month(self, day: dt.date) -> str:
        """Return such as Jul; Thai has a full stop after each part, and keeps them all."""
        month = _date(day, "LLL", self._locale)
        return month.removesuffix(".") if month.count(".") == 1 else month

    def moment(self, moment: Moment) -> str:
        """Return such as 31 July 2024, or with a time 31 July 2024, 18:00 CEST."""
        day = self.date(moment.day)
        return day if moment.whole_day else self._at(day, self.time(moment))

    def time(self, moment: Moment) -> str:
        """Return such as 18:00 CEST, 18:00 MESZ in German, or 18:00 +05:45 where a zone has no name."""
        zone = _OFFSET.sub(r"\1:\2", _zone(moment.at, self._locale))
        zone = in_own(zone, self._locale)
        if self._locale.text_direction == "rtl":
            # Among Arabic words a sign would stand behind its hours, and a number that follows would join the zone.
            zone = ("\u200e" if zone[0] in "+-" else "") + zone + "\u200f"
        return f"{self._clock(moment)}\u00a0{zone}"

    def span(self, start: Moment, end: Moment | None) -> str:
        """Return such as 7–12 July 2024, or 7 July 2024, 18:00–20:00 CEST; an evening may last beyond midnight."""
        if end is None or end.day == start.day or _is_one_evening(start, end):
            if end is None or end.whole_day or start.whole_day or end.at.timestamp() <= start.at.timestamp():
                return self.moment(start)
            # In a night in which clocks are set back, two of the same time are an hour apart.
            first = self.time(start) if start.at.utcoffset() != end.at.utcoffset() else self._clock(start)
            return self._at(self.date(start.day), f"{first}–{self.time(end)}")
        return _interval(start.day, end.day, self._locale)

    def _at(self, day: str, time: str) -> str:
        return str(self._locale.datetime_formats["medium"]).replace("{1}", day).replace("{0}", time)

    def _clock(self, moment: Moment) -> str:
        clock = str(format_time(moment.at.time(), "short", locale=self._locale))
        return in_own(clock, self._locale).replace(" ", "\u00a0")

    def period(self, period: Period) -> str:
        """Return such as July 2024, or 28 Jun – 26 Jul 2024 where it is not a month."""
        first, last = period.start, period.last
        if first.day == 1 and period.end.day == 1 and (last.year, last.month) == (first.year, first.month):
            return month_of_year(first, self._locale)
        return _interval(first, last, self._locale)

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return such as 18,500; with as many decimals as were written, or with so many, as prices have."""
        bounds.check_operator("*", "0", decimals or 0)
        number = _number(value, decimals, self._locale)
        # A minus sign has no direction of its own: among Arabic words it would stand behind the number.
        return f"\u200e{number}" if value < 0 and self._locale.text_direction == "rtl" else number

    def percent(self, value: float) -> str:
        """Return such as 98.5%, with a space before the sign, or the sign in front, where the language has it so."""
        percent = _PLACE_OF_NUMBER.sub(self.number(value), str(self._locale.percent_formats[None].pattern))
        return in_own(percent, self._locale)

    def digits(self, year: str) -> str:
        """Return a year, or another number that is a name, in the language's digits."""
        return in_own(year, self._locale)

    def capitals(self, text: str) -> str:
        """Return a text in capitals, as a heading of a plain text; Georgian, which has no use for them, stays."""
        if self._locale.language in {"az", "tr"}:
            text = text.replace("i", "İ")
        elif self._locale.language == "el":
            text = normalize("NFC", normalize("NFD", text).replace(_TONOS, ""))
        return text.upper().translate(_MKHEDRULI)

    def opening(self, text: str) -> str:
        """Return a text as it stands alone: French months and the like, small within a title, begin with a capital."""
        first = text.split(maxsplit=1)[0] if text.strip() else ""
        if not first.islower():
            return text
        capital = "İ" if self._locale.language in {"az", "tr"} and text[0] == "i" else text[0].title()
        return capital.translate(_MKHEDRULI) + text[1:]

    def list(self, parts: tuple[str, ...]) -> str:
        """Return such as Georgia, Iraq and Libya."""
        return enumerated(parts, self._locale) if parts else ""

    def line(self, parts: Iterable[str]) -> str:
        """Return such as 7 August 2024 · Vienna, leaving out what is empty; no line begins with the dot."""
        return held(self._between.join(filter(None, parts)), self.language)

    def country(self, code: str) -> str:
        """Return the country's name."""
        return str(self._locale.territories.get(code, code))


def _refused(message: str, why: str, fix: str, place: Place | None) -> RenderingError:
    if place is None:
        return RenderingError(message, why=why, fix=fix)
    return RenderingError(f"{place.file} cannot be used", findings=[finding(FAILED, place, message, fix, why)])


def _is_one_evening(start: Moment, end: Moment) -> bool:
    return not start.whole_day and not end.whole_day and end.at - start.at <= _EVENING


def _date(day: dt.date, form: str, where: Locale) -> str:
    # Asked of a template, too, whose entries have their days written out already.
    if not isinstance(day, dt.date):
        raise RenderingError(
            f"{str(day)[:40]!r} is no day, and only a day can be written out",
            fix="write it as it is, or take entry.fields.day instead",
        )
    # One instant in two zones is equal, and may be two days.
    return _day(day.date() if isinstance(day, dt.datetime) else day, form, where)


@lru_cache(maxsize=4096)
def _day(day: dt.date, form: str, where: Locale) -> str:
    date = _with_first(str(format_date(day, form, locale=where)), where)
    return held(in_own(date, where), where.language)


def _zone(at: dt.datetime, where: Locale) -> str:
    """Return the short name that a language has for the clocks of a moment; in most it is that of the system."""
    called = at.strftime("%Z")
    zone = str(at.tzinfo)
    clocks = get_global("meta_zones").get(get_global("zone_aliases").get(zone, zone))
    form = "daylight" if at.dst() else "standard"

    def said(by: Locale) -> str:
        return str(by.meta_zones.get(clocks, {}).get("short", {}).get(form, called))

    # CLDR is years behind in some zones, as in Morocco's: then its English name is another than the system's.
    return said(where) if said(locale(_FALLBACK)) == called else called


@lru_cache(maxsize=1024)
def _interval(first: dt.date, last: dt.date, where: Locale) -> str:
    return in_own(_with_first(str(format_interval(first, last, "yMMMd", locale=where)), where), where)


def _with_first(date: str, where: Locale) -> str:
    """Return a date as French says it: CLDR knows no ordinals, and the first of a month is one."""
    return _FIRST.sub("1er", date) if where.language == "fr" else date


@lru_cache(maxsize=1024)
def _number(value: float, decimals: int | None, where: Locale) -> str:
    system = EXTENDED if where.default_numbering_system == EXTENDED else "latn"
    # By itself Python's decimals fail at numbers of 28 digits, which somebody may have written by mistake.
    with localcontext(prec=_DIGITS):
        if decimals is not None:
            pattern = _DECIMALS.sub(f".{'0' * decimals}" if decimals else "", str(where.decimal_formats[None].pattern))
            return in_own(str(format_decimal(value, pattern, locale=where, numbering_system=system)), where)
        # CLDR would round to three decimals: 0.0004 would be 0.
        exact = int(value) if isinstance(value, int) or float(value).is_integer() else value
        number = format_decimal(exact, locale=where, decimal_quantization=False, numbering_system=system)
        return in_own(str(number), where)


def merged(first: Mapping[str, Any], *others: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return labels of which some are changed by those of `others`, name by name."""
    whole = dict(first)
    for other in others:
        for name, value in other.items():
            below = whole.get(name)
            both = isinstance(value, Mapping) and isinstance(below, Mapping)
            whole[name] = merged(below, value) if both else value  # type: ignore[arg-type]
    return whole


def _find(labels: Mapping[str, Any], name: str) -> Any:
    value: Any = labels
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _shown(label: object) -> str:
    return str(label) if isinstance(label, int | float | dt.date) else "…"


@lru_cache(maxsize=1024)
def _places(label: str) -> frozenset[str]:
    return frozenset(_PLACE.findall(label))


def _names(labels: Mapping[str, Any], prefix: str = "") -> list[str]:
    names = []
    for name, value in labels.items():
        names += _names(value, f"{prefix}{name}.") if isinstance(value, Mapping) else [prefix + name]
    return names
