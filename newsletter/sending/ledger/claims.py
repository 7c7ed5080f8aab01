"""What a sender holds: the right to make one call, or the duty to ask what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.sending.ledger.reading import Frozen
from newsletter.sending.providers.contract import Batch, Capabilities, Prepared, WireRequest


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, and the duty, to make one call and to record what came of it."""

    batch_id: int
    batch: Batch
    request: WireRequest
    subscribers: tuple[int, ...]
    """In the order of the batch's recipients."""
    claimed_at: datetime
    repeats: bool
    """Whether an earlier call with this key may have been accepted."""
    attempts: int
    lane: int = 0
    put_back: str = ""
    """Why it was put back before a person let the mailing go on; empty where nobody has since."""
    put_off: int = 0
    """How often its readers were put off before."""
    others: bool = True
    """Whether somebody waits who was not tried yet, or these were not themselves."""


@dataclass(frozen=True, slots=True)
class Search:
    """The duty to ask a provider what became of a call."""

    batch_id: int
    batch: Batch
    since: datetime
    """When the call was about to begin."""
    attempts: int
    proves: bool = True
    """Whether who is not found was not written to; later the provider need not show it any more."""


class Halt:
    """Nothing may be claimed: the mailing is paused, stopped or finished."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who claims: a mailing as frozen, its editions as the provider takes them, and in which lane."""

    frozen: Frozen
    prepared: Sequence[Prepared]
    able: Capabilities
    lane: int = 0
    only_unknown: bool = False
    """To settle what is unknown, in whatever state the mailing is, and to send nothing new."""
    account: str = ""
    """A keyed hash of what tells the provider's account."""
