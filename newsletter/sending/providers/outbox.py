"""`outbox`: one real `.eml` file for each delivery, in `outbox/ISSUE/` of the state folder. Nothing leaves the machine.

A file is named after its delivery, so that writing it again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from newsletter.errors import StorageError
from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
from newsletter.sending.headers import clean
from newsletter.sending.message import PreparedMessage, prepare
from newsletter.sending.providers.configuration import Configuration, Need
from newsletter.sending.providers.contract import (
    Batch,
    Capabilities,
    Verdict,
    WireRequest,
    WireResponse,
    accepted,
    unsure,
)

CAPABILITIES = Capabilities(
    max_recipients=100,
    max_body_bytes=8_000_000,
    in_flight=2,
    calls_per_second=None,
    replay_window=timedelta(days=36_500),
    inline_images=True,
    reaches_readers=False,
)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes files."""

    name: str
    folder: Path
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = ()
    options: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def configured(cls, configuration: Configuration) -> Outbox:
        """Return the outbox of a workspace."""
        return cls(configuration.name, configuration.state / "outbox", configuration.paced(CAPABILITIES))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> PreparedFiles:
        """Return the edition as messages."""
        message = prepare(edition, envelope, date)
        return PreparedFiles(
            self.folder_of(edition.issue).absolute().as_uri(), message, self.capabilities.max_recipients
        )

    def folder_of(self, issue: str) -> Path:
        """Return where the messages of an issue are, one file a delivery."""
        return self.folder / quote(issue, safe="")

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return that every file was written, or that some may be."""
        if response.status == 200:
            # A file's name is its delivery's, so there is nothing to remember.
            return Verdict(accepted(batch, [""] * len(batch.recipients)))
        reason = clean(response.body.decode(errors="replace"))[:500] or "the outbox cannot be written"
        stop = StorageError(reason, fix="make room, or give yourself the right to write there; then resume the mailing")
        return Verdict(unsure(batch, reason), stop=stop, conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return 0: a disk needs no pause."""
        return 0.0


@dataclass(frozen=True, slots=True)
class PreparedFiles:
    """An edition as files to be."""

    url: str
    message: PreparedMessage
    at_once: int
    bytes_once: ClassVar[int] = 0
    notes: ClassVar[tuple[str, ...]] = ()

    @property
    def bytes_each(self) -> int:
        """About how many bytes a message has."""
        return self.message.size + 2_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return one body: before each message a line with its file's name and its length."""
        parts: list[bytes] = []
        for recipient in batch.recipients:
            message = self.message.compose(recipient)
            parts += (f"{file_name(recipient.delivery_id)} {len(message)}\r\n".encode("ascii"), message)
        return WireRequest("PUT", self.url, (), b"".join(parts))


def file_name(delivery_id: str) -> str:
    """Return the name of a delivery's file."""
    return f"{delivery_id}.eml"
