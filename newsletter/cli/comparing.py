"""An issue now and at an earlier commit, put together for `preview --ci`."""

from __future__ import annotations

import difflib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from newsletter import pipeline
from newsletter.config import Workspace
from newsletter.errors import NewsletterError, NotFound
from newsletter.files import is_below
from newsletter.model import comparison
from newsletter.model.content import Content
from newsletter.model.issue import name_order
from newsletter.pipeline import Build
from newsletter.preview import Base, Preview, revision
from newsletter.preview.revision import Revision


@dataclass
class Clock:
    """Seconds by what they were spent on, in the order of first use."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add the time of what happens inside."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


@dataclass(frozen=True)
class Earlier:
    """The workspace at the base, as far as it can be read."""

    name: str
    revision: Revision | None = None
    workspace: Workspace | None = None
    today: Callable[[], Workspace] | None = None
    """Makes the same files with the templates of now."""
    content: Content | None = None
    problem: NewsletterError | None = None

    def see(self, issue: str, theme: str) -> Base:
        """Return what an issue was, or why there is nothing to compare with."""
        if self.workspace is None or self.content is None:
            return Base(self.name, self.revision, problem=self.problem)
        if issue not in self.content.issues and not any(
            finding.place.file.startswith(f"{self.workspace.settings.issues}/{issue}/")
            for finding in self.content.errors
        ):
            return Base(self.name, self.revision, is_new=True)
        try:
            built = pipeline.unchecked(self.workspace, issue, self.content, theme)
            return Base(self.name, self.revision, pipeline.see(self.workspace, built))
        except NewsletterError as error:
            return self._in_todays_templates(issue, theme, _of_base(error, self.name), error)

    def gone(self, workspace: Workspace) -> tuple[str, ...]:
        """Return the issues that a workspace has no more."""
        names = self.content.issues if self.content else ()
        return tuple(name for name in names if not (workspace.issues / name / "issue.yaml").exists())

    def _in_todays_templates(self, issue: str, theme: str, told: NewsletterError, error: NewsletterError) -> Base:
        """Return the issue in the templates of now where those of then do not fit this version of newsletter."""
        if self.today and self.content and any(f.place.file.startswith("templates/") for f in error.findings):
            with suppress(NewsletterError):
                today = self.today()
                built = pipeline.unchecked(today, issue, self.content, theme)
                return Base(self.name, self.revision, pipeline.see(today, built), unfit=told)
        return Base(self.name, self.revision, problem=told)


def _of_base(error: NewsletterError, name: str) -> NewsletterError:
    first = error.findings[0] if error.findings else None
    why = f"{first.place}: {first.message}" if first else error.why
    return NewsletterError(f"the issue cannot be built as it was at {name}: {error.message}", why=why)


@contextmanager
def earlier(workspace: Workspace, name: str | None) -> Iterator[Earlier | None]:
    """Yield the workspace as it was at a commit, in a folder that is gone afterwards."""
    if name is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="newsletter-base-") as folder:
        yield _written(workspace, name, Path(folder).resolve())


def _written(workspace: Workspace, name: str, folder: Path) -> Earlier:
    found = None
    try:
        found = revision.resolve(workspace, name)
        space = revision.write(workspace, found, folder / "then")
        return Earlier(
            name, found, space, cache(partial(_dressed, space, workspace, folder / "today")), pipeline.read(space)
        )
    except NewsletterError as error:
        return Earlier(name, found, problem=error)


def _dressed(space: Workspace, workspace: Workspace, folder: Path) -> Workspace:
    """Return an earlier workspace with the templates that another one has."""
    shutil.copytree(space.root, folder, ignore=lambda at, _: {"templates"} if Path(at) == space.root else set())
    if workspace.templates.is_dir():
        shutil.copytree(workspace.templates, folder / "templates", ignore=_led_out_of(workspace))
    return replace(space, root=folder, file=folder / space.file.name)


def _led_out_of(workspace: Workspace) -> Callable[[str, list[str]], set[str]]:
    """Return which files of a folder are links out of the workspace: a copy of them would be a file like any other."""
    return lambda at, names: {name for name in names if not is_below(Path(at) / name, workspace.root)}


def look(
    workspace: Workspace, read: Content, issue: str, before: Earlier | None, theme: str = ""
) -> tuple[Preview, Build | None]:
    """Return an issue now and before, in another theme where one is given, and its build if there is one.

    Raises NotFound for an issue that is in no file.
    """
    base = replace(before.see(issue, theme), gone=before.gone(workspace)) if before else None
    settings = workspace.settings
    empty = Preview(
        settings.title,
        issue,
        settings.brand.color,
        None,
        (),
        base=base,
        theme=theme,
        templates=_templates(workspace, before),
    )
    try:
        # In a theme that is tried on nothing is checked: it is looked at, not sent.
        built = (
            pipeline.unchecked(workspace, issue, read, theme)
            if theme
            else pipeline.build(workspace, issue, read_content=read)
        )
        state = pipeline.see(workspace, built)
    except NotFound:
        raise
    except NewsletterError as error:
        findings = pipeline.worst_first((*read.findings, *pipeline.as_findings(error)))
        return replace(empty, findings=findings, failure=error), None
    then = base.state.outline if base and base.state else None
    difference = comparison.compare(then, state.outline) if then and state.outline else None
    findings = () if theme else pipeline.worst_first((*read.findings, *built.findings))
    return replace(empty, state=state, findings=findings, difference=difference), built


def touched(workspace: Workspace, before: Earlier | None) -> list[str]:
    """Return the issues that differ from the base, the newest first; none where nothing can be compared."""
    return pipeline.touched(before.workspace, workspace)[::-1] if before and before.workspace else []


def newest(workspace: Workspace, read: Content) -> str:
    """Return the last issue; raise NotFound where there is none."""
    names = sorted(
        {*read.issues, *(path.parent.name for path in workspace.issues.glob("*/issue.yaml"))}, key=name_order
    )
    if not names:
        raise NotFound(
            "there is no issue yet",
            why="an issue is a folder with an issue.yaml",
            fix="make one with: newsletter new issue 2026-11",
        )
    return names[-1]


def themes(workspace: Workspace, read: Content, issue: str, before: Earlier | None) -> list[Preview]:
    """Return an issue in each theme in which it differs from the base, its own left out."""
    if before is None or issue not in read.issues:
        return []
    own = read.issues[issue].theme
    shown = [look(workspace, read, issue, before, name)[0] for name in _themes(workspace, before) if name != own]
    return [
        one for one in shown if one.state and one.base and one.base.state and one.state.digest != one.base.state.digest
    ]


def _themes(workspace: Workspace, before: Earlier) -> list[str]:
    if before.revision is None or not any(name.startswith("templates/") for name in before.revision.changed):
        return []
    from newsletter.rendering.shipping import shipped

    folders = {workspace.templates / "themes", shipped() / "themes"}
    names = (path.name.removesuffix(".mjml.j2") for folder in folders for path in folder.glob("*.mjml.j2"))
    return sorted(set(names))


def _templates(workspace: Workspace, before: Earlier | None) -> Mapping[str, str]:
    """Return the templates that differ, line by line."""
    if before is None or before.revision is None or before.workspace is None:
        return {}
    changed = [name for name in before.revision.changed if name.startswith("templates/")]
    texts = {name: (_lines(before.workspace.root / name), _lines(workspace.root / name)) for name in changed}
    return {
        name: "\n".join(list(difflib.unified_diff(old, new, "before", "after", lineterm="", n=2))[2:])
        for name, (old, new) in texts.items()
        if old != new
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
