"""From files to what an issue shows: read and selected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date

from newsletter import content, selection
from newsletter.config import Workspace
from newsletter.content import Known
from newsletter.errors import ContentError, NewsletterError
from newsletter.model.content import Content
from newsletter.model.selection import Selection


def read(workspace: Workspace, known: Known | None = None) -> Content:
    """Return every entry and issue, and every problem of their files; `known` spares reading what was read before."""
    return content.load(workspace, known)


def choose(workspace: Workspace, name: str, read_content: Content) -> Selection:
    """Return what the issue shows and what it leaves out.

    Raises NotFound for an unknown issue and ContentError for one whose file cannot be used.
    """
    if name not in read_content.issues:
        own = f"{workspace.settings.issues}/{name}/"
        broken = [finding for finding in read_content.errors if finding.place.file.startswith(own)]
        if broken:
            raise ContentError(f"issue {name} cannot be used as it is written", findings=broken)
    return selection.select(read_content, name, zone=workspace.settings.zone.key, language=workspace.settings.language)


def newest(workspace: Workspace, read_content: Content) -> tuple[str, date] | None:
    """Return the newest issue and the day on which its period begins; nothing where there is no issue."""
    if not read_content.issues:
        return None
    name = list(read_content.issues)[-1]
    return name, choose(workspace, name, read_content).period.start


def choose_several(workspace: Workspace, names: Collection[str], read_content: Content) -> Mapping[str, Selection]:
    """Return what several issues show, by their names, and not what they leave out; raises as `choose` does.

    A hundred past issues take a hundred selections this way, and five thousand one by one.
    """
    return {chosen.issue.name: chosen for chosen in _each(workspace, names, read_content, left_out=False)}


def choose_usable(
    workspace: Workspace, names: Collection[str], read_content: Content
) -> Mapping[str, Selection | NewsletterError]:
    """Return what several issues show, by their names, or why that cannot be said of one; none stops the others."""
    there = [name for name in names if name in read_content.issues]
    found: dict[str, Selection | NewsletterError] = {}
    # Together, because each issue asks what the earlier ones show; one by one only where one of them cannot be used.
    with suppress(NewsletterError):
        found.update(choose_several(workspace, there, read_content))
    for name in names:
        if name not in found:
            try:
                found[name] = choose(workspace, name, read_content)
            except NewsletterError as error:
                found[name] = error
    return found


def choose_each(workspace: Workspace, names: Collection[str], read_content: Content) -> Iterator[Selection]:
    """Return what several issues show and leave out, one after the other; raises as `choose` does, at once.

    What one leaves out is nearly every entry there is: those of hundreds of issues have no room in memory together.
    """
    return _each(workspace, names, read_content, left_out=True)


def _each(workspace: Workspace, names: Collection[str], known: Content, *, left_out: bool) -> Iterator[Selection]:
    for name in names:
        if name not in known.issues:
            choose(workspace, name, known)
    settings = workspace.settings
    return selection.select_several(known, names, zone=settings.zone.key, language=settings.language, left_out=left_out)
