"""Mail that comes back: what it says, and of which delivery."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.event import Bounce, EventKind
from newsletter.model.verp import bounce_address, read_bounce_address
from newsletter.tracking.bounces.reading import read_mail

MAILS = Path(__file__).parent / "mails"
TOKEN = "Ab-_" * 7
TO_US = f"Delivered-To: {bounce_address('bounce@news.example.org', TOKEN)}\r\n".encode()

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mx.example.net.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
{envelope}
Final-Recipient: rfc822; anna@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--b
Content-Type: message/rfc822

{returned}

--b--
"""
# The example of RFC 5965, appendix B.2, with our own message in it.
COMPLAINT = """\
From: <abusedesk@example.com>
Date: Thu, 8 Mar 2005 17:40:36 EDT
Subject: FW: Earn money
To: <abuse@example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.1 on Thu, 8 Mar 2005 14:00:00 EDT.  For more information
about this format please see http://www.mipassoc.org/arf/.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <somespammer@example.net>
Original-Rcpt-To: <user@example.com>
Received-Date: Thu, 8 Mar 2005 14:00:00 EDT
Source-IP: 192.0.2.1
Reported-Domain: example.net
Removal-Recipient: user@example.com

--part1_13d.2e68ed54_boundary
Content-Type: {type}
Content-Disposition: inline

From: <news@example.org>
Received: from mailserver.example.net (mailserver.example.net
     [192.0.2.1]) by example.com with ESMTP id M63d4137594e46;
     Tue, 08 Mar 2005 14:00:00 -0400
To: <Undisclosed Recipients>
Subject: Border communities
MIME-Version: 1.0
Content-type: text/plain
Message-ID: <{token}@example.org>
Date: Thu, 02 Sep 2004 12:31:03 -0500

News
--part1_13d.2e68ed54_boundary--
"""


