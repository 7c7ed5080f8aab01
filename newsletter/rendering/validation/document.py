"""What is wrong with a composed document as a whole: its frame, its language, its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter.rendering.validation import rules
from newsletter.rendering.validation.classes import Classes
from newsletter.rendering.validation.markup import Attribute, Markup
from newsletter.rendering.validation.rules import Fault

_SAYS = {"lang": 'lang="{{ lang }}"', "dir": 'dir="{{ dir }}"'}
_TAG = re.compile(r"<[^>]*>")


class Document:
    """What has been seen of a document, to be judged at its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: dict[str, Markup] = {}
        self._pictures: list[tuple[Markup, Sequence[Attribute]]] = []
        self._with_alt: set[str] = set()
        self._titled = False

    def frame(self, tag: Markup, written: Sequence[Attribute]) -> Iterator[Fault]:
        """Find what is wrong with `mjml`, `mj-head` or `mj-body`."""
        if tag.name in self._seen:
            message, fix = f"there is a second <{tag.name}>", "put what is in it into the first one"
            yield rules.DOCUMENT.broken(tag.start, tag.end, message, fix)
            return
        self._seen[tag.name] = tag
        missing = [name for name in _SAYS if tag.name == "mjml" and all(each.name != name for each in written)]
        if missing:
            message = f"<mjml> has no {' and no '.join(f'`{name}`' for name in missing)}"
            fix = f"write <mjml {' '.join(_SAYS[name] for name in missing)}>"
            yield rules.NOT_SAID.broken(tag.start, tag.end, message, fix)

    def title(self, tag: Markup) -> None:
        """Take note of the title, if it says something."""
        self._titled = self._titled or not (tag.empty or self._text.startswith("</", tag.end))

    def default(self, tag: Markup, written: Sequence[Attribute]) -> None:
        """Take note of what `mj-attributes` gives to all elements of a kind."""
        if any(attribute.name == "alt" for attribute in written):
            self._with_alt.add(tag.name)

    def picture(self, tag: Markup, written: Sequence[Attribute]) -> None:
        """Take note of a picture."""
        if all(attribute.name != "alt" for attribute in written):
            self._pictures.append((tag, written))

    def check(self, classes: Classes) -> Iterator[Fault]:
        """Find what is wrong with the whole."""
        if "mjml" not in self._seen:
            message = "there is no <mjml>" if self._text.strip() else "the document is empty"
            fix = "write <mjml><mj-head>…</mj-head><mj-body>…</mj-body></mjml>"
            yield rules.DOCUMENT.broken(0, 0, message, fix)
            return
        root = self._seen["mjml"]
        if "mj-body" not in self._seen:
            fix = "write <mj-body>…</mj-body> into <mjml>"
            yield rules.DOCUMENT.broken(root.start, root.end, "there is no <mj-body>", fix)
        if not self._titled:
            head = self._seen.get("mj-head", root)
            fix = "write <mj-title>{{ issue.title }}</mj-title> into <mj-head>"
            yield rules.NOT_SAID.broken(head.start, head.end, "the document has no title", fix)
        for tag, written in self._pictures:
            yield from self._alt(tag, written, classes)

    def _alt(self, tag: Markup, written: Sequence[Attribute], classes: Classes) -> Iterator[Fault]:
        if tag.name in self._with_alt or "mj-all" in self._with_alt or classes.gives(written, "alt"):
            return
        # The words beside a social icon say what it stands for.
        if tag.name == "mj-social-element" and not tag.empty:
            closing = self._text.find("</mj-social-element", tag.end)
            if _TAG.sub("", self._text[tag.end : closing]).strip():
                return
        message = f"<{tag.name}> has no alternative text"
        fix = 'write alt="…" with what the picture tells, or alt="" where it only decorates'
        yield rules.NO_ALT.broken(tag.start, tag.end, message, fix)
