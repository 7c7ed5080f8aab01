"""Tokens that stand for a delivery."""

from __future__ import annotations

import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.store import SigningKey, Subject, delivery_id, read_delivery_id, read_token, token
from newsletter.store.tokens import _hmac

OLD = SigningKey(1, bytes(range(32)))
NEW = SigningKey(2, bytes(range(32, 64)))

mailings = st.integers(0, 2**32 - 1)
subscribers = st.integers(0, 2**40 - 1)


def test_a_token_stays_the_same_for_ever() -> None:
    """A token is part of links in mails that left years ago, so its bytes never change."""
    assert delivery_id(7, 123_456, OLD) == "E9dkfrV2r3jSVA_2G6oMn8RHrHLc"


@given(mailings, subscribers)
def test_a_token_tells_mailing_and_subscriber_to_whoever_holds_the_key(mailing: int, subscriber: int) -> None:
    """What was put in comes out, with the key that signed among any number of others."""
    token = delivery_id(mailing, subscriber, OLD)
    assert re.fullmatch(r"[A-Za-z0-9_-]{28}", token)
    assert read_delivery_id(token, [NEW, OLD]) == (mailing, subscriber)
    assert read_delivery_id(token, [NEW]) is None


@given(mailings, subscribers, st.integers(0, 27), st.sampled_from("ABab01-_"))
def test_a_changed_token_means_nothing(mailing: int, subscriber: int, place: int, letter: str) -> None:
    """Any other letter at any place is refused, so nobody can reach another reader's delivery."""
    token = delivery_id(mailing, subscriber, OLD)
    changed = token[:place] + letter + token[place + 1 :]
    assert (read_delivery_id(changed, [OLD]) is None) == (changed != token)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Strangers may send anything in a link."""
    assert read_delivery_id(text, [OLD, NEW]) is None


@pytest.mark.parametrize("token", ["", "A" * 27, "A" * 29, "ä" * 28, "A" * 27 + "=", "A" * 27 + " "])
def test_text_of_another_shape_means_nothing(token: str) -> None:
    """Length, letters and padding must be exactly as they are written."""
    assert read_delivery_id(token, [OLD]) is None


def test_neighbouring_numbers_look_unlike() -> None:
    """A token shows neither how many subscribers there are nor who came before whom."""
    tokens = [delivery_id(1, number, OLD) for number in range(1000)]
    assert len({token[:4] for token in tokens}) > 990
    assert len({token[-4:] for token in tokens}) > 990


def test_numbers_that_do_not_fit_are_refused() -> None:
    """A number that would be cut off would stand for another reader."""
    with pytest.raises(OverflowError):
        delivery_id(2**32, 1, OLD)
    with pytest.raises(OverflowError):
        delivery_id(1, 2**40, OLD)


def test_a_key_is_not_shown() -> None:
    """Logs and tracebacks carry no secret."""
    assert repr(OLD) == "SigningKey(id=1)"


@given(mailings, subscribers, st.sampled_from(Subject), st.sampled_from(Subject))
def test_a_token_is_good_for_its_subject_alone(first: int, second: int, subject: Subject, other: Subject) -> None:
    """Whoever may leave a list by a link cannot open anybody's preferences with it."""
    made = token(subject, first, second, OLD)
    assert read_token(other, made, [NEW, OLD]) == ((first, second) if other is subject else None)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_code_is_hmac_of_any_key_and_message(secret: bytes, message: bytes) -> None:
    """RFC 2104: as the standard library has it, whatever the length of the key."""
    assert _hmac(secret, message) == hmac.digest(secret, message, "sha256")
