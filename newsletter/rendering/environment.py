"""Where templates come from and what they may do: the workspace's own first, file by file, then the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from newsletter.errors import RenderingError
from newsletter.model.explanation import did_you_mean
from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering import markdown, wrapping
from newsletter.rendering.tokens import Tokens

_PACKAGE = Path(__file__).resolve().parents[1]


@lru_cache(maxsize=1)
def shipped() -> Path:
    """Return the folder of the templates that come with the product."""
    # In the wheel they lie inside the package, in the repository beside it.
    inside, beside = _PACKAGE / "templates", _PACKAGE.parent / "templates"
    return inside if inside.is_dir() else beside


@dataclass(frozen=True)
class Templates:
    """The templates of one workspace, compiled once for HTML and once for plain text.

    Two environments, because escaping is right in the one and wrong in the other, and a file name must not decide.
    """

    html: ImmutableSandboxedEnvironment
    text: ImmutableSandboxedEnvironment
    loader: BaseLoader
    folders: tuple[Path, ...]
    """Where they come from, the workspace's own first."""

    def render(self, environment: ImmutableSandboxedEnvironment, name: str, context: Mapping[str, Any]) -> str:
        """Return what a template makes of `context`; raise RenderingError with the template's file and line."""
        try:
            return environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            self._refuse(error.message or "cannot be read", error.name or name, error.lineno)
        except TemplateNotFound as error:
            self._missing(error, name)
        except (TemplateError, SecurityError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            self._refuse(
                str(error), *_where(error.__traceback__, self.folders, name), entry=_entry(error.__traceback__)
            )

    def has(self, name: str) -> bool:
        """Return whether there is a template of that name."""
        return name in self.names

    @cached_property
    def names(self) -> list[str]:
        """The names of all templates."""
        return self.loader.list_templates()

    def _refuse(self, problem: str, template: str, line: int = 0, *, entry: str = "") -> NoReturn:
        raise RenderingError(
            f"the template {template} cannot be used" + (f" for the entry {entry}" if entry else ""),
            findings=[
                Finding(
                    "REN002",
                    Severity.ERROR,
                    problem,
                    Place(f"templates/{template}", line),
                    why="a template that asks for what is not there would leave a hole in the newsletter",
                    fix="correct the line; docs/entry-types.md lists what templates may use",
                )
            ],
        ) from None

    def _missing(self, error: TemplateNotFound, wanted_by: str) -> NoReturn:
        meant = did_you_mean(str(error.name), self.names)
        raise RenderingError(
            f"there is no template {error.name}",
            why=f"did you mean {meant}?" if meant else f"{wanted_by} asks for it",
            fix="correct the name, or write the file in the workspace's folder templates/",
        ) from None


def templates(folder: Path, tokens: Tokens) -> Templates:
    """Return the templates of a workspace whose own ones lie in `folder`."""
    return _templates(folder, tokens, _fingerprint(folder), _fingerprint(shipped()))


@lru_cache(maxsize=8)
def _templates(folder: Path, tokens: Tokens, *_: tuple[Any, ...]) -> Templates:
    """Compile anew whenever a file has changed; the fingerprints are there to tell."""
    loader = ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(shipped())])
    html, text = (
        ImmutableSandboxedEnvironment(
            loader=loader,
            autoescape=autoescape,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for autoescape in (True, False)
    )
    link = f"color:{tokens.light.brand};text-decoration:underline"
    html.filters["markdown"] = lambda source: Markup(markdown.to_html(source, link))  # noqa: S704  nh3 has cleaned it
    text.filters["markdown"] = markdown.to_text
    text.filters["wrap"] = wrapping.wrap
    html.globals["tokens"] = tokens
    return Templates(html, text, loader, (folder, shipped()))


def _fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        found.append((path.as_posix(), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _where(traceback: TracebackType | None, folders: tuple[Path, ...], name: str) -> tuple[str, int]:
    """Return the innermost template in a traceback, and its line."""
    found = (name, 0)
    while traceback:
        # Jinja puts the template's own file and line into the frames that it ran in.
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            file = Path(traceback.tb_frame.f_code.co_filename)
            inside = [file.relative_to(folder).as_posix() for folder in folders if file.is_relative_to(folder)]
            found = (inside[0] if inside else name, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _entry(traceback: TracebackType | None) -> str:
    """Return the id of the entry that the innermost template was showing."""
    found = ""
    while traceback:
        if "__jinja_exception__" in traceback.tb_frame.f_globals:
            found = getattr(traceback.tb_frame.f_locals.get("entry"), "id", None) or found
        traceback = traceback.tb_next
    return found
