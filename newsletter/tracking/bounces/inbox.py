"""Where bounces arrive: a maildir or an IMAP folder. What was understood is marked as read; the rest is for people."""

from __future__ import annotations

import base64
import imaplib
import mailbox
import re
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from newsletter.config import TrackingSettings
from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.inbox_address import read_inbox_address
from newsletter.model.meant import Unfit
from newsletter.store import Database, Subject, read_token, signing_keys
from newsletter.tracking.bounces.reading import read_mail
from newsletter.tracking.recording import record_events

SOURCE = "inbox"
"""What stands for the provider in events of mails."""
_AT_ONCE = 200
_LARGEST = 1_000_000
"""Bytes; what a report says for machines comes before the message that it returns."""
_PATIENCE = 60.0
_GONE = (KeyError, FileNotFoundError)
"""What a mail is called that somebody has deleted since the maildir was looked through."""
_NOT_ASCII = re.compile(r"[^\x20-\x7e]+")


Progress = Callable[[int], None]
"""Told how many mails have been looked at."""


class Inbox(Protocol):
    """A folder of mail."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Return the mails that nobody has read, each with the name by which `mark_read` knows it."""

    def mark_read(self, names: Sequence[str]) -> None:
        """Mark mails as read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many mails there were, how many told something of a delivery, and how many events were new.

    Of those that told something, `for_good` came back because there is no such address, `for_now` for any other
    reason, and `complaints` called a message spam.
    """

    mails: int
    understood: int
    events: int
    for_good: int = 0
    for_now: int = 0
    complaints: int = 0

    @property
    def left(self) -> int:
        """How many were not understood."""
        return self.mails - self.understood


def read_inbox(
    database: Database,
    inbox: Inbox,
    tracking: TrackingSettings,
    *,
    now: datetime,
    progress: Progress | None = None,
) -> Reading:
    """Record what unread mails tell, and mark those as read afterwards: a mail is rather read twice than lost."""
    mails = understood = new = 0
    kinds: Counter[str] = Counter()
    waiting: list[tuple[str, bytes]] = []
    signing = signing_keys(database, now=now).all

    def is_ours(token: str) -> bool:
        return any(read_token(subject, token, signing) for subject in (Subject.DELIVERY, Subject.SIGNUP))

    def record() -> None:
        nonlocal understood, new
        told = {name: read_mail(content, is_ours) for name, content in waiting}
        # Whom a mail names counts for nothing: anybody can write one.
        nameless = [replace(event, recipient="") for events in told.values() for event in events]
        new += record_events(database, SOURCE, nameless, tracking, now=now)
        kinds.update(_kind(events[-1]) for events in told.values() if events)
        done = [name for name, events in told.items() if events]
        understood += len(done)
        inbox.mark_read(done)
        waiting.clear()

    for name, content in inbox.unread():
        mails += 1
        if progress:
            progress(mails)
        waiting.append((name, content))
        if len(waiting) >= _AT_ONCE:
            record()
    record()
    return Reading(mails, understood, new, kinds["for_good"], kinds["for_now"], kinds["complaints"])


def _kind(event: Event) -> str:
    """Return the number of a reading that an event counts for."""
    if event.kind is EventKind.COMPLAINED:
        return "complaints"
    if event.kind is EventKind.BOUNCED and event.bounce is Bounce.HARD:
        return "for_good"
    return "for_now" if event.kind in {EventKind.BOUNCED, EventKind.DEFERRED} else ""


