"""Reports as servers write them who take the standard lightly, and what people write to the same address."""

from __future__ import annotations

import base64
import time

import pytest

from newsletter.model.failure_words import is_dead, is_full, is_of_message, is_on_the_way, is_refused, plain_words
from newsletter.model.verp import bounce_address
from newsletter.tracking.bounces.reading import read_mail
from tests.tracking.reports import TOKEN, report, told

TO = bounce_address("bounce@news.example.org", TOKEN)
FIELDS = """\
Final-Recipient: rfc822; anna@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
"""

BOXBE = """\
Action: failed

Final-Recipient: rfc822; anna@example.org
Diagnostic-Code: X-Boxbe-Notice; Sender not pre-approved.
Status: 4.7.0
"""

# Symantec: what goes on is not indented, and more fields come after it.
NOT_INDENTED = """\
Diagnostic-Code: smtp; 550-Please turn on SMTP Authentication in your mail client.
550-mx.example.net [192.0.2.1]:25 is not permitted to
550 relay through this server without authentication.
Status: 5.0.0
Action: failed
Final-Recipient: rfc822; anna@example.org
"""
WORKMAIL = """\
From: MAILER-DAEMON@eu-west-1.amazonses.example
Subject: Delivery Status Notification (Failure)
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: text/plain; charset=iso-8859-15

An error occurred while trying to deliver the mail to the following recipients:
anna@example.org

Technical report:

Reporting-MTA: dns; smtp-out.amazonses.example

Action: failed
Final-Recipient: rfc822; anna@example.org
Diagnostic-Code: smtp; 554 4.4.7 Message expired: unable to deliver in 840 minutes.
Status: 4.4.7

--b
Content-Type: message/rfc822

Subject: News

Action: failed
Status: 5.1.1
--b--
"""


def with_fields(fields: str) -> bytes:
    """Return a report with other fields about its recipients."""
    return report().replace(FIELDS.encode(), fields.encode())


# Exchange's answers are `auto-generated`; others say nothing of it.
AWAY = """\
From: Anna <anna@example.org>
Subject: Automatic reply: News
Auto-Submitted: auto-generated

I have no e-mail until May. Please write to Ben, ben@example.org, or call us.
"""
ABWESEND = "From: anna@example.org\nSubject: Abwesend\n\nBis Mai vertritt mich Ben, ben@example.org, im Büro.\n"
ANSWERED = """\
From: anna@example.org
Subject: Re: News

Hello,

----- Original Message -----
From: news@example.org
To: ben@example.org, anna@example.org, carl@example.org
"""
COMMA = ABWESEND.replace("From: anna@example.org", "From: Müller, Anna <anna@example.org")
PASSED_ON = """\
From: anna@example.org
Subject: Fwd: failure

What is this?
Your message could not be delivered to
ben@example.org
"""
SEEN = """\
From: anna@example.org
Subject: Read: News
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain

Your message

   To: anna@example.org
   Subject: News

was read today. In urgent cases write to Ben, ben@example.org, please.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822;anna@example.org
Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""


@pytest.mark.parametrize("reply", [AWAY, ABWESEND, COMMA, ANSWERED, PASSED_ON, SEEN])
def test_whom_a_reader_names_in_an_answer_is_not_gone(reply: str) -> None:
    """An answer of somebody on holiday names a colleague between two commas; that made a dead address of the reader."""
    assert read_mail(f"Delivered-To: {TO}\n".encode() + reply.encode(), TOKEN.__eq__) == []


REJECTED = """\
From: Mail Delivery Subsystem <{sender}@example.org>
Subject: Automatically rejected mail
Auto-Submitted: auto-replied (rejected)
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Your message to <anna@example.org> was automatically rejected:
{said}
--b
Content-Type: message/disposition-notification

Reporting-UA: mx.example.org; Dovecot Mail Delivery Agent
Final-Recipient: rfc822; anna@example.org
Disposition: automatic-action/MDN-sent-automatically; deleted
--b--
"""


@pytest.mark.parametrize("sender", ["admin", "postmaster"])
@pytest.mark.parametrize(
    ("said", "bounce"), [("Quota exceeded (mailbox for user is full)", "soft"), ("Not in my inbox, please", "block")]
)
def test_a_mailbox_that_rejects_a_message_is_there(sender: str, said: str, bounce: str) -> None:
    """Dovecot tells of full mailboxes and of readers' own filters in the form of a receipt."""
    mail = f"Delivered-To: {TO}\n{REJECTED.format(sender=sender, said=said)}"
    assert told(mail.encode()) == ("bounced", bounce, "")


