"""A selection becomes an edition: subject, preheader, HTML and plain text, with the slots still open.

Jinja2 makes MJML of the entries, the MJML engine makes HTML of it, and the result is cut at its slots. Neither clock,
chance nor network has a part in it: the same workspace gives the same bytes.
"""

from __future__ import annotations

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.edition import Edition
from newsletter.model.explanation import did_you_mean
from newsletter.model.finding import Finding, Severity
from newsletter.model.selection import Selection
from newsletter.model.slot import Context
from newsletter.rendering.context import compose
from newsletter.rendering.design import design
from newsletter.rendering.environment import Templates, templates
from newsletter.rendering.images import Pictures
from newsletter.rendering.inspection import inspect
from newsletter.rendering.localisation import Words, direction
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.slots import Slots
from newsletter.rendering.tokens import tokens

__all__ = ["design", "render"]


def render(selection: Selection, workspace: Workspace, language: str) -> Edition:
    """Return the issue as its readers of one language get it.

    Raises RenderingError for a template, a picture or a slot that cannot be used.
    """
    issue, brand = selection.issue, workspace.settings.brand
    known = templates(workspace.templates, tokens(brand.color, brand.accent))
    words = Words(language, known.labels)
    slots = Slots(_content(selection, workspace))
    pictures = Pictures(workspace)
    theme = _theme(selection, known)
    context = compose(selection, workspace, words, slots, pictures) | {"first_of": known.first_of}
    mjml = known.render(known.html, f"{theme}.mjml.j2", context)
    found = inspect(mjml, known.html, f"{theme}.mjml.j2", context, "templates/{}".format)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise RenderingError(f"{theme}.mjml.j2 does not become an email", findings=found)
    html = compile_mjml(mjml, name=f"{theme}.mjml.j2")
    slots.expect_same(mjml, html)
    text = known.render(known.text, f"{theme}.txt.j2", context)
    subject = slots.mark(issue.subject, issue.origin.place("subject"), "subject")
    return Edition(
        issue=issue.name,
        language=language,
        direction=direction(language),
        subject=slots.cut(subject, Context.HEADER),
        preheader=slots.cut(context["issue"].preheader, Context.PLAIN),
        html=slots.cut(html, Context.HTML),
        text=slots.cut(text.strip() + "\n", Context.PLAIN),
        mjml=slots.show(mjml),
        images=pictures.inside,
        hosted=pictures.hosted,
        findings=found,
    )


def _content(selection: Selection, workspace: Workspace) -> bytes:
    """Return everything that people wrote and that the edition may show."""
    parts = [
        selection.issue.model_dump_json(),
        workspace.settings.title,
        *(entry.model_dump_json() for entry in selection.entries),
    ]
    return "\n".join(parts).encode()


def _theme(selection: Selection, known: Templates) -> str:
    theme = f"themes/{selection.issue.theme}"
    if not known.has(f"{theme}.mjml.j2"):
        themes = sorted(
            name.removeprefix("themes/").removesuffix(".mjml.j2")
            for name in known.names
            if name.startswith("themes/") and name.endswith(".mjml.j2")
        )
        meant = did_you_mean(selection.issue.theme, themes)
        raise RenderingError(
            f"issue {selection.issue.name} cannot be shown",
            findings=[
                Finding(
                    "REN004",
                    Severity.ERROR,
                    f"there is no theme '{selection.issue.theme}'" + (f"; did you mean '{meant}'?" if meant else ""),
                    selection.issue.origin.value("theme"),
                    why=f"the themes are {', '.join(themes)}",
                    fix=f"write `theme: {meant or 'monthly'}`",
                    field="theme",
                )
            ],
        )
    return theme
