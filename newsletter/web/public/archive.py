"""The archive: past issues on one page, and each under an address that stays, for readers, search engines and sites.

An issue is shown as readers without a choice of topics got it, and as nobody's own: greetings fall back, and the link
to unsubscribe leads to where anybody asks for their preferences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the archive is asked for; everything where nothing is."""

    list: str | None = None
    year: str | None = None
    language: str | None = None

    @property
    def query(self) -> str:
        """What stands behind the question mark."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def path(self) -> str:
        """Where the archive shows it."""
        return PATH + (f"?{self.query}" if self.query else "")


def index(request: Request) -> Response:
    """List past issues, of all lists or of one, the newest first."""
    service, query, archive = service_of(request), request.query_params, archive_of(request)
    asked = _Asked(query.get("list"), query.get("year"), query.get("language"))
    if not archive.lists or (asked.list is not None and asked.list not in archive.lists):
        return missing(request)
    whole = archive.catalogue()
    by_year = _by_year(service, whole.on(asked.list).issues)
    if asked.year is not None and asked.year not in by_year:
        return missing(request)
    page = Page(request)
    filled = [each for each in archive.lists if whole.on(each).issues]
    shown = {year: by_year[year] for year in ([asked.year] if asked.year else _newest(by_year))}
    listed = _listed(request, page, shown, with_lists=len(filled) > 1 and not asked.list)
    whatever_language = replace(asked, language=None)
    default = service.url(whatever_language.path)
    spoken = {tag: service.url(replace(asked, language=tag).path) for tag in page.languages}
    made = page.show(
        "issues",
        page.say("archive.heading"),
        years=listed,
        of_list=titles(service, (asked.list,), page.language)[0] if asked.list else "",
        lists=_lists(service, page, filled, asked),
        digits=page.words.digits,
        other_years=_years(page, by_year, asked) if len(shown) < len(by_year) else [],
        may_subscribe=bool(offered(service)),
        feed=service.base + feed_path(asked.list, page.language if asked.language else ""),
        canonical=spoken.get(asked.language or "", default),
        spoken=[*spoken.items(), ("x-default", default)] if spoken else [],
        query=f"{whatever_language.query}&" if whatever_language.query else "",
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


def _listed(
    request: Request, page: Page, by_year: Mapping[str, list[PastIssue]], *, with_lists: bool
) -> list[tuple[str, list[_Shown]]]:
    """Return years with their issues as the page lists them, each in the language nearest to that of the page."""
    service = service_of(request)
    zone = service.workspace.settings.zone
    nearest = [issue.place(issue.nearest(page.language)) for issues in by_year.values() for issue in issues]
    heads = archive_of(request).heads(nearest)

    def listed(issue: PastIssue) -> _Shown:
        language = issue.nearest(page.language)
        head, day = heads[issue.place(language)], issue.begun.astimezone(zone).date()
        return _Shown(
            title=head.subject or issue.name,
            about=head.preheader,
            url=service.base + issue.path(language),
            language=language,
            dir=direction(language),
            date=page.words.date(day),
            day=day.isoformat(),
            lists=titles(service, issue.lists, page.language) if with_lists else (),
        )

    return [(year, [listed(issue) for issue in issues]) for year, issues in by_year.items()]


def _lists(service: Service, page: Page, filled: Sequence[str], asked: _Asked) -> list[_Choice]:
    """Return the lists to choose among, where there are several."""
    if len(filled) < 2:
        return []
    every = _Choice(page.say("archive.all"), service.base + _Asked(language=asked.language).path, asked.list is None)
    own = [
        _Choice(title, service.base + _Asked(each, language=asked.language).path, each == asked.list)
        for each, title in zip(filled, titles(service, tuple(filled), page.language), strict=True)
    ]
    return [every, *own]


def _years(page: Page, years: Iterable[str], asked: _Asked) -> list[_Choice]:
    base, written = page.service.base, page.words.digits
    return [_Choice(written(each), base + replace(asked, year=each).path, each == asked.year) for each in years]


def _around(request: Request, found: PastIssue, language: str) -> tuple[str, str]:
    """Return what an issue gets into its head, and the ways on above it."""
    service = service_of(request)
    settings = service.workspace.settings.in_language(language)
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
