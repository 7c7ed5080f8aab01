"""The ledger: the only truth about who was written to. Everything that must survive a crash is here."""

from newsletter.sending.ledger.claiming import Claim, claim, set_found_aside
from newsletter.sending.ledger.freezing import foresee, start
from newsletter.sending.ledger.reading import Frozen, Progress, due, load, mailings_of, rejected, sent_texts, status
from newsletter.sending.ledger.recording import finish, go_on, record

__all__ = [
    "Claim",
    "Frozen",
    "Progress",
    "claim",
    "due",
    "finish",
    "foresee",
    "go_on",
    "load",
    "mailings_of",
    "record",
    "rejected",
    "sent_texts",
    "set_found_aside",
    "start",
    "status",
]
