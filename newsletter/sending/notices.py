"""Notices to the team: how a mailing stands that a worker sent while nobody watched.

Each state is told once, whoever of the workers comes to it first, by email and to a chat. A notice that does not arrive
holds nothing up: the worker's log says why.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

import httpx

from newsletter.config import Chat, Workspace, shell
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.internet import trusting
from newsletter.model import wording
from newsletter.model.edition import Edition
from newsletter.model.mailing import MailingState
from newsletter.model.slot import Context, Slotted
from newsletter.sending import chats, ledger
from newsletter.sending.advising import advise
from newsletter.sending.envelope import Envelope
from newsletter.sending.ledger.progress import standing
from newsletter.sending.ledger.reading import awaits_word
from newsletter.sending.letters import send_letter
from newsletter.sending.proofs import proof_id
from newsletter.sending.providers import provider as provider_of
from newsletter.sending.providers.contract import Accepted
from newsletter.sending.transport import NotSent, usable_proxy
from newsletter.store import Database

_TIMEOUT = 15.0
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="font:16px/1.5 Arial,sans-serif;max-width:36em;margin:24px">
<h1 style="font-size:22px;line-height:1.3">{title}</h1>
{paragraphs}
</body></html>
"""
_AT_REST = (MailingState.SENT, MailingState.PARTLY_SENT, MailingState.PAUSED)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the team is told of a mailing."""

    issue: str
    title: str
    """In a few words, as the subject of an email."""
    lines: tuple[str, ...]
    state: MailingState
    totals: dict[str, int]

    def for_chat(self, chat: Chat) -> dict[str, Any]:
        """Return the body that a chat takes."""
        facts = {"issue": self.issue, "state": self.state.value, "totals": self.totals}
        return chats.body(chat, self.title, self.lines, facts)


def check(workspace: Workspace) -> None:
    """Raise ConfigurationError where a chat is named whose address is not there."""
    _webhook(workspace)


def tell_team(
    workspace: Workspace,
    database: Database,
    mailing_id: int,
    tell: Callable[[str], None],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Tell the team how a mailing stands that has come to rest, if nobody has told that before."""
    settings = workspace.settings.notices
    if not settings.anybody:
        return
    notice = _notice(workspace, database, mailing_id)
    if notice is None or not ledger.claim_notice(database, mailing_id, notice.title):
        return
    if settings.to:
        try:
            _mail(workspace, database, mailing_id, notice, tell, now())
        except NewsletterError as error:
            # What keeps the mailing from leaving keeps its notice as well; the chat is told all the same.
            tell(f"{notice.issue}: no notice by email: {error.message}")
    if settings.webhook_env:
        _post(_webhook(workspace), notice, tell, chat=settings.chat, proxied=workspace.settings.proxy == "system")


def _notice(workspace: Workspace, database: Database, mailing_id: int) -> Notice | None:
    found = standing(database, mailing_id)
    mailing, totals = found.mailing, found.totals
    if mailing.state not in _AT_REST:
        return None
    first = awaits_word(database, mailing_id)
    word = "the first readers have it, the others wait for your word" if first else mailing.state.value
    counts = totals.as_json()
    whole = counts.pop("candidates")
    parts = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    lines = [f"Of {wording.people(whole)}: {parts}."]
    if mailing.reason:
        lines.append(wording.sentence(mailing.reason))
    advice, command = advise(found, workspace.settings.zone, datetime.now(UTC))
    if advice:
        # Without a full stop, which would be copied with the command.
        lines.append(f"{wording.sentence(advice)[:-1]}: {command}" if command else wording.sentence(advice))
    return Notice(mailing.issue, f"{mailing.issue}: {word}", tuple(lines), mailing.state, totals.as_json())


def _mail(
    workspace: Workspace,
    database: Database,
    mailing_id: int,
    notice: Notice,
    tell: Callable[[str], None],
    now: datetime,
) -> None:
    settings = workspace.settings
    provider = provider_of(workspace, standing(database, mailing_id).mailing.provider)
    envelope = Envelope(settings.sender, settings.reply_to or "", settings.public_url or "", "team", settings.title)
    edition = _edition(settings.title, notice)
    for address in settings.notices.to:
        # A proof's id: the links of such a message belong to nobody.
        outcome, _ = send_letter(provider, edition, envelope, proof_id(now, address), address, now=now)
        if not isinstance(outcome, Accepted):
            tell(f"{notice.issue}: no notice to {address}: {outcome.reason}")


def _edition(title: str, notice: Notice) -> Edition:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in notice.lines)
    page = _PAGE.format(title=escape(notice.title), paragraphs=paragraphs)
    text = "\n\n".join((notice.title, *notice.lines)) + "\n"
    return Edition(
        issue="letter-notice",
        language="en",
        direction="ltr",
        subject=Slotted((f"[{title}] {notice.title}".encode(),), (), Context.HEADER),
        preheader=Slotted((b"",), (), Context.PLAIN),
        html=Slotted((page.encode(),), (), Context.HTML),
        text=Slotted((text.encode(),), (), Context.PLAIN),
        mjml="",
    )


def _webhook(workspace: Workspace) -> str:
    """Return the address of the chat, or nothing where none is named; whoever has it may write there."""
    variable = workspace.settings.notices.webhook_env
    if not variable:
        return ""
    address = os.environ.get(variable, "").strip()
    if not address.startswith(("https://", "http://")):
        raise ConfigurationError(
            f"the environment variable {variable} holds no address of a chat",
            why="[notices] names it in webhook_env, and its value does not begin with https://",
            fix=f"set it before you start newsletter: {shell.variable(variable)}",
        )
    return address


def _post(address: str, notice: Notice, tell: Callable[[str], None], *, chat: Chat | None, proxied: bool) -> None:
    try:
        parts = urlsplit(address)
        proxy = usable_proxy(parts.scheme, parts.hostname or "") if proxied else ""
        answer = httpx.post(
            address,
            json=notice.for_chat(chat or chats.chat_at(address)),
            timeout=_TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            proxy=proxy or None,
            verify=trusting(),
        )
    except NotSent as error:
        told = error.message
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        # The address is a secret, and errors repeat it: only their kind is told.
        told = type(error).__name__
    else:
        if answer.is_success:
            return
        told = f"it answered {answer.status_code}"
    tell(f"{notice.issue}: no notice to the chat: {told}")
