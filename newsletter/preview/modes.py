"""The ways in which an edition is looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr

from newsletter.preview import drawings
from newsletter.preview.darkening import darken
from newsletter.preview.page import Page, guarded


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of looking; `width` in CSS pixels, `scale` the pixels of the picture for each of them."""

    key: str
    name: str
    width: int
    scale: int = 1
    dark: bool = False
    note: str = ""
    is_email: bool = True
    """Whether it shows the email itself, with its blocks."""


DESKTOP = Mode("desktop", "Desktop", 720)
PHONE = Mode("phone", "Phone", 375, scale=2)
DARK = Mode("dark", "Dark", 720, dark=True, note="For readers who have set their device to dark.")
FORCED_DARK = Mode(
    "forced-dark",
    "Forced dark",
    720,
    note="An approximation: Outlook and Gmail darken emails by themselves, each in a way of its own.",
)
IMAGES_OFF = Mode("images-off", "Images off", 720, note="What many readers see before they allow pictures.")
TEXT = Mode("text", "Plain text", 720, note="For readers whose mail program shows no HTML.", is_email=False)
INBOX = Mode("inbox", "Inbox", 375, scale=2, note="The row in the list of messages, drawn.", is_email=False)

_ASKS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width:0px)", "(max-width:0px)"
_BOTH = re.compile(r"(<meta[^>]*color-schemes?[^>]*content=[\"'])[^\"']*", re.IGNORECASE)

MODES = (DESKTOP, PHONE, DARK, FORCED_DARK, IMAGES_OFF, TEXT, INBOX)


def modes_of(page: Page, *, first: bool) -> tuple[Mode, ...]:
    """Return the modes in which pictures of an edition are taken: all for the first, some for others."""
    return MODES if first or page.edition.direction == "rtl" else (DESKTOP, PHONE, DARK, INBOX)


def document(page: Page, mode: Mode, *, sender: str) -> str:
    """Return the HTML that a browser shows for a mode; it can fetch nothing and run nothing."""
    if mode == TEXT:
        return drawings.plain_text(page.text, page.edition.language, page.edition.direction)
    if mode == INBOX:
        return drawings.inbox(
            parseaddr(sender)[0] or parseaddr(sender)[1],
            page.subject,
            page.preheader,
            page.selection.send_at,
            page.edition.direction,
        )
    html = darken(page.shown) if mode == FORCED_DARK else page.shown
    return guarded(html, images=mode != IMAGES_OFF)


def live_document(page: Page, mode: Mode, *, sender: str) -> str:
    """Return the HTML of a mode for a frame, where the mode decides about light and dark and not the device."""
    html = document(page, mode, sender=sender)
    if not mode.is_email:
        return html
    scheme = "dark" if mode.dark else "light"
    html = _ASKS.sub(lambda asked: _ALWAYS if asked[1].lower() == scheme else _NEVER, html)
    html = _BOTH.sub(rf"\g<1>{scheme}", html)
    # Links open beside the preview; a frame without scripts has no other way out.
    end = f'<base target="_blank"><style>:root{{color-scheme:{scheme}!important}}</style></head>'
    return re.sub("</head>", end, html, count=1, flags=re.IGNORECASE)
