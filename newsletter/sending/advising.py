"""What a person does next about a mailing."""

from __future__ import annotations

from datetime import datetime, tzinfo

from newsletter.model.mailing import MailingState
from newsletter.model.wording import moment
from newsletter.sending.ledger import TOO_LATE, Progress


def advise(found: Progress, zone: tzinfo, now: datetime) -> tuple[str, str]:
    """Return what there is to do, and the command that does it; either may be empty."""
    mailing, totals = found.mailing, found.totals
    if mailing.state is MailingState.SCHEDULED and mailing.begins_at:
        leaves, runs = moment(mailing.begins_at, zone), f"newsletter worker or newsletter resume {mailing.issue} runs"
        if mailing.begins_at > now:
            return f"it leaves on {leaves}, where {runs} then", ""
        if mailing.begins_at < now - TOO_LATE:
            return f"it was to leave on {leaves}; send it now with", f"newsletter resume {mailing.issue}"
        return f"it was to leave on {leaves}; it leaves as soon as {runs}", ""
    if mailing.state is MailingState.STOPPED:
        if not (found.was_sent or found.sent_before):
            return "nothing has left; the issue can be mended and sent again", ""
        return ("send it to the others with", f"newsletter send {mailing.issue} --rest") if totals.pending else ("", "")
    if totals.pending or totals.claimed:
        idle = "unless it is being sent just now, " if mailing.state is MailingState.SENDING else ""
        return f"{idle}go on with", f"newsletter resume {mailing.issue}"
    return ("look into the unknown with", f"newsletter reconcile {mailing.issue}") if totals.unknown else ("", "")
