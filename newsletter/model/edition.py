"""An issue rendered for one language and one set of topics."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from newsletter.model.finding import Finding
from newsletter.model.slot import Slotted
from newsletter.model.tongues import serves

NEAR_CLIP_BYTES = 85_000
CLIP_BYTES = 100_000
"""Where Gmail cuts an email off and hides the link to leave with the rest.

It is said to be at 102,400 bytes of HTML, and was in tests between 99,500 and 100,200:
https://github.com/hteumeuleu/email-bugs/issues/41.
"""


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture that travels inside the message and is shown by `cid:` and its name.

    `name` is made of the content's digest, such as `3f2a….png`.
    """

    name: str
    media_type: str
    data: bytes

    @property
    def content_id(self) -> str:
        """The Content-ID without angle brackets."""
        return f"{self.name}@newsletter"

    @property
    def encoded(self) -> str:
        """The picture in base64, as JSON carries it."""
        return base64.b64encode(self.data).decode("ascii")


@dataclass(frozen=True)
class Edition:
    """What a reader gets, with the slots still open."""

    issue: str
    language: str
    direction: Literal["ltr", "rtl"]
    subject: Slotted
    preheader: Slotted
    html: Slotted
    text: Slotted
    mjml: str
    topics: tuple[str, ...] = ()
    images: tuple[InlineImage, ...] = ()
    """The pictures that travel inside the message."""
    hosted: tuple[InlineImage, ...] = ()
    """The pictures that `public_url` shows below `/images/` instead."""
    findings: tuple[Finding, ...] = field(default=(), compare=False)
    """What the templates could do better; no reader sees it."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything a reader gets."""
        digest = hashlib.sha256()
        # A length before each part, so that no two different editions run together into the same bytes.
        for part in self._parts():
            digest.update(b"%d:" % len(part))
            digest.update(part)
        return digest.hexdigest()

    def _parts(self) -> Iterator[bytes]:
        for text in (self.issue, self.language, self.direction, *self.topics):
            yield text.encode()
        for slotted in (self.subject, self.preheader, self.html, self.text):
            yield slotted.context.encode()
            yield from slotted.chunks
            for slot in slotted.slots:
                yield slot.name.encode()
                yield slot.fallback.encode()
        for image in (*self.images, *self.hosted):
            yield image.name.encode()
            yield image.data


def choose(editions: Sequence[Edition], language: str, topics: Sequence[str] = ()) -> Edition:
    """Return the edition for a reader, as the ledger chooses it for many at once.

    `de` serves `de-AT` too, and the first language where none fits; of these, the one for exactly these topics, or else
    the one with everything. Capitals make no difference to a language.
    """
    spoken = [*dict.fromkeys(edition.language for edition in editions)]
    close = next((code for code in spoken if serves(code, language)), spoken[0])
    theirs = next((code for code in spoken if code.lower() == language.lower()), close)
    own = [edition for edition in editions if edition.language == theirs]
    exactly = [edition for edition in own if edition.topics == tuple(topics)]
    return (exactly or [edition for edition in own if not edition.topics] or own)[0]
