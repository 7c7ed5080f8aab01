"""Editions go to their readers: started once, claimed before each call, recorded after it, resumed after any crash.

`start` freezes a mailing, `deliver` sends what is left of it, `resume` finds one that was interrupted.
"""

from newsletter.sending.advising import advise
from newsletter.sending.calendars import calendars
from newsletter.sending.delivering import deliver, reconcile, resume
from newsletter.sending.envelope import Envelope, envelope
from newsletter.sending.lanes import attended
from newsletter.sending.ledger import (
    AT_ONCE,
    Foreseen,
    Plan,
    Progress,
    choices,
    date_searches,
    foresee,
    left_out,
    mailings_of,
    pause,
    rejected,
    reopen,
    sent_texts,
    start,
    status,
    stop,
)
from newsletter.sending.ledger.correcting import (
    Corrected,
    Replacement,
    correct,
    corrected,
    replacements,
    shown_editions,
)
from newsletter.sending.ledger.progress import in_doubt, standing, unfinished
from newsletter.sending.ledger.reading import all_mailings as mailings
from newsletter.sending.ledger.reading import awaits_word, doubts, pace, tells_at
from newsletter.sending.message import compose
from newsletter.sending.patience import Patience
from newsletter.sending.proof import proof
from newsletter.sending.providers import provider
from newsletter.sending.providers.contract import Provider
from newsletter.sending.rehearsal import Rehearsal, rehearse
from newsletter.sending.working import announce, work

__all__ = [
    "AT_ONCE",
    "Corrected",
    "Envelope",
    "Foreseen",
    "Patience",
    "Plan",
    "Progress",
    "Provider",
    "Rehearsal",
    "Replacement",
    "advise",
    "announce",
    "attended",
    "awaits_word",
    "calendars",
    "choices",
    "compose",
    "correct",
    "corrected",
    "date_searches",
    "deliver",
    "doubts",
    "envelope",
    "foresee",
    "in_doubt",
    "left_out",
    "mailings",
    "mailings_of",
    "pace",
    "pause",
    "proof",
    "provider",
    "reconcile",
    "rehearse",
    "rejected",
    "reopen",
    "replacements",
    "resume",
    "sent_texts",
    "shown_editions",
    "standing",
    "start",
    "status",
    "stop",
    "tells_at",
    "unfinished",
    "work",
]
