"""The elements whose end tags have not come yet."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.model import meant
from newsletter.rendering.validation import rules, vocabulary
from newsletter.rendering.validation.markup import Attribute
from newsletter.rendering.validation.rules import Fault
from newsletter.rendering.validation.vocabulary import Content


@dataclass(frozen=True, slots=True)
class Open:
    """An element, with the position of its start tag."""

    name: str
    start: int
    end: int
    content: Content
    default: bool = False
    """It stands in mj-attributes and describes others."""
    written: tuple[Attribute, ...] = ()
    """The attributes of an mj-column."""

    @property
    def holds_html(self) -> bool:
        """Whether HTML may stand in it."""
        return self.content is Content.HTML or self.content is Content.HTML_WITHOUT_CONDITIONS

    @property
    def holds_text(self) -> bool:
        """Whether text may stand in it."""
        return self.holds_html or self.content is Content.TEXT

    def is_closed_by(self, name: str) -> bool:
        """Return whether an end tag is this element's; the engine forgives capitals in HTML."""
        if self.name == name:
            return True
        return self.name not in vocabulary.KNOWN and self.name.lower() == name.lower()

    def is_meant_by(self, name: str) -> bool:
        """Return whether an end tag is probably this element's, misspelt."""
        return meant.did_you_mean(name, (self.name,)) == self.name

    def never_closed(self) -> Fault:
        """Return the fault of having no end tag."""
        message, fix = f"<{self.name}> is never closed", f"write </{self.name}> where it ends"
        return rules.NEVER_CLOSED.broken(self.start, self.end, message, fix)


def partner(opened: list[Open], name: str) -> int | None:
    """Return which of the open elements an end tag closes."""
    component = name in vocabulary.KNOWN
    for at in range(len(opened) - 1, -1, -1):
        if opened[at].is_closed_by(name):
            return at
        # HTML does not reach through the component that it stands in.
        if not component and opened[at].name in vocabulary.KNOWN:
            return None
    return None
