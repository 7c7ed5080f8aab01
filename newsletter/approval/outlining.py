"""A built issue becomes its outline: pure, from what the stages before have made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.approval.page import inside
from newsletter.config import Settings
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry, Translation
from newsletter.model.outline import EditionOutline, EntryOutline, Outline, SectionOutline, digest
from newsletter.model.selection import Selection

_UNSEEN = {"id", "type", "translations", "status", "embargo", "lint"}


def outline(
    selection: Selection,
    editions: Iterable[Edition],
    *,
    sender: Mapping[str, str],
    sample: Mapping[str, str],
    settings: Settings,
    design: str,
) -> Outline:
    """Return the outline of an issue and its editions.

    `sample` are the values of slots with which sizes are measured.
    """
    made = tuple(editions)
    audience = selection.issue.audience
    return Outline(
        issue=selection.issue.name,
        digest=digest(selection.issue.name, made, sender, audience),
        sender=dict(sender),
        audience=audience,
        editions=tuple(
            _edition(selection.edition(one.language, one.topics), one, sample, settings.in_language(one.language))
            for one in made
        ),
        design=design,
    )


def _edition(selection: Selection, edition: Edition, sample: Mapping[str, str], settings: Settings) -> EditionOutline:
    said = {
        "title": settings.title,
        "tagline": settings.brand.tagline or "",
        "postal_address": settings.postal_address,
    }
    html, text = edition.html.marked, edition.text.marked
    links, images = inside(html)
    return EditionOutline(
        language=edition.language,
        topics=edition.topics,
        title=selection.issue.title,
        subject=edition.subject.marked,
        preheader=edition.preheader.marked,
        intro=selection.issue.intro,
        digest=edition.digest,
        html_digest=_sha(html),
        html_bytes=len(edition.html.fill(sample)),
        text_digest=_sha(text),
        text_bytes=len(edition.text.fill(sample)),
        sections=tuple(
            SectionOutline(
                section.plan.heading,
                str(section.plan.layout or ""),
                section.plan.intro,
                tuple(_entry(entry, edition.language) for entry in section.entries),
            )
            for section in selection.sections
            if section.entries
        ),
        links=links,
        images=images,
        corrections=tuple(one.in_language(edition.language).note for one in selection.issue.corrections),
        newsletter=said,
    )


def _entry(entry: Entry, language: str) -> EntryOutline:
    values = entry.model_dump(mode="json", exclude=_UNSEEN)
    told, _ = entry.told(language)
    if isinstance(told, Translation):
        words = told.model_dump(mode="json", exclude_none=True)
        alt = words.pop("alt", None)
        # A translation's title, summary and body stand alone; where it is silent otherwise, the original shows.
        values |= {name: word for name, word in words.items() if word or name in {"title", "summary", "body"}}
        picture = next((name for name in ("image", "cover") if values.get(name)), None)
        if alt and picture:
            values[picture] |= {"alt": alt}
    return EntryOutline(entry.id, entry.type, _sha(entry.model_dump_json(exclude={"lint"})), dict(_flat(values, "")))


def _flat(value: Any, name: str) -> Iterable[tuple[str, str]]:
    """Yield each field that has a value, with the names of the groups around it before its own."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        if value:
            yield name, ", ".join(map(str, value))
    elif value is True:
        yield name, "yes"
    elif value not in {None, "", False}:
        yield name, str(value)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
