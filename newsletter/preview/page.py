"""An edition as the sample reader gets it, with everything that a preview shows of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy

from newsletter.model.edition import Edition, InlineImage
from newsletter.model.selection import Selection
from newsletter.preview.blocks import Block, annotate, locate
from newsletter.preview.weights import Weight, weigh

_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)
POLICY = "default-src 'none'; img-src {images}; style-src 'unsafe-inline'; form-action 'none'"
# A ground of its own: the frame's is white, in the dark too.
NOTHING = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>Nothing to show yet</title><style>html{background:Canvas}"
    "body{font:16px/1.5 system-ui,sans-serif;text-align:center;padding:64px 24px}</style>"
    "<body><p>Nothing to show yet. The email appears here as soon as it can be built."
)
# Of the email in its frame, and of what stands there before it can be built: into that very document it comes then.
FRAME_POLICY = f"{POLICY.format(images='data:')}; frame-ancestors 'self'"


@dataclass(frozen=True, slots=True)
class Page:
    """What one reader sees: the slots are filled, and pictures are inside the HTML."""

    name: str
    """Its language, with the topics where it is not for everybody."""
    edition: Edition
    selection: Selection
    subject: str
    preheader: str
    html: str
    """As readers get it, without the pictures' data."""
    shown: str
    """With the pictures' data, and with an attribute at each block that names it."""
    text: str
    message: bytes
    blocks: tuple[Block, ...]
    weights: tuple[Weight, ...]

    @property
    def title(self) -> str:
        """The language by name, with the topics where it is not for everybody."""
        from babel import Locale, UnknownLocaleError

        try:
            language = Locale.parse(self.edition.language, sep="-").get_display_name("en")
        except (ValueError, UnknownLocaleError):
            language = None
        return ", ".join((language or self.edition.language, *self.edition.topics))

    @property
    def size(self) -> int:
        """The HTML's bytes."""
        return len(self.html.encode())

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The message's headers as mail programs read them."""
        parsed = message_from_bytes(self.message, policy=policy.default)
        return tuple((name, " ".join(str(value).split())) for name, value in parsed.items())


def page(
    edition: Edition,
    selection: Selection,
    marked: Edition | None,
    message: bytes,
    values: Mapping[str, str],
    public_url: str,
) -> Page:
    """Return an edition as the reader with these `values` sees it.

    `selection` is the edition's own, and `marked` what rendering has made of the marked one; without it
    nothing has a place.
    """
    html = edition.html.fill(values).decode()
    blocks = locate(selection, html, marked.html.fill(values).decode()) if marked else ()
    return Page(
        name=", ".join((edition.language, *edition.topics)),
        edition=edition,
        selection=selection,
        subject=edition.subject.fill(values).decode(),
        preheader=edition.preheader.fill(values).decode(),
        html=html,
        shown=_with_pictures(annotate(html, blocks), edition, public_url),
        text=edition.text.fill(values).decode(),
        message=message,
        blocks=blocks,
        weights=weigh(selection, html, blocks),
    )


def guarded(html: str, *, images: bool) -> str:
    """Return an email under a policy by which it can fetch nothing and run nothing; without `images` it shows none."""
    rule = POLICY.format(images="data:" if images else "'none'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{rule}">'
    head = _HEAD.search(html)
    return html[: head.end()] + meta + html[head.end() :] if head else meta + html


def _with_pictures(html: str, edition: Edition, public_url: str) -> str:
    for image in (*edition.images, *edition.hosted):
        if image.media_type.startswith("image/"):
            for address in (f"cid:{image.content_id}", f"{public_url.rstrip('/')}/images/{image.name}"):
                html = html.replace(address, held(image))
    return html


def held(image: InlineImage) -> str:
    """Return a picture as an address that a page can hold in itself."""
    # With its name: by its ending the letter's style sheet gives drawings a light ground in dark mode.
    return f"data:{image.media_type};name={image.name};base64,{image.encoded}"
