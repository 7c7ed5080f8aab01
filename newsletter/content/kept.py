"""What of an issue's words stays in the one that follows it: titles, which name the new days, and greetings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.content import rhythm
from newsletter.content.month_names import labels, locale_of
from newsletter.content.scalars import scalar

SUBJECT_HINT = "   # say what is in it: readers decide by this line"
_GREETING = re.compile(r"[^\n]*\{first_name[^\n]*")


def title(last: Mapping[str, Any], last_name: str, name: str, language: str) -> str:
    """Return the title of the issue `name`, from that of the `last` one; its month may be in the newsletter's words."""
    written = last.get("languages") or ()
    first = (written,) if isinstance(written, str) else tuple(written)[:1]
    tongues = tuple(dict.fromkeys((*map(str, first), language)))
    return _renamed(str(last.get("title") or ""), last_name, name, tongues)


def greeting(said: Mapping[str, Any]) -> str:
    """Return the line with which an introduction greets each reader by name, or nothing."""
    found = _GREETING.match(str(said.get("intro") or ""))
    return found[0].strip() if found else ""


def translations(last: Mapping[str, Any], last_name: str, name: str) -> str:
    """Return as YAML what stays of the `last` issue's words in its other languages: as much as in its first."""
    lines: list[str] = []
    told = last.get("translations")
    for tag, words in told.items() if isinstance(told, dict) else ():
        if isinstance(words, dict) and words.get("title"):
            called = scalar(_renamed(str(words["title"]), last_name, name, (str(tag),)))
            lines += [f"  {scalar(str(tag))}:", f"    title: {called}", f"    subject: {called}{SUBJECT_HINT}"]
            lines += [f"    intro: {scalar(greets)}"] if (greets := greeting(words)) else []
    return "\n".join(["", *lines]) if lines else ""


def _renamed(title: str, last_name: str, name: str, tongues: Sequence[str]) -> str:
    """Return a title with the month, the week or the day of the last issue replaced, or its name."""
    for language in tongues:
        months, following = (labels(rhythm.dated(one), language) for one in (last_name, name))
        for old, new in zip(months, following or [rhythm.dated(name)] * len(months), strict=False):
            if old in title:
                return title.replace(old, new)
    for old, new in ((last_name, name), (rhythm.dated(last_name), rhythm.dated(name))):
        if old in title:
            return title.replace(old, new)
    renamed = (rhythm.renamed(title, last_name, name, locale_of(language)) for language in tongues)
    return next((new for new in renamed if new != title), title)
