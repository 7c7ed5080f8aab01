"""Where templates come from: the workspace's own first, file by file, then the shipped ones."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from newsletter.config import Workspace, toml
from newsletter.errors import RenderingError
from newsletter.files import is_below, stamps
from newsletter.model.finding import Finding, Origin, Place, position
from newsletter.model.tongues import base
from newsletter.rendering import bounds, markdown, wrapping
from newsletter.rendering.failures import explain
from newsletter.rendering.failures.rules import SYNTAX, finding
from newsletter.rendering.fragments import rendering
from newsletter.rendering.localisation import Words, merged
from newsletter.rendering.misspelt import misspelt
from newsletter.rendering.sandbox import Sandbox
from newsletter.rendering.shipping import shipped
from newsletter.rendering.tokens import Tokens, tokens
from newsletter.rendering.unfilled import unfilled
from newsletter.rendering.unused import unused


class _Files(FileSystemLoader):
    """A folder of templates and labels, in UTF-8; a byte order mark is no part of a text."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, encoding="utf-8-sig")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text; raise RenderingError where it is none, or leads out of the workspace by a link."""
        folder = Path(self.searchpath[0])
        if folder != shipped() and (folder / template).exists() and not is_below(folder / template, folder.parent):
            message, why = "this is a link out of the workspace", "what it leads to is not what colleagues review"
            raise _unreadable(template, "", message, why, "put the real file here instead of the link")
        try:
            found = super().get_source(environment, template)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(errors="replace")
            message = "the file is not UTF-8 text; the first strange byte is here"
            why, fix = "letters with accents would come out as other signs", "save it again with UTF-8 as its encoding"
            raise _unreadable(template, before, message, why, fix) from None
        before, nul, _ = found[0].partition("\0")
        if nul:
            message, why = "there is an invisible NUL character (U+0000)", "no email may hold one"
            raise _unreadable(template, before, message, why, "delete it; it comes with a damaged file")
        return found


def _unreadable(template: str, before: str, message: str, why: str, fix: str) -> RenderingError:
    """Return the error of a file with something after `before` that cannot be read."""
    place = Place(f"templates/{template}", *position(before, len(before)))
    found = finding(SYNTAX, place, message, fix, why)
    return RenderingError(f"templates/{template} cannot be read", findings=[found])


def _no_toml(name: str, source: str, said: str) -> RenderingError:
    """Return the error of labels in which TOML found a mistake, whose place it names in its words."""
    why, _, where = said.removesuffix(")").rpartition(" (at ")
    numbers = re.findall(r"\d+", where)
    line, column = map(int, numbers) if len(numbers) == 2 else (source.rstrip().count("\n") + 1, 1)
    message = f"this is not valid TOML: {why[:1].lower()}{why[1:]}"
    fix = 'correct the line; texts stand in quotes: unsubscribe = "Unsubscribe"'
    found = finding(SYNTAX, Place(f"templates/{name}", line, column), message, fix, "its words cannot be read")
    return RenderingError(f"templates/{name} cannot be read", findings=[found])


