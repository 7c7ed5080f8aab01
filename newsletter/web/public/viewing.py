"""Issues in the browser, and the files that they show: nothing about whoever got them.

A delivery's own link shows the same page as anybody's. The links inside lead to the edition's own address, which
knows no person, so that nobody who shares the page gives their own link away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from newsletter.model.edition import Edition, InlineImage
from newsletter.store import Subject, read_delivery_id, read_token, schema
from newsletter.web.public.answers import missing, plain
from newsletter.web.public.catalogue import archive_of
from newsletter.web.public.editions import Place, find_edition, latest, newest_first
from newsletter.web.public.pages import design_of
from newsletter.web.public.service import Service, is_proof, service_of

# What a mail shows, without anything that could act: nothing is fetched from elsewhere but pictures, nothing runs.
EDITION_POLICY = (
    "default-src 'none'; img-src 'self' https:; style-src 'unsafe-inline'; font-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
    "allow-top-navigation-by-user-activation"
)
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_MOST_KEPT = 200
_FOR_EVER = "public, max-age=31536000, immutable"
# What `build` writes. Others, such as SVG, could carry scripts.
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "ics": "text/calendar; charset=utf-8"}
_NAME = re.compile(r"[0-9a-f]{20}\.(png|jpg|gif|ics)")


def view(request: Request) -> Response:
    """Show an edition."""
    service, token = service_of(request), request.path_params["token"]
    if is_proof(token):
        return plain(request, "proof", 200)
    found = _which(service, token)
    edition = find_edition(service, latest(service, *found)) if found else None
    if found is None or edition is None:
        return missing(request)
    own = service.link("/v", Subject.EDITION, *found)
    archive = archive_of(request)
    shown = archive.catalogue().by_name.get(edition.issue) if archive.lists else None
    canonical = service.url(shown.path(shown.nearest(edition.language))) if shown else own
    page = without_slots(service, edition, own).replace(
        b"</head>",
        f'<meta name="robots" content="noindex"><link rel="canonical" href="{canonical}"></head>'.encode(),
        1,
    )
    request.state.policy = EDITION_POLICY
    return Response(page, media_type="text/html", headers={"Content-Language": edition.language})


def without_slots(service: Service, edition: Edition, address: str) -> bytes:
    """Return an edition as anybody may see it, shown at `address`."""
    page = edition.html.fill({"view_url": address, "unsubscribe_url": service.url("/preferences")})
    for image in edition.images:
        page = page.replace(f"cid:{image.content_id}".encode(), f"{service.base}/images/{image.name}".encode())
    # From wherever the service is reached, its pictures come from there.
    return page.replace(service.url("/images/").encode(), f"{service.base}/images/".encode())


@dataclass
class Files:
    """Pictures and calendar files of everything that was sent, found by name as they are asked for."""

    service: Service
    others: Mapping[str, InlineImage]
    """What the pages themselves show."""
    _where: dict[str, Place] = field(default_factory=dict)
    _seen: set[Place] = field(default_factory=set)
    _kept: dict[str, bytes] = field(default_factory=dict)
    """Those asked for lately: an issue that has just been sent is fetched by everybody at once."""
    _lock: Lock = field(default_factory=Lock)

    def find(self, name: str) -> bytes | None:
        """Return the content of a file: of an edition in the ledger, or of one built but not sent yet."""
        if name in self.others:
            return self.others[name].data
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        place = self._where.get(name) or self._look(name)
        edition = find_edition(self.service, place) if place else None
        if edition is not None:
            with self._lock:
                if len(self._kept) > _MOST_KEPT:
                    self._kept.clear()
                self._kept |= {file.name: file.data for file in _files(edition)}
            return self._kept.get(name)
        built = self.service.workspace.state / "images" / name
        return built.read_bytes() if built.is_file() else None

    def remember(self, place: Place, edition: Edition) -> None:
        """Know where the files of an edition are that was just read: an old one would be looked for among all."""
        with self._lock:
            for file in _files(edition):
                self._where.setdefault(file.name, place)

    def _look(self, name: str) -> Place | None:
        """Look through the editions that came since the last time, the newest first."""
        with self._lock:
            for place in newest_first(self.service):
                if place in self._seen:
                    continue
                edition = find_edition(self.service, place)
                for file in _files(edition) if edition else ():
                    self._where.setdefault(file.name, place)
                self._seen.add(place)
                if name in self._where:
                    break
            return self._where.get(name)


def image(request: Request) -> Response:
    """Show a picture, or hand out a calendar file."""
    files = files_of(request)
    name = request.path_params["name"]
    kind = _NAME.fullmatch(name)
    content = files.find(name) if kind else None
    if kind is None or content is None:
        return missing(request)
    request.state.policy = FILE_POLICY
    # Mail programs on the web show them on pages of their own.
    headers = {"Cache-Control": _FOR_EVER, "Cross-Origin-Resource-Policy": "cross-origin"}
    if kind[1] == "ics":
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(content, media_type=_TYPES[kind[1]], headers=headers)


def files_of(request: Request) -> Files:
    """Return the files of everything that was sent."""
    files = request.app.state.files
    assert isinstance(files, Files)  # noqa: S101
    return files


def style(request: Request) -> Response:
    """Return the style sheet of the pages."""
    design = design_of(request)
    if request.path_params["name"] != design.style_name:
        return missing(request)
    return Response(design.style, media_type="text/css", headers={"Cache-Control": _FOR_EVER})


def _which(service: Service, token: str) -> tuple[int, int] | None:
    """Return mailing and number of the edition that a token stands for."""
    keys = service.keys().all
    own = read_token(Subject.EDITION, token, keys)
    if own is not None:
        return own
    delivery = read_delivery_id(token, keys)
    if delivery is None:
        return None
    deliveries = schema.deliveries
    with service.database.reading() as connection:
        number = connection.scalar(
            select(deliveries.c.edition).where(
                deliveries.c.mailing_id == delivery[0], deliveries.c.subscriber_id == delivery[1]
            )
        )
    return (delivery[0], number) if number is not None else None


def _files(edition: Edition) -> tuple[InlineImage, ...]:
    return (*edition.images, *edition.hosted)
