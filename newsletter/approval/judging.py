"""What an approval is worth for the issue as it is now."""

from __future__ import annotations

from newsletter.config import ApprovalSettings
from newsletter.model.approval import Approval, Standing, State
from newsletter.model.comparison import compare
from newsletter.model.outline import Outline


def judge(approval: Approval | None, kept: Outline | None, now: Outline, rule: ApprovalSettings) -> Standing:
    """Return how the approval stands to the issue now; `kept` is the outline that was approved, if there is one."""
    if approval is None:
        return Standing(now.issue, now.digest, State.MISSING)
    if approval.digest != now.digest or approval.issue != now.issue:
        return Standing(now.issue, now.digest, State.CHANGED, approval, compare(kept, now) if kept else None)
    own = not approval.authors or any(author.is_same(approval.by) for author in approval.authors)
    state = State.BY_AUTHOR if rule.not_author and own else State.APPROVED
    return Standing(now.issue, now.digest, state, approval)
