"""Raw fields as typed entries, and a finding for everything that forbids or disturbs it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError

from newsletter.config import Workspace
from newsletter.content import files, own_code, raw
from newsletter.content.images import Images
from newsletter.content.known import Judged, Known
from newsletter.content.raw import Raw
from newsletter.content.registry import Types
from newsletter.errors import NewsletterError
from newsletter.model import meant, shape
from newsletter.model.content import Unreadable
from newsletter.model.entry import SHIPPED_TYPES, Entry, Status, type_of
from newsletter.model.explanation import explain
from newsletter.model.finding import Edit, Finding, Origin, Place, Severity
from newsletter.model.meant import suggestion
from newsletter.model.wording import Wording

_NAMED_BY_DAY = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)", re.ASCII)
_REMARK = re.compile(r"(?:^|\s)#.*")


class EntryFolder:
    """The entries of a workspace: those that can be used, those that cannot, and all findings."""

    def __init__(self, workspace: Workspace, types: Types, known: Known | None = None) -> None:
        self.entries: list[Entry] = []
        self.unreadable: list[Unreadable] = []
        self.findings: list[Finding] = []
        self._types = types
        self._language = workspace.settings.language
        self._root = workspace.root
        self._known = known or Known()
        self._context = {"zone": workspace.settings.zone}
        self._claims: defaultdict[str, list[tuple[str, Place]]] = defaultdict(list)
        self._images = Images(workspace.issues, workspace.settings.issues)

    def read(self, workspace: Workspace) -> None:
        """Read every file of the folder."""
        self._walk(workspace)
        self._refuse_shared_ids()
        self._warn_of_capitals()
        self.entries.sort(key=lambda entry: entry.id)
        self.unreadable.sort(key=lambda unreadable: (unreadable.id, unreadable.file))

    def _walk(self, workspace: Workspace) -> None:
        folder, shown = workspace.entries, workspace.relative(workspace.entries)
        if not files.is_folder(folder):
            self.findings.append(_no_folder(workspace.relative(workspace.file), shown))
            return
        self._known.begin((workspace.root, workspace.settings.zone, self._language, tuple(self._types.by_name.items())))
        for found in files.walk(folder, shown, workspace.root):
            if isinstance(found, files.Stray):
                self.findings.append(found.mistake.finding("ENT", found.name))
            else:
                for judged in self._known.read(found.path, partial(self._judge_all, found)):
                    self._take(judged)

    def add(self, item: Raw) -> None:
        """Take an entry up, or say why it cannot be used."""
        self._take(self._judge(item))

    def _take(self, judged: Judged) -> None:
        self._claims[judged.id].append((judged.claim.file, judged.claim))
        self.findings += judged.findings
        if judged.unreadable:
            self.unreadable.append(judged.unreadable)
        if judged.entry:
            self.findings += self._images.findings(judged.entry)
            self.entries.append(judged.entry)

    def _judge_all(self, file: files.File) -> tuple[Judged, ...]:
        return tuple(map(self._judge, raw.read(file)))

    def _judge(self, item: Raw) -> Judged:
        findings = list(item.findings)
        claim = item.origin.place() if item.file.suffix != ".md" and item.fields else Place(item.file.name)
        unreadable = None
        told = self._told(item)
        model = self._model(item, told, findings)
        if model and not model.recurs:
            findings += _undated(item)
        entry = self._entry(item, model, findings) if model else None
        if entry is None or any(finding.severity is Severity.ERROR for finding in findings):
            name = type_of(model) if model else told
            written = item.fields or {}
            title, is_draft = written.get("title"), written.get("status") == Status.DRAFT
            if is_draft:
                # A draft goes into no issue, so what it lacks may wait.
                findings = [replace(finding, severity=Severity.WARNING) for finding in findings]
            known = " ".join(title.split()) if isinstance(title, str) else ""
            entry, unreadable = None, Unreadable(item.id, name, item.file.name, known, is_draft)
        fitting = (
            finding if finding.edit is None or finding.edit.fits(item.written) else replace(finding, edit=None)
            for finding in findings
        )
        # What could not be read may be readable now, and a team's own code may look at anything.
        lasts = entry is not None and model in SHIPPED_TYPES
        return Judged(item.id, claim, entry, unreadable, tuple(fitting), lasts)

    def _told(self, item: Raw) -> str:
        """Return the type that the nearest folder tells, or a file such as figures.yaml by its name."""
        file = item.file
        places = [*reversed(file.folders), *([] if file.suffix == ".md" else [file.stem])]
        return next((self._types.by_folder[name] for name in places if name in self._types.by_folder), "")

    def _model(self, item: Raw, told: str, findings: list[Finding]) -> type[Entry] | None:
        if item.fields is None:
            return None
        given = item.fields.get("type")
        if given is None:
            if not told:
                findings.append(self._no_type(item))
            return self._types.by_name.get(told)
        model = self._types.by_name.get(given) if isinstance(given, str) else None
        if model is None:
            findings.append(self._unknown_type(item, given, told))
            # What else is wrong is told at once, by the type that the folder tells.
            return self._types.by_name.get(told)
        if told and told != given:
            findings.append(_type_against_folder(item.origin, given, told))
        return model

    def _entry(self, item: Raw, model: type[Entry], findings: list[Finding]) -> Entry | None:
        written = item.fields or {}
        if "id" in written:
            findings.append(_id_is_given(item))
        findings += _commas(written, item.origin)
        known = shape.names(model)
        # A field without a value is a field that is not there.
        fields = {
            name: value for name, value in written.items() if name not in known or not _is_blank(model, name, value)
        }
        fields |= {"id": item.id, "type": type_of(model)}
        fields.setdefault("language", self._language)
        findings += _own_language(fields, item.origin)
        try:
            return model.model_validate(fields, context=self._context).at(item.origin)
        except ValidationError as error:
            findings += explain(error, model, item.origin, "ENT")
        except NewsletterError as error:
            findings += error.findings
        except own_code.RAISED as error:
            findings.append(own_code.failure(error, model, self._root, item.id))
        return None

    def _no_type(self, item: Raw) -> Finding:
        folder = item.file.folders[-1] if item.file.folders else ""
        meant = self._types.meant(folder or item.file.stem)
        return _finding(
            "008",
            f"the folder '{folder}' is not that of a type, and the entry names none"
            if folder
            else "the type is missing",
            item.origin.place(),
            why=f"the type decides which fields an entry has and how it is shown; it is {self._types.named()}",
            fix=f"add a line `type: {meant}`"
            if meant
            else "add a line `type: news`, or move it into a folder such as news",
            field="type",
        )

    def _unknown_type(self, item: Raw, given: object, told: str) -> Finding:
        meant = self._types.meant(str(given))
        fix = f"write `type: {meant}`" if meant else "use one of these, or add your own type in the settings"
        if told and meant != told:
            # Of website generators, whose types are others.
            meant, fix = (
                "",
                f"delete the line, as the folder tells the type {told}; or add your own type in the settings",
            )
        return _finding(
            "008",
            f"'{given}' is not a type{suggestion(meant)}",
            item.origin.value("type"),
            why=f"the type is {self._types.named()}",
            fix=fix,
            field="type",
        )

    def _refuse_shared_ids(self) -> None:
        shared = {name: places for name, places in self._claims.items() if len(places) > 1}
        for name, places in shared.items():
            for file, place in places:
                others = " and ".join(sorted({other for other, _ in places} - {file})) or "another entry here"
                self.findings.append(_shared_id(name, others, place))
        refused = [entry for entry in self.entries if entry.id in shared]
        self.entries = [entry for entry in self.entries if entry.id not in shared]
        self.unreadable += [Unreadable(entry.id, entry.type, entry.origin.file, entry.title) for entry in refused]

    def _warn_of_capitals(self) -> None:
        files = {file for places in self._claims.values() for file, _ in places}
        alike: defaultdict[str, set[str]] = defaultdict(set)
        for file in files:
            alike[file.casefold()].add(file)
        for names in alike.values():
            for name in sorted(names) if len(names) > 1 else ():
                self.findings.append(_alike(name, " and ".join(sorted(names - {name}))))


def _is_blank(model: type[Entry], name: str, value: object) -> bool:
    """Return whether nothing is said: an editor that shows fields as a form writes `url: ""` where nobody has."""
    field = model.model_fields.get(name)
    may_be_left_out = field is not None and not field.is_required()
    # What says nothing of itself is not thereby ready to go out.
    return value is None or (may_be_left_out and name != "status" and _says_nothing(model, (name,), value))


def _says_nothing(model: type[Entry], path: shape.Path, value: object) -> bool:
    if not isinstance(value, dict):
        return value is None or value == ""
    # What names its keys itself, such as a rule that is to be silent, says something by them.
    of_fields = shape.model_at(model, path) or any(shape.model_at(model, (*path, key)) for key in value)
    return bool(of_fields) and all(_says_nothing(model, (*path, key), inside) for key, inside in value.items())


def _finding(
    code: str, message: str, place: Place, why: str, fix: str, field: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(f"ENT{code}", severity, message, place, why=why, fix=fix, field=field)


def _no_folder(settings: str, folder: str) -> Finding:
    return _finding(
        "009",
        f"there is no folder {folder}",
        Place(settings),
        why="an issue draws its entries from there, so it would be empty",
        fix=f"make the folder, or correct `entries` in {settings}",
        severity=Severity.WARNING,
    )


def _shared_id(name: str, others: str, place: Place) -> Finding:
    folder = place.file.rpartition("/")[0].rpartition("/")[2]
    return _finding(
        "007",
        f"the id '{name}' is also that of {others}",
        place,
        why="an id is the name by which issues pin, feature and drop one entry, and by which readers' links find it",
        # Website generators have a folder for each page.
        fix=f"rename it to {folder}.md, after its folder" if name == "index" and folder else "rename one of the two",
    )


def _alike(file: str, others: str) -> Finding:
    return _finding(
        "007",
        f"the name of this file differs from {others} by capitals alone",
        Place(file),
        why="Windows and macOS take the two for one file, so that colleagues there have only one of the entries",
        fix="rename one of the two",
        severity=Severity.WARNING,
    )


def _type_against_folder(origin: Origin, given: str, told: str) -> Finding:
    return _finding(
        "008",
        f"`type: {given}` stands in a file among those of type {told}",
        origin.value("type"),
        why="one of the two is probably left over from copying",
        fix=f"write `type: {told}`, or move the file",
        field="type",
        severity=Severity.WARNING,
    )


def _undated(item: Raw) -> Iterable[Finding]:
    """Report an entry whose day only its name tells, as in Jekyll and Docusaurus."""
    day = _day_of(item.id)
    written = item.fields or {}
    # One that is misspelt, or has another name, is told as such.
    if day and not written.get("date") and not any(meant.field(name, ["date"]) for name in written if name != "date"):
        place = item.origin.place("title")
        finding = _finding(
            "016",
            f"the entry has no date, though its name begins with {day}",
            place,
            why="the date decides which issue takes an entry; without one, none does",
            fix=Wording(f"{'write' if 'date' in written else 'add a line'} `date: {day}`", f"write {day} at “Date”"),
            field="date",
            severity=Severity.WARNING,
        )
        edit = Edit(place, "title", f"date: {day}\n{' ' * (place.column - 1)}title")
        yield replace(finding, edit=edit) if "date" not in written and _begins_a_line(item.written, place) else finding


def _day_of(name: str) -> str:
    """Return the day that a name begins with, or nothing."""
    named = _NAMED_BY_DAY.match(name)
    try:
        return str(date.fromisoformat(named[0])) if named else ""
    except ValueError:
        return ""


def _begins_a_line(text: str, place: Place) -> bool:
    """Return whether another field can stand above one: not between braces, where commas part them, or after a ?."""
    *above, line = text.split("\n")[: place.line]
    before = next((told for each in reversed(above) if (told := _REMARK.sub("", each).rstrip())), "")
    return not line[: place.column - 1].strip() and not before.endswith(("{", ",")) and before.split()[-1:] != ["?"]


def _id_is_given(item: Raw) -> Finding:
    single = item.file.suffix == ".md"
    return _finding(
        "004",
        "`id` is not a field here",
        item.origin.place("id"),
        why="an entry's id is the name of its file" if single else "an entry's id is the name above its fields",
        fix=f"delete the line; the id is {item.id}",
        field="id",
    )


def _own_language(fields: dict[str, Any], origin: Origin) -> Iterable[Finding]:
    """Report a translation into the language of the entry, as where somebody has forgotten to say which that is."""
    own, translations = str(fields["language"]).strip(), fields.get("translations")
    for tag in translations if isinstance(translations, dict) else ():
        if tag.strip().lower() == own.lower():
            yield _finding(
                "019",
                f"there is a translation into {tag}, which is the language of the entry itself",
                origin.place("translations", tag),
                why=f"readers of {tag} get the entry's own texts, and these are shown nowhere",
                fix=Wording("correct `language`, or delete the translation")
                if ("language",) in origin.marks
                else "add a line `language: …` with the one in which the entry is written, or delete the translation",
                field="translations",
                severity=Severity.WARNING,
            )


def _before_a_comma(value: str) -> list[str]:
    word = value.strip(" ,;")
    return [word] if word and word != value.strip() else []


def _commas(fields: dict[str, Any], origin: Origin) -> Iterable[Finding]:
    for name in ("topics", "regions"):
        value = fields.get(name)
        if isinstance(value, str) and (words := meant.parted(value) or _before_a_comma(value)):
            yield _finding(
                "006",
                f"`{name}` is one text with {'commas' if ',' in value else 'semicolons'}",
                origin.value(name),
                why="it would count as a single one, and no section that asks for one of them would find it",
                fix=f"write `{name}: [{', '.join(words)}]`",
                field=name,
            )
