"""What a mail that came back says: RFC 3464 and 6533 (delivery reports), RFC 5965 (complaints), and without a standard.

Only mails that carry one of our delivery ids count, in the address that they came to or in what they return: anybody
can write a report that names somebody else's address.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parseaddr
from itertools import dropwhile, islice, takewhile

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, of_failure, status_code
from newsletter.model.verp import read_bounce_address
from newsletter.tracking.bounces.fields import (
    GLOBAL_STATUS,
    about_recipients,
    action_of,
    content_of,
    fields_in,
    groups_of,
    payload_of,
    recipient_of,
    value_of,
)
from newsletter.tracking.webhooks.reading import delivery as delivery_of
from newsletter.tracking.webhooks.reading import delivery_in_link, text
from newsletter.tracking.webhooks.signing import sha256

_ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Failed-Recipients", "To", "Cc")
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{28})@")
_ACTIONS = {
    "delayed": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "relayed": EventKind.DELIVERED,
    "expanded": EventKind.DELIVERED,
}
_GIVEN_UP = frozenset({"failed", "expired"})
"""The second is SendGrid's; other servers have words of their own, beside a code."""
_COMPLAINTS = {"abuse": EventKind.COMPLAINED, "fraud": EventKind.COMPLAINED, "opt-out": EventKind.UNSUBSCRIBED}
_GRAVITY = (EventKind.DELIVERED, EventKind.DEFERRED, Bounce.BLOCK, Bounce.SOFT, Bounce.HARD)
_MAIL_SYSTEMS = frozenset({"mailer-daemon", "postmaster", "mdaemon", "mail.delivery.system", "bounce", "bounces"})
_SEEN = 20_000
_LONGEST_LINE = 2_000
"""Twice what servers hand on (RFC 5321 §4.5.3.1.6)."""
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_MOST_PARTED = 50
"""How many mails of several parts may be within each other."""
_MOST_CARRIED = 50
_TYPE = re.compile(r"^\s*[A-Za-z][^\s;]*\s*;")
"""Of what follows in a Diagnostic-Code; some servers leave it out."""
_REPLY = re.compile(r"(?<![\d.])5\d\d[ -]#?5\.\d{1,3}\.\d{1,3}(?![\d.])")
_GOES_ON = re.compile(r"\s*5\d\d[ -]")
_STATUSES = frozenset({"message/delivery-status", GLOBAL_STATUS})
_RETURNED = frozenset({"text/rfc822-headers", "message/global-headers", "message/global"})
_RETURNED_TEXT = re.compile(
    r"^(--.*(copy|original|returned|below this|headers).*|(Received|Return-Path|Message-ID|DKIM-Signature):.*)$",
    re.IGNORECASE | re.MULTILINE,
)
"""Where the message that comes back begins, in a text that has no parts."""
_REASON = re.compile(r"^[^\S\n]*\(reason: ([45]\d\d.*)\)[^\S\n]*$", re.MULTILINE)
"""What the other server said, by Sendmail; its own code for the recipient comes below."""
_STILL_TRYING = re.compile(
    r"\bnot\s+yet\s+been\s+delivered\b|\battempts\s+will\s+continue\b|\bwarning\s+(message\s+)?only\b"
    r"|\bwill\s+keep\s+trying\b|\bwill\s+be\s+retried\s+until\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"^[^\S\n]*Subject:.*$", re.IGNORECASE | re.MULTILINE)


def read_mail(content: bytes, is_ours: Callable[[str], bool]) -> list[Event]:
    """Return the events that a mail tells; none for one that tells nothing, or names no id that `is_ours`."""
    if len(_BOUNDARY.findall(content)) > _MOST_PARTED:
        # Each part within a part is read once more: hundreds of them, which anybody can send, take minutes.
        return []
    try:
        return _read(message_from_bytes(content), sha256(content), is_ours)
    except RecursionError:
        # Thousands of mails in each other. Anybody can send one, and the others are to be read all the same.
        return []


def _read(message: Message, key: str, is_ours: Callable[[str], bool]) -> list[Event]:
    if _is_automatic_reply(message):
        return []
    # A reader may send on a report about a mail of their own: what is attached must name one of ours by itself.
    mails = (message, *islice(_carried(message), _MOST_CARRIED))
    return next(filter(None, (_told(mail, key, is_ours) for mail in mails)), [])


def _told(message: Message, key: str, is_ours: Callable[[str], bool]) -> list[Event]:
    delivery = next(filter(is_ours, filter(None, _ids(message))), "")
    ways = (_complaint, _report, _complaint_at_microsoft, _unusual, _in_reply) if delivery else ()
    return next(([event] for way in ways if (event := way(message, key, delivery))), [])


def _carried(message: Message) -> Iterator[Message]:
    """Yield the mails that are attached to a mail."""
    for part in _own_parts(message):
        if part.get_content_type() in {"message/rfc822", "message/global"}:
            yield from _within(part)


def _speaking_parts(message: Message) -> Iterator[Message]:
    # Gateways such as InterScan attach a whole report to one of their own.
    return message.walk() if _is_of_mail_system(message) else _own_parts(message)


def _own_parts(message: Message) -> Iterator[Message]:
    """Yield the parts of a mail, without those of mails that are attached to it."""
    yield message
    if message.get_content_maintype() == "multipart":
        for part in _within(message):
            yield from _own_parts(part)


def _within(part: Message) -> Sequence[Message]:
    # What it holds otherwise is not looked at: the parser fails at texts in an encoding that is none.
    payload = part.get_payload() if part.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_automatic_reply(message: Message) -> bool:
    # RFC 3834: people on holiday, and ticket systems; and Exim, Mail.ru, MailEnable and Vade say so of their bounces.
    if not value_of(message, "Auto-Submitted").lower().startswith("auto-replied"):
        return False
    return not _is_of_mail_system(message)


def _is_of_mail_system(message: Message) -> bool:
    named = value_of(message, "From")
    sender = parseaddr(named)[1].partition("@")[0].lower()
    reports = message.get_content_type() == "multipart/report" and (
        not _is_receipt(message) or "(rejected)" in value_of(message, "Auto-Submitted")
    )
    # An empty sender is one (RFC 5321 §4.5.5), but not an address that could not be read.
    return reports or "X-Failed-Recipients" in message or sender in _MAIL_SYSTEMS or "@" not in named


def _is_receipt(message: Message) -> bool:
    """Return whether a mailbox tells what became of a message there (RFC 8098): it was read, or rejected."""
    return str(message.get_param("report-type", "")).lower() == "disposition-notification"


def _ids(message: Message) -> Iterator[str]:
    """Yield what may be our ids, of the address that a mail came to and of the message that it returns or names."""
    addressed = [str(value) for name in _ADDRESSED for value in message.get_all(name, [])]
    for _, address in getaddresses(addressed):
        yield read_bounce_address(address)
    for part in message.walk():
        yield from _in_part(part, message)
    if _is_of_mail_system(message):
        # Microsoft's servers and mox return no message at times. Readers name one, too, whatever they attach.
        yield from _MESSAGE_ID.findall(value_of(message, "In-Reply-To"))
        yield from _MESSAGE_ID.findall(value_of(message, "References"))


def _in_part(part: Message, message: Message) -> Iterator[str]:
    if part.get_content_type() in {*_STATUSES, "message/feedback-report"}:
        for block in groups_of(part):
            yield read_bounce_address(value_of(block, "Original-Mail-From"))
            yield delivery_of(value_of(block, "Original-Envelope-Id").strip())
    if part is message:
        # The mail's own Message-ID is its sender's.
        return
    headers = message_from_bytes(content_of(part)) if part.get_content_type() in _RETURNED else part
    yield from _MESSAGE_ID.findall(value_of(headers, "Message-ID"))
    yield delivery_in_link(value_of(headers, "List-Unsubscribe"))
    yield read_bounce_address(value_of(headers, "Return-Path"))


def _complaint(message: Message, key: str, delivery: str) -> Event | None:
    for part in _speaking_parts(message):
        if part.get_content_type() == "message/feedback-report":
            for block in groups_of(part):
                kind = _COMPLAINTS.get(value_of(block, "Feedback-Type").strip().lower())
                return Event(kind, key, delivery, recipient_of(block)) if kind else None
    return None


def _complaint_at_microsoft(message: Message, key: str, delivery: str) -> Event | None:
    """Return what Outlook's readers mark as junk: the reports have no part for machines, but name the reader."""
    for part in message.walk():
        headers = message_from_bytes(content_of(part)) if part.get_content_type() in _RETURNED else part
        reader = value_of(headers, "X-HmXmrOriginalRecipient")
        if reader:
            return Event(EventKind.COMPLAINED, key, delivery, text(reader.strip().strip("<>")))
    return None


def _report(message: Message, key: str, delivery: str) -> Event | None:
    """Return what a delivery report says.

    We write to one recipient in each message: several are those to whom an address leads, which is there as long as
    it leads to one of them.
    """
    words = _first_words(message)
    blocks = [
        block
        for part in _speaking_parts(message)
        if part.get_content_type() in _STATUSES
        for block in about_recipients(list(groups_of(part)))
    ] or _in_text(message, words)
    # That an address leads to several is no news of them.
    further = [block for block in blocks if action_of(block) != "expanded"]
    told = [event for block in further or blocks if (event := _of_recipient(block, key, delivery, words))]
    return min(told, key=lambda event: _GRAVITY.index(event.bounce or event.kind), default=None)


def _in_text(message: Message, words: str) -> Sequence[Message]:
    """Return the fields that stand in the text for people: Amazon WorkMail and XWall have no part for machines."""
    block = fields_in(words)
    return [block] if recipient_of(block) and action_of(block) and _is_of_mail_system(message) else []


def _of_recipient(block: Message, key: str, delivery: str, words: str) -> Event | None:
    """Return what a report says of a recipient; where it says no more than that it failed, `words` for people do."""
    action = action_of(block)
    said = text(_TYPE.sub("", value_of(block, "Diagnostic-Code")))
    status = status_code(value_of(block, "Status"))
    code = status_code(said) if not status or status.endswith(".0.0") else status
    code = code or status
    recipient = recipient_of(block)
    if action in _GIVEN_UP or (action not in _ACTIONS and code.startswith("5.")):
        bounce = judged(Bounce.SOFT, code, said) if action == "expired" else of_failure(code, said, words)
        if not said and (not code or code.endswith(".0.0")):
            bounce = judged(bounce, code, words)
        return Event(EventKind.BOUNCED, key, delivery, recipient, None, bounce, code, said)
    kind = _ACTIONS.get(action)
    return Event(kind, key, delivery, recipient, None, None, code, said) if kind else None


def _unusual(message: Message, key: str, delivery: str) -> Event | None:
    """Return what flufl.bounce recognises, which knows how servers wrote before there was a standard.

    It looks for addresses wherever a text has any: those in the answer of somebody on holiday, or in what a reader
    writes, would be readers that are gone.
    """
    # One of its patterns begins anew at each comma of a line: a mail full of them, which any reader can send to the
    # address in theirs, takes an hour.
    if not _is_of_mail_system(message) or _longest_line(message) > _LONGEST_LINE:
        return None
    try:
        from flufl.bounce import all_failures
    except ImportError:
        return None
    # It writes a traceback for each of its detectors that fails, such as at a mail without a sender.
    logging.getLogger("flufl.bounce").disabled = True
    try:
        temporary, permanent = all_failures(message)
    except Exception:  # noqa: BLE001
        # One of its detectors met a mail that nobody foresaw: it stays for people, like others not understood.
        return None
    if not temporary and not permanent:
        return None
    recipient = text(next(iter(sorted(permanent or temporary))).decode("utf-8", "replace"))
    said = _first_words(message)
    given, trying = _REASON.search(said), _STILL_TRYING.search(said)
    said = given[1] if given else said
    code = status_code(said)
    if code.startswith("2."):
        code = ""
    if not permanent or trying:
        return Event(EventKind.DEFERRED, key, delivery, recipient, code=code)
    bounce = judged(Bounce.HARD, code, said)
    if bounce is Bounce.HARD and _is_receipt(message):
        # A reader's own filter rejected it, or Dovecot did as the mailbox was full.
        bounce = Bounce.BLOCK
    return Event(EventKind.BOUNCED, key, delivery, recipient, None, bounce, code, _line(said, code))


def _longest_line(message: Message) -> int:
    parts = [part for part in message.walk() if not part.is_multipart()]
    lines = (line for part in parts for line in (*str(part.get_payload()).splitlines(), *payload_of(part).splitlines()))
    return max(map(len, lines), default=0)


def _in_reply(message: Message, key: str, delivery: str) -> Event | None:
    """Return what the reply of a server means that stands in a text: MailMarshal and m-FILTER say no more."""
    said = _reply_in(_first_words(message))
    if not said or not _is_of_mail_system(message):
        return None
    code = status_code(said)
    return Event(EventKind.BOUNCED, key, delivery, "", None, of_failure(code, said), code, text(said))


def _reply_in(words: str) -> str:
    """Return the first reply of a server in a text, with all of its lines."""
    lines = [line for line in words.splitlines() if line.strip()]
    reply = list(dropwhile(lambda line: not _REPLY.search(line), lines))
    return " ".join((*reply[:1], *takewhile(_GOES_ON.match, reply[1:])))


def _first_words(message: Message) -> str:
    """Return the text that the server wrote; what comes after it is the message that it returns.

    Our own words must not be judged: an issue about policies would make a block of every dead address.
    """
    # What has no parts although it says so, such as between lines of another name, is a text.
    parts = (
        part
        for part in message.walk()
        if part.get_content_maintype() == "text"
        or (part.get_content_maintype() == "multipart" and not part.is_multipart())
    )
    whole = next((_letters(part) for part in parts), "")
    return _SUBJECT.sub("", _RETURNED_TEXT.split(whole, maxsplit=1)[0])


def _letters(part: Message) -> str:
    content, charset = payload_of(part)[:_SEEN], part.get_content_charset("utf-8")
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        # A name that is none, or one of no letters such as `idna`.
        return content.decode("utf-8", "replace")


def _line(said: str, code: str) -> str:
    return next((text(line) for line in said.splitlines() if code and code in line), "")