class Maildir:
    """A maildir as mail servers fill it: https://cr.yp.to/proto/maildir.html."""

    def __init__(self, folder: Path) -> None:
        if not all((folder / part).is_dir() for part in ("new", "cur", "tmp")):
            raise ConfigurationError(
                f"{folder} is not a maildir",
                why="a maildir has the folders new, cur and tmp",
                fix="name the folder into which your mail server delivers bounces",
            )
        self._box = mailbox.Maildir(folder, create=False)

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Return the mails that are not marked as seen, the oldest names first."""
        for name in sorted(self._box.keys()):
            try:
                seen = "S" in self._box.get_message(name).get_flags()
                content = b"" if seen else self._box.get_bytes(name)
            except _GONE:
                continue
            if not seen:
                yield name, content[:_LARGEST]

    def mark_read(self, names: Sequence[str]) -> None:
        """Move mails to `cur` and mark them as seen."""
        for name in names:
            with suppress(*_GONE):
                message = self._box.get_message(name)
                message.set_subdir("cur")
                message.add_flag("S")
                self._box[name] = message


class Imap:
    """An IMAP folder, read without marking anything before it is recorded."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Return the mails without the flag Seen."""
        status, found = self._connection.uid("SEARCH", "UNSEEN")
        if status != "OK":
            raise imaplib.IMAP4.error(_said(found))
        for uid in found[0].split() if found and found[0] else ():
            _, answer = self._connection.uid("FETCH", uid.decode("ascii"), f"(BODY.PEEK[]<0.{_LARGEST}>)")
            content = next((part[1] for part in answer if isinstance(part, tuple)), None)
            if content is not None:
                yield uid.decode("ascii"), content

    def mark_read(self, names: Sequence[str]) -> None:
        """Set the flag Seen."""
        if names:
            self._connection.uid("STORE", ",".join(names), "+FLAGS.SILENT", "(\\Seen)")


@contextmanager
def imap(address: str, password: str) -> Iterator[Imap]:
    """Give the folder at `imaps://user@server/FOLDER`; without encryption (`imap://`) only on this machine.

    Raises ConfigurationError for an address that cannot be used, AuthenticationError and ProviderError.
    """
    try:
        place = read_inbox_address(address)
    except Unfit as error:
        raise ConfigurationError(str(error), why=error.why, fix=error.fix) from None
    try:
        connection = (
            imaplib.IMAP4_SSL(
                place.host, place.port or 993, ssl_context=ssl.create_default_context(), timeout=_PATIENCE
            )
            if place.encrypted
            else imaplib.IMAP4(place.host, place.port or 143, timeout=_PATIENCE)
        )
    except (OSError, imaplib.IMAP4.error) as error:
        raise ProviderError(
            f"{place.host} cannot be reached",
            why=str(error).rpartition("] ")[2].lower(),
            fix="see its name and port",
        ) from error
    try:
        yield _opened(connection, place.user, password, place.folder)
    except (OSError, imaplib.IMAP4.abort) as error:
        raise ProviderError(f"the inbox at {place.host} stopped answering", why=str(error), fix="try again") from error
    except imaplib.IMAP4.error as error:
        raise ProviderError(
            f"the inbox at {place.host} cannot be read",
            why=str(error),
            fix="try again; if it stays so, ask whoever runs the mail server",
        ) from error
    finally:
        _close(connection)


def _opened(connection: imaplib.IMAP4, user: str, password: str, folder: str) -> Imap:
    try:
        _log_in(connection, user, password)
    except imaplib.IMAP4.error as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        raise AuthenticationError(
            f"the mail server does not take the password of {user}", fix="correct the password or the user's name"
        ) from None
    quoted = _mailbox_name(folder).replace("\\", "\\\\").replace('"', '\\"')
    status, said = connection.select(f'"{quoted}"')
    if status != "OK":
        raise ConfigurationError(
            f"the mail server has no folder {folder}", why=_said(said), fix="correct the folder's name"
        )
    return Imap(connection)


def _said(answer: Sequence[object]) -> str:
    """Return the words of a mail server that does not do what it was asked for."""
    return answer[0].decode("utf-8", "replace") if answer and isinstance(answer[0], bytes) else ""


def _log_in(connection: imaplib.IMAP4, user: str, password: str) -> None:
    if user.isascii() and password.isascii():
        connection.login(user, password)
    else:
        # LOGIN takes ASCII alone (RFC 3501 §6.2.3), PLAIN any letters (RFC 4616).
        connection.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())


def _mailbox_name(folder: str) -> str:
    """Return a folder's name as IMAP writes it (RFC 3501 §5.1.3); one of ASCII is one already."""
    if folder.isascii():
        return folder

    def encoded(found: re.Match[str]) -> str:
        text = base64.b64encode(found[0].encode("utf-16-be")).decode("ascii")
        return f"&{text.rstrip('=').replace('/', ',')}-"

    return _NOT_ASCII.sub(encoded, folder.replace("&", "&-"))


def _close(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (OSError, imaplib.IMAP4.error):
        # It is gone already.
        return
