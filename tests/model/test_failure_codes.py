"""What a failure means, by its code and by what was said."""

from __future__ import annotations

import pytest

from newsletter.model.event import Bounce
from newsletter.model.failure_codes import judged, of_amazon, of_failure, status_code


@pytest.mark.parametrize(
    ("kind", "subkind", "expected"),
    [
        ("Transient", "ContentRejected", Bounce.BLOCK),
        ("Transient", "AttachmentRejected", Bounce.BLOCK),
        ("Transient", "MessageTooLarge", Bounce.BLOCK),
        ("Transient", "MailboxFull", Bounce.SOFT),
        ("Permanent", "General", Bounce.HARD),
        ("Undetermined", "Undetermined", Bounce.SOFT),
    ],
)
def test_what_amazon_calls_the_messages_fault_is_not_the_readers(kind: str, subkind: str, expected: Bounce) -> None:
    """By its subtype alone, where no server is quoted."""
    assert of_amazon(kind, subkind, "", "") is expected


def test_where_a_code_leaves_it_open_the_words_decide() -> None:
    """5.2.1 is a mailbox that takes nothing, for one reason or another."""
    assert judged(Bounce.HARD, "5.2.1", "550 5.2.1 message blocked by our policy") is Bounce.BLOCK
    assert judged(Bounce.HARD, "5.2.1", "550 5.2.1 the account is inactive") is Bounce.HARD


def test_a_code_that_says_it_needs_no_words() -> None:
    """Whatever digits the reply had."""
    assert of_failure("5.1.1", "554 5.1.1 go away") is Bounce.HARD
    assert of_failure("", "554 go away") is Bounce.SOFT
    assert of_failure("", "550 go away") is Bounce.HARD


@pytest.mark.parametrize(
    ("said", "code"),
    [("550 5.1.1 no such user", "5.1.1"), ("550-5.7.26 blocked", "5.7.26"), ("blocked 5.1.1.7", ""), ("550", "")],
)
def test_a_code_is_found_in_what_was_said(said: str, code: str) -> None:
    """An address of the internet is none."""
    assert status_code(said) == code
