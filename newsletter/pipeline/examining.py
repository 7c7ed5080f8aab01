"""Is everything there that this newsletter needs? For `doctor`, and for the page of the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from functools import partial
from urllib.parse import urlsplit

from newsletter import audience, sending, store, tracking
from newsletter.checks.online import domain
from newsletter.config import Workspace
from newsletter.content import sources
from newsletter.errors import NewsletterError
from newsletter.model import file_failures, wording
from newsletter.model.content import Content
from newsletter.model.finding import summary
from newsletter.model.tongues import named, nearest
from newsletter.model.url import is_reserved
from newsletter.pipeline.choosing import read
from newsletter.preview.pictures import NoBrowser, find_browser
from newsletter.rendering import copies
from newsletter.rendering.letters import reader_languages
from newsletter.sending.headers import wire_address
from newsletter.sending.notices import check
from newsletter.tracking.webhooks import KINDS

Look = Callable[[Workspace], "Diagnosis"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: `ok`, `note` (works without it) or `failed`."""

    subject: str
    state: str
    detail: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the object that `doctor --json` prints."""
        return {"subject": self.subject, "state": self.state, "detail": self.detail, "fix": self.fix}


def examine(space: Workspace, read_content: Content | None = None, *, only_look: bool = False) -> Iterator[Diagnosis]:
    """Yield what this computer can tell by itself; `only_look` makes no database where there is none yet.

    `read_content` is what the files say, where somebody has read them.
    """
    yield Diagnosis("settings", "ok", f"{space.file}, zone {space.settings.zone.key}")
    looks: tuple[tuple[str, Look], ...] = (
        ("entries and issues", partial(_content, read_content=read_content)),
        ("database", _no_database if only_look and not store.has_database(space) else _database),
        ("rendering", _rendering),
        *((f"template {name}", partial(_outdated, name=name)) for name in copies.outdated(space.templates)),
        *(("provider", partial(_provider, name=name)) for name in _used(space)),
        ("webhooks", _webhooks),
        *((("notices", _notices),) if space.settings.notices.anybody else ()),
        ("readers' links", _links),
        *((("readers' pages", _pages),) if space.settings.readers.languages else ()),
        ("browser", _browser),
    )
    for subject, look in looks:
        yield _guarded(subject, look, space)


def examine_online(space: Workspace) -> Iterator[Diagnosis]:
    """Yield what other computers have to be asked for: sources, and DNS."""
    for name in space.settings.sources:
        yield _guarded(f"source {name}", partial(_source, name=name), space)
    yield from _domain(space)


def _guarded(subject: str, look: Look, space: Workspace) -> Diagnosis:
    try:
        return look(space)
    except NewsletterError as error:
        return _failed(subject, error)
    except OSError as error:
        return _failed(subject, file_failures.told(error))


def _failed(subject: str, error: NewsletterError) -> Diagnosis:
    told = ": ".join(filter(None, (error.message, error.why)))
    return Diagnosis(subject, "failed", f"{error.place}: {told}" if error.place else told, error.fix)


def _content(space: Workspace, read_content: Content | None) -> Diagnosis:
    found = read_content or read(space)
    issues = wording.count(len(found.issues), "issue", "issues")
    detail = f"{wording.count(len(found.entries), 'entry', 'entries')}, {issues}"
    if found.errors:
        return Diagnosis(
            "entries and issues", "failed", f"{detail}; {summary(found.findings)}", "see them: newsletter lint"
        )
    return Diagnosis("entries and issues", "ok", detail)


def _database(space: Workspace) -> Diagnosis:
    with store.open_database(space) as database:
        database.check_room()
        counts = audience.count_lists(database, space.settings)
        waiting = audience.letters_waiting(database, now=datetime.now(UTC))
    lists = wording.count(len(counts), "list", "lists")
    people = wording.count(
        sum(count.confirmed for count in counts), "confirmed subscription", "confirmed subscriptions"
    )
    if waiting:
        letters = wording.count(waiting, "letter that a reader waits for has", "letters that readers wait for have")
        return Diagnosis(
            "database",
            "note",
            f"{lists}, {people}; {letters} not left",
            "see whether newsletter serve runs, and what it says of them; they are tried for two days",
        )
    return Diagnosis("database", "ok", f"{lists}, {people}")


def _no_database(_: Workspace) -> Diagnosis:
    return Diagnosis("database", "note", "there is none yet; it is made with the first reader")


def _rendering(_: Workspace) -> Diagnosis:
    from importlib.metadata import version

    return Diagnosis("rendering", "ok", f"mjml-python {version('mjml-python')}, Jinja2 {version('jinja2')}")


def _outdated(_: Workspace, name: str) -> Diagnosis:
    said = "the shipped one has changed since yours was copied"
    return Diagnosis(f"template {name}", "note", said, copies.SEE.format(name))


def _used(space: Workspace) -> tuple[str, ...]:
    """Return the providers that the newsletter or a list of it names."""
    settings = space.settings
    return tuple(
        dict.fromkeys((settings.provider, *(item.provider for item in settings.lists.values() if item.provider)))
    )


def _provider(space: Workspace, name: str) -> Diagnosis:
    provider, settings = sending.provider(space, name), space.settings.providers.get(name)
    kind = settings.kind if settings else name
    told = name if name == kind else f"{name} ({kind})"
    if settings and settings.test:
        return Diagnosis("provider", "note", f"{told} takes messages and delivers none", "take out its `test = true`")
    if not provider.capabilities.inline_images and not space.settings.linked_images:
        return Diagnosis(
            "provider",
            "note",
            f"{told} cannot carry pictures inside messages",
            'let readers\' programs fetch them: set images = "linked" and a public_url in the settings',
        )
    return Diagnosis("provider", "ok", told)


def _notices(space: Workspace) -> Diagnosis:
    check(space)
    notices = space.settings.notices
    told = [*notices.to, *(["a chat"] if notices.webhook_env else [])]
    return Diagnosis("notices", "ok", f"{wording.listed(told)} learn how a mailing ends that a worker sends")


def _webhooks(space: Workspace) -> Diagnosis:
    found = tracking.endpoints(space)
    providers = space.settings.providers
    tell = [name for name in _used(space) if name in providers and providers[name].kind in KINDS]
    silent = [name for name in tell if name not in found]
    if silent:
        return Diagnosis(
            "webhooks",
            "note",
            f"nobody tells this newsletter what becomes of messages through {', '.join(silent)}",
            "set one up, as `newsletter docs tracking` says",
        )
    return Diagnosis("webhooks", "ok", ", ".join(found) or "none is needed")


def _links(space: Workspace) -> Diagnosis:
    address = space.settings.public_url
    if not address:
        return Diagnosis(
            "readers' links",
            "failed",
            "`public_url` is not set, so nobody could unsubscribe",
            "add public_url with the address under which readers reach this newsletter",
        )
    if not address.startswith("https://"):
        return Diagnosis("readers' links", "failed", f"{address} is not encrypted", "use an https:// address")
    if is_reserved(urlsplit(address).hostname or "") and not space.settings.is_trial:
        return Diagnosis(
            "readers' links",
            "failed",
            f"{address} is kept for examples and tests, so nobody could unsubscribe",
            "write the address under which readers reach this newsletter",
        )
    return Diagnosis("readers' links", "ok", address)


def _pages(space: Workspace) -> Diagnosis:
    offered, known = space.settings.readers.languages, reader_languages(space)
    missing = [tag for tag in offered if not nearest(tag, known)]
    if missing:
        return Diagnosis(
            "readers' pages",
            "note",
            f"there are no words in {named(*missing)}, so forms, letters and pages speak English to them",
            f"write {', '.join(f'templates/readers/{tag}.toml' for tag in missing)}, "
            "as `newsletter docs templates` says",
        )
    return Diagnosis("readers' pages", "ok", ", ".join(offered))


def _source(space: Workspace, name: str) -> Diagnosis:
    (looked,) = sources.look(space, [name])
    if looked.trouble:
        raise looked.trouble
    pages = wording.count(len(looked.offers), "page", "pages")
    newest = looked.offers[0].day if looked.offers else None
    return Diagnosis(f"source {name}", "ok", f"{pages}" + (f", the newest of {newest}" if newest else ""))


def _domain(space: Workspace) -> Iterator[Diagnosis]:
    """Ask DNS whether the sender's domain may send; without a network that is said, and nothing failed."""
    settings = space.settings
    name = wire_address(parseaddr(settings.sender)[1]).rpartition("@")[2]
    if is_reserved(name):
        yield Diagnosis("sender's domain", "note", f"{name} is an example that nobody can send from")
        return
    kind = settings.providers[settings.provider].kind if settings.provider in settings.providers else ""
    try:
        answers = domain.examine(name, kind)
    except domain.NoNetwork:
        yield Diagnosis("sender's domain", "note", f"{name} is not looked at: there is no network, or no DNS")
        return
    for answer in answers:
        # Who only writes files to the outbox needs no DNS.
        bad = "failed" if settings.provider in settings.providers else "note"
        yield Diagnosis(f"{answer.subject} of {name}", "ok" if answer.good else bad, answer.detail, answer.fix)


def _browser(_: Workspace) -> Diagnosis:
    try:
        return Diagnosis("browser", "ok", find_browser())
    except NoBrowser as error:
        return Diagnosis("browser", "note", f"{error.message}; only pictures of previews need one", error.fix)
