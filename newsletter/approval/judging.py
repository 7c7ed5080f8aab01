"""What an approval is worth for the issue as it is now."""

from __future__ import annotations

from newsletter.config import ApprovalSettings
from newsletter.model.approval import Approval, Standing, State


def judge(approval: Approval | None, issue: str, digest: str, rule: ApprovalSettings) -> Standing:
    """Return how an approval stands to an issue that has this digest now."""
    if approval is None:
        state = State.MISSING
    elif (approval.issue, approval.digest) != (issue, digest):
        state = State.CHANGED
    elif rule.not_author and _may_be_own(approval):
        state = State.BY_AUTHOR
    else:
        state = State.APPROVED
    return Standing(issue, digest, state, approval)


def _may_be_own(approval: Approval) -> bool:
    """Return whether the approver had changed the issue last, or nobody looked who had."""
    return not approval.authors or any(author.is_same(approval.by) for author in approval.authors)