# As the largest providers of mailboxes and filters write, by their own help pages and what senders quote of them.
PROVIDERS = [
    # Gmail
    ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.", "hard"),
    ("5.2.1", "550-5.2.1 The email account that you tried to reach is inactive.", "hard"),
    ("5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more", "soft"),
    ("5.2.2", "552-5.2.2 The email account that you tried to reach is over quota.", "soft"),
    ("4.7.28", "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail", "block"),
    ("4.7.0", "421-4.7.0 This message does not pass authentication checks", "block"),
    ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "block"),
    # Microsoft
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", "hard"),
    ("5.7.1", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. (S3140)", "block"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT006]", "hard"),
    ("5.4.310", "550 5.4.310 DNS domain example.org does not exist", "hard"),
    ("5.4.300", "550 5.4.300 Message expired -> 451 4.7.500 Server busy", "soft"),
    ("5.2.122", "554 5.2.122 The recipient has exceeded their limit for the number of messages per hour", "soft"),
    ("5.2.121", "550 5.2.121 Recipient's per hour message receive limit from specific sender exceeded", "soft"),
    ("5.0.350", "550 5.0.350 Remote server returned an error -> 554 blocked using a block list", "block"),
    # Yahoo
    ("5.0.0", "554 delivery error: dd Not a valid recipient - atlas123.mail.bf1.yahoo.com", "hard"),
    ("5.0.0", "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com) [0]", "hard"),
    ("5.0.0", "552 1 Requested mail action aborted, mailbox not found", "hard"),
    ("5.0.0", "554 30 Sorry, your message cannot be delivered. This mailbox is disabled (554.30).", "hard"),
    ("4.7.0", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints", "block"),
    ("5.0.0", "553 Mail from 192.0.2.1 not allowed - 5.0.0 [TSS09]", "block"),
    ("5.7.9", "554 5.7.9 Message not accepted for policy reasons.", "block"),
    # Apple
    ("5.2.2", "552 5.2.2 <a@icloud.com>: user is over quota", "soft"),
    ("5.7.1", "554 5.7.1 [HM08] Message rejected due to local policy.", "block"),
    ("5.0.0", "550 [CS01] Message rejected due to local policy.", "block"),
    # GMX and Web.de
    ("5.0.0", "550 Requested action not taken: mailbox unavailable", "hard"),
    ("5.0.0", "554 Transaction failed - Reject due to policy restrictions.", "block"),
    ("5.0.0", "554 No SMTP service - Bad DNS PTR resource record.", "block"),
    ("5.0.0", "554 Transaction failed, IP address is black listed.", "block"),
    # AT&T, Cox, Orange
    ("5.3.0", "553 5.3.0 flph829 DNSBL:RBL 521< 192.0.2.1 >_is_blocked.", "block"),
    ("5.1.0", "550 5.1.0 <news@example.org> sender rejected AUP#SNDR", "block"),
    ("5.2.0", "550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]", "block"),
    # Mimecast, Proofpoint, Barracuda
    ("5.0.0", "550 Rejected by header based Anti-Spoofing policy: https://community.mimecast.com", "block"),
    ("5.0.0", "550 Administrative prohibition - envelope blocked", "block"),
    ("5.0.0", "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", "hard"),
    ("5.0.0", "554 Email rejected due to security policies", "block"),
    ("5.0.0", "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "block"),
    ("5.0.0", "550 permanent failure for one or more recipients (a@example.org:blocked)", "block"),
    # Postfix, where somebody has refused an address by hand
    ("5.7.1", "554 5.7.1 <a@example.org>: Recipient address rejected: User unknown", "hard"),
    ("5.7.1", "554 5.7.1 <news@example.org>: Sender address rejected: User unknown", "block"),
    ("5.7.1", "554 5.7.1 <a@example.org>: Relay access denied", "block"),
    # Servers that are down or wrongly set up, and commands that they do not take
    ("5.3.2", "521 5.3.2 system not accepting network messages", "soft"),
    ("5.3.5", "554 5.3.5 Local configuration error", "soft"),
    ("5.5.1", "503 5.5.1 bad sequence of commands", "soft"),
    ("5.5.2", "500 5.5.2 syntax error", "soft"),
    ("5.5.1", "550 5.5.1 Invalid recipient", "hard"),
    # Full and slow servers, and loops
    ("5.3.1", "550 5.3.1 mail system full", "soft"),
    ("5.4.7", "550 5.4.7 delivery time expired", "soft"),
    ("5.4.6", "554 5.4.6 too many hops", "soft"),
    ("4.4.7", "421 4.4.7 expired: 421 [TSS04] Messages deferred", "block"),
    ("4.2.2", "452 4.2.2 over quota, see the policy", "soft"),
]


def report(
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user",
    *,
    to: str = "bounce@example.org",
    envelope: str = "X-Queue: 1\n",
    returned: str = f"Message-ID: <{TOKEN}@example.org>\nSubject: News\n\nNews",
) -> bytes:
    """Return a delivery report as Postfix writes it."""
    return REPORT.format(action=action, status=status, said=said, to=to, envelope=envelope, returned=returned).encode()


def told(content: bytes) -> tuple[str, str, str] | None:
    """Return kind, bounce and code of what a mail tells."""
    events = read_mail(content, TOKEN.__eq__)
    assert len(events) <= 1
    for event in events:
        assert (event.delivery, event.key != "") == (TOKEN, True)
        return event.kind.value, event.bounce.value if event.bounce else "", event.code
    return None


@given(st.binary(min_size=21, max_size=21), st.booleans())
def test_return_addresses_carry_a_delivery_id(content: bytes, small: bool) -> None:
    """Whatever the token, and also where a server writes addresses in small letters."""
    token = base64.urlsafe_b64encode(content).decode()
    address = bounce_address("bounce@news.example.org", token)
    local, _, domain = address.partition("@")
    assert (domain, len(local) <= 64, local == local.lower()) == ("news.example.org", True, True)
    assert read_bounce_address(address.upper() if small else address) == token
    assert read_bounce_address(f"<bounce+{token}@news.example.org>") == token


@pytest.mark.parametrize("address", ["", "bounce@example.org", "a+b@example.org", "+@", "bounce+" + "a" * 33 + "@x"])
def test_other_addresses_carry_none(address: str) -> None:
    """Nothing is read into what we have not written."""
    assert read_bounce_address(address) == ""


def test_a_mailbox_that_cannot_carry_one_is_refused() -> None:
    """RFC 5321 allows 64 characters before the @."""
    for mailbox_, token in (("x" * 30 + "@example.org", TOKEN), ("example.org", TOKEN), ("a@example.org", "short")):
        with pytest.raises(ValueError, match=r"cannot carry|no delivery id"):
            bounce_address(mailbox_, token)


@pytest.mark.parametrize(
    ("status", "said", "bounce"),
    [
        ("5.1.1", "550 5.1.1 no such user", "hard"),
        ("5.0.0", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "hard"),
        ("5.0.0", "550 unknown user", "hard"),
        ("5.0.0", "550 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "block"),
        ("5.0.0", "550 mailbox full", "soft"),
        ("5.2.1", "550 5.2.1 disabled", "hard"),
        ("5.2.2", "552 5.2.2 over quota", "soft"),
        ("5.0.0", "552 over quota", "soft"),
        ("4.4.7", "451 4.4.7 retry timeout exceeded", "soft"),
        ("5.7.1", "550 5.7.1 rejected as spam", "block"),
        ("5.0.0", "550 5.7.26 unauthenticated", "block"),
        ("5.1.8", "553 5.1.8 sender's domain does not exist", "block"),
        ("5.3.4", "552 5.3.4 too big", "block"),
        ("5.6.0", "554 5.6.0 content", "block"),
        *PROVIDERS,
    ],
)
def test_a_report_says_what_is_wrong_with_whom(status: str, said: str, bounce: str) -> None:
    """A policy, the sender or the message at fault is no dead address; the more precise code counts."""
    found = told(report(status=status, said=said))
    assert found
    assert found[:2] == ("bounced", bounce)


@pytest.mark.parametrize(
    "layer", [b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/x; boundary=%d\n\n--%d\n"]
)
def test_a_mail_that_is_nested_without_end_keeps_nobody_from_reading_the_others(layer: bytes) -> None:
    """Anybody can write one to the address for bounces; it stays for people, like others that are not understood."""
    nested = b"".join(layer % (number, number) if b"%d" in layer else layer for number in range(5_000))
    assert told(f"To: bounce+{TOKEN}@example.org\n".encode() + nested) is None


@pytest.mark.parametrize(
    ("action", "kind"),
    [("delayed", "deferred"), ("delivered", "delivered"), ("relayed", "delivered"), ("expanded", "delivered")],
)
def test_a_report_need_not_be_of_a_failure(action: str, kind: str) -> None:
    """A warning that a message waits is no bounce."""
    assert told(report(action, "4.4.1" if action == "delayed" else "2.0.0", "")) == (
        kind,
        "",
        "4.4.1" if action == "delayed" else "2.0.0",
    )


@pytest.mark.parametrize(
    "where",
    [
        {"to": bounce_address("bounce@example.org", TOKEN)},
        {"to": f"Bounces <bounce+{TOKEN}@example.org>"},
        {"envelope": f"Original-Envelope-Id: {TOKEN}\n"},
        {"returned": f"Message-Id: <{TOKEN}@example.org>\n\n"},
        {"returned": f"List-Unsubscribe: <https://news.example.org/u/{TOKEN}>\n\n"},
        {"returned": f"Return-Path: <{bounce_address('bounce@example.org', TOKEN)}>\n\n"},
    ],
)
def test_the_delivery_is_found_where_servers_leave_it(where: dict[str, str]) -> None:
    """In the address, the envelope's id, or the message that comes back."""
    nowhere = {"returned": "Subject: News\n\nNews"}
    assert told(report(**(nowhere | where))) == ("bounced", "hard", "5.1.1")


def test_a_report_without_a_delivery_of_ours_counts_for_nobody() -> None:
    """Anybody can write a report about anybody's address."""
    assert read_mail(report(returned="Subject: News\n\nNews"), TOKEN.__eq__) == []


@pytest.mark.parametrize("type_", ["message/rfc822", "text/rfc822-headers"])
@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("abuse", "complained"),
        ("fraud", "complained"),
        ("opt-out", "unsubscribed"),
        ("not-spam", None),
        ("virus", None),
    ],
)
def test_a_complaint_by_a_feedback_loop(kind: str, wanted: str | None, type_: str) -> None:
    """`not-spam` means the contrary, and a virus is not the reader's word about us."""
    content = COMPLAINT.format(kind=kind, token=TOKEN, type=type_).encode()
    found = told(content)
    assert (found and found[0]) == wanted


GLOBAL = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounce@example.org
Subject: =?utf-8?q?Nicht_zugestellt?=
Content-Type: multipart/report; report-type=global-delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Die Nachricht an jürgen@bücher.example kam nicht an.

--b
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: {encoding}

{status}
--b
Content-Type: {type}
Content-Transfer-Encoding: {encoding}

{returned}
--b--
"""
STATUS = """\
Reporting-MTA: dns; mx.example.net

Original-Recipient: utf-8; {address}
Final-Recipient: utf-8; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 Empfänger unbekannt
"""


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
@pytest.mark.parametrize("type_", ["message/global-headers", "message/global"])
@pytest.mark.parametrize("address", ["jürgen@bücher.example", "j\\x{FC}rgen@b\\x{FC}cher.example"])
def test_an_international_report_is_understood(encoding: str, type_: str, address: str) -> None:
    """RFC 6533: in UTF-8, with addresses of the type `utf-8`, and encoded or not."""
    parts = [STATUS.format(address=address), f"Message-ID: <{TOKEN}@example.org>\nSubject: Grüße\n\n"]
    if encoding == "base64":
        parts = [base64.encodebytes(part.encode()).decode() for part in parts]
    status, returned = parts
    mail = GLOBAL.format(encoding=encoding, type=type_, status=status, returned=returned).encode()
    assert told(mail) == ("bounced", "hard", "5.1.1")
    (event,) = read_mail(mail, TOKEN.__eq__)
    assert (event.recipient, event.reason) == ("jürgen@bücher.example", "550 5.1.1 Empfänger unbekannt")


def test_people_on_holiday_are_no_bounce() -> None:
    """Their answers come to the same address."""
    reply = b"From: anna@example.org\r\nSubject: Re: News\r\n\r\nI am away. The mailbox user unknown\r\n"
    for header in (b"Auto-Submitted: auto-replied (vacation)\r\n", b""):
        assert read_mail(TO_US + header + reply, TOKEN.__eq__) == []


def test_a_mail_without_a_sender_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """One of the detectors of flufl.bounce cannot read it."""
    assert read_mail(TO_US + b"\r\nHello", TOKEN.__eq__) == []
    assert caplog.text == ""


def test_a_bounce_of_exim_calls_itself_an_automatic_reply() -> None:
    """In the form that names those whom it did not reach in a header."""
    old = (MAILS / "exim_01.txt").read_bytes()
    assert told(TO_US + b"Auto-Submitted: auto-replied\r\n" + old) == ("bounced", "hard", "5.1.1")


DEFERRED = {"dsn_05", "dsn_06", "dsn_07", "dsn_08", "dsn_17", "simple_03"}
SOFT = {"dsn_02", "simple_44", "yahoo_01"}
UNKNOWN = {"groupwise_03"}


@pytest.mark.parametrize("file", sorted(MAILS.glob("*.txt")), ids=lambda file: file.stem)
def test_mails_as_servers_wrote_them(file: Path) -> None:
    """Reports by the standard, and others by flufl.bounce; what nobody understands is left for people."""
    found = told(TO_US + file.read_bytes())
    wanted = "deferred" if file.stem in DEFERRED else None if file.stem in UNKNOWN else "bounced"
    assert (found and found[0]) == wanted
    if found and wanted == "bounced":
        assert found[1] == ("soft" if file.stem in SOFT else "block" if file.stem == "simple_42" else "hard")


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([report(), COMPLAINT.encode(), b""]), st.integers(0, 2000))
def test_no_mail_makes_the_reader_fail(noise: bytes, base: bytes, place: int) -> None:
    """Bytes anywhere in any mail: it tells something or nothing."""
    for event in read_mail(TO_US + base[:place] + noise + base[place:], TOKEN.__eq__):
        assert event.kind in EventKind
        assert (event.kind is EventKind.BOUNCED) == (event.bounce in Bounce if event.bounce else False)
