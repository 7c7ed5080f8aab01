"""Editions go to their readers: started once, claimed before each call, recorded after it, resumed after any crash.

`start` freezes a mailing, `deliver` sends what is left of it, `resume` finds one that was interrupted.
"""

from newsletter.sending.delivering import deliver, resume
from newsletter.sending.envelope import Envelope, envelope
from newsletter.sending.ledger import Progress, foresee, mailings_of, rejected, sent_texts, start, status
from newsletter.sending.message import compose
from newsletter.sending.patience import Patience
from newsletter.sending.proof import proof
from newsletter.sending.providers import provider
from newsletter.sending.providers.contract import Provider

__all__ = [
    "Envelope",
    "Patience",
    "Progress",
    "Provider",
    "compose",
    "deliver",
    "envelope",
    "foresee",
    "mailings_of",
    "proof",
    "provider",
    "rejected",
    "resume",
    "sent_texts",
    "start",
    "status",
]
