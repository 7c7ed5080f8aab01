"""One language of a selection, from its templates to an edition; and back to the template, for who wrote what."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.edition import Edition
from newsletter.model.finding import Finding, Origin, Place, Severity
from newsletter.model.meant import did_you_mean, suggestion
from newsletter.model.selection import Selection
from newsletter.model.slot import Context
from newsletter.rendering.assembly import assemble
from newsletter.rendering.context import compose
from newsletter.rendering.environment import Templates, templates
from newsletter.rendering.failures.rules import FORBIDDEN, finding
from newsletter.rendering.images import UNUSABLE, Pictures
from newsletter.rendering.inspection import inspect
from newsletter.rendering.localisation import direction
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.provenance import trace
from newsletter.rendering.slots import Slots
from newsletter.rendering.views import SectionView

_USUAL_WIDTH = 600


def render(selection: Selection, workspace: Workspace, language: str) -> Edition:
    """Return the issue as its readers of one language get it.

    Raises RenderingError for a template, a picture or a slot that cannot be used.
    """
    issue = selection.issue
    known = templates(workspace)
    words = known.words(language)
    slots = Slots()
    pictures = Pictures(workspace)
    theme = _theme(selection, known)
    context = compose(selection, workspace, words, slots, pictures)
    try:
        pieces = known.pieces(known.html, f"{theme}.mjml.j2", context)
    except RenderingError as error:
        raise _with_other_pictures(error, context["sections"], pictures) from None
    found: tuple[Finding, ...] = ()
    mjml = "".join(pieces)
    if exposed := slots.exposed(mjml):
        place = trace(known.html, f"{theme}.mjml.j2", context, mjml, "templates/{}".format)(exposed[0])
        raise RenderingError(f"{theme}.mjml.j2 does not become an email", findings=[_exposed(*exposed[1:], place)])
    html = assemble(pieces, f"{theme}.mjml.j2")
    if html is None:
        found = inspect(mjml, known.html, f"{theme}.mjml.j2", context, "templates/{}".format)
        if any(finding.severity is Severity.ERROR for finding in found):
            raise RenderingError(f"{theme}.mjml.j2 does not become an email", findings=found)
        html = [compile_mjml(mjml, name=f"{theme}.mjml.j2").encode()]
    slots.expect_same(pieces, html)
    text = known.render(known.text, f"{theme}.txt.j2", context)
    subject = slots.mark(issue.subject, issue.origin.place("subject"), "subject")
    return Edition(
        issue=issue.name,
        language=language,
        direction=direction(language),
        subject=slots.cut(subject, Context.HEADER),
        preheader=slots.cut(context["issue"].preheader, Context.PLAIN),
        html=slots.cut_pieces(html, Context.HTML),
        text=slots.cut(text.strip() + "\n", Context.PLAIN),
        mjml="".join(map(slots.show, pieces)),
        images=pictures.inside,
        hosted=pictures.hosted,
        findings=(
            *found,
            *known.misspelt_labels(language),
            *known.unused,
            *(() if words.written else (_unwritten(language, issue.origin),)),
        ),
    )


def _exposed(slot: str, where: str, place: Place) -> Finding:
    return finding(
        FORBIDDEN,
        place,
        f"the slot {slot} stands in {where}",
        "put it into the text, or into alt= or title=",
        "readers write it themselves, and there it could be an address or a command of theirs",
    )


def _with_other_pictures(error: RenderingError, sections: Iterable[SectionView], pictures: Pictures) -> RenderingError:
    """Return an error about one picture with what is wrong with those that the template had not come to."""
    found = list(error.findings)
    if not any(finding.code == UNUSABLE for finding in found):
        return error
    for picture in (entry.picture for section in sections for entry in section.entries):
        if picture and pictures.is_there(picture.src):
            try:
                pictures.address(picture.src, _USUAL_WIDTH, picture.place)
            except RenderingError as other:
                found += [finding for finding in other.findings if finding not in found]
    return RenderingError(error.message, findings=found)


def _unwritten(language: str, issue: Origin) -> Finding:
    file = f"templates/labels/{language.lower()}.toml"
    return Finding(
        "REN005",
        Severity.WARNING,
        f"the templates' own words, such as “Read the story”, are in English in the edition in '{language}'",
        issue.value("languages"),
        why=f"nobody has written {file}",
        fix=f"run: newsletter templates eject labels/en; then rename it to {file} and translate it",
        field="languages",
    )


def trace_back(selection: Selection, workspace: Workspace, language: str) -> Callable[[int], Place]:
    """Return which line of which template wrote the character at an offset of the `mjml` that `render` gives.

    Everything is rendered once more, so ask only when there is something to point at.
    """
    known = templates(workspace)
    slots = Slots()
    context = compose(selection, workspace, known.words(language), slots, Pictures(workspace))
    name = f"{_theme(selection, known)}.mjml.j2"
    mjml = known.render(known.html, name, context)
    place, written = trace(known.html, name, context, mjml, "templates/{}".format), slots.written(mjml)
    return lambda offset: place(written(offset))


def themes(workspace: Workspace) -> tuple[str, ...]:
    """Return the names of the themes that an issue may have."""
    return templates(workspace).themes


def _theme(selection: Selection, known: Templates) -> str:
    named = selection.issue.theme
    theme = f"themes/{named}"
    if not known.has(f"{theme}.mjml.j2"):
        meant = did_you_mean(named, known.themes)
        problem = f"there is no theme '{named}'{suggestion(meant)}"
        why, fix = f"the themes are {', '.join(known.themes)}", f"write `theme: {meant or 'monthly'}`"
    elif not known.has(f"{theme}.txt.j2"):
        problem = f"the theme '{named}' has no plain text: there is no {theme}.txt.j2"
        why = "a theme is two files, and some readers get the text alone"
        fix = f"run: newsletter templates eject themes/monthly.txt.j2; then rename it to {theme}.txt.j2"
    else:
        return theme
    place = selection.issue.origin.value("theme")
    found = Finding("REN004", Severity.ERROR, problem, place, why=why, fix=fix, field="theme")
    raise RenderingError(f"issue {selection.issue.name} cannot be shown", findings=[found])