class _Compiled(BytecodeCache):
    """What each template file was compiled to: whoever saves one of them waits for that one alone."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what a file was compiled to, if it still says the same."""
        checksum, code = self._known.get(bucket.key, ("", None))
        bucket.code = code if checksum == bucket.checksum else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a file was compiled to."""
        if bucket.code:
            self._known[bucket.key] = bucket.checksum, bucket.code


@lru_cache(maxsize=8)
def _compiled(_tokens: Tokens, _autoescape: bool) -> _Compiled:
    # Jinja2 applies filters to a template's own texts while it compiles it, and links have the brand's colour.
    return _Compiled()


@dataclass(frozen=True)
class Templates:
    """The templates of one workspace, compiled once for HTML and once for plain text.

    Two environments, because escaping is right in the one and wrong in the other, and a file name must not decide.
    """

    html: Sandbox
    text: Sandbox
    loader: ChoiceLoader
    _labels: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _misspelt: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    _words: dict[str, Words] = field(default_factory=dict)

    def render(self, environment: Sandbox, name: str, context: Mapping[str, Any]) -> str:
        """Return what a template makes of `context`; raise RenderingError with the template's file and line."""
        return "".join(self.pieces(environment, name, context))

    def pieces(self, environment: Sandbox, name: str, context: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the pieces of what a template makes of `context`: what it says itself, and its includes.

        A piece that is not new is the same object as before. Raises RenderingError with the template's file and line.
        """
        try:
            with rendering(context), bounds.bounded():
                return environment.fragments.whole(environment.get_template(name), context)
        except Exception as error:  # noqa: BLE001  whatever a template raises is told with its line
            # A picture that cannot be used, for one, is no fault of the template that shows it.
            elsewhere = isinstance(error, RenderingError) and error.findings
            raise RenderingError(
                "the email cannot be made" if elsewhere else f"the template {name} cannot be used",
                findings=explain(error, environment, name, context, "templates/{}".format),
            ) from None

    def has(self, name: str) -> bool:
        """Return whether there is a template of that name."""
        return name in self.names

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all templates."""
        return frozenset(self.loader.list_templates())

    @cached_property
    def unused(self) -> tuple[Finding, ...]:
        """What the workspace has of templates that nothing uses, although they look like shipped ones."""
        own, theirs = self.loader.loaders
        names = own.list_templates()

        def read(name: str) -> str:
            return own.get_source(self.text, name)[0]

        return (*unused(names, theirs.list_templates(), read), *unfilled(self.text, names, read))

    @property
    def themes(self) -> tuple[str, ...]:
        """The names that `theme:` may have in an issue."""
        before, after = "themes/", ".mjml.j2"
        return tuple(
            sorted(
                name.removeprefix(before).removesuffix(after)
                for name in self.names
                if name.startswith(before) and name.endswith(after)
            )
        )

    def words(self, language: str) -> Words:
        """Return one language's way to write things; raise RenderingError for a language that nobody writes."""
        if language not in self._words:
            self._words[language] = Words(language, self.labels, origin=self._origin)
        return self._words[language]

    def labels(self, language: str) -> Mapping[str, Any] | None:
        """Return the words of `labels/<language>.toml`, or None where nobody has written them; raise RenderingError.

        A workspace's own file changes single words of the shipped one.
        """
        name = f"labels/{language.lower()}.toml"
        if name not in self.names:
            return None
        if name not in self._labels:
            own, theirs = self.loader.loaders
            known = [loader for loader in (theirs, own) if name in loader.list_templates()]
            self._labels[name] = merged(*(self._labels_in(loader, name) for loader in known))
            if own in known:
                source, _, _ = own.get_source(self.text, name)
                english = self._labels_in(theirs, "labels/en.toml")
                self._misspelt[name] = misspelt(self._labels_in(own, name), english, source, f"templates/{name}")
        return self._labels[name]

    def misspelt_labels(self, language: str) -> list[Finding]:
        """Return what the workspace's own labels for a language say under names almost like those of shipped ones."""
        if not self._misspelt:
            return []
        tags = dict.fromkeys((language.lower(), base(language), "en"))
        return [finding for tag in tags for finding in self._misspelt.get(f"labels/{tag}.toml", ())]

    def _origin(self, language: str) -> Origin:
        """Return where the workspace's own labels for a language stand."""
        name, own = f"labels/{language.lower()}.toml", self.loader.loaders[0]
        if name not in own.list_templates():
            return Origin()
        return Origin(f"templates/{name}", toml.marks(own.get_source(self.text, name)[0]))

    def _labels_in(self, loader: BaseLoader, name: str) -> Mapping[str, Any]:
        source, _, _ = loader.get_source(self.text, name)
        try:
            return toml.parse(source)
        except tomllib.TOMLDecodeError as error:
            raise _no_toml(name, source, str(error)) from None


def templates(workspace: Workspace) -> Templates:
    """Return the templates of a workspace, coloured as its settings say."""
    folder, brand = workspace.templates, workspace.settings.brand
    return _templates(folder, tokens(brand.color, brand.accent), tuple(sorted(stamps(str(folder)))))


@lru_cache(maxsize=8)
def _templates(folder: Path, design: Tokens, *_: tuple[Any, ...]) -> Templates:
    """Read anew whenever a file has changed; its fingerprint is there to tell. What is shipped stays as it is."""
    loader = ChoiceLoader([_Files(folder), _Files(shipped())])
    html, text = (
        Sandbox(
            loader=loader,
            autoescape=autoescape,
            undefined=StrictUndefined,
            bytecode_cache=_compiled(design, autoescape),
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for autoescape in (True, False)
    )
    link = f"color:{design.light.brand};text-decoration:underline"
    quote = (
        f"margin:0 0 12px;padding:2px 0 2px 18px;border:0 solid {design.light.brand};border-left-width:3px;"
        f"font-family:{design.display};font-style:italic"
    )
    html.filters["markdown"] = lambda source: Markup(  # noqa: S704  nh3 has cleaned it
        markdown.to_html(source, link, quote)
    )
    text.filters["markdown"] = markdown.to_text
    text.filters["wrap"] = wrapping.wrap
    html.globals["tokens"] = design
    for environment in (html, text):
        # Templates from before 2026-11-25 say `include first_of("a", "b")`; now it is `include ["a", "b"]`.
        environment.globals["first_of"] = lambda *names: list(names)
    return Templates(html, text, loader)
