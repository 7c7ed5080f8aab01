"""What went wrong in a template: its file, line and column, the entry at fault, and what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateRuntimeError

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Place
from newsletter.rendering import bounds
from newsletter.rendering.failures import grammar, names, values
from newsletter.rendering.failures.rules import FAILED, FORBIDDEN, FORBIDDEN_FIX, RULES, finding
from newsletter.rendering.failures.scene import Scene, steps
from newsletter.rendering.provenance import marking, marks

__all__ = ["RULES", "explain"]


def explain(
    error: BaseException,
    environment: Environment,
    name: str,
    context: Mapping[str, Any],
    file: Callable[[str], str] = str,
) -> tuple[Finding, ...]:
    """Return what went wrong when `environment` rendered template `name` with `context` and raised `error`.

    The template is rendered once more, to learn the column. `file` tells the file of a template by its name.
    """
    marked = marking(environment)
    try:
        template = marked.get_template(name)
        with bounds.bounded():
            marked.concat(template.root_render_func(template.new_context(dict(context))))
    # Whatever the first render raised, the second one raises.
    except Exception as again:  # noqa: BLE001
        if type(again) is type(error):
            found = Scene(again, marked, marks(marked).sources, file, name, tuple(steps(again.__traceback__)))
            return _told(found, context)
    if isinstance(error, NewsletterError) and error.findings:
        return error.findings
    return (finding(FAILED, Place(file(name)), f"{name} cannot be used: {_said(error)}", "undo its last change"),)


def _told(scene: Scene, context: Mapping[str, Any]) -> tuple[Finding, ...]:
    error = scene.error
    place, shown = scene.statement(scene.last)
    if isinstance(error, NewsletterError):
        if error.findings:
            return error.findings
        return (finding(FAILED, place, error.message + scene.entry, error.fix, error.why),)
    if isinstance(error, TemplateSyntaxError):
        return (grammar.explain(scene, error),)
    if isinstance(error, TemplateNotFound):
        return (names.missing(scene, error),)
    if isinstance(error, RecursionError):
        return (names.endless(scene),)
    undefined = scene.undefined
    if isinstance(error, SecurityError):
        if undefined is not None:
            return (names.forbidden(scene, undefined),)
        return (finding(FORBIDDEN, place, f"{shown} is not allowed{scene.entry}: {_said(error)}", FORBIDDEN_FIX),)
    if undefined is not None:
        return (names.undefined(scene, undefined, context),)
    # Inside a condition Jinja2 looks filters and tests up when they are used, in a step of its own.
    asking = scene.steps[-2:-1]
    if asking and isinstance(error, TemplateRuntimeError) and (match := grammar.UNNAMED.match(error.message or "")):
        return (grammar.unnamed(scene, asking[0].template, asking[0].number, match),)
    return (values.explain(scene, error),)


def _said(error: BaseException) -> str:
    return str(error).rstrip(".") or type(error).__name__
