"""Did every letter survive its way through other programs?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# UTF-8 that was read as Windows-1252: a first byte, then as many as it announces. What that page of code does not
# assign, programs pass on as control characters.
_HIGH = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0))
_MORE = f"[{re.escape(_HIGH)}]"
# Alone only what Latin letters, signs and emoji turn into: „Spaß“ and « été » are bytes of other scripts.
_GARBLED = re.compile(
    f"(?:[Â-ß]{_MORE}){{2,}}|(?:[à-ï]{_MORE}{{2}}){{2,}}|[Â-Å]{_MORE}|â[€‚ƒ„…†‡ˆ]{_MORE}|ðŸ{_MORE}{{2}}"
)
_QUOTES = "“”‘’«»°\u00a0"


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        for match in _GARBLED.finditer(passage.text):
            meant = "" if _is_meant(match) else _mended(match[0])
            if meant:
                edit = subject.replacing(passage, *match.span(), meant)
                place = subject.place(passage, *match.span())
                yield Fault(f"“{match[0]}” is a garbled “{meant}”", place, passage.entry, f"write {meant}", edit)


def _is_meant(match: re.Match[str]) -> bool:
    """Return whether two letters may stand there on purpose: in capitals, or where a quotation of one letter ends."""
    before, found = match.string[: match.start()][-1:], match[0]
    return len(found) == 2 and (before.isupper() or (found[0] in "ÄÅ" and found[1] in _QUOTES and not before.islower()))


def _mended(garbled: str) -> str:
    """Return the letters that were there, or nothing where these bytes are no text."""
    try:
        found = b"".join(_bytes(letter) for letter in garbled).decode()
    except UnicodeError:
        return ""
    return found if found.isprintable() or found.strip() == "" else ""


def _bytes(letter: str) -> bytes:
    return letter.encode("latin-1" if ord(letter) < 0x100 else "cp1252")


RULE = Rule(
    code="EDT031",
    severity=Severity.WARNING,
    title="garbled letters",
    why="a program has read the text in another code than it was written in, and readers would see what it made of it",
    fix="type the letters anew",
    bad="summary: We meet in the CafÃ©.",
    good="summary: We meet in the Café.",
    check=_check,
)
