"""What Mailjet says of a call or of one of its messages, and which message it says it of.

Codes are those of https://dev.mailjet.com/docs/email-api/send_api_v31/send_api_errors (2026-11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from newsletter.errors import AuthenticationError, NewsletterError, ProviderError
from newsletter.sending.providers.answers import field, identifier, misdirected, words
from newsletter.sending.providers.contract import Batch

_KEY = frozenset({"mj-0001", "mj-0015", "send-0006", "send-0007", "send-0008"})
_TOO_LARGE = frozenset({"mj-0008", "mj-0011", "send-0015"})
_ONES = frozenset({"mj-0006", "mj-0012", "mj-0013"})
"""Too long, empty, no address: of one reader, if it is about what is a reader's own."""
# "To[0].Email": src/test/java/com/mailjet/client/TransactionalEmailBuilderIT.java of mailjet-apiv3-java.
_TO = re.compile(r"(?:Messages\[\d+\]\.)?To\b", re.IGNORECASE)
_OWN = re.compile(r"(?:Messages\[\d+\]\.)?(?:To|Subject|Variables|Email)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """An error."""

    code: str
    reason: str
    status: int
    about: tuple[str, ...] = ()
    """The properties that it names."""

    @property
    def later(self) -> bool:
        """Whether the same is taken after a while."""
        return self.status == 429

    @property
    def too_large(self) -> bool:
        """Whether half a call may be taken."""
        return self.status == 413 or self.code in _TOO_LARGE

    @property
    def an_address(self) -> bool:
        """Whether it is certainly about one reader's address."""
        return self.of_one and bool(self.about) and all(_TO.match(name) for name in self.about)

    @property
    def of_one(self) -> bool:
        """Whether it is about what is one reader's own."""
        return self.code in _ONES and all(_OWN.match(name) for name in self.about)

    def stop(self, name: str) -> NewsletterError | None:
        """Return why calling again would be pointless for everybody, or None."""
        where, reason = f"[providers.{name}]", self.reason
        if self.later:
            return None
        if self.status in {401, 403} or self.code in _KEY:
            return AuthenticationError(
                f"Mailjet refused the keys, the account or the sender: {reason}",
                why=f"its error is {self.code}" if self.code else "",
                fix=f"correct the two keys that {where} names and its region, or validate the sender at Mailjet; "
                "then resume",
            )
        if self.status == 402:
            return ProviderError(
                f"Mailjet's plan is used up: {reason}", fix="wait for a new month or change it, then resume the mailing"
            )
        if astray := misdirected(name, self.status):
            return astray
        if self.code:
            return ProviderError(
                f"Mailjet refused the message: {reason}",
                why=f"its error is {self.code}",
                fix="mend what it says, then resume the mailing",
            )
        return None


def told(error: Any, status: int) -> Told:
    """Return an error: of a whole call, or one of `Errors`, whose own status goes before that of the call."""
    code, own = words(field(error, "ErrorCode")), field(error, "StatusCode")
    status = own if isinstance(own, int) and not isinstance(own, bool) else status
    related = field(error, "ErrorRelatedTo")
    about = tuple(filter(None, map(words, related if isinstance(related, list) else [related])))
    reason = words(field(error, "ErrorMessage")) or code or f"Mailjet answered {status}"
    return Told(code, reason, status, about)


def told_of(item: Any, status: int) -> Told:
    """Return why a message was refused: of several errors one that concerns everybody, if there is one."""
    errors = field(item, "Errors")
    found = [told(error, status) for error in (errors if isinstance(errors, list) else [])]
    return next(
        (error for error in found if not error.of_one),
        found[0] if found else Told("", "Mailjet gives no reason", status),
    )


def message_id(item: Any) -> str:
    """Return the number of a message that was taken, by which Mailjet's events and its other calls know it."""
    reader = _reader(item)
    told = field(reader, "MessageID")
    return number(told) or identifier(told) or identifier(field(reader, "MessageUUID"))


def number(value: Any) -> str:
    """Return a number by which Mailjet knows something, or nothing where it is none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**40 else ""


def aligned(batch: Batch, items: list[Any]) -> list[Any]:
    """Return the item about each recipient of the batch, or None where none is certainly theirs.

    They come in order. Items of what was taken name the delivery, and where one disagrees the order is not believed; of
    two about the same delivery the one counts that says it was taken.
    """
    tokens = [recipient.delivery_id for recipient in batch.recipients]
    named = [identifier(field(item, "CustomID")) for item in items]
    if len(items) == len(tokens) and all(name in {"", token} for name, token in zip(named, tokens, strict=True)):
        return [item if isinstance(item, dict) else None for item in items]
    by_name: dict[str, Any] = {}
    for name, item in zip(named, items, strict=True):
        if name and field(by_name.get(name), "Status") != "success":
            by_name[name] = item
    return [by_name.get(token) for token in tokens]


def _reader(item: Any) -> Any:
    to = field(item, "To")
    return to[0] if isinstance(to, list) and to else None
