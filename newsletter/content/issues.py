"""Issue files as issues, and whether what they name exists."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from newsletter.config import Workspace, shell
from newsletter.content import document, text
from newsletter.content.files import ISSUE_FILE, is_folder, is_ignored, kind_of, listed, objection, printable
from newsletter.content.marks import Source
from newsletter.content.mistake import Mistake, of_conflict
from newsletter.content.registry import Types
from newsletter.model import shape
from newsletter.model.explanation import explain
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.issue import Issue, name_order, unknown_since
from newsletter.model.meant import did_you_mean, parted, suggestion
from newsletter.model.segment import misfits

_YAML = (".yaml", ".yml")
_OURS = frozenset({ISSUE_FILE, "approval.yaml"})


class IssueFolders:
    """The issues of a workspace by name, and all findings about their files."""

    def __init__(self, workspace: Workspace) -> None:
        self.issues: dict[str, Issue] = {}
        self.findings: list[Finding] = []
        self._workspace = workspace
        self._names: set[str] = set()

    def read(self) -> None:
        """Read the file of every issue."""
        workspace = self._workspace
        if not is_folder(workspace.issues):
            self.findings.append(_no_folder(workspace))
            return
        for found in sorted(self._listed(workspace.issues), key=lambda found: name_order(found.name)):
            path = workspace.issues / found.name
            if is_ignored(found.name) or found.name == "images" or path == workspace.entries:
                continue
            if kind_of(found) == "folder":
                mistake = objection(found, os.path.realpath(workspace.root))
                if mistake and (path / ISSUE_FILE).is_file():
                    self.findings.append(mistake.finding("ISS", self._shown(path)))
                else:
                    self._read(path)
            elif path.suffix.lower() in _YAML:
                self.findings.append(_loose(path, self._shown(path)))

    def compare(self, types: Types, ids: Collection[str]) -> None:
        """Find types, entries, lists and issues that an issue names and that do not exist."""
        for issue in self.issues.values():
            self.findings += _unknown_types(issue, types)
            self.findings += _unknown_entries(issue, ids)
            self.findings += _unknown_lists(issue, self._workspace)
            self.findings += filter(None, [unknown_since(issue, self._names)])
            self.findings += _unfit_segment(issue, self._workspace)
        self.findings += _shared_numbers(self.issues.values())

    def _read(self, folder: Path) -> None:
        inside = {found.name: found for found in self._listed(folder)}
        if ISSUE_FILE not in inside:
            self.findings += _misnamed(folder.name, (self._shown(folder / name) for name in inside))
            return
        self._names.add(folder.name)
        path = folder / ISSUE_FILE
        file = self._shown(path)
        written = objection(inside[ISSUE_FILE], os.path.realpath(self._workspace.root)) or text.read(str(path))
        if isinstance(written, Mistake):
            self.findings.append(written.finding("ISS", file))
        else:
            self.add(folder.name, file, written)

    def add(self, name: str, file: str, written: str) -> None:
        """Take an issue up by the text of its file, or say why it cannot be used."""
        if conflict := of_conflict(written):
            self.findings.append(conflict.finding("ISS", file))
            return
        read = document.read(written)
        self.findings += [mistake.finding("ISS", file) for mistake in read.mistakes]
        if not isinstance(read.value, dict):
            if read.readable:
                self.findings.append(_no_fields(read.value).finding("ISS", file))
            return
        self._issue(name, read.value, Source(file, written), spoilt=read.spoilt)

    def _issue(self, name: str, written: dict[str, object], source: Source, *, spoilt: bool) -> None:
        origin = source.origin()
        before = len(self.findings)
        if "name" in written:
            self.findings.append(
                _finding(
                    "004",
                    "`name` is not a field here",
                    origin.place("name"),
                    why="an issue's name is the name of its folder",
                    fix="delete the line; what readers see is `title`",
                    field="name",
                )
            )
        known = shape.names(Issue)
        fields = {key: value for key, value in written.items() if value is not None or key not in known}
        fields["name"] = name
        try:
            issue = Issue.model_validate(fields, context={"zone": self._workspace.settings.zone}).at(origin)
        except ValidationError as error:
            self.findings += explain(error, Issue, origin, "ISS")
            return
        if not spoilt and len(self.findings) == before:
            self.issues[name] = issue

    def _shown(self, path: Path) -> str:
        return printable(self._workspace.relative(path))

    def _listed(self, folder: Path) -> list[os.DirEntry[str]]:
        found = listed(folder)
        if isinstance(found, Mistake):
            self.findings.append(found.finding("ISS", self._shown(folder)))
            return []
        return found


def _finding(
    code: str, message: str, place: Place, why: str, fix: str, field: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(f"ISS{code}", severity, message, place, why=why, fix=fix, field=field)


def _no_folder(workspace: Workspace) -> Finding:
    settings = workspace.relative(workspace.file)
    return _finding(
        "009",
        f"there is no folder {workspace.relative(workspace.issues)}",
        Place(settings),
        why="issues and pictures are read from there",
        fix=f"make the folder, or correct `issues` in {settings}",
        severity=Severity.WARNING,
    )


def _loose(path: Path, shown: str) -> Finding:
    return _finding(
        "009",
        "a YAML file lies beside the folders of the issues",
        Place(shown),
        why=f"an issue is a folder with an {ISSUE_FILE} in it",
        fix=f"if it is an issue, move it to {path.stem}/{ISSUE_FILE}",
        severity=Severity.NOTE,
    )


def _misnamed(folder: str, files: Iterable[str]) -> Iterator[Finding]:
    for file in files:
        name = file.rpartition("/")[2]
        if file.lower().endswith(_YAML) and name not in _OURS:
            yield _finding(
                "009",
                f"the folder {folder} has {name} and no {ISSUE_FILE}; did you mean {ISSUE_FILE}?",
                Place(file),
                why=f"an issue is a folder with an {ISSUE_FILE} in it",
                fix=f"rename {name} to {ISSUE_FILE}",
                severity=Severity.NOTE,
            )


def _no_fields(value: object) -> Mistake:
    why = "an issue needs a title, a period, a subject and sections"
    if value is None:
        return Mistake("the file is empty", 0, 0, why, "write them, or delete the folder", code="002")
    return Mistake("the file has no fields", 1, 1, why, "write each as a line with its name, a colon and its value")


def _several(code: str, field: str, written: str, parts: Sequence[str], place: Place) -> Finding:
    """Return what is wrong with a text where a list belongs: to mend one part of it would lose the others."""
    return _finding(
        code,
        f"`{field}` names '{written}', which is several in one",
        place,
        why="it counts as one name, and nothing is called like that",
        fix=f"write `{field}: [{', '.join(parts)}]`",
        field=field,
    )


def _unknown_types(issue: Issue, types: Types) -> Iterator[Finding]:
    for number, section in enumerate(issue.sections):
        for position, name in enumerate(section.take):
            if name not in types.by_name:
                where = issue.origin.value("sections", number, "take", position)
                if parts := parted(name):
                    yield _several("008", "take", name, [types.meant(part) or part for part in parts], where)
                    continue
                meant = types.meant(name)
                yield _finding(
                    "008",
                    f"`take` names '{name}', which is not a type{suggestion(meant)}",
                    where,
                    why=f"a section takes entries of a type; the types are {types.named()}",
                    fix=f"write `take: {meant}`" if meant else "use one of these, or add your own type in the settings",
                    field=f"sections.{number}.take",
                )


def _unknown_entries(issue: Issue, ids: Collection[str]) -> Iterator[Finding]:
    lists: tuple[tuple[str, Collection[str]], ...] = (
        ("pin", issue.pin),
        ("feature", issue.feature),
        ("drop", issue.drop),
        ("order", issue.order),
    )
    for field, named in lists:
        for position, name in enumerate(named):
            if name not in ids:
                path = (field, name) if field == "drop" else (field, position)
                if field != "drop" and (parts := parted(name)):
                    yield _several("010", field, name, parts, issue.origin.place(*path))
                    continue
                bare = name.rpartition("/")[2].removesuffix(".md")
                meant = bare if bare in ids else did_you_mean(bare, ids)
                yield _finding(
                    "010",
                    f"`{field}` names '{name}', which is not an entry{suggestion(meant)}",
                    issue.origin.place(*path),
                    why="an entry is named by its id: the name of its file without the ending",
                    fix=f"write {meant}"
                    if meant
                    else "see `newsletter entries`, or take it back with: "
                    f"newsletter release {issue.name} {shell.word(name)}",
                    field=field,
                )


def _unknown_lists(issue: Issue, workspace: Workspace) -> Iterator[Finding]:
    known = workspace.settings.lists
    for position, name in enumerate(issue.lists):
        if name not in known:
            if parts := parted(name):
                yield _several("012", "lists", name, parts, issue.origin.value("lists", position))
                continue
            meant = did_you_mean(name, known)
            settings = workspace.relative(workspace.file)
            yield _finding(
                "012",
                f"there is no list '{name}'{suggestion(meant)}",
                issue.origin.value("lists", position),
                why=f"the lists in {settings} are {', '.join(known)}" if known else f"{settings} has no lists",
                fix=f"write {meant}" if meant else f"add the list to {settings}, or use one of them",
                field="lists",
            )


def _unfit_segment(issue: Issue, workspace: Workspace) -> Iterator[Finding]:
    if issue.segment is None:
        return
    for path, problem in misfits(issue.segment, workspace.settings.attributes):
        yield _finding(
            "014",
            f"`segment`: {problem}",
            issue.origin.value("segment", *path),
            why="who gets the issue is decided by attributes that the settings declare",
            fix=problem.fix,
            field=".".join(map(str, ("segment", *path))),
        )


def _shared_numbers(issues: Collection[Issue]) -> Iterator[Finding]:
    by_number: defaultdict[int, list[Issue]] = defaultdict(list)
    for issue in issues:
        if issue.number is not None:
            by_number[issue.number].append(issue)
    for number, sharing in by_number.items():
        for place, issue in enumerate(sharing):
            first = next((other for other in sharing[:place] if other.shares_readers(issue)), None)
            if first is None:
                continue
            yield _finding(
                "007",
                f"issue {first.name} has the number {number} too",
                issue.origin.value("number"),
                why="readers and archives quote issues by number",
                fix="count on from the last issue",
                field="number",
                severity=Severity.WARNING,
            )
