"""Errors are written for the command line; here a page does what they say, so the page is named instead."""

from __future__ import annotations

import re

from newsletter.model import wording
from newsletter.model.finding import Finding

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
_IN_FILE = re.compile(r"(?:write something after `|write something there|add a line `|correct `)")
_OPTIONS = (
    (re.compile(r"choose one with --provider, or "), ""),
    (re.compile(r"send with --expect \d+"), "send it again"),
    (re.compile(r"newsletter subscribers unsuppress \S+"), "“Write to them again”, below"),
    (re.compile(r"send it with `--at \S+`"), "choose that time at “Not before”"),
    (re.compile(r"correct `send_at:` first"), "correct “Goes out” under Words first"),
    (re.compile(r"write \{from: (\S+), to: (\S+)\}"), r"choose from \1 to \2"),
    (re.compile(r"write into `send_at:` when"), "say at “Goes out” under Words when"),
    (re.compile(r"(?:add|write an) `alt: …` that says"), "say under “What it shows”"),
    (re.compile(r'`alt: ""` if it is mere decoration'), "tick “Decoration” if it is nothing more"),
    (re.compile(r"add a line `preheader: …` with what"), "say at “Preheader” under Words what"),
    (re.compile(r"add a line `summary: …` with"), "write at “Summary”"),
    (re.compile(r"write `summary: …` below its title in that language"), "write at “Summary” in that language"),
    (re.compile(r"write `[^;]*: …` below ([\w-]+)(?=; what stays)"), r"say it in \1 under Words"),
    (re.compile(r"add a line `authors: \[First Last, First Last\]`"), "name them at “Authors”, one a line"),
    (re.compile(r"add a line `doi: 10\.…`"), "write it at “DOI”"),
    (re.compile(r"(?:write|add a line) `date: (\S+)`"), r"write \1 at “Date”"),
    (re.compile(r"\bpin an entry, widen the period, or delete"), "put one in, let it cover more days, or take out"),
    (re.compile(r"\bpin it\b(?: in this issue)?"), "put it in"),
    (re.compile(r"`newsletter pin` the entries in this issue"), "put the entries in"),
    (re.compile(r"take it out of `pin` or `feature`"), "take back what was decided about it"),
    (re.compile(r"\bdrop (it|them|one of the two|the call)\b"), r"leave \1 out"),
)
"""What there is no field for, or one of another name."""


def sentence(text: str) -> str:
    """Return a message as a sentence that names pages in the place of commands, where a page does the same."""
    return wording.sentence(paged(text))


def beside(finding: Finding) -> str:
    """Return what is wrong with a field as sentences for the place below it; they need not name it, nor its file."""
    message = _LACKING.sub(r"it \1", unnamed(finding.message))
    return f"{sentence(message)} {'' if _IN_FILE.match(finding.fix) else sentence(finding.fix)}".rstrip()


def unnamed(text: str) -> str:
    """Return a message without the name of its field in front."""
    return _FIELD.sub("", text)


def paged(text: str) -> str:
    """Return a message with pages in the place of commands, where a page does the same."""
    text = _QUOTED.sub(lambda found: f"the page {_PAGES[found['verb']]}", text)
    text = _AFTER_COLON.sub(lambda found: f" under {_PAGES[found['verb']]}", text)
    for option, words in _OPTIONS:
        text = option.sub(words, text)
    return text
