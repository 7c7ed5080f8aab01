"""Delivery reports as mail servers write them, and what is read of them."""

from __future__ import annotations

from newsletter.tracking.bounces.reading import read_mail

TOKEN = "Ab-_" * 7
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
