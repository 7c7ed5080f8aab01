"""One walk through a composed document: which element stands in which, and whether every tag has its partner."""

from __future__ import annotations

from newsletter.rendering.validation import attributes, differences, markup, placement, rules, text, vocabulary
from newsletter.rendering.validation.classes import Classes
from newsletter.rendering.validation.document import Document
from newsletter.rendering.validation.markup import Kind, Markup
from newsletter.rendering.validation.opened import Open, partner
from newsletter.rendering.validation.rules import Fault, Rule
from newsletter.rendering.validation.text import Comments
from newsletter.rendering.validation.vocabulary import Content

DEEPEST = 100
"""Levels of nesting: the engine's stack holds about 500 on a small thread; a newsletter needs 20."""

MOST = 500
"""Faults after which a document is not read on: nobody would read them, and a hostile text could have millions."""

_PICTURES = frozenset(("mj-image", "mj-social-element"))
_FRAME = frozenset(("mjml", "mj-head", "mj-body"))


class Walk:
    """The walk; a mistake is told once, and what follows is read as if it had not been made."""

    def __init__(self, mjml: str) -> None:
        self._text = mjml
        self._faults: list[Fault] = []
        self._open: list[Open] = []
        self._unclosed: set[int] = set()
        # What stands in an element that has no end was not meant to: only the end that lacks is told.
        self._misplaced: list[tuple[Open, Fault]] = []
        self._classes = Classes()
        self._comments = Comments(mjml)
        self._document = Document(mjml)
        self._stopped = False

    def run(self) -> list[Fault]:
        """Walk through the document and return its faults in order; beyond `DEEPEST` or `MOST` it is not read on."""
        self._read()
        self._faults += (fault for inside, fault in self._misplaced if inside.start not in self._unclosed)
        return sorted(self._faults, key=lambda fault: (fault.start, fault.code, fault.end))

    def _read(self) -> None:
        end = 0
        steps = {Kind.START: self._start, Kind.END: self._end, Kind.BROKEN: self._broken}
        for each in markup.scan(self._text):
            if end < each.start:
                self._between(end, each.start)
            end = each.end
            steps.get(each.kind, self._comment)(each)
            if self._stopped or len(self._faults) + len(self._misplaced) > MOST:
                return
        if end < len(self._text):
            self._between(end, len(self._text))
        self._never_closed(self._open)
        self._faults += self._comments.unclosed()
        self._faults += text.unreadable(self._text)
        self._faults += self._classes.check()
        self._faults += self._document.check(self._classes)

    @property
    def _inside(self) -> Open | None:
        return self._open[-1] if self._open else None

    @property
    def _describes(self) -> bool:
        """Whether what begins here describes other elements."""
        return bool(self._open) and self._open[-1].name == "mj-attributes"

    def _add(self, fault: Fault | None) -> None:
        if fault is not None:
            self._faults.append(fault)

    def _between(self, start: int, end: int) -> None:
        inside = self._inside
        if inside is None or not inside.holds_text:
            self._add(text.loose(self._text, start, end, inside))

    def _comment(self, each: Markup) -> None:
        self._faults += self._comments.see(each, self._inside)

    def _start(self, tag: Markup) -> None:
        if tag.name in vocabulary.KNOWN:
            self._component(tag)
        else:
            self._other(tag)

    def _component(self, tag: Markup) -> None:
        name, inside, default = tag.name, self._inside, self._describes
        misplaced = placement.component(tag, inside)
        if misplaced is not None and inside is not None:
            self._misplaced.append((inside, misplaced))
        else:
            self._add(misplaced)
        reading = attributes.read_component(self._text[tag.start : tag.end], name, default=default)
        written = reading.written
        self._faults += (fault.moved(tag.start) for fault in reading.faults)
        if default:
            self._document.default(tag, written)
            if name == "mj-class":
                self._classes.define(written)
            elif name == "mj-all":
                self._classes.define_all(written, tag.start)
        else:
            self._classes.use(name, written, tag.start)
            if name in _PICTURES:
                self._document.picture(tag, written)
                if name == "mj-image" and inside is not None:
                    self._add(differences.of_picture(written, inside.written, tag.start, tag.end))
            elif name == "mj-column" and inside is not None and inside.name == "mj-group":
                self._faults += (fault.moved(tag.start) for fault in differences.of_grouped(written))
            # A body within an mj-head that has no end is there all the same.
            elif name in _FRAME and (misplaced is None or (inside is not None and inside.name == "mj-head")):
                self._faults += self._document.frame(tag, written)
            elif name == "mj-title":
                self._document.title(tag)
        if not tag.empty:
            content = Content.HTML if name in differences.REFUSED_ELEMENTS else self._content(name)
            self._push(Open(name, tag.start, tag.end, content, default, written if name == "mj-column" else ()))

    def _other(self, tag: Markup) -> None:
        name, inside = tag.name, self._inside
        fault = placement.other(tag, inside)
        self._add(fault)
        if fault is None and tag.end - tag.start > len(name) + 3:
            reading = attributes.read_html(self._text[tag.start : tag.end], name)
            self._faults += (found.moved(tag.start) for found in reading.faults)
            if name == "img":
                self._document.picture(tag, reading.written)
        if name in vocabulary.VOID or tag.empty:
            return
        if name.lower() in vocabulary.VOID:
            message, fix = f"<{name}> in capitals is never closed for the MJML engine", f"write <{name.lower()}>"
            self._add(rules.NEVER_CLOSED.broken(tag.start, tag.end, message, fix))
            return
        self._push(Open(name, tag.start, tag.end, self._content(name)))

    def _content(self, name: str) -> Content:
        """Return what an element holds that begins here."""
        inside = self._inside
        if name in vocabulary.KNOWN:
            return Content.NOTHING if self._describes else vocabulary.content(name)
        # Of what stands in an element that nobody knows, only the tags' partners are looked at.
        return inside.content if inside is not None and inside.holds_html else Content.HTML

    def _push(self, opened: Open) -> None:
        self._open.append(opened)
        if len(self._open) > DEEPEST:
            self._stopped = True
            message = f"<{opened.name}> stands inside {DEEPEST} other elements"
            fix = "look for a loop or a macro that opens elements without closing them"
            self._add(rules.TOO_DEEP.broken(opened.start, opened.end, message, fix))

    def _end(self, tag: Markup) -> None:
        name, inside = tag.name, self._inside
        if inside is not None and inside.is_closed_by(name):
            self._open.pop()
            return
        at = partner(self._open, name)
        if at is not None:
            self._never_closed(self._open[at + 1 :])
            del self._open[at:]
        elif name.lower() in vocabulary.VOID:
            self._stray_end(tag, f"<{name.lower()}> has no end tag", "delete it")
        elif inside is not None and inside.is_meant_by(name):
            message = f"</{name}> does not close <{inside.name}>; did you mean </{inside.name}>?"
            self._stray_end(tag, message, f"write </{inside.name}>")
            self._open.pop()
        else:
            message = f"</{name}> closes what was never opened"
            self._stray_end(tag, message, "delete it, or write the tag that opens it")

    def _never_closed(self, opened: list[Open]) -> None:
        self._unclosed |= {each.start for each in opened}
        self._faults += (each.never_closed() for each in opened)

    def _stray_end(self, tag: Markup, message: str, fix: str) -> None:
        self._add(rules.NEVER_OPENED.broken(tag.start, tag.end, message, fix))

    def _broken(self, each: Markup) -> None:
        start, message, fix = markup.broken(self._text, each.start)
        rule: Rule = rules.STRAY_BRACKET
        if self._text[each.start + 1 : each.start + 2] in {"!", "?"}:
            rule = rules.UNREADABLE
        self._add(rule.broken(start, max(each.end, start + 1), message, fix))
        if each.name.startswith("/"):
            if partner(self._open, each.name[1:]) is not None:
                self._end(Markup(Kind.END, each.start, each.end, each.name[1:]))
        elif each.name and not each.empty and each.name not in vocabulary.VOID:
            self._guess(each)

    def _guess(self, each: Markup) -> None:
        """Take a broken tag for what it was meant to be."""
        inside, known = self._inside, each.name in vocabulary.KNOWN
        if known or inside is None or inside.content is not Content.TEXT:
            self._push(Open(each.name, each.start, each.end, self._content(each.name), known and self._describes))
