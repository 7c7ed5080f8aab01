"""Offers as the files of drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from newsletter.config import Workspace
from newsletter.content import filling, registry, writing
from newsletter.content.sources import words
from newsletter.model import meant
from newsletter.model.content import Content
from newsletter.model.fields import Language
from newsletter.model.offer import Offer

_LANGUAGE = TypeAdapter[str](Language)
_NO_LANGUAGE = frozenset({"mis", "mul", "und", "zxx"})
"""What ISO 639 has for several languages, and for none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The file that an offer becomes."""

    offer: Offer
    path: Path
    text: str


def drafts(
    workspace: Workspace, offers: Sequence[Offer], pictures: Mapping[str, str], content: Content
) -> tuple[Draft, ...]:
    """Return the files that offers become; nothing is written.

    `pictures` are the paths of those that are here, by their addresses. Raises NotFound for an unknown type.
    """
    types = registry.load(workspace)
    taken = writing.taken(workspace)
    topics = _topics(workspace, content)
    made: list[Draft] = []
    for offer in offers:
        model = types.named_by(offer.type)
        language = _language(offer.language) or workspace.settings.language
        name, text = writing.entry_text(model, offer.title, offer.day, taken=taken, language=language)
        path = workspace.entries / name
        taken.add(path.stem)
        told = _told(offer, pictures.get(offer.picture, ""), topics, workspace.settings.language)
        text = filling.fill(_without_hints(text, told), model, told, file=workspace.relative(path))
        made.append(Draft(offer, path, text))
    return tuple(made)


def _told(offer: Offer, picture: str, topics: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what an offer says in each field, as a form would."""
    own = _language(offer.language)
    told = {
        "summary": words.as_markdown(offer.summary),
        "url": offer.url,
        "topics": "\n".join(
            dict.fromkeys(topics[each.casefold()] for each in offer.topics if each.casefold() in topics)
        ),
        "language": own if own.partition("-")[0].casefold() != language.partition("-")[0].casefold() else "",
        **offer.fields,
    }
    if picture:
        told["image.src"] = picture
        # What is left out is a finding: whoever reads the draft says what the picture shows.
        told |= {"image.alt": offer.alt} if offer.alt else {}
    return {name: value for name, value in told.items() if value}


def _without_hints(text: str, told: Iterable[str]) -> str:
    """Return a new entry in which the fields that will be filled are fields, not remarks: so each keeps its place."""
    for name in {field.partition(".")[0] for field in told}:
        text = re.sub(rf"^# {re.escape(name)}:.*$", f"{name}:", text, count=1, flags=re.MULTILINE)
    return text


def _topics(workspace: Workspace, content: Content) -> dict[str, str]:
    """Return the newsletter's own topics by their letters: those of a web site are many, and readers choose by ours."""
    sources = workspace.settings.sources.values()
    own = [*workspace.settings.readers.topics, *(topic for source in sources for topic in source.topics)]
    own += [topic for entry in content.entries for topic in entry.topics]
    return {topic.casefold(): topic for topic in reversed(own)}


def _language(written: str) -> str:
    """Return a language's tag, which sites write as `en_GB`, `eng` or `English`, too; nothing where it is none."""
    from babel.core import get_global

    base, dash, region = written.strip().replace("_", "-").partition("-")
    short = get_global("language_aliases").get(base.lower()) or meant.language(base) or base
    try:
        return "" if short in _NO_LANGUAGE else _LANGUAGE.validate_python(f"{short}{dash}{region}")
    except ValidationError:
        return ""
