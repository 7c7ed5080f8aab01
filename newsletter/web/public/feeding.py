"""The feed of past issues (Atom, RFC 4287), each in full."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from newsletter.model.tongues import nearest
from newsletter.web.public import caching
from newsletter.web.public.answers import missing
from newsletter.web.public.catalogue import PATH, Catalogue, Head, PastIssue, archive_of, edition_of
from newsletter.web.public.fulltext import full_text
from newsletter.web.public.pages import template_of, titles
from newsletter.web.public.service import service_of
from newsletter.web.public.shelf import shelf_of
from newsletter.web.public.viewing import files_of

FEED = f"{PATH}.atom"
MEDIA_TYPE = "application/atom+xml"
_MOST_ISSUES = 20
# One such character, from a template of a team's own, and no program could read the feed (XML 1.0, 2.2).
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Item:
    """An issue as the feed's template sees it."""

    id: str
    title: str
    url: str
    language: str
    published: str
    updated: str
    summary: str
    content: str
    lists: tuple[tuple[str, str], ...]


def feed(request: Request) -> Response:
    """Return the newest issues: of all lists with an archive, or of one."""
    lists, name = archive_of(request).lists, request.query_params.get("list")
    if not lists or (name is not None and name not in lists):
        return missing(request)
    whole = archive_of(request).catalogue()
    found = Catalogue(whole.on(name).issues[:_MOST_ISSUES])
    asked = request.query_params.get("language", "")
    language = (nearest(asked, whole.languages) or "") if asked else ""
    key = ("feed", name, language, *((issue.name, *issue.editions.values()) for issue in found.issues))
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


def feed_path(name: str | None, language: str) -> str:
    """Return where a feed is."""
    query = urlencode({key: value for key, value in (("list", name), ("language", language)) if value})
    return FEED + (f"?{query}" if query else "")


def _feed(request: Request, found: Catalogue, name: str | None, language: str) -> bytes:
    service = service_of(request)
    settings = service.workspace.settings.in_language(language)
    chosen = [(issue, issue.nearest(language) if language else issue.first) for issue in found.issues]
    heads = archive_of(request).heads(issue.place(spoken) for issue, spoken in chosen)
    items = [_item(request, issue, spoken, heads[issue.place(spoken)]) for issue, spoken in chosen]
    query = feed_path(name, language).removeprefix(FEED)
    title = f"{settings.title} – {settings.lists[name].title}" if name else settings.title
    written = template_of("issues.atom.j2").render(
        address=service.url(feed_path(name, language)),
        page=service.url(PATH + query),
        title=title,
        author=settings.title,
        language=language or settings.language,
        updated=max((item.updated for item in items), default=_moment(_NEVER)),
        items=items,
    )
    return _NO_XML.sub("", written).encode()


def _item(request: Request, issue: PastIssue, language: str, head: Head) -> _Item:
    service, place = service_of(request), issue.place(language)
    url = service.url(issue.path(language))

    def content() -> bytes:
        edition = edition_of(service, issue, language)
        files_of(request).remember(place, edition)
        return full_text(service, edition, url).encode()

    return _Item(
        id=f"{issue.tag}/{language}",
        title=head.subject,
        url=url,
        language=language,
        published=_moment(issue.begun),
        updated=_moment(issue.corrected or issue.begun),
        summary=head.preheader,
        content=shelf_of(request).get(("full text", *place), content).decode(),
        lists=tuple(zip(issue.lists, titles(service, issue.lists, language), strict=True)),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
