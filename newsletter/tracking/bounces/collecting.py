"""`bounces read`: from the mailbox that the settings or a person name, with what was found when it was read last."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from newsletter.config import Workspace, shell
from newsletter.errors import ConfigurationError
from newsletter.files import replace_file
from newsletter.store import Database
from newsletter.tracking.bounces.inbox import Inbox, Maildir, Progress, Reading, imap, read_inbox

_FILE = "bounces.json"


@dataclass(frozen=True, slots=True)
class Last:
    """When a mailbox was read last on this computer, and what was found."""

    at: datetime
    found: Reading


def read_bounces(
    workspace: Workspace, database: Database, inbox: Inbox, *, now: datetime, progress: Progress | None = None
) -> Reading:
    """Record what unread mails tell of deliveries, and keep what was found for whoever asks later."""
    found = read_inbox(database, inbox, workspace.settings.tracking, now=now, progress=progress)
    kept = json.dumps({"at": now.isoformat(), **asdict(found)})
    replace_file(workspace.state / _FILE, kept.encode())
    return found


def last_reading(workspace: Workspace) -> Last | None:
    """Return what was found when the mailbox was read last; None where it never was, on this computer."""
    try:
        kept = json.loads((workspace.state / _FILE).read_text(encoding="utf-8"))
        return Last(datetime.fromisoformat(kept.pop("at")), Reading(**kept))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        # What an earlier or a later version has kept, or a power cut, says nothing.
        return None


@contextmanager
def named_inbox(workspace: Workspace) -> Iterator[Inbox]:
    """Give the mailbox that the settings name.

    Raises ConfigurationError where they name none or its password is not set, AuthenticationError and ProviderError.
    """
    named = workspace.settings.tracking.inbox
    if named is None:
        raise ConfigurationError(
            "the settings name no mailbox for mails that come back",
            fix="add the section [tracking.inbox], as `newsletter docs tracking` says",
        )
    if named.maildir is not None:
        yield Maildir(workspace.root / named.maildir)
    else:
        with imap(str(named.imap), password_of(named.password_env)) as inbox:
            yield inbox


def password_of(variable: str) -> str:
    """Return the password of a mailbox; raise ConfigurationError where its variable holds none."""
    password = os.environ.get(variable, "")
    if not password:
        raise ConfigurationError(
            f"the environment variable {variable} holds no password",
            why="it opens the mailbox into which mails come back",
            fix=f"set it before newsletter starts: {shell.variable(variable)}",
        )
    return password
