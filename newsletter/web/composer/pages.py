"""Pages of the studio: made whole by the server each time; the browser changes only what differs."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter import __version__
from newsletter.errors import NewsletterError
from newsletter.model.wording import counted, listed, people, span
from newsletter.preview import accent, report
from newsletter.preview.coded import coded
from newsletter.web.composer.forms import desk_of
from newsletter.web.composer.instead import beside, paged, sentence
from newsletter.web.composer.places import part, path_of

_ASSETS = files("newsletter.web.composer").joinpath("assets")
_SCRIPTS = (
    "vendor/idiomorph-0.8.0.min.js",
    "vendor/sortablejs-1.15.7.min.js",
    "fields.js",
    "dragging.js",
    "steps.js",
    "days.js",
    "composer.js",
)
FOLLOWING = "newsletter-following"
_BLUE = "#004b87"


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page that a template makes, with what is to be told once."""
    desk = desk_of(request)
    # A page that only follows the files takes no word away from the one that somebody waits for.
    notice, trouble = ("", None) if FOLLOWING in request.headers else desk.told()
    context: dict[str, Any] = {
        "newsletter": "",
        "here": path_of(request),
        "notice": notice,
        "trouble": trouble,
        "undoable": desk.history.last,
        "style": "",
        "script": f"/assets/{_named(_script(), 'js')}",
        "version": __version__,
        "sentence": lambda text: coded(sentence(text)),
        "beside": lambda finding: coded(beside(finding)),
        "paged": lambda text: coded(paged(text)),
        "counted": counted,
        "listed": listed,
        "people": people,
        "span": span,
        "symbols": report.SYMBOLS,
        # That of before the page was made: what changes meanwhile is fetched once more instead of never.
        "revision": getattr(request.state, "revision", "") or desk.revision(),
    }
    try:
        settings = desk.workspace().settings
        context |= {"newsletter": settings.title}
    except NewsletterError as error:
        context["trouble"] = trouble or error
        settings = None
    style = _style(settings.brand.color if settings else _BLUE)
    context["style"] = f"/assets/{_named(style, 'css')}"
    html = _environment().get_template(f"{template}.html.j2").render(context | values)
    return HTMLResponse(html, status)


def failed(request: Request, error: NewsletterError, status: int = 500, **values: Any) -> Response:
    """Return a page that says what stands in the way."""
    heading = "There is nothing here" if status == 404 else "This does not work yet"
    context: dict[str, Any] = {"heading": heading, "error": error, "more": "", "way": ("/", "To the issues")}
    return show(request, "message", status=status, **context | values)


def no_message(request: Request, error: NewsletterError, way: tuple[str, str]) -> Response:
    """Return the page that comes in the place of a message that cannot be made, with the way back."""
    more = (
        "Nothing was sent or changed. What is named here is a line of a file: "
        "whoever looks after the templates and settings can put it right."
    )
    return failed(request, error, heading="The message cannot be made", more=more if error.findings else "", way=way)


def asset(request: Request) -> Response:
    """Return the style sheet or the script; their names change with what they hold."""
    try:
        color = desk_of(request).workspace().settings.brand.color
    except NewsletterError:
        color = _BLUE
    for content, ending, media in ((_style(color), "css", "text/css"), (_script(), "js", "text/javascript")):
        if request.path_params["name"] == _named(content, ending):
            headers = {"Cache-Control": "private, max-age=31536000, immutable"}
            return Response(content, media_type=media, headers=headers)
    return Response("there is no such file\n", 404, media_type="text/plain")


@lru_cache(maxsize=4)
def _style(color: str) -> bytes:
    own = _ASSETS.joinpath("composer.css").read_bytes()
    return f":root{{{accent.properties(color)}}}\n{report.asset('report.css')}".encode() + own


@lru_cache(maxsize=1)
def _script() -> bytes:
    return b";\n".join(_ASSETS.joinpath(name).read_bytes() for name in _SCRIPTS)


def _named(content: bytes, ending: str) -> str:
    return f"composer.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("newsletter.web.composer", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"part": part, "coded": coded}
    return environment
