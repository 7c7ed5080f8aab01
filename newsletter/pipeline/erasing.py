"""Forgetting a person: in the database, and in what lies on this machine."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config import Workspace
from newsletter.store import Database

if TYPE_CHECKING:
    from newsletter.audience import Erased


def erase(workspace: Workspace, database: Database, address: str, *, now: datetime) -> tuple[Erased, int]:
    """Remove a person from the database, and their messages from this machine; return how many messages went.

    Raises NotFound for an address about which nothing is held.
    """
    from newsletter import audience
    from newsletter.sending.letters import messages_to
    from newsletter.sending.providers.outbox import Outbox, file_name
    from newsletter.sending.written import beside_the_ledger

    erased = audience.erase(database, address, now=now)
    own = audience.read_address(address).key
    outbox = Outbox("outbox", workspace.state / "outbox")
    files = [outbox.folder_of(issue) / file_name(delivery) for issue, delivery in erased.deliveries]
    others = messages_to(beside_the_ledger(workspace.state), lambda to: audience.read_address(to).key == own)
    theirs = {*filter(Path.is_file, files), *others}
    for file in theirs:
        file.unlink()
    return erased, len(theirs)
