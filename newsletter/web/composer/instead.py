"""Errors are written for the command line; here a page does what they say, so the page is named instead."""

from __future__ import annotations

import re

from newsletter.model import wording
from newsletter.model.finding import Finding
from newsletter.model.wording import Wording

_PAGES = {
    "select": "Entries",
    "lint": "Checks",
    "approve": "Review",
    "proof": "Review",
    "send": "Send",
    **dict.fromkeys(("status", "pause", "resume", "stop", "reconcile", "correct", "report"), "Report"),
}
_VERB = rf"newsletter (?P<verb>{'|'.join(_PAGES)})\b"
_WORD = r"[^\s;`]*[^\s;`.,]"
_QUOTED = re.compile(rf"`{_VERB}[^`]*`")
_AFTER_COLON = re.compile(rf"(?: with)?: {_VERB}(?: (?:--[a-z-]+|(?!or |and |then ){_WORD}))*")
_FIELD = re.compile(r"^`[^`]+`: ")
_LACKING = re.compile(r"^`[^`]+` (is empty|is missing)$")
_MANUAL = re.compile(r"`newsletter docs [a-z-]+`")
_UNSUPPRESS = re.compile(r"newsletter subscribers unsuppress \S+")


def sentence(text: str) -> str:
    """Return a message as a sentence that names pages in the place of commands, where a page does the same."""
    return wording.sentence(paged(text))


def beside(finding: Finding) -> str:
    """Return what is wrong with a field as sentences for the place below it; they need not name it, nor its file."""
    message = _LACKING.sub(r"it \1", unnamed(finding.message))
    return f"{sentence(message)} {sentence(remedy(finding))}".rstrip()


def remedy(finding: Finding) -> str:
    """Return what to do where the field is shown; nothing where its name would only be repeated."""
    fix = finding.fix
    return paged(fix.on_page if isinstance(fix, Wording) else fix)


def unnamed(text: str) -> str:
    """Return a message without the name of its field in front."""
    return _FIELD.sub("", text)


def paged(text: str) -> str:
    """Return a message as a page says it: of its own fields and buttons, and with pages in the place of commands."""
    if isinstance(text, Wording) and text.on_page:
        return text.on_page
    text = _QUOTED.sub(lambda found: f"the page {_PAGES[found['verb']]}", text)
    text = _AFTER_COLON.sub(lambda found: f" under {_PAGES[found['verb']]}", text)
    text = _MANUAL.sub("the manual under Help", text)
    return _UNSUPPRESS.sub("“Write to them again”, below", text)