def test_a_mail_system_that_gives_no_name_is_one() -> None:
    """An empty sender is what RFC 5321 asks of reports."""
    words = "The following addresses had permanent fatal errors\r\n<anna@example.org>\r\n\r\n550 unknown user\r\n"
    for sender in ("<>", "Mail Delivery System <>", "MAILER-DAEMON (Mail Delivery System)"):
        mail = f"Delivered-To: {TO}\r\nFrom: {sender}\r\nSubject: Returned mail\r\n\r\n{words}"
        assert told(mail.encode()) == ("bounced", "hard", "")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        # TeamWARE: a comment
        (FIELDS.replace("failed", "failed (Bad destination mailbox address)"), ("bounced", "hard", "5.1.1")),
        # SendGrid, and servers with a word of their own
        (
            FIELDS.replace("failed", "expired").replace("5.1.1", "4.0.0").replace("550 4.0.0 no such user", "421 busy"),
            ("bounced", "soft", "4.0.0"),
        ),
        (FIELDS.replace("failed", "error"), ("bounced", "hard", "5.1.1")),
        (FIELDS.replace("failed", "expanded"), ("delivered", "", "5.1.1")),
        # Boxbe, which asks senders to confirm: the action is among the fields about the message
        (BOXBE, ("bounced", "block", "4.7.0")),
        (NOT_INDENTED, ("bounced", "block", "5.0.0")),
        (NOT_INDENTED.replace("5.0.0", "4.0.0"), ("bounced", "block", "4.0.0")),
        # An empty line between the fields of one recipient
        (FIELDS.replace("Status", "\nStatus"), ("bounced", "hard", "5.1.1")),
        # No type before what the server said, which has a semicolon
        (
            FIELDS.replace("smtp; 550 5.1.1 no", "552 over quota; no").replace("5.1.1", "5.0.0"),
            ("bounced", "soft", "5.0.0"),
        ),
        ("Final-Recipient: rfc822; anna@example.org\n", None),
    ],
)
def test_fields_are_read_where_servers_put_them(fields: str, wanted: tuple[str, str, str] | None) -> None:
    """What they say of one recipient belongs together."""
    assert told(with_fields(fields)) == wanted


@pytest.mark.parametrize("written", ["rfc822; anna@example.org", "anna@example.org"])
def test_a_recipient_may_stand_without_the_type_of_the_address(written: str) -> None:
    """Or with it, as the standard wants (RFC 3464 §2.3.2)."""
    (event,) = read_mail(with_fields(FIELDS.replace("rfc822; anna@example.org", written)), TOKEN.__eq__)
    assert event.recipient == "anna@example.org"


def test_fields_in_a_text_for_people_are_read_as_well() -> None:
    """Of a mail system, and not those of the message that it returns."""
    mail = f"Delivered-To: {TO}\n{WORKMAIL}"
    assert told(mail.encode()) == ("bounced", "soft", "4.4.7")
    assert told(mail.replace("MAILER-DAEMON", "anna").encode()) is None
    assert told(mail.replace("Action: failed\nFinal", "Final").encode()) is None


@pytest.mark.parametrize(
    ("named", "sender", "wanted"),
    [
        (f"In-Reply-To: <{TOKEN}@news.example.org>", "postmaster@example.org", ("bounced", "block", "5.7.1")),
        (f"References: <a@example.org>\n <{TOKEN}@news.example.org>", "<>", ("bounced", "block", "5.7.1")),
        (f"In-Reply-To: <{TOKEN}@news.example.org>", "Anna <anna@example.org>", None),
    ],
)
def test_a_mail_system_may_name_the_message_that_it_does_not_return(
    named: str, sender: str, wanted: tuple[str, str, str] | None
) -> None:
    """Readers name it as well, whatever they write."""
    assert told(f"From: {sender}\n{named}\n\nStatus code: 550 5.7.1\n".encode()) == wanted


@pytest.mark.parametrize("boundary", ["", '; boundary="other"'])
def test_a_report_whose_parts_are_not_found_is_a_text(boundary: str) -> None:
    """Servers forget to name the lines between parts, or name others."""
    assert told(report(to=TO).replace(b'; boundary="b"', boundary.encode(), 1)) == ("bounced", "hard", "5.1.1")


@pytest.mark.parametrize("encoding", ["base64", "Quoted-Printable"])
def test_fields_are_read_in_an_encoding(encoding: str) -> None:
    """Though RFC 3464 wants none, those that send UTF-8 in them have to use one."""
    fields = FIELDS.replace("Status", "\nStatus").encode()
    encoded = base64.encodebytes(fields) if encoding == "base64" else fields.replace(b"5.1.1", b"5.=31.1")
    header = b"Content-Type: message/delivery-status\n"
    mail = report().replace(header, header + f"Content-Transfer-Encoding: {encoding}\n".encode())
    start, end = mail.index(b"Reporting-MTA"), mail.index(FIELDS.encode()) + len(FIELDS)
    assert told(mail[:start] + encoded + mail[end:]) == ("bounced", "hard", "5.1.1")


