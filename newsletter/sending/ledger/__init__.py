"""The ledger: the only truth about who was written to. Everything that must survive a crash is here."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.sending.ledger.claiming import claim, date_searches, set_found_aside
    from newsletter.sending.ledger.claims import Claim, Halt, Search, Sender
    from newsletter.sending.ledger.controls import (
        TOO_LATE,
        begin,
        claim_notice,
        date_anew,
        go_on,
        note,
        pause,
        reopen,
    )
    from newsletter.sending.ledger.evidence import account
    from newsletter.sending.ledger.progress import Progress
    from newsletter.sending.ledger.quota import least, room_at
    from newsletter.sending.ledger.reading import Frozen, due, has_more_to_send, is_proven, load
    from newsletter.sending.ledger.recording import INTERRUPTED, ask_again, count_anew, finish, record, settle
    from newsletter.sending.ledger.refusals import heed_refusals
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "INTERRUPTED",
    "TOO_LATE",
    "Claim",
    "Frozen",
    "Halt",
    "Progress",
    "Search",
    "Sender",
    "account",
    "ask_again",
    "begin",
    "claim",
    "claim_notice",
    "count_anew",
    "date_anew",
    "date_searches",
    "due",
    "finish",
    "go_on",
    "has_more_to_send",
    "heed_refusals",
    "is_proven",
    "least",
    "load",
    "note",
    "pause",
    "record",
    "reopen",
    "room_at",
    "set_found_aside",
    "settle",
]
