"""Pages: one language, one design, nothing from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse

from newsletter.config import Workspace
from newsletter.model.edition import InlineImage
from newsletter.model.finding import Place
from newsletter.model.tongues import nearest, same
from newsletter.rendering.images import Pictures
from newsletter.rendering.letters import language_name, reader_languages, reader_words
from newsletter.rendering.localisation import Words, direction
from newsletter.rendering.tokens import Palette, Tokens, tokens
from newsletter.web.public.catalogue import archived_lists
from newsletter.web.public.service import Service, service_of

FRAMED = "/subscribe/framed"
"""Where the form is that other sites may show in a frame."""
_HERE = files("newsletter.web.public")


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from a page."""

    title: str
    url: str
    main: bool = False


@dataclass(frozen=True)
class Design:
    """What pages of one workspace look like, made when the service starts."""

    workspace: Workspace

    @cached_property
    def _tokens(self) -> Tokens:
        brand = self.workspace.settings.brand
        return tokens(brand.color, brand.accent)

    @cached_property
    def style(self) -> bytes:
        """The style sheet, with the brand's colours before it."""
        design = self._tokens
        fonts = f"--display:{design.display};--text:{design.text}"
        colors = (
            f":root{{{_properties(design.light)};{fonts}}}\n"
            f"@media (prefers-color-scheme:dark){{:root{{{_properties(design.dark)}}}}}\n"
        )
        return colors.encode() + _HERE.joinpath("assets/readers.css").read_bytes()

    @cached_property
    def style_name(self) -> str:
        """The style sheet's name, another one whenever it changes."""
        return f"readers.{hashlib.sha256(self.style).hexdigest()[:12]}.css"

    @cached_property
    def _logo(self) -> tuple[dict[str, Any] | None, tuple[InlineImage, ...]]:
        logo = self.workspace.settings.brand.logo
        if logo is None:
            return None, ()
        pictures = Pictures(self.workspace)
        place = Place(self.workspace.relative(self.workspace.file))
        width = pictures.logo_width(logo)

        def address(src: str) -> str:
            shown = pictures.address(src, width, place)
            name = shown.removeprefix("cid:").removesuffix("@newsletter").rpartition("/")[2]
            return shown if shown.startswith("http") and "/images/" not in shown else f"/images/{name}"

        light, dark = self._tokens.light, self._tokens.dark
        ground = pictures.ground(logo.src, {"": light.page, "on-band": light.band, "on-ink": light.ink})
        if not ground and not logo.dark and pictures.lost_on(logo.src, dark.page):
            ground = "plate"
        shown = {"src": address(logo.src), "alt": logo.alt, "width": width, "ground": ground}
        return shown | {"dark": address(logo.dark) if logo.dark else ""}, pictures.used

    @property
    def logo(self) -> dict[str, Any] | None:
        """The sender's sign, as pages show it."""
        return self._logo[0]

    @property
    def pictures(self) -> tuple[InlineImage, ...]:
        """The files of the sign."""
        return self._logo[1]


