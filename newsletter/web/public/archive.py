"""The archive: past issues on one page, and each under an address that stays, for readers, search engines and sites.

An issue is shown as readers without a choice of topics got it, and as nobody's own: greetings fall back, and the link
to unsubscribe leads to where anybody asks for their preferences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from newsletter.rendering.letters import language_name, reader_words
from newsletter.rendering.localisation import direction
from newsletter.rendering.tokens import tokens
from newsletter.web.public import caching
from newsletter.web.public.answers import missing
from newsletter.web.public.catalogue import PATH, PastIssue, archive_of, edition_of
from newsletter.web.public.feeding import feed_path
from newsletter.web.public.pages import Page, template_of, titles
from newsletter.web.public.service import Service, service_of
from newsletter.web.public.shelf import shelf_of
from newsletter.web.public.subscribing import offered
from newsletter.web.public.viewing import EDITION_POLICY, files_of, without_slots

_ENOUGH = 24
"""So many issues at least are on the first page, in whole years."""
_BODY = re.compile(rb"<body[^>]*>")


@dataclass(frozen=True, slots=True)
class _Shown:
    """An issue as the page lists it."""

    title: str
    about: str
    url: str
    language: str
    dir: str
    date: str
    day: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A way to see other issues."""

    title: str
    url: str
    is_here: bool


def index(request: Request) -> Response:
    """List past issues, of all lists or of one, the newest first."""
    service, query = service_of(request), request.query_params
    lists, name, year = archive_of(request).lists, query.get("list"), query.get("year")
    if not lists or (name is not None and name not in lists):
        return missing(request)
    whole = archive_of(request).catalogue()
    page, found = Page(request), whole.on(name)
    by_year = _by_year(service, found.issues)
    if year is not None and year not in by_year:
        return missing(request)
    shown = [year] if year else _newest(by_year)
    places = [issue.place(issue.nearest(page.language)) for each in shown for issue in by_year[each]]
    heads = archive_of(request).heads(places)
    filled = [each for each in lists if whole.on(each).issues]

    def address(**asked: str | None) -> str:
        kept = asked | {"language": query.get("language")}
        pairs = urlencode({key: value for key, value in kept.items() if value})
        return service.base + PATH + (f"?{pairs}" if pairs else "")

    def listed(issue: PastIssue) -> _Shown:
        language = issue.nearest(page.language)
        head, day = heads[issue.place(language)], issue.begun.astimezone(service.workspace.settings.zone).date()
        return _Shown(
            title=head.subject or issue.name,
            about=head.preheader,
            url=service.base + issue.path(language),
            language=language,
            dir=direction(language),
            date=page.words.date(day),
            day=day.isoformat(),
            lists=titles(service, issue.lists) if len(filled) > 1 and not name else (),
        )

    chosen = {key: value for key, value in (("list", name), ("year", year)) if value}
    spoken = {tag: _absolute(service, chosen | {"language": tag}) for tag in page.languages}
    whatever_language = _absolute(service, chosen)
    made = page.show(
        "issues",
        page.say("archive.heading"),
        years=[(each, [listed(issue) for issue in by_year[each]]) for each in shown],
        of_list=titles(service, (name,))[0] if name else "",
        lists=_choices(service, page, filled, name, address),
        other_years=[_Choice(each, address(list=name, year=each), each == year) for each in by_year]
        if len(shown) < len(by_year)
        else [],
        may_subscribe=bool(offered(service)),
        feed=service.base + feed_path(name, page.language if query.get("language") else ""),
        canonical=spoken.get(query.get("language", ""), whatever_language),
        spoken=[*spoken.items(), ("x-default", whatever_language)] if spoken else [],
        query=f"{urlencode(chosen)}&" if chosen else "",
        here_archive=True,
    )
    request.state.indexed = True
    headers = {"Content_Language": page.language, "Vary": "Accept-Language"}
    return caching.kept(request, bytes(made.body), "text/html", whole.changed, **headers)


def issue(request: Request) -> Response:
    """Show an issue in one of its languages."""
    service, name = service_of(request), request.path_params["issue"]
    if not archive_of(request).lists:
        return missing(request)
    catalogue = archive_of(request).catalogue()
    if name in catalogue.withdrawn:
        page = Page(request)
        way = page.way("to_archive", PATH)
        return page.message(page.say("withdrawn.heading"), page.say("withdrawn.text"), way=way, status=410)
    found = catalogue.by_name.get(name)
    language = request.path_params.get("language", found.first if found else "")
    if found is None or language not in found.editions:
        return missing(request)
    place, address = found.place(language), service.url(found.path(language))
    around = _around(request, found, language)

    def made() -> bytes:
        edition = edition_of(service, found, language)
        files_of(request).remember(place, edition)
        shown = without_slots(service, edition, address)
        head, bar = (part.encode() for part in around)
        if b'<meta name="description"' in shown:
            head = re.sub(rb'<meta name="description"[^>]*>\s*', b"", head)
        shown = shown.replace(b"</head>", head + b"</head>", 1)
        return _BODY.sub(lambda tag: tag[0] + bar, shown, count=1)

    body = shelf_of(request).get(("page", *place, around), made)
    request.state.policy, request.state.indexed = EDITION_POLICY, True
    return caching.kept(request, body, "text/html", found.changed, Content_Language=language)


def _absolute(service: Service, chosen: Mapping[str, str]) -> str:
    return service.url(PATH + (f"?{urlencode(chosen)}" if chosen else ""))


def _by_year(service: Service, issues: Iterable[PastIssue]) -> dict[str, list[PastIssue]]:
    found: dict[str, list[PastIssue]] = {}
    for each in issues:
        found.setdefault(str(each.begun.astimezone(service.workspace.settings.zone).year), []).append(each)
    return found


def _newest(by_year: Mapping[str, list[PastIssue]]) -> list[str]:
    """Return the newest years that have enough issues together."""
    shown: list[str] = []
    for year in by_year:
        if sum(len(by_year[each]) for each in shown) >= _ENOUGH:
            break
        shown.append(year)
    return shown


def _choices(
    service: Service, page: Page, filled: list[str], name: str | None, address: Callable[..., str]
) -> list[_Choice]:
    """Return the lists to choose among, where there are several."""
    if len(filled) < 2:
        return []
    own = [
        _Choice(title, address(list=each), each == name)
        for each, title in zip(filled, titles(service, tuple(filled)), strict=True)
    ]
    return [_Choice(page.say("archive.all"), address(), name is None), *own]


def _around(request: Request, found: PastIssue, language: str) -> tuple[str, str]:
    """Return what an issue gets into its head, and the ways on above it."""
    service = service_of(request)
    settings = service.workspace.settings
    words, design = reader_words(service.workspace, language), tokens(settings.brand.color, settings.brand.accent)
    context = {
        "head": archive_of(request).heads([found.place(language)])[found.place(language)],
        "title": settings.title,
        "base": service.base,
        "address": service.url(found.path(language)),
        "feed": service.base + feed_path(None, "" if language == found.first else language),
        "spoken": [
            (tag, service.url(found.path(tag)), service.base + found.path(tag), language_name(tag))
            for tag in found.editions
        ],
        "default": service.url(found.path(found.first)),
        "lang": language,
        "words_lang": words.language,
        "dir": direction(words.language),
        "say": words.say,
        "may_subscribe": bool(offered(service)),
        "light": design.light,
        "dark": design.dark,
        "font": Markup(design.text),  # noqa: S704  the product's own
    }
    head, bar = (template_of(f"issue-{part}.html.j2").render(context) for part in ("head", "bar"))
    return head, bar
