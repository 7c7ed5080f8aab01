"""What an approval is worth for the issue as it is now."""

from __future__ import annotations

from newsletter.config import ApprovalSettings
from newsletter.model.approval import Approval, Standing, State


def judge(approval: Approval | None, issue: str, digest: str, rule: ApprovalSettings) -> Standing:
    """Return how an approval stands to an issue that has this digest now."""
    if approval is None:
        return Standing(issue, digest, State.MISSING)
    if (approval.issue, approval.digest) != (issue, digest):
        return Standing(issue, digest, State.CHANGED, approval)
    own = not approval.authors or any(author.is_same(approval.by) for author in approval.authors)
    return Standing(issue, digest, State.BY_AUTHOR if rule.not_author and own else State.APPROVED, approval)
