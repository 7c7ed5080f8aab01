"""An entry's words in other languages: which there are or could be, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.content import filling, judging
from newsletter.content.line_ends import pasted, plain
from newsletter.content.translating import KEY, LONG
from newsletter.errors import NotFound
from newsletter.model import shape
from newsletter.model.content import Content
from newsletter.model.entry import Entry, Translation
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.tongues import name_of
from newsletter.web.composer import places
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.entry_files import Found, find, lost, model_of, same
from newsletter.web.composer.forms import Form
from newsletter.web.composer.tongues import direction_of

_LABELS = {
    "title": "Title",
    "summary": "Summary",
    "body": "Text",
    "url": "Link",
    "place": "Place",
    "eligibility": "Who may apply",
    "source": "Source",
    "alt": "What the picture shows",
}
PROSE = frozenset({*_LABELS, "label", "credit"} - {"url"})
"""Fields that are written in a language, whatever the type of entry."""
_OF_TYPES = ("place", "eligibility", "source")
"""Only where the type of entry has them, too."""


@dataclass(frozen=True, slots=True)
class Word:
    """One field in one language."""

    name: str
    label: str
    value: str
    was: str
    """What the file says."""
    original: str
    """What the entry says in its own language."""
    problem: Finding | None = None

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.name in LONG


@dataclass(frozen=True, slots=True)
class Tongue:
    """What an entry says in one other language."""

    tag: str
    name: str
    dir: str
    words: tuple[Word, ...]
    lost: tuple[tuple[str, str], ...] = ()
    """What was changed elsewhere while it was typed: the label, and what the file says now."""
    problems: tuple[Finding, ...] = ()
    """What is wrong beside its fields."""
    is_open: bool = False
    """Whether it is shown at once, because something was not saved."""

    @property
    def is_there(self) -> bool:
        """Whether the file has it."""
        return any(word.was for word in self.words)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed in a language and is not saved."""

    tag: str
    typed: dict[str, str]
    lost: tuple[tuple[str, str], ...] = ()
    problems: tuple[Finding, ...] = ()


def own_tongue(own: dict[str, str], newsletter: str) -> tuple[str, str]:
    """Return the language that an entry is written in, and its direction; the newsletter's where it names none."""
    tag = own.get("language") or newsletter
    return tag, direction_of(tag)


def tongues(
    first: str, model: type[Entry], written: str, content: Content, look: Look | None, attempt: Attempt | None
) -> list[Tongue]:
    """Return the languages beside the `first` in which an entry is written or could be.

    Those of its issue, or else of every issue.
    """
    own = filling.values(plain(written), model)
    there = filling.tongues(written)
    issues = [look.selection.issue] if look and look.selection else content.issues.values()
    wanted = dict.fromkeys((*there, *(tag for issue in issues for tag in issue.languages)))
    return [
        _tongue(tag, model, own, there.get(tag, {}), attempt if attempt and attempt.tag == tag else None)
        for tag in wanted
        if tag != first
    ]


def save(request: Request, desk: Desk, form: Form) -> Response | tuple[Found, Attempt, int]:
    """Write what has changed in one language; return what stands in the way where the entry could not be used."""
    found = find(desk, request.path_params["entry"], form.text("file"))
    tag = form.line("language")
    if not tag:
        raise NotFound("no language is named")
    written = found.read()
    now, typed, was = filling.tongues(written).get(tag, {}), form.below("f."), form.below("was.")
    labels = _labels(model_of(found))
    changes = {
        name: pasted(value) for name, value in typed.items() if name in labels and not same(value, was.get(name, ""))
    }
    elsewhere = lost(changes, now, was)
    if elsewhere:
        return found, Attempt(tag, typed, tuple((labels[name], now.get(name, "")) for name in elsewhere)), 409
    rest = {**now, **typed}
    if not rest.get("title", "").strip() and any(value.strip() for value in rest.values()):
        problem = f"the title in {name_of(tag)} is missing"
        missing = Finding("", Severity.ERROR, problem, Place(found.file), fix="write it", field=f"{KEY}.{tag}.title")
        return found, Attempt(tag, typed, problems=(missing,)), 422
    after = filling.translate(written, tag, changes, file=found.file) if changes else written
    problems = judging.new_errors(
        judging.judge_entry(found.workspace, found.path, plain(written)),
        judging.judge_entry(found.workspace, found.path, plain(after)),
    )
    if problems:
        return found, Attempt(tag, typed, problems=problems), 422
    sentence = f"“{found.id}” is changed in {name_of(tag)}"
    desk.notice = "Everything is saved already."
    if desk.history.write(found.path, after.encode(), sentence, seen=written.encode()):
        desk.notice = f"Saved in {name_of(tag)}."
    return RedirectResponse(places.of_entry(found.id, request.query_params.get("issue", "")), 303)


def _tongue(
    tag: str, model: type[Entry], own: dict[str, str], there: dict[str, str], attempt: Attempt | None
) -> Tongue:
    found = {finding.field: finding for finding in attempt.problems} if attempt else {}
    typed = attempt.typed if attempt else {}
    alt = own.get("image.alt") or own.get("cover.alt") or ""
    words = tuple(
        Word(
            name,
            label,
            typed.get(name, there.get(name, "")),
            there.get(name, ""),
            alt if name == "alt" else own.get(name, ""),
            found.get(f"{KEY}.{tag}.{name}"),
        )
        for name, label in _labels(model).items()
        if _fits(name, model, own) or there.get(name)
    )
    name, way = name_of(tag), direction_of(tag)
    if attempt is None:
        return Tongue(tag, name, way, words)
    beside = tuple(one for one in attempt.problems if one not in {word.problem for word in words})
    return Tongue(tag, name, way, words, attempt.lost, beside, is_open=True)


def _fits(name: str, model: type[Entry], own: dict[str, str]) -> bool:
    if name == "alt":
        return bool(own.get("image.src") or own.get("cover.src"))
    return name not in _OF_TYPES or name in model.model_fields


def _labels(model: type[Entry]) -> dict[str, str]:
    """Return what each field is called that a type has in other languages, with those of a team's own."""
    told = shape.model_at(model, (KEY, "")) or Translation
    own = {name: name.replace("_", " ").capitalize() for name in told.model_fields if name not in _LABELS}
    return {name: label for name, label in (_LABELS | own).items() if name in told.model_fields}