class Page:
    """A page being made: its language, and what it says."""

    def __init__(self, request: Request, prefer: str = "", chosen: str = "") -> None:
        """Speak the language that was `chosen`, or is asked for, or is that of what the page is about (`prefer`)."""
        self._request = request
        self.service = service_of(request)
        self.words = reader_words(self.service.workspace, self._language(prefer, chosen))
        self.language = self.words.language
        self.settings = self.service.workspace.settings.in_language(self.language)
        self.newsletter = self.settings.title

    def say(self, name: str, count: int | None = None, **values: object) -> str:
        """Return words."""
        return self.words.say(name, count, **{"newsletter": self.newsletter} | values)

    def show(self, template: str, heading: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Return the page that a template makes."""
        service, design = self.service, design_of(self._request)
        framed = self._request.url.path.rstrip("/").endswith(FRAMED)
        if framed:
            # Whatever the form leads to is shown where the form is.
            self._request.state.frames = service.workspace.settings.readers.embed
        context = {
            "lang": self.language,
            "dir": direction(self.language),
            "say": self.say,
            "space": self.words.space,
            "heading": heading,
            "settings": self.settings,
            "base": service.base,
            "style": f"{service.base}/assets/{design.style_name}",
            "logo": _below(service.base, design.logo),
            "languages": self._offered(),
            "query": "",
            "framed": framed,
            "here_preferences": False,
            "here_archive": False,
            "archive": bool(archived_lists(service)),
            "any_letters": service.provider.capabilities.smtputf8,
        }
        html = template_of(f"{template}.html.j2").render(context | values)
        return HTMLResponse(html, status, {"Content-Language": self.language})

    def message(
        self,
        heading: str,
        *texts: str,
        way: Way | None = None,
        more: Way | None = None,
        address: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """Return a page that says something, with the address that it is about and up to two ways on."""
        ways = [*filter(None, (way, more))]
        return self.show("message", heading, texts=texts, ways=ways, address=address, status=status)

    def way(self, name: str, path: str, *, main: bool = False) -> Way:
        """Return a way to another of our pages."""
        return Way(self.say(name), f"{self.service.base}{path}", main)

    def _language(self, prefer: str, chosen: str) -> str:
        workspace = self.service.workspace
        offered = workspace.settings.readers.languages or reader_languages(workspace)
        asked = (chosen, self._request.query_params.get("language", ""))
        for tag in (*asked, prefer, *_accepted(self._request.headers.get("accept-language", ""))):
            found = nearest(tag, offered) if tag else None
            if found:
                return found
        return workspace.settings.language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the page may be asked for in."""
        return tuple(tag for tag, _ in self._offered())

    def _offered(self) -> list[tuple[str, str]]:
        languages = self.service.workspace.settings.readers.languages
        if len(languages) < 2 or self._request.method not in {"GET", "HEAD"}:
            return []
        return [(tag, language_name(tag)) for tag in languages]


def design_of(request: Request) -> Design:
    """Return the design of the pages."""
    design = request.app.state.design
    assert isinstance(design, Design)  # noqa: S101
    return design


def masked(address: str) -> str:
    """Return an address as a page may show it: its owner knows it again, nobody else learns it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def titles(service: Service, names: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Return lists as readers of a language know them; those who have said none, where it is empty."""
    return tuple(map(service.workspace.settings.in_language(language).list_title, names))


def listed(words: Words, service: Service, names: tuple[str, ...]) -> str:
    """Return lists in one sentence."""
    return words.list(titles(service, names, words.language))


def template_of(name: str) -> Template:
    """Return a template of the pages."""
    return _environment().get_template(name)


def _accepted(header: str) -> list[str]:
    """Return the languages of `Accept-Language`, the most wanted first (RFC 9110 §12.5.4)."""
    found: list[tuple[float, int, str]] = []
    for number, part in enumerate(header[:500].split(",")):
        tag, _, rest = part.strip().partition(";")
        weight = rest.strip().removeprefix("q=") or "1"
        try:
            found.append((-float(weight), number, tag.strip()))
        except ValueError:
            continue
    tags = [tag for weight, _, tag in sorted(found) if weight < 0 and tag]
    # Browsers in Taiwan put a mere zh behind zh-TW, and mean no other characters by it.
    return [tag for number, tag in enumerate(tags) if not any(_is_rest_of(each, tag) for each in tags[:number])]


def _is_rest_of(language: str, tag: str) -> bool:
    return language.lower().startswith(f"{tag.lower()}-") and not same(language, tag)


def _properties(palette: Palette) -> str:
    return ";".join(f"--{color.name}:{getattr(palette, color.name)}" for color in fields(palette))


def _below(base: str, logo: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if logo is None:
        return None
    own = {name: f"{base}{logo[name]}" for name in ("src", "dark") if logo[name].startswith("/")}
    return {**logo, **own}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("newsletter.web.public", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
