"""Mail servers that take no more from us, or not in this name: no reader's fault, with whatever code it is said."""

from __future__ import annotations

import json

import pytest

from newsletter.sending.providers.contract import Accepted, Because, NotTaken, Rejected, WireResponse
from tests.sending import making as make
from tests.sending.test_smtp import OK, SMTP, decoded, told

RCPT, END = "rcpt", "end"
FOR_NOW = [
    (450, RCPT, "4.2.1 Peak SMTP relay limit exceeded for customer. This is a temporary error."),
    (450, RCPT, "Domain example.org has exceeded the max emails per hour (201/200 (100%)) allowed."),
    (451, END, "4.7.1 <anna@example.org>: Recipient address rejected: sending limit exceeded"),
    (454, END, "Throttling failure: Daily message quota exceeded."),
]
FOR_GOOD = [
    (550, RCPT, "5.7.1 Daily SMTP relay limit exceeded for user."),
    (550, RCPT, "5.4.5 Daily user sending limit exceeded."),
    (550, RCPT, "5.4.5 <anna@example.org>: Recipient address rejected: Domain Sending Quota Exceeded"),
    (554, RCPT, "5.7.1 <anna@example.org>: Recipient address rejected: You have exceeded your quota."),
    (550, RCPT, "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients"),
    (554, END, "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message"),
    (554, END, "5.2.252 SendAsDenied; news@example.org not allowed to send as press@example.org"),
    (550, END, "5.7.705 Access denied, tenant has exceeded threshold."),
    (550, END, "5.4.6 mail rate exceeded limit"),
    (550, RCPT, "Domain example.org has exceeded the max emails per hour (201/200 (100%)) allowed. Message discarded."),
    (554, END, "Message rejected: Sending paused for this account."),
]


@pytest.mark.parametrize(("code", "stage", "text"), [*FOR_NOW, *FOR_GOOD])
@pytest.mark.parametrize("first", [OK, None])
def test_an_allowance_that_ends_is_nobodys_fault(first: object, code: int, stage: str, text: str) -> None:
    """Also in the middle of a call, where others were accepted: nobody is rejected, or put off until given up."""
    said = told("refused", code, text, stage)
    verdict = decoded(first or said, said, said)
    for outcome in verdict.outcomes[1:]:
        assert outcome == NotTaken(outcome.delivery_id, f"{code} {text}", Because.CALL)
    assert bool(verdict.stop) == (code >= 500)


@pytest.mark.parametrize(("code", "stage", "text"), FOR_NOW)
def test_an_allowance_that_comes_back_is_waited_for(code: int, stage: str, text: str) -> None:
    """Such as one for an hour: it is no failure of the server."""
    body = json.dumps({"messages": [told("refused", code, text, stage)]}).encode()
    assert SMTP.throttle(WireResponse(200, {}, body), make.NOW) > 0


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.2.1 The user you are trying to contact is receiving mail at a rate that exceeds a daily limit"),
        (554, "5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour"),
        (552, "5.2.2 The email account that you tried to reach is over quota"),
        (552, "5.2.2 mailbox of this user has exceeded its daily quota"),
        (552, "Mailbox quota exceeded"),
        (550, "5.1.1 <daily@example.org>: User unknown"),
    ],
)
def test_what_a_mailbox_may_receive_is_its_readers(code: int, text: str) -> None:
    """Only how much we may send is no reader's fault."""
    verdict = decoded(told("refused", code, text, RCPT), OK, OK)
    assert [type(outcome) for outcome in verdict.outcomes] == [Rejected, Accepted, Accepted]
    assert verdict.stop is None
