"""What an issue is in a few kilobytes: enough to name it by a digest, and to say later what has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsletter.errors import ContentError
from newsletter.model.edition import Edition

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class EntryOutline:
    """An entry as the readers of an edition see it."""

    id: str
    type: str
    digest: str
    """SHA-256 over all its fields in all languages."""
    fields: Mapping[str, str]
    """Every field with a value, such as `title` or `image.alt`, in the edition's language where it is translated."""

    @property
    def title(self) -> str:
        """Its title, or else its id."""
        return self.fields.get("title") or self.id


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """A section with its entries in reading order."""

    heading: str
    layout: str
    """Empty where the template decides."""
    intro: str
    entries: tuple[EntryOutline, ...]


@dataclass(frozen=True, slots=True)
class ImageOutline:
    """A picture in the HTML. Its address is made of its content, so another picture has another one."""

    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class EditionOutline:
    """What the readers of one language and some topics get; a slot stands as `{first_name|reader}`."""

    language: str
    topics: tuple[str, ...]
    title: str
    subject: str
    preheader: str
    intro: str
    digest: str
    html_digest: str
    html_bytes: int
    """Without what slots are filled with."""
    text_digest: str
    text_bytes: int
    sections: tuple[SectionOutline, ...]
    """Only those with entries: no reader sees the others."""
    links: tuple[str, ...]
    """Every address that the HTML leads to, in order, each once."""
    images: tuple[ImageOutline, ...]
    corrections: tuple[str, ...] = ()
    """What readers are told was wrong; a lock of an earlier version has none."""
    newsletter: Mapping[str, str] = field(default_factory=dict)
    """What the settings say at its top and bottom: `title`, `tagline`, `postal_address`; empty as the one above."""

    @property
    def name(self) -> str:
        """Its language, with the topics where it is not for everybody."""
        return f"{self.language} ({', '.join(self.topics)})" if self.topics else self.language

    @property
    def entries(self) -> tuple[EntryOutline, ...]:
        """Everything that is in, in reading order."""
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True)
class Outline:
    """An issue in all its editions, from whom it comes, and who gets it."""

    issue: str
    digest: str
    """As `digest()` makes it: what an approval names."""
    sender: Mapping[str, str]
    """`sender`, `reply_to`, `public_url` and whatever else surrounds every message."""
    audience: Mapping[str, str]
    """What decides who gets it, such as `lists`; never the people."""
    editions: tuple[EditionOutline, ...]
    design: str = ""
    """A digest over templates and brand; empty where nobody looked."""

    def as_json(self) -> dict[str, Any]:
        """Return what `Outline.from_json` takes."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, value: Any) -> Outline:
        """Return the outline that `as_json` described; raise ContentError for anything else."""
        known = isinstance(value, dict) and value.get("schema") == SCHEMA
        try:
            if known:
                return _reader().validate_python({key: part for key, part in value.items() if key != "schema"})
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        else:
            why = f"its schema is not {SCHEMA}"
        raise ContentError("the outline of an issue cannot be read", why=why)


@cache
def _reader() -> TypeAdapter[Outline]:
    return TypeAdapter(Outline)


def digest(issue: str, editions: Iterable[Edition], sender: Mapping[str, str], audience: Mapping[str, str]) -> str:
    """Return SHA-256 over what a reader gets, from whom, and who gets it."""
    parts = {
        "schema": SCHEMA,
        "issue": issue,
        "editions": [[edition.language, edition.topics, edition.digest] for edition in editions],
        "sender": dict(sender),
        "audience": dict(audience),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
