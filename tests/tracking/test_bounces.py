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
from tests.tracking.reports import TOKEN, report, told

MAILS = Path(__file__).parent / "mails"
TO_US = f"Delivered-To: {bounce_address('bounce@news.example.org', TOKEN)}\r\n".encode()

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
    "layer", [b"Content-Type: message/rfc822\n\n", b"Content-Type: multipart/x; boundary=%d\n\n--%d\n"]
)
def test_a_mail_that_is_nested_without_end_keeps_nobody_from_reading_the_others(layer: bytes) -> None:
    """Anybody can write one to the address for bounces; it stays for people, like others that are not understood."""
    nested = b"".join(layer % (number, number) if b"%d" in layer else layer for number in range(5_000))
    assert told(f"To: bounce+{TOKEN}@example.org\n".encode() + nested) is None


@pytest.mark.parametrize(("depth", "understood"), [(30, True), (60, False)])
def test_parts_within_parts_are_read_as_deep_as_mails_are(depth: int, understood: bool) -> None:
    """Hundreds within each other take minutes, and anybody can send them; forwarded bounces are a few."""
    layers = "".join(f'Content-Type: multipart/mixed; boundary="n{n}"\n\n--n{n}\n' for n in range(depth))
    mail = report("failed").replace(b"auto-replied", b"auto-generated")
    head, kind, body = mail.partition(b"Content-Type: multipart/report")
    found = read_mail(head + layers.encode() + kind + body, lambda _: True)
    assert bool(found) is understood


@pytest.mark.parametrize(("status", "read"), [("5.1.1", ("bounced", "hard", "5.1.1")), ("4.4.1", None)])
def test_a_report_that_names_no_action_is_one_of_a_failure_by_its_code(
    status: str, read: tuple[str, str, str] | None
) -> None:
    """Where the code says that it is final; another mail about the same message may still come."""
    assert told(report("", status, "")) == read


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


# As Microsoft's Junk Mail Reporting Program sends them.
JUNK = """\
From: <staff@hotmail.com>
To: <abuse@example.org>
Subject: complaint about message from 192.0.2.1
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: {type}
Content-Disposition: inline

X-HmXmrOriginalRecipient: <anna@outlook.example>
X-Original-Arrival-Time: 28 Jul 2024 09:00:00.0000 (UTC)
From: News <news@example.org>
Subject: News
List-Unsubscribe: <https://news.example.org/u/{token}>
Message-ID: <{token}@example.org>

News
--b--
"""


@pytest.mark.parametrize("type_", ["message/rfc822", "text/rfc822-headers"])
def test_a_complaint_at_microsoft_has_no_part_for_machines(type_: str) -> None:
    """It names the reader in a header of the message that it returns; with an id of ours it counts as one."""
    assert told(JUNK.format(type=type_, token=TOKEN).encode()) == ("complained", "", "")
    assert told(JUNK.format(type=type_, token="x").encode()) is None


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
    # What would be a bounce of a mail system, with another sender: somebody has passed it on, or pretends.
    bounce = (MAILS / "simple_41.txt").read_bytes()
    assert read_mail(TO_US + bounce.replace(b"<POSTMASTER@", b"<anna@"), TOKEN.__eq__) == []


def test_a_mail_without_a_sender_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """One of the detectors of flufl.bounce cannot read it."""
    assert read_mail(TO_US + b"\r\nHello", TOKEN.__eq__) == []
    assert caplog.text == ""


def test_a_bounce_of_exim_calls_itself_an_automatic_reply() -> None:
    """In the form that names those whom it did not reach in a header."""
    old = (MAILS / "exim_01.txt").read_bytes()
    assert told(TO_US + b"Auto-Submitted: auto-replied\r\n" + old) == ("bounced", "hard", "5.1.1")


@pytest.mark.parametrize(
    "says",
    [
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than a day.",
        "No action is required on your part. Delivery attempts will continue for\nsome time.",
        "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        "It will be retried until it is 5 day(s) old.",
        "Will keep trying until message is 5 days old",
    ],
)
def test_a_server_that_goes_on_trying_has_given_nobody_up(says: str) -> None:
    """Exim says in the same words what kept it; a few issues that come a day late would end a subscription."""
    old = (MAILS / "exim_01.txt").read_text(encoding="utf-8")
    before, address, after = old.partition("  userx@its.example.nl")
    assert told(TO_US + f"{before}{says}\n\n{address}{after}".encode()) == ("deferred", "", "5.1.1")


DEFERRED = {"dsn_05", "dsn_06", "dsn_07", "dsn_08", "dsn_17", "simple_03"}
SOFT = {"dsn_01", "dsn_02", "dsn_04", "simple_44", "simple_45", "yahoo_01"}
BLOCKED = {"dsn_03", "simple_42"}
UNKNOWN = {"groupwise_03"}


@pytest.mark.parametrize("file", sorted(MAILS.glob("*.txt")), ids=lambda file: file.stem)
def test_mails_as_servers_wrote_them(file: Path) -> None:
    """Reports by the standard, and others by flufl.bounce; what nobody understands is left for people."""
    found = told(TO_US + file.read_bytes())
    wanted = "deferred" if file.stem in DEFERRED else None if file.stem in UNKNOWN else "bounced"
    assert (found and found[0]) == wanted
    if found and wanted == "bounced":
        assert found[1] == ("soft" if file.stem in SOFT else "block" if file.stem in BLOCKED else "hard")


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([report(), COMPLAINT.encode(), b""]), st.integers(0, 2000))
def test_no_mail_makes_the_reader_fail(noise: bytes, base: bytes, place: int) -> None:
    """Bytes anywhere in any mail: it tells something or nothing."""
    for event in read_mail(TO_US + base[:place] + noise + base[place:], TOKEN.__eq__):
        assert event.kind in EventKind
        assert (event.kind is EventKind.BOUNCED) == (event.bounce in Bounce if event.bounce else False)
