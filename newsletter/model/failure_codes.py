"""What a bounce means, by its enhanced status code (RFC 3463, RFC 5248, the registry of IANA) and by what was said."""

from __future__ import annotations

import re

from newsletter.model.event import Bounce
from newsletter.model.failure_words import (
    is_certainly_dead,
    is_dead,
    is_full,
    is_of_message,
    is_on_the_way,
    is_refused,
    plain_words,
)

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_GONE = frozenset({"550", "551", "553"})
# The sender's address, not the reader's, is what these are about; the last is Microsoft's for one that wrote too much.
_SENDERS = frozenset({"5.1.7", "5.1.8", "5.1.90"})
# Microsoft's words for a mailbox that got too much within an hour.
_BUSY = frozenset({"5.2.121", "5.2.122"})
# Full today; RFC 3463 calls it persistent all the same, and many servers do.
_FULL = frozenset({"5.2.2", "5.3.1", "4.2.2", *_BUSY})
# The address is there, but it leads to several, to a list that is broken, or nowhere (Microsoft).
_LEADING = frozenset({"5.1.4", "5.2.4", "5.2.14"})
# The message is at fault: too long, of a wrong kind.
_MESSAGES = frozenset({"5.2.3", "5.3.4"})
# Routes say nothing of a mailbox, apart from these: no such mailbox (Microsoft), no such domain.
_NO_PLACE = frozenset({"5.4.0", "5.4.1", "5.4.4", "5.4.310"})
# The last is about a reader who has left by Amazon's own link.
_AMAZONS_BLOCKS = frozenset(
    {"contentrejected", "attachmentrejected", "messagetoolarge", "messagerejected", "unsubscribedrecipient"}
)
# They say that something is wrong, and the words say what.
_VAGUE = frozenset({"", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.5.0"})
# What Sendmail makes of 550, 551 and 553.
_MADE_UP = frozenset({"5.1.1", "5.1.6", "5.1.3"})
# Mailboxes that take nothing, hosts that do not answer and ways that are not found, for one reason or another.
_OPEN = frozenset({"5.2.1", "5.4.1", "5.4.4"})
_ABOUT_MAILBOXES = frozenset({"5.1.0", "5.2.0", "5.5.0"})


def status_code(text: str) -> str:
    """Return the enhanced status code in what a server said, or nothing; an IP address is none."""
    found = _CODE.search(text)
    return found[0] if found else ""


def judged(bounce: Bounce, code: str, said: str) -> Bounce:
    """Return how to take a bounce that a provider calls `bounce`, where the server says that the address is not dead.

    A policy (x.7.x) or an objection to the sender or the message says nothing about the reader's address, and a full
    mailbox may be emptied. The words count where the code leaves it open; and where administrators refuse by hand an
    address that is gone, which their servers call a policy.
    """
    said = plain_words(said)
    if code.startswith("5.7.") and bounce is Bounce.HARD and is_certainly_dead(said):
        return Bounce.HARD
    full = is_full(said)
    if (
        bounce is Bounce.BLOCK
        or code.startswith(("4.7.", "5.7.", "5.6."))
        or code in _SENDERS
        or (code in _MESSAGES and not full)
    ):
        return Bounce.BLOCK
    if bounce is Bounce.SOFT:
        return Bounce.BLOCK if code not in _FULL and is_refused(said) else Bounce.SOFT
    if _is_open(code, said) and is_refused(said):
        return Bounce.BLOCK
    if code in _FULL | _LEADING or code.startswith("4.") or (code.startswith("5.4.") and code not in _NO_PLACE):
        return Bounce.SOFT
    # A system that is down or wrongly set up, and a command that was not understood, are not about a mailbox.
    if code.startswith(("5.3.", "5.5.")) and not _is_vague(code) and not is_dead(said):
        return Bounce.SOFT
    if _is_open(code, said) and is_on_the_way(said):
        return Bounce.SOFT
    if full and (_is_vague(code) or code.startswith(("5.1.", "5.2."))):
        return Bounce.SOFT
    return Bounce.BLOCK if _is_vague(code) and is_of_message(said) and not is_dead(said) else bounce


def of_amazon(kind: str, subkind: str, code: str, said: str) -> Bounce:
    """Return what Amazon SES means by the type and the subtype of a bounce; Resend passes them on."""
    if subkind.lower() in _AMAZONS_BLOCKS:
        return Bounce.BLOCK
    return judged(Bounce.HARD if kind.lower() == "permanent" else Bounce.SOFT, code, said)


def of_failure(code: str, said: str, told: str = "") -> Bounce:
    """Return what a server means that gave up a message, by the code of its reply and its words (RFC 5321 §4.2.3).

    What is `told` to people says when a server replied: what it says once it has the message is about that.
    """
    if code and not code.startswith("5."):
        return judged(Bounce.SOFT, code, said)
    found, said = judged(Bounce.HARD, code, said), plain_words(said)
    if found is not Bounce.HARD or not _is_vague(code) or code in _ABOUT_MAILBOXES or is_dead(said):
        return found
    if is_of_message(told):
        return Bounce.BLOCK
    basic = _BASIC.search(said)
    if basic:
        return Bounce.HARD if basic[1] in _GONE else Bounce.SOFT
    return Bounce.HARD if code else Bounce.SOFT


def _is_vague(code: str) -> bool:
    # RFC 3463 has no subject above 7: what a server means by one, its words say.
    return code in _VAGUE or code.startswith(("5.0.", "5.8.", "5.9."))


def _is_open(code: str, said: str) -> bool:
    """Return whether the words say what is meant: also where a server made the code up from the digits of a reply.

    Sendmail reports every 550 to a recipient as 5.1.1, the policies among them.
    """
    return (
        _is_vague(code) or code in _OPEN or (code in _MADE_UP and bool(_BASIC.search(said)) and not status_code(said))
    )
