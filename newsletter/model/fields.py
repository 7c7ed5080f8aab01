"""The kinds of value that fields hold; each says in a sentence what is wrong with a value it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import tzinfo
from typing import Annotated, Any
from unicodedata import normalize
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo

from newsletter.model import meant
from newsletter.model.country import COUNTRIES
from newsletter.model.extent import check_extent
from newsletter.model.meant import Unfit
from newsletter.model.moment import Moment, read_moment
from newsletter.model.wording import Wording

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# The DOI Handbook's recommended pattern for modern DOIs: https://www.doi.org/doi-handbook/HTML/
_DOI = re.compile(r"10\.\d{4,9}/\S+")
# Control and bidirectional-override characters never belong in text that readers see.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# A tab comes along from a spreadsheet; no header may bear one.
_BREAK = re.compile(r"(?<!\s)\s*[\n\r\t]\s*")


def _zone(info: ValidationInfo) -> tzinfo:
    context: dict[str, Any] = info.context or {}
    zone = context.get("zone")
    return zone if isinstance(zone, tzinfo) else ZoneInfo("UTC")


def _moment(*, end_of_day: bool) -> Callable[[object, ValidationInfo], Moment]:
    def read(value: object, info: ValidationInfo) -> Moment:
        return read_moment(value, _zone(info), end_of_day=end_of_day)

    return read


def _text(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = UNPRINTABLE.search(value)
    if found:
        # What cannot be seen is found by the words before it.
        words = " ".join(value[: found.start()].split()[-4:])
        where = f" after “{words[-40:]}”" if words else ""
        raise Unfit(
            f"contains the invisible control character U+{ord(found.group()):04X}{where}",
            fix="delete it; if you cannot see it, type the text again",
        )
    text = value.strip()
    check_extent(text)
    return text


def _line(value: object) -> object:
    value = _text(value)
    if isinstance(value, str):
        if not value:
            raise Unfit("is empty", fix=Wording("write something there; where nothing belongs, delete the line"))
        return _BREAK.sub(" ", value)
    return value


def _unless_blank(value: object) -> object:
    return None if value == "" else value


def _id(value: object) -> object:
    # As reading the entries has it: the Finder of macOS gives names whose accents are taken apart.
    value = _line(value)
    return normalize("NFC", value) if isinstance(value, str) else value


def read_url(value: object) -> str:
    """Return an absolute http, https or mailto address; raise ValueError with a sentence for people."""
    if not isinstance(value, str):
        raise ValueError("is not a web address")  # noqa: TRY004
    text = value.strip()
    if re.search(r"\s", text):
        raise Unfit(f"'{text}' has a space inside", fix="write " + re.sub(r"\s", "%20", text))
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"'{text}' is not a web address: {error}") from None
    if parts.scheme == "mailto" and "@" in parts.path:
        return text
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unfit(f"'{text}' is not a web address; it begins with https://", fix=_address(text))
    return text


def _address(text: str) -> str:
    if re.fullmatch(r"[^\s@/]+@[^\s@/]+\.[^\s@/]+", text):
        return f"write mailto:{text}"
    if re.match(r"[\w-]+(\.[\w-]+)+(/|$)", text):
        return f"write https://{text}"
    return "open the page in a browser and copy its address"


def read_country(text: str) -> str:
    """Return the ISO 3166-1 code that a text is, in capitals; raise Unfit with a sentence for people."""
    code = text.strip().upper()
    if code not in COUNTRIES:
        raise _no_country(text)
    return code


def _country(value: object) -> object:
    return read_country(value) if isinstance(value, str) else value


def _listed_country(value: object) -> object:
    if isinstance(value, str) and (codes := _several_countries(value)):
        fix = f"write [{', '.join(codes)}]"
        raise Unfit(f"'{value}' is several countries in one; a list stands in brackets", fix=fix)
    return _country(value)


def _several_countries(value: str) -> list[str]:
    parts = [part.strip() for part in re.split(r"[,;/]", value) if part.strip()]
    return [meant.country(part) or part for part in parts] if len(parts) > 1 else []


def _no_country(value: str) -> Unfit:
    if codes := _several_countries(value):
        return Unfit(f"'{value}' is several countries; one belongs here", fix=f"write one alone, such as {codes[0]}")
    if meant.is_wider_than_a_country(value):
        return Unfit(f"'{value}' is not a country but a region", fix=f"write it as a region: `regions: [{value}]`")
    code = meant.country(value)
    return Unfit(
        f"'{value}' is not a country code{meant.suggestion(code, '')}",
        fix=f"write {code}" if code else "use the two letters of ISO 3166-1, such as AT for Austria",
    )


def _language(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not _LANGUAGE.fullmatch(text):
        dashed = text.replace("_", "-")
        code = dashed if _LANGUAGE.fullmatch(dashed) else meant.language(text)
        fix = f"write {code}" if code else "use a code such as en, fr or ar"
        raise Unfit(f"'{value}' is not a language code", fix=fix)
    return text


def each_language_once(value: object) -> object:
    """Return words by language as they are; raise Unfit where a language is there twice, however its code is spelt."""
    written: dict[str, str] = {}
    for tag in value if isinstance(value, dict) else ():
        first = written.setdefault(tag.strip().lower(), tag)
        if first != tag:
            raise Unfit(
                f"'{tag}' is the same language as '{first}'",
                why="nobody can tell which of the two counts; capitals make no difference to a language code",
                fix="keep one, with everything that belongs to it",
                field=tag,
            )
    return value


def _doi(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", value.strip(), flags=re.IGNORECASE)
    if not _DOI.fullmatch(text):
        raise Unfit(f"'{value}' is not a DOI", fix="copy it from the publication; it looks like 10.1234/abcd")
    return text


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _languages(value: object) -> object:
    if isinstance(value, str) and (parts := meant.parted(value)):
        fix = f"write [{', '.join(meant.language(part) or part for part in parts)}]"
        raise Unfit(f"'{value}' is several languages in one; a list stands in brackets", fix=fix)
    return _one_or_many(value)


def _as_text(moment: Moment) -> str:
    return str(moment)


_written = PlainSerializer(_as_text, return_type=str)

Text = Annotated[str, BeforeValidator(_text)]
"""Text of any length, Markdown where the field says so."""
Line = Annotated[str, BeforeValidator(_line)]
"""Text on one line, not empty."""
Id = Annotated[str, BeforeValidator(_id)]
"""The name by which an issue pins, features or drops an entry."""
Url = Annotated[str, BeforeValidator(read_url)]
"""An absolute http, https or mailto address."""
OptionalLine = Annotated[Line | None, BeforeValidator(_unless_blank)]
"""Text on one line, or none; a form writes an empty one where nobody has filled it in."""
OptionalUrl = Annotated[Url | None, BeforeValidator(_unless_blank)]
"""An address, or none, in the same way."""
Country = Annotated[str, BeforeValidator(_country)]
"""A country's ISO 3166-1 alpha-2 code, upper case."""
Language = Annotated[str, BeforeValidator(_language)]
"""A language tag of BCP 47."""
Doi = Annotated[str, BeforeValidator(_doi)]
"""A DOI without its resolver, such as 10.1234/abcd."""
Start = Annotated[Moment, BeforeValidator(_moment(end_of_day=False)), _written]
"""A moment; a day alone means its beginning."""
End = Annotated[Moment, BeforeValidator(_moment(end_of_day=True)), _written]
"""A moment; a day alone means its end."""
Lines = Annotated[tuple[Line, ...], BeforeValidator(_one_or_many)]
"""One or more lines; a single one may be written without brackets."""
Ids = Annotated[tuple[Id, ...], BeforeValidator(_one_or_many)]
"""One or more ids; a single one may be written without brackets."""
Countries = Annotated[tuple[Annotated[str, BeforeValidator(_listed_country)], ...], BeforeValidator(_one_or_many)]
"""One or more country codes; a single one may be written without brackets."""
Languages = Annotated[tuple[Language, ...], BeforeValidator(_languages)]
"""One or more language tags; a single one may be written without brackets."""
