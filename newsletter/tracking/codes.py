"""What a bounce means, by its enhanced status code (RFC 3463, RFC 5248, the registry of IANA) and by what was said."""

from __future__ import annotations

import re

from newsletter.model.event import Bounce

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_DEAD = frozenset({"550", "551", "553"})
# The sender's address, not the reader's, is what these are about.
_SENDERS = frozenset({"5.1.7", "5.1.8"})
# Microsoft's words for a mailbox that got too much within an hour.
_BUSY = frozenset({"5.2.121", "5.2.122"})
# Full today; RFC 3463 calls it persistent all the same, and many servers do.
_FULL = frozenset({"5.2.2", "5.3.1", "4.2.2", *_BUSY})
# The message is at fault: too long, of a wrong kind.
_MESSAGES = frozenset({"5.2.3", "5.3.4"})
# Routes say nothing of a mailbox, apart from these: no such mailbox (Microsoft), no such domain.
_NO_PLACE = frozenset({"5.4.0", "5.4.1", "5.4.4", "5.4.310"})
_AMAZONS_BLOCKS = frozenset({"contentrejected", "attachmentrejected", "messagetoolarge"})
# They say that something is wrong, and the words say what.
_VAGUE = frozenset({"", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.5.0"})
_ABOUT_MAILBOXES = frozenset({"5.1.0", "5.2.0", "5.5.0"})

_POLICY = re.compile(
    r"""
    \bspam\w* | black[ -]?list | white[ -]?list | block[ -]?list | blocked | \bpolic(y|ies)\b | reputation
    | rejected[ ]content | \bunsolicited | spoofing | \b(rbl|dnsbl)\b | administrative[ ]prohibition | sender[ ]rejected
    | no[ ]smtp[ ]service | failed[ ]to[ ]authenticate | host[ ]network[ ]not[ ]allowed
    | mail[ ]from[ ]\S+[ ]not[ ]allowed | not[ ]allowed[ ]to[ ]send | not[ ]accepting[ ]mail[ ](from|with)
    | bad[ ]dns[ ]ptr
    # Yahoo, Apple, Microsoft, Cox and Orange number what they have against a sender.
    | \[?TSS\d\d\]? | \[(PH|BL|HM|CS)\d\d\] | \bS3[01]\d\d\b | \bAUP\# | \bofr_\d
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FULL_WORDS = re.compile(
    r"""
    \b(over-?)?quota\b | mail(box|folder)[ ](is[ ])?full | over[ ](its|their|the)[ ](quota|limit) | disk[ ]space
    | too[ ]many[ ](messages|mails) | exceeds[ ]allowed[ ]size | at[ ]a[ ]rate[ ]that[ ]prevents
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOO_LARGE = re.compile(
    r"(message|mail)( is)? too (large|big)|max(imum)?( incoming)? message size|message size exceeds", re.IGNORECASE
)
_ON_THE_WAY = re.compile(
    r"too many hops|\bloop(ing)?\b|queue period|not reachable|timed out|connection refused|temporar(y|ily)",
    re.IGNORECASE,
)
_DEAD_WORDS = re.compile(
    r"""
    not[ ]a[ ]valid[ ](recipient|mailbox) | invalid[ ](recipient|mailbox) | doesn't[ ]have[ ]an?[ ]\S+[ ]account
    | \bunknown[ ](user|recipient|mailbox)\b | \b(user|recipient|mailbox)[ ](is[ ])?unknown\b
    | \bno[ ]such[ ](user|recipient|mailbox|address|person)\b | (mailbox|account)[ ](has[ ]been|is)[ ](disabled|closed)
    | \b(user|recipient|mailbox|account)[ ]not[ ]found\b
    | (mailbox|user|account|recipient|address)\b[^.]{0,80}\b(does[ ]not|doesn't)[ ]exist
    """,
    re.IGNORECASE | re.VERBOSE,
)

# Whose name is a word such as spam is nobody's policy, and a dot in it ends no sentence.
_ADDRESS = re.compile(r"""[^\s<>"'(),;:\[\]]+@[^\s<>"'(),;:\[\]]+""")
_ABOUT_SENDERS = re.compile(r"\b(sender|from)\b", re.IGNORECASE)


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
    said = _ADDRESS.sub("@", said)
    if code == "5.7.1" and bounce is Bounce.HARD and _is_gone(said):
        return Bounce.HARD
    if bounce is Bounce.BLOCK or code.startswith(("4.7.", "5.7.", "5.6.")) or code in _SENDERS or code in _MESSAGES:
        return Bounce.BLOCK
    if bounce is Bounce.SOFT:
        return Bounce.BLOCK if code not in _FULL and _is_refused(said) else Bounce.SOFT
    if _is_vague(code) and _is_refused(said):
        return Bounce.BLOCK
    if code in _FULL or code.startswith("4.") or (code.startswith("5.4.") and code not in _NO_PLACE):
        return Bounce.SOFT
    # A system that is down or wrongly set up, and a command that was not understood, are not about a mailbox.
    if code.startswith(("5.3.", "5.5.")) and not _is_vague(code) and not _DEAD_WORDS.search(said):
        return Bounce.SOFT
    if _is_vague(code) and _ON_THE_WAY.search(said):
        return Bounce.SOFT
    return Bounce.SOFT if (_is_vague(code) or code == "5.2.1") and _FULL_WORDS.search(said) else bounce


def of_amazon(kind: str, subkind: str, code: str, said: str) -> Bounce:
    """Return what Amazon SES means by the type and the subtype of a bounce; Resend passes them on."""
    if subkind.lower() in _AMAZONS_BLOCKS:
        return Bounce.BLOCK
    return judged(Bounce.HARD if kind.lower() == "permanent" else Bounce.SOFT, code, said)


def of_failure(code: str, said: str) -> Bounce:
    """Return what a server means that gave up a message, by the code of its reply and its words (RFC 5321 §4.2.3)."""
    if code and not code.startswith("5."):
        return judged(Bounce.SOFT, code, said)
    found, said = judged(Bounce.HARD, code, said), _ADDRESS.sub("@", said)
    if found is not Bounce.HARD or not _is_vague(code) or code in _ABOUT_MAILBOXES or _DEAD_WORDS.search(said):
        return found
    basic = _BASIC.search(said)
    if basic:
        return Bounce.HARD if basic[1] in _DEAD else Bounce.SOFT
    return Bounce.HARD if code else Bounce.SOFT


def _is_refused(said: str) -> bool:
    return bool(_POLICY.search(said) or _TOO_LARGE.search(said))


def _is_gone(said: str) -> bool:
    return bool(_DEAD_WORDS.search(said)) and not _POLICY.search(said) and not _ABOUT_SENDERS.search(said)


def _is_vague(code: str) -> bool:
    return code in _VAGUE or code.startswith("5.0.")
