"""What is wrong with text and comments between the tags of a composed document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.model.wording import cut
from newsletter.rendering.validation import rules, vocabulary
from newsletter.rendering.validation.markup import Kind, Markup
from newsletter.rendering.validation.opened import Open
from newsletter.rendering.validation.rules import Fault
from newsletter.rendering.validation.vocabulary import Content

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""At which the engine stops."""
_BLANKS = " \t\n\r\f"
"""What HTML means by white space: no other blank, such as one that holds words together, may stand between tags."""
_INK = re.compile(f"[^{_BLANKS}]")


def loose(text: str, start: int, end: int, inside: Open | None) -> Fault | None:
    """Return what is wrong with the text from `start` to `end`, which stands in an element that holds no text."""
    ink = _INK.search(text, start, end)
    if ink is None:
        if inside is None or inside.name not in vocabulary.WITHOUT_BLANKS or text[start] == "\n":
            return None
        message = f"the blank in <{inside.name}> stops the MJML engine"
        return rules.UNREADABLE.broken(start, end, message, "begin a new line there, or delete it")
    last = start + len(text[start:end].rstrip(_BLANKS))
    shown = cut(" ".join(text[ink.start() : last].split()), 40)
    where = f"directly in <{inside.name}>" if inside else "outside of <mjml>"
    if not any(map(str.isprintable, shown)):
        message = f"an invisible character (U+{ord(ink[0]):04X}) stands {where}"
        fix = "delete it; it often comes with text that was copied from elsewhere"
        return rules.LOOSE_TEXT.broken(ink.start(), last, message, fix)
    message = f"the text '{shown}' stands {where}"
    return rules.LOOSE_TEXT.broken(ink.start(), last, message, "delete it, or put it into the mj-text of an mj-column")


def unreadable(text: str) -> Iterator[Fault]:
    """Find the characters at which the engine stops."""
    for bad in CONTROL.finditer(text):
        message = f"there is an invisible control character (U+{ord(bad[0]):04X})"
        fix = "delete it; it often comes with text that was copied from elsewhere"
        yield rules.UNREADABLE.broken(bad.start(), bad.end(), message, fix)


class Comments:
    """The comments of a document; those for Outlook must come to an end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._conditions: list[Markup] = []
        self._told = 0

    def see(self, each: Markup, inside: Open | None) -> Iterator[Fault]:
        """Find what is wrong with a comment, which stands in `inside`."""
        yield from self._count(each)
        if inside is not None and inside.content is Content.HTML:
            return
        if each.kind is not Kind.COMMENT:
            if self._told and "endif" in self._text[each.start : each.end]:
                self._told -= 1
                return
            self._told += 1
            where = f"in <{inside.name}>" if inside else "outside of <mjml>"
            message = f"a conditional comment for Outlook cannot stand {where}"
            yield rules.UNREADABLE.broken(each.start, each.end, message, "put it into mj-text or mj-raw")
        elif inside is not None and (
            inside.content is Content.NOTHING or inside.name in vocabulary.WITHOUT_COMMENTS or inside.default
        ):
            message = f"a comment cannot stand in <{inside.name}>"
            fix = "write it as {# … #}, or outside of the element"
            yield rules.UNREADABLE.broken(each.start, each.end, message, fix)
        elif inside is not None and inside.name == "mj-wrapper":
            message, fix = "a comment cannot stand directly in <mj-wrapper>", "write it as {# … #}"
            why = "this MJML engine writes it into a comment for Outlook, which then ends too early"
            yield rules.OTHERWISE.broken(each.start, each.end, message, fix, why)

    def unclosed(self) -> Iterator[Fault]:
        """Find conditional comments without an end."""
        for each in self._conditions:
            message, fix = "this conditional comment for Outlook never ends", "write <![endif]--> where it ends"
            yield rules.NEVER_CLOSED.broken(each.start, each.end, message, fix)

    def _count(self, each: Markup) -> Iterator[Fault]:
        if each.kind is Kind.CONDITION:
            self._conditions.append(each)
            return
        # `<!-- <![endif]-->` is a comment like others, and ends a condition that began with `<!-- -->`.
        ends = each.kind is Kind.CONDITION_END or (
            each.kind is Kind.COMMENT and "<![endif]" in self._text[each.start : each.end]
        )
        if ends and self._conditions:
            self._conditions.pop()
        elif each.kind is Kind.CONDITION_END:
            message = "<![endif]--> ends a conditional comment that was never begun"
            fix = "delete it, or write <!--[if mso]> where it begins"
            yield rules.NEVER_OPENED.broken(each.start, each.end, message, fix)
