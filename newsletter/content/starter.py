"""The files that a new newsletter begins with: settings, entries of each type, an issue, a picture and a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib.resources import files as resources
from importlib.resources.abc import Traversable

from newsletter.content.month_names import month_end, month_label
from newsletter.content.planning import working_day_after
from newsletter.content.scalars import scalar
from newsletter.content.starting import words

TOKEN = re.compile(r"@([a-z]+(?:\.[a-z]+)?)@")
# The whole value of a field, which YAML may want in quotes.
_VALUE = re.compile(r"(?<=: )@([a-z]+\.[a-z]+)@$", re.MULTILINE)
_HIDDEN = {"gitignore": ".gitignore"}


def files(today: date, language: str = "en", zone: str = "") -> Mapping[str, bytes]:
    """Return the files of a new newsletter by path; its sample issue is that of the month of `today`.

    What readers see is in the language; what only the team sees, such as comments, in English. Without a `zone` it is
    in the one of most people who speak the language.
    """
    told = words(language)
    values = {**told, **_values(today, language), "zone": zone or told["settings.zone"]}

    def fill(text: str) -> str:
        text = _VALUE.sub(lambda match: scalar(values[match[1]]), text)
        return TOKEN.sub(lambda match: values[match[1]], text)

    found = dict(_walk(resources(__package__) / "starter_files", ""))
    return {
        fill(name): content if name.endswith(".png") else fill(content.decode()).encode()
        for name, content in sorted(found.items())
    }


def _values(today: date, language: str) -> dict[str, str]:
    issue = f"{today:%Y-%m}"
    send = working_day_after(month_end(today.year, today.month))
    return {
        "issue": issue,
        "language": language,
        "month": month_label(issue, language),
        "early": f"{issue}-03",
        "middle": f"{issue}-14",
        "send": str(send),
        "deadline": str(send + timedelta(days=21)),
        "event": str(send + timedelta(days=28)),
    }


def _walk(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{path}{item.name}/")
        else:
            yield path + _HIDDEN.get(item.name, item.name), item.read_bytes()
