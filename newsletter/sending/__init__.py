"""Editions go to their readers: started once, claimed before each call, recorded after it, resumed after any crash.

`start` freezes a mailing, `deliver` sends what is left of it, `resume` finds one that was interrupted.
"""

from typing import TYPE_CHECKING

from newsletter import lazy
from newsletter.sending.envelope import Envelope, envelope

if TYPE_CHECKING:
    from newsletter.sending.advising import advise
    from newsletter.sending.calendar_files import calendars
    from newsletter.sending.delivering import deliver, reconcile, resume
    from newsletter.sending.lanes import attended
    from newsletter.sending.ledger.audience import AT_ONCE, Plan, choices
    from newsletter.sending.ledger.claiming import date_searches
    from newsletter.sending.ledger.controls import TOO_LATE, pause, reopen, stop
    from newsletter.sending.ledger.correcting import (
        Corrected,
        Replacement,
        correct,
        corrected,
        replacements,
        shown_editions,
    )
    from newsletter.sending.ledger.freezing import Foreseen, foresee, start
    from newsletter.sending.ledger.progress import Progress, in_doubt, standing, status, unfinished
    from newsletter.sending.ledger.reading import (
        all_mailings,
        awaits_word,
        doubts,
        issues_left,
        left_out,
        mailings_of,
        pace,
        rejected,
        sent_texts,
        tells_at,
    )
    from newsletter.sending.message import compose
    from newsletter.sending.patience import Patience
    from newsletter.sending.proofs import proof
    from newsletter.sending.providers import provider
    from newsletter.sending.providers.contract import Provider
    from newsletter.sending.rehearsal import Rehearsal, rehearse
    from newsletter.sending.working import announce, work
else:
    __getattr__ = lazy.names(__name__)

__all__ = [
    "AT_ONCE",
    "TOO_LATE",
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
    "all_mailings",
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
    "issues_left",
    "left_out",
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
