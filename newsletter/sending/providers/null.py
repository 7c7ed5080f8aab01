"""`null`: takes everything and sends nothing, for rehearsals and benchmarks. Messages are made as for a mail server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from newsletter.model.edition import Edition
from newsletter.sending.envelope import Envelope
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
    max_body_bytes=16_000_000,
    in_flight=2,
    calls_per_second=None,
    replay_window=timedelta(days=36_500),
    inline_images=True,
    reaches_readers=False,
    smtputf8=True,
)


@dataclass(frozen=True, slots=True)
class Null:
    """Counts."""

    name: str
    capabilities: Capabilities = CAPABILITIES

    account: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = ()
    options: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def configured(cls, configuration: Configuration) -> Null:
        """Return the provider of these settings."""
        return cls(configuration.name, configuration.paced(CAPABILITIES))

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> PreparedNothing:
        """Return the edition as messages."""
        return PreparedNothing(prepare(edition, envelope, date, smtputf8=True), self.capabilities.max_recipients)

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return that everything was taken."""
        if response.status == 200:
            return Verdict(accepted(batch, [""] * len(batch.recipients)))
        return Verdict(unsure(batch, f"the answer was {response.status}"), conclusive=False)

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return 0."""
        return 0.0


@dataclass(frozen=True, slots=True)
class PreparedNothing:
    """An edition as messages that nobody gets."""

    message: PreparedMessage
    at_once: int
    bytes_once: ClassVar[int] = 0
    notes: ClassVar[tuple[str, ...]] = ()

    @property
    def bytes_each(self) -> int:
        """About how many bytes a message has."""
        return self.message.size + 2_000

    def encode(self, batch: Batch) -> WireRequest:
        """Return the messages one after the other."""
        return WireRequest("PUT", "null:", (), b"".join(map(self.message.compose, batch.recipients)))
