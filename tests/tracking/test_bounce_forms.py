"""Reports as servers write them who take the standard lightly, and what people write to the same address."""

from __future__ import annotations

import time

import pytest

from newsletter.model.verp import bounce_address
from newsletter.tracking.bounces.reading import read_mail
from newsletter.tracking.words import is_dead, is_full, is_of_message, is_on_the_way, is_refused
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

was read today.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822;anna@example.org
Disposition: manual-action/MDN-sent-manually; displayed
--b--
"""


@pytest.mark.parametrize("reply", [AWAY, ABWESEND, ANSWERED, PASSED_ON, SEEN])
def test_whom_a_reader_names_in_an_answer_is_not_gone(reply: str) -> None:
    """An answer of somebody on holiday names a colleague between two commas; that made a dead address of the reader."""
    assert read_mail(f"Delivered-To: {TO}\n".encode() + reply.encode(), TOKEN.__eq__) == []


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
        # Boxbe, which asks senders to confirm: the action is among the fields about the message
        (BOXBE, ("bounced", "block", "4.7.0")),
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
