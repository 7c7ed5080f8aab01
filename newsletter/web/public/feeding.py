"""The feed of past issues (Atom, RFC 4287), each in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from newsletter.rendering.letters import nearest
from newsletter.web.public import caching
from newsletter.web.public.answers import missing
from newsletter.web.public.catalogue import (
    PATH,
    Catalogue,
    Head,
    PastIssue,
    archived_lists,
    catalogue,
    edition_of,
    heads_of,
)
from newsletter.web.public.fulltext import full_text
from newsletter.web.public.pages import template_of, titles
from newsletter.web.public.service import Service, service_of
from newsletter.web.public.shelf import Shelf, shelf_of

FEED = f"{PATH}.atom"
MEDIA_TYPE = "application/atom+xml"
_MOST_ISSUES = 20
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Item:
    """An issue as the feed's template sees it."""

    id: str
    title: str
    url: str
    language: str
    at: str
    summary: str
    content: str
    lists: tuple[tuple[str, str], ...]


def feed(request: Request) -> Response:
    """Return the newest issues: of all lists with an archive, or of one."""
    service = service_of(request)
    lists, name = archived_lists(service), request.query_params.get("list")
    if not lists or (name is not None and name not in lists):
        return missing(request)
    whole = catalogue(service)
    found = Catalogue(whole.on(name).issues[:_MOST_ISSUES])
    asked = request.query_params.get("language", "")
    language = (nearest(asked, whole.languages) or "") if asked else ""
    key = ("feed", name, language, *((issue.name, issue.mailing_id) for issue in found.issues))
    body = shelf_of(request).get(key, lambda: _feed(request, found, name, language))
    # So that a web site may show the newest issues by a script of its own.
    return caching.kept(
        request,
        body,
        MEDIA_TYPE,
        found.changed,
        Access_Control_Allow_Origin="*",
        Cross_Origin_Resource_Policy="cross-origin",
    )


def feed_path(name: str | None, language: str = "") -> str:
    """Return where a feed is."""
    query = urlencode({key: value for key, value in (("list", name), ("language", language)) if value})
    return FEED + (f"?{query}" if query else "")


def _feed(request: Request, found: Catalogue, name: str | None, language: str) -> bytes:
    service = service_of(request)
    settings = service.workspace.settings
    chosen = [(issue, issue.nearest(language) if language else issue.first) for issue in found.issues]
    heads = heads_of(request).read(issue.place(spoken) for issue, spoken in chosen)
    items = [_item(service, shelf_of(request), issue, spoken, heads[issue.place(spoken)]) for issue, spoken in chosen]
    query = feed_path(name, language).removeprefix(FEED)
    title = f"{settings.title} – {settings.lists[name].title}" if name else settings.title
    return (
        template_of("issues.atom.j2")
        .render(
            address=service.url(feed_path(name, language)),
            page=service.url(PATH + query),
            title=title,
            author=settings.title,
            language=language or settings.language,
            updated=max((item.at for item in items), default=_moment(_NEVER)),
            items=items,
        )
        .encode()
    )


def _item(service: Service, shelf: Shelf, issue: PastIssue, language: str, head: Head) -> _Item:
    place, url = issue.place(language), service.url(issue.path(language))

    def content() -> bytes:
        return full_text(service, edition_of(service, issue, language), url).encode()

    return _Item(
        id=f"{issue.tag}/{language}",
        title=head.subject,
        url=url,
        language=language,
        at=_moment(issue.begun),
        summary=head.preheader,
        content=shelf.get(("full text", *place), content).decode(),
        lists=tuple(zip(issue.lists, titles(service, issue.lists), strict=True)),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
