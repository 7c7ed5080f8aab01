"""What Amazon SES says: of a whole call by an error's name, of each reader of a call by a status.

Names are those of the service model `sesv2` in botocore and of
https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html (2026-11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from newsletter.errors import AuthenticationError, ConfigurationError, NewsletterError, ProviderError
from newsletter.sending.providers.answers import field, misdirected, read_json, without_addresses, words
from newsletter.sending.providers.contract import WireResponse

_SAME = {
    "ACCOUNT_THROTTLED": "TooManyRequestsException",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "LimitExceededException",
    "ACCOUNT_SUSPENDED": "AccountSuspendedException",
    "ACCOUNT_SENDING_PAUSED": "SendingPausedException",
    "CONFIGURATION_SET_SENDING_PAUSED": "SendingPausedException",
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": "MailFromDomainNotVerifiedException",
    "CONFIGURATION_SET_NOT_FOUND": "NotFoundException",
    "INVALID_SENDING_POOL_NAME": "NotFoundException",
    "TEMPLATE_NOT_FOUND": "NotFoundException",
    "MESSAGE_REJECTED": "MessageRejected",
    "TRANSIENT_FAILURE": "TRANSIENT_FAILURE",
    "INVALID_PARAMETER": "BadRequestException",
    "FAILED": "BadRequestException",
}
"""The statuses of readers, by the errors of calls that mean the same."""
_LATER = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "TRANSIENT_FAILURE"})
_ACCOUNT = frozenset({"AccountSuspendedException", "SendingPausedException", "MailFromDomainNotVerifiedException"})
_KEY = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_INVALID = frozenset({"BadRequestException", "InvalidParameterValue", "ValidationError", "ValidationException"})
_QUOTA = re.compile(r"daily|quota|24.?hour", re.IGNORECASE)
_CLOCK = re.compile(r"expired|not yet current|skewed|clock", re.IGNORECASE)
# "Illegal address", "Missing final '@domain'", "Local address contains control or whitespace", "Domain contains illegal
# character" are about one; what names a part that all share is not.
_ADDRESS = re.compile(r"address|recipient|destination|domain|user name|local part", re.IGNORECASE)
_SHARED = re.compile(
    r"\bfrom|sender|source|reply|verified|template|header|\btags?\b|configuration|attachment|subject|\bsize\b|too large"
    r"|exceed|tenant|endpoint|tracking|override",
    re.IGNORECASE,
)
_SIZE = re.compile(r"too (?:large|long|many)|maximum|exceed|\bsize\b|more than 50", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What was not taken, and why."""

    error: str
    reason: str
    status: int = 400

    @property
    def later(self) -> bool:
        """Whether it comes too fast, and may be tried again."""
        return (self.status == 429 or self.error in _LATER) and not self.quota

    @property
    def quota(self) -> bool:
        """Whether the account may send no more for now."""
        return self.error == "LimitExceededException" or (
            (self.status == 429 or self.error in _LATER) and bool(_QUOTA.search(self.reason))
        )

    @property
    def too_large(self) -> bool:
        """Whether half a call may be taken."""
        return self.status == 413 or (self.error in _INVALID and bool(_SIZE.search(self.reason)))

    @property
    def shared(self) -> bool:
        """Whether it is about something that all readers of a call have in common."""
        return self.error not in _INVALID or bool(_SHARED.search(without_addresses(self.reason)))

    @property
    def an_address(self) -> bool:
        """Whether it is about one reader's address."""
        return not self.shared and bool(_ADDRESS.search(self.reason))

    def stop(self, name: str) -> NewsletterError | None:
        """Return why calling again would be pointless for everybody, or None."""
        where, reason = f"[providers.{name}]", self.reason
        if self.later:
            return None
        if self.quota:
            return ProviderError(
                f"the quota of Amazon SES is used up: {reason}",
                fix="wait until there is room, or ask Amazon for a higher quota; then resume the mailing",
            )
        if self.error in _ACCOUNT or "not verified" in reason.lower():
            return AuthenticationError(
                f"Amazon SES does not let this account or sender send: {reason}",
                why="an account in the sandbox may write to verified addresses alone"
                if "not verified" in reason.lower()
                else "",
                fix=f"clear the sender and the account with Amazon in the region that {where} names; then resume",
            )
        if self.error in _KEY or self.status in {401, 403}:
            by_clock = self.error in {"RequestExpired", "RequestTimeTooSkewed"} or (
                "Signature" in self.error and _CLOCK.search(reason)
            )
            return AuthenticationError(
                f"Amazon refused the access key: {reason}",
                why="its signature holds for some minutes, and the clock of this machine differs" if by_clock else "",
                fix="set the clock of this machine, then resume"
                if by_clock
                else f"correct the keys and the region in {where}, or what the key may do; then resume",
            )
        if self.error == "NotFoundException":
            return ConfigurationError(
                f"Amazon SES does not know what the call names: {reason}",
                fix=f"correct configuration_set or region in {where}, then resume the mailing",
            )
        if astray := misdirected(name, self.status):
            return astray
        if self.error:
            return ProviderError(
                f"Amazon SES refused the message: {reason}",
                why=f"its error is {self.error}",
                fix="mend what it says, then resume the mailing",
            )
        return None


def told(response: WireResponse) -> Told:
    """Return what an answer says that is no success."""
    answer = read_json(response.body)
    said = (response.headers.get("x-amzn-errortype"), *(field(answer, name) for name in ("__type", "code", "type")))
    # "BadRequestException:http://…" in the header, "com.amazon.coral.service#BadRequestException" in the body.
    error = next((words(one).partition(":")[0].rpartition("#")[2] for one in said if one), "")
    reason = words(field(answer, "message")) or words(field(answer, "Message"))
    # Amazon says a wrong signature's text back, and the session token stands in it.
    reason = reason.partition("The Canonical String")[0].strip()
    return Told(error, reason or error or f"Amazon SES answered {response.status}", response.status)


def told_of(item: Any) -> Told | None:
    """Return what an item of an answer says of a reader to whom nothing was sent, or None where nobody can tell."""
    status = field(item, "Status")
    error = _SAME.get(status) if isinstance(status, str) else None
    return None if error is None else Told(error, words(field(item, "Error")) or str(status))