MARSHAL = """\
From: postmaster@example.org
Subject: Undeliverable Mail: News

Your message:
   Subject: News

Could not be delivered because of

{said}

The following recipients were affected:
    anna@example.org
"""


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("550 5.1.1 User unknown", ("bounced", "hard", "5.1.1")),
        ("552-5.2.2 over quota", ("bounced", "soft", "5.2.2")),
        ("554 #5.7.1 no", ("bounced", "block", "5.7.1")),
        ("550-5.2.1 She gets mail at a rate that\n\n550 5.2.1 prevents more", ("bounced", "soft", "5.2.1")),
        ("451 4.7.1 try again later", None),
        ("something at 550 Fifth Avenue", None),
    ],
)
def test_the_reply_of_a_server_says_enough(said: str, wanted: tuple[str, str, str] | None) -> None:
    """Where a mail system tells nothing else; not where a reader does."""
    mail = f"Delivered-To: {TO}\n{MARSHAL.format(said=said)}"
    assert told(mail.encode()) == wanted
    assert told(mail.replace("postmaster", "anna").encode()) is None


def of(address: str, action: str, status: str) -> str:
    """Return the fields about one recipient."""
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"


@pytest.mark.parametrize(
    ("outcomes", "wanted"),
    [
        ([("failed", "5.1.1"), ("failed", "5.1.1")], ("bounced", "hard", "5.1.1")),
        ([("failed", "5.1.1"), ("delivered", "2.0.0")], ("delivered", "", "2.0.0")),
        ([("failed", "5.1.1"), ("delayed", "4.4.1")], ("deferred", "", "4.4.1")),
        ([("failed", "5.1.1"), ("failed", "5.2.2")], ("bounced", "soft", "5.2.2")),
        ([("failed", "5.2.2"), ("failed", "5.7.1")], ("bounced", "block", "5.7.1")),
        ([("expanded", "2.0.0"), ("failed", "5.1.1")], ("bounced", "hard", "5.1.1")),
        ([("expanded", "2.0.0"), ("expanded", "2.0.0")], ("delivered", "", "2.0.0")),
    ],
)
def test_an_address_of_several_people_is_there_as_long_as_one_of_them_is(
    outcomes: list[tuple[str, str]], wanted: tuple[str, str, str]
) -> None:
    """We write to one address in each message: who else is named got it through that one."""
    fields = [of(f"member{number}@example.org", *outcome) for number, outcome in enumerate(outcomes)]
    assert told(with_fields("\n".join(fields))) == wanted


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "no-such-letters", "idna", "rot13"])
def test_a_text_is_read_in_its_own_letters(charset: str) -> None:
    """As far as they can be: a name that means nothing is no reason to leave the mail."""
    letters = charset if charset == "iso-8859-1" else "utf-8"
    text = f"Content-Type: text/plain; charset={charset}\n\nLa boîte du destinataire est pleine.\n".encode(letters)
    mail = with_fields(of("anna@example.org", "failed", "5.0.0"))
    plain = b"Content-Type: text/plain\n\nThis is the mail system at host mx.example.net.\n"
    assert told(mail.replace(plain, text)) == ("bounced", "soft", "5.0.0")


@pytest.mark.parametrize(
    "piece",
    [
        "sender ",
        "sender email ",
        "listed in ",
        "user ",
        "mailbox ",
        "mail from ",
        "message ",
        "too many x ",
        "адрес ",
        "a@",
    ],
)
def test_no_text_keeps_the_reader_busy(piece: str) -> None:
    """Anybody can write one of 20,000 letters to the address for bounces."""
    long = (piece * 20_000)[:20_000]
    began = time.process_time()
    for ask in (is_dead, is_full, is_of_message, is_on_the_way, is_refused):
        ask(long)
    assert time.process_time() - began < 2


def test_a_long_word_keeps_the_reader_no_longer_than_many_short_ones() -> None:
    """Where an address may begin is looked for once, and not at each letter."""
    began = time.process_time()
    assert plain_words("x" * 100_000 + " of a@example.org") == "x" * 100_000 + " of @"
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("before", "many"),
    [
        ("Reporting-MTA:", "".join(f"X-{number}: 1\n" for number in range(20_000))),
        ("This is the mail system", "\n" * 20_000),
    ],
)
def test_a_report_of_many_fields_or_empty_lines_is_read_at_once(before: str, many: str) -> None:
    """Anybody who got a letter of ours can send one to the address for bounces."""
    mail = report().replace(before.encode(), f"{many}{before}".encode())
    began = time.process_time()
    assert told(mail) == ("bounced", "hard", "5.1.1")
    assert time.process_time() - began < 1
