"""What the settings say, in plain words, and whether everything is there; they are changed in their file alone."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.config import BUILT_IN, ProviderSettings, Settings, Workspace
from newsletter.config.named_secrets import secret_file
from newsletter.files import is_below
from newsletter.model import tongues
from newsletter.model.wording import listed
from newsletter.pipeline.examining import Diagnosis, examine, examine_online
from newsletter.web.composer import pages
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.errands import Errand, told_once
from newsletter.web.composer.forms import Form, desk_of

PAGE = "/settings"
_LARGEST_LOGO = 500_000
_SECRETS = {
    "api_key": "key",
    "access_key": "access key",
    "secret_key": "secret key",
    "session_token": "session token",
    "password": "password",
    "webhook_secret": "secret of its webhook",
}
_KINDS = {"ok": "good", "note": "open", "failed": "bad"}
_BUILT_IN = {
    "outbox": "messages become files on this computer; nobody gets an email",
    "null": "messages go nowhere: for rehearsals",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A setting: what it is about, what it says, and the key by which it stands in the file."""

    words: str
    says: str
    key: str
    place: str = ""
    """The line of it, where it is written down."""
    lacks: bool = False
    """Whether something is missing that it needs."""


@dataclass(frozen=True, slots=True)
class Swatch:
    """A colour or a logo of the newsletter's own."""

    words: str
    says: str
    color: str = ""
    picture: str = ""
    dark: bool = False


def show(request: Request) -> Response:
    """Show what is set, with what can be told of it at once."""
    desk = desk_of(request)
    space, content = desk.read()
    errand = desk.online
    busy = errand is not None and not errand.is_over
    found = [(item, _KINDS[item.state]) for item in examine(space, content, only_look=True)]
    with told_once(lambda: setattr(desk, "online", None)):
        online = errand.answer() if errand and not busy else None
    return pages.show(
        request,
        "settings",
        file=space.file.name,
        groups=[(title, [_placed(space, row) for row in rows]) for title, rows in _groups(space)],
        look=list(_look(space)),
        lists=space.settings.lists,
        open=[item for item in found if item[1] != "good"],
        well=[item for item in found if item[1] == "good"],
        online=[(item, _KINDS[item.state]) for item in online or ()],
        asked=online is not None,
        busy=busy,
    )


def look_up(request: Request, desk: Desk, form: Form) -> Response:
    """Ask the sources and DNS."""
    space = desk.workspace()
    with desk.lock:
        if desk.online is None or desk.online.is_over:
            desk.online = Errand(lambda _: _examined(space))
        errand = desk.online
    errand.wait()
    return RedirectResponse(f"{PAGE}#online", 303)


def _examined(space: Workspace) -> tuple[Diagnosis, ...]:
    return tuple(examine_online(space))


def _placed(space: Workspace, row: Row) -> Row:
    """Return a row with the line where it is written, if it is."""
    path = tuple(row.key.split("."))
    place = space.origin.place(*path) if path in space.origin.marks else None
    return Row(row.words, row.says, row.key, f"{place.file}:{place.line}" if place else "", row.lacks)


def _groups(space: Workspace) -> Iterator[tuple[str, list[Row]]]:
    settings = space.settings
    yield "Who it comes from", list(_sender(settings))
    yield "How it is sent", [*_sending(space), *_approval(settings)]
    yield "Readers and languages", list(_readers(settings))
    yield "What is counted and kept", list(_counted(settings))


def _sender(settings: Settings) -> Iterator[Row]:
    yield Row("The newsletter is called", settings.title, "title")
    yield Row("From", settings.sender, "from")
    yield Row("Answers go to", settings.reply_to or "the sender, above", "reply_to")
    yield Row("Postal address", settings.postal_address, "postal_address")
    yield Row("Proofs go to", listed(settings.proof_to) if settings.proof_to else "whoever is typed", "proof_to")
    yield Row("Time zone", settings.zone.key, "zone")


def _sending(space: Workspace) -> Iterator[Row]:
    settings = space.settings
    yield Row("Sent through", _told(settings, settings.provider), "provider")
    used = dict.fromkeys([settings.provider, *(one.provider for one in settings.lists.values() if one.provider)])
    for name in used:
        if name in settings.providers:
            yield from _secrets(space, name, settings.providers[name])
    pictures = "fetched from the web by readers’ programs" if settings.linked_images else "inside each message"
    yield Row("Pictures are", pictures, "images")


