"""What a team knows about its subscribers beyond name and language, as it declares it."""

from __future__ import annotations

import re
import unicodedata
from math import isfinite
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from newsletter.model import meant
from newsletter.model.fields import Line, read_country
from newsletter.model.meant import Unfit
from newsletter.model.moment import read_day

Value = str | int | float | bool
"""What JSON keeps of an attribute: a day as `2024-07-26`, a country as its code."""

_YES = frozenset(
    """
    true yes y 1 x on ja j oui o si sí sì wahr vrai sim tak да так ναι evet はい 是 نعم כן بله हाँ हां ใช่ ۱ १ ๑
    """.split()
)
_NO = frozenset(
    """
    false no n 0 off nein nee non falsch faux não nao nie нет ні όχι hayır いいえ 否 لا לא خیر نه नहीं ไม่ ไม่ใช่ ۰ ० ๐
    """.split()
)
_JOINERS = "\u200c\u200d"
"""They are in Persian and Hindi words, although Unicode calls them no letters."""
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_LONGEST = 500


class Attribute(BaseModel):
    """One attribute: what kind of value it has, and what readers and the team call it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Literal["text", "number", "date", "boolean", "choice", "country"]
    title: Line | None = None
    choices: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _has_choices_where_it_needs_them(self) -> Attribute:
        if self.type == "choice" and not self.choices:
            raise Unfit('an attribute of the type "choice" needs `choices`', fix='write choices = ["one", "two"]')
        if self.type != "choice" and self.choices:
            raise Unfit(
                f'`choices` belong to the type "choice", and this attribute is of the type "{self.type}"',
                fix='write type = "choice", or leave `choices` out',
                field="choices",
            )
        return self

    def read(self, value: object) -> Value:
        """Return the value that a cell, a form or a segment gives; raise Unfit with a sentence for people."""
        if self.type == "boolean" and isinstance(value, bool):
            return value
        if self.type == "number" and isinstance(value, int | float) and not isinstance(value, bool):
            # Python writes NaN and Infinity into JSON, which no database takes.
            return value if isinstance(value, int) or isfinite(value) else _number(self, str(value))
        return _READERS[self.type](self, " ".join(str(value).split()))


def _text(_: Attribute, text: str) -> Value:
    if len(text) > _LONGEST:
        raise Unfit(f"is longer than {_LONGEST} letters", fix="shorten it")
    return unicodedata.normalize(
        "NFC", "".join(letter for letter in text if letter.isprintable() or letter in _JOINERS)
    )


def _number(_: Attribute, text: str) -> Value:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise Unfit(f"'{text}' is not a number", fix="write digits, with a point before decimals")
    number = float(plain)
    return int(number) if number.is_integer() else number


def _date(_: Attribute, text: str) -> Value:
    # Other programs write a time behind the day.
    return read_day(text[:10] if re.match(r"\d{4}-\d{2}-\d{2}[T ]", text) else text).isoformat()


def _boolean(_: Attribute, text: str) -> Value:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unfit(f"'{text}' is neither yes nor no", fix="write yes or no")


def _choice(attribute: Attribute, text: str) -> Value:
    for choice in attribute.choices:
        if choice.casefold() == text.casefold():
            return choice
    better = meant.did_you_mean(text, attribute.choices)
    raise Unfit(
        f"'{text}' is not one of {', '.join(attribute.choices)}{meant.suggestion(better)}",
        fix=f"write {better or attribute.choices[0]}",
    )


def _country(_: Attribute, text: str) -> Value:
    return read_country(text)


_READERS = {
    "text": _text,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "country": _country,
}
