"""Reports that are attached to another mail: sent on by a reader, or wrapped by a gateway."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.model.verp import bounce_address
from tests.tracking.reports import TOKEN, report, told

TO = bounce_address("bounce@news.example.org", TOKEN)
CARRYING = """\
From: Ben <ben@example.org>
Subject: Fwd: what is this?
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="o"

--o
Content-Type: text/plain

This came back.

--o
Content-Type: message/rfc822

{report}
--o--
"""
COMPLAINT = """\
From: feedback@example.net
To: {to}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
--b--
"""


@pytest.mark.parametrize(
    ("carried", "wanted"),
    [
        (
            lambda to: report(to=to, returned="Subject: To a friend\n\nRead this.").decode(),
            ("bounced", "hard", "5.1.1"),
        ),
        (lambda to: COMPLAINT.format(to=to), ("complained", "", "")),
    ],
)
def test_a_report_that_a_reader_sends_on_is_about_the_mail_that_it_names(
    carried: Callable[[str], str], wanted: tuple[str, str, str]
) -> None:
    """A friend of theirs was gone, or they were called a spammer themselves, and they were taken off for it."""
    about_their_own, about_ours = carried("ben@example.org"), carried(TO)
    assert told(f"Delivered-To: {TO}\n{CARRYING.format(report=about_their_own)}".encode()) is None
    assert told(CARRYING.format(report=about_ours).encode()) == wanted


def test_a_report_within_another_of_a_mail_system_is_its_own() -> None:
    """What a gateway wraps would else be read without its code, which says that the reader is there."""
    carried = report(to="news@example.org", status="5.7.1", said="550 5.7.1 not wanted", returned="").decode()
    wrapped = CARRYING.format(report=carried).replace("<ben@", "<postmaster@")
    assert told(f"Delivered-To: {TO}\n{wrapped}".encode()) == ("bounced", "block", "5.7.1")