def _told(settings: Settings, name: str) -> str:
    """Return a provider in words."""
    provider = settings.providers.get(name)
    if provider is None:
        return f"{name}: {_BUILT_IN.get(name, 'it is not described')}" if name in BUILT_IN else name
    told = name if name == provider.kind else f"{name}, which is {provider.kind}"
    return f"{told}; it takes messages and delivers none (test)" if provider.test else told


def _secrets(space: Workspace, name: str, provider: ProviderSettings) -> Iterator[Row]:
    """Yield whether each secret is set that a provider names; never what it is."""
    for field, words in _SECRETS.items():
        label = f"{words[0].upper()}{words[1:]} of {name}"
        if variable := getattr(provider, f"{field}_env"):
            there = bool(os.environ.get(variable))
            says = f"set, in the variable {variable}" if there else f"not set: the variable {variable} is empty"
            yield Row(label, says, f"providers.{name}.{field}_env", lacks=not there)
        if file := getattr(provider, f"{field}_file"):
            there = secret_file(file, space.root).is_file()
            says = f"set, in the file {file}" if there else f"not set: there is no file {file}"
            yield Row(label, says, f"providers.{name}.{field}_file", lacks=not there)


def _approval(settings: Settings) -> Iterator[Row]:
    wanted, other = settings.approval.required, settings.approval.not_author
    says = "needed before an issue is sent" if wanted else "not needed"
    yield Row("Approval", f"{says}, by another person than who wrote it last" if wanted and other else says, "approval")


def _readers(settings: Settings) -> Iterator[Row]:
    readers = settings.readers
    yield Row("Written in", tongues.name_of(settings.language), "language")
    offered = [tongues.name_of(tag) for tag in readers.languages]
    yield Row(
        "Readers may choose",
        listed(offered) if offered else "any language that there are words in",
        "readers.languages",
    )
    yield Row("Topics to choose", listed(readers.topics) if readers.topics else "none", "readers.topics")
    nowhere = "nowhere: without an address nobody can unsubscribe"
    yield Row("Readers’ links lead to", settings.public_url or nowhere, "public_url", lacks=not settings.public_url)
    yield Row("Web site", settings.site or "none", "site")
    if settings.sources:
        yield Row("Entries are fetched from", listed(list(settings.sources)), "sources")


def _counted(settings: Settings) -> Iterator[Row]:
    tracking, keep = settings.tracking, settings.retention
    for key, on in (("opens", tracking.opens), ("clicks", tracking.clicks)):
        yield Row(f"{key.capitalize()} are kept", "for each reader" if on else "for the issue alone", f"tracking.{key}")
    yield Row(
        "Mails that came back", "read from a mailbox" if tracking.inbox else "no mailbox is named", "tracking.inbox"
    )
    kept = {
        "unconfirmed": "Unanswered sign-ups",
        "unsubscribed": "People who have left",
        "deliveries": "Addresses of messages",
    }
    for field, words in kept.items():
        age = getattr(keep, field)
        yield Row(f"{words} are kept", f"for {age}" if age else "until somebody erases them", f"retention.{field}")


def _look(space: Workspace) -> Iterator[Swatch]:
    brand = space.settings.brand
    yield Swatch("Colour", brand.color, color=brand.color)
    if brand.accent:
        yield Swatch("Accent", brand.accent, color=brand.accent)
    if brand.logo:
        yield Swatch("Logo", brand.logo.alt, picture=_picture(space, brand.logo.src))
        if brand.logo.dark:
            yield Swatch("Logo in the dark", brand.logo.alt, picture=_picture(space, brand.logo.dark), dark=True)


def _picture(space: Workspace, source: str) -> str:
    """Return a picture of the workspace as an address that the page holds in itself; empty where it cannot be had."""
    path, kind = space.issues / source, guess_type(source)[0] or ""
    with suppress(OSError):
        if is_below(path, space.root) and kind.startswith("image/") and path.stat().st_size <= _LARGEST_LOGO:
            return f"data:{kind};base64,{b64encode(path.read_bytes()).decode('ascii')}"
    return ""
