"""What a provider is: pure functions from deliveries to a request's bytes, and from an answer's bytes to outcomes.

A provider never opens a connection and keeps no state; the executor owns transport, pace, retries and the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from newsletter.errors import NewsletterError
from newsletter.model.edition import Edition
from newsletter.model.mailing import Recipient
from newsletter.sending.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do, as data."""

    max_recipients: int
    """In one call."""
    max_body_bytes: int
    """Of one call."""
    in_flight: int
    """Calls at the same time."""
    calls_per_second: float | None
    """None: as fast as it answers."""
    replay_window: timedelta | None
    """How long the same request may be repeated without anybody getting a second message; None: never."""
    inline_images: bool
    """Whether pictures may travel inside a message."""
    reaches_readers: bool
    """Whether messages leave the machine."""
    recipients_per_second: float | None = None
    """None: as many as the calls carry."""
    recipients_per_day: int | None = None
    """What the account may send in 24 hours, where the settings say it."""
    settle: timedelta | None = None
    """After how long a search tells whether a call was taken; None: calls cannot be searched for (`Searchable`)."""
    remembers: timedelta | None = None
    """How long after a call who is not found was certainly not written to: providers forget. None: for good."""
    smtputf8: bool = False
    """Whether addresses may have letters beyond ASCII before the @ (RFC 6531)."""
    proxied: bool = False
    """Whether its calls go through the proxy that the system names, as far as they are HTTP."""

    @property
    def can_be_asked(self) -> bool:
        """Whether what became of a lost call can be learned from it, by the same call or by a search."""
        return self.replay_window is not None or self.settle is not None


@dataclass(frozen=True, slots=True)
class Batch:
    """The deliveries of one call; `key` is the same whenever the same call is repeated."""

    key: str
    recipients: tuple[Recipient, ...]


class Seal(Protocol):
    """What a call gets at the moment at which it leaves, such as a signature that holds for minutes only."""

    def headers(self, request: WireRequest, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the headers that the call has besides its own."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A call, ready to be handed to a transport by its address's scheme."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    """They hold the credentials."""
    body: bytes = field(repr=False)
    seal: Seal | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class WireResponse:
    """An answer; the names of its headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message."""

    delivery_id: str
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider will never take this message, for a reason that is the recipient's alone."""

    delivery_id: str
    reason: str
    certain: bool = False
    """Whether its words leave no doubt that the recipient is at fault, even where nobody else was accepted."""


class Because(StrEnum):
    """What kept a message from being taken, as far as the answer tells."""

    CALL = "call"
    """Something that concerns the whole call: it broke off, came too soon, or met a failure."""
    MAILBOX = "mailbox"
    """This reader's mailbox cannot take it for now: it is full, or waits for somebody to come twice (greylisting)."""
    MESSAGE = "message"
    """It was refused for good, in words that may speak of the message or of this reader."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It is proven that this call did not send the message; it may be tried again."""

    delivery_id: str
    reason: str
    because: Because = Because.CALL


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody can tell from this answer whether the message was taken."""

    delivery_id: str
    reason: str


Outcome = Accepted | Rejected | NotTaken | Unsure


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means: exactly one outcome for each delivery of the batch, in its order."""

    outcomes: tuple[Outcome, ...]
    stop: NewsletterError | None = None
    """Why calling again would be pointless for every batch: the mailing pauses."""
    divide: bool = False
    """One recipient made the provider refuse the whole call: each half is tried alone."""
    conclusive: bool = True
    """Whether the answer also speaks for earlier calls with the same key, of which nobody heard."""
    final: bool = False
    """Whether repeating an unsure call can never tell more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one page of a search says about a call of which nobody heard."""

    found: Mapping[str, str]
    """The deliveries that the provider has taken, by delivery id, each with the provider's own id or nothing."""
    more: str = ""
    """Where the search goes on; empty on its last page."""
    problem: NewsletterError | None = None
    """Why nothing can be concluded from this answer."""


class Prepared(Protocol):
    """An edition in the provider's own form."""

    @property
    def at_once(self) -> int:
        """How many recipients a call may have with this edition, at least 1."""

    @property
    def bytes_once(self) -> int:
        """About how many bytes a call has without any recipient."""

    @property
    def bytes_each(self) -> int:
        """About how many bytes a recipient adds to a call."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What people should know before it is sent, such as that merging is not possible; usually nothing."""

    def encode(self, batch: Batch) -> WireRequest:
        """Return the call for a batch: the same batch gives the same bytes."""


@runtime_checkable
class Provider(Protocol):
    """A mail API or transport."""

    account: ClassVar[tuple[str, ...]]
    """The settings that tell its account: what another says proves nothing. None where nobody can be asked."""

    @property
    def name(self) -> str:
        """As the settings call it."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def prepare(self, edition: Edition, envelope: Envelope, date: datetime) -> Prepared:
        """Return the edition in the provider's form; raise Refused for what it cannot carry."""

    def decode(self, batch: Batch, response: WireResponse) -> Verdict:
        """Return what an answer means, whatever its bytes are."""

    def throttle(self, response: WireResponse, now: datetime) -> float:
        """Return how many seconds to wait before the next call, 0 for none."""


@runtime_checkable
class Searchable(Protocol):
    """A provider that can be asked, `Capabilities.settle` after a call, whether it took the call."""

    def probe(self, batch: Batch, since: datetime, more: str = "") -> WireRequest:
        """Return the question; `since` is when the call began, `more` what `Evidence.more` said."""

    def evidence(self, batch: Batch, response: WireResponse, more: str) -> Evidence:
        """Return what the answer to `probe(batch, since, more)` says, whatever its bytes are."""


def not_taken(batch: Batch, reason: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a call that sent nothing."""
    return tuple(NotTaken(recipient.delivery_id, reason) for recipient in batch.recipients)


def refused_for_one(batch: Batch, reason: str, *, certain: bool = False, conclusive: bool = True) -> Verdict:
    """Return what it means that a call is refused because of one recipient: of several, each half is tried alone."""
    if len(batch.recipients) > 1:
        return Verdict(not_taken(batch, reason), divide=True, conclusive=conclusive)
    return Verdict((Rejected(batch.recipients[0].delivery_id, reason, certain),), conclusive=conclusive)


def unsure(batch: Batch, reason: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a call that may have sent everything."""
    return tuple(Unsure(recipient.delivery_id, reason) for recipient in batch.recipients)


def accepted(batch: Batch, provider_ids: Iterable[str]) -> tuple[Outcome, ...]:
    """Return the outcomes of a call that sent everything; the ids come in the batch's order."""
    return tuple(
        Accepted(recipient.delivery_id, provider_id)
        for recipient, provider_id in zip(batch.recipients, provider_ids, strict=True)
    )
