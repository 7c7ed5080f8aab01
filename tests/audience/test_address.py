"""Which addresses are valid, and which two are one."""

from __future__ import annotations

import re

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.audience import Address, read_address
from newsletter.errors import AudienceError

LOCAL = st.text("abYZ09.!#$%&'*+-/=?^_`{|}~üé ", min_size=1, max_size=70)
DOMAIN = st.text("abYZ09.-üß", min_size=1, max_size=70)
ENDING = st.sampled_from(["", ".org", ".test", ".invalid", ".LOCAL", ".localhost", ".arpa", ".onion", ".x", ".c0m"])


@pytest.mark.parametrize(
    ("text", "written", "key"),
    [
        ("reader@example.org", "reader@example.org", "reader@example.org"),
        ("  Reader@Example.ORG\n", "Reader@Example.ORG", "reader@example.org"),
        ("first.last+news@mail.example.com", "first.last+news@mail.example.com", "first.last+news@mail.example.com"),
        ("reader@rehearsal.test", "reader@rehearsal.test", "reader@rehearsal.test"),
        ("reader@news.example", "reader@news.example", "reader@news.example"),
        ("reader@BÜCHER.example", "reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@bu\u0308cher.example", "reader@bücher.example", "reader@xn--bcher-kva.example"),
        ("reader@xn--bcher-kva.example", "reader@xn--bcher-kva.example", "reader@xn--bcher-kva.example"),
        ("Jo\u0308rg@example.org", "Jörg@example.org", "jörg@example.org"),
        ("用户@例子.example", "用户@例子.example", "用户@xn--fsqu00a.example"),
        ("\u200breader@exam\u00adple.org\u200b\u00a0", "reader@example.org", "reader@example.org"),
        ("\u202areader@bücher.example\u202c", "reader@bücher.example", "reader@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_as_written_and_compared_by_its_key(text: str, written: str, key: str) -> None:
    """Case, composition of letters, the spelling of the domain and what nobody sees do not make another person."""
    assert read_address(text) == Address(written, key)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "An email address must have an @-sign."),
        ("reader", "An email address must have an @-sign."),
        ("reader@", "There must be something after the @-sign."),
        ("reader@host", "The part after the @-sign is not valid. It should have a period."),
        ("read er@example.org", "The email address contains invalid characters before the @-sign: SPACE."),
        ("reader.@example.org", "An email address cannot have a period immediately before the @-sign."),
        (
            "reader@example.invalid",
            "The part after the @-sign is a special-use or reserved name that cannot be used with email.",
        ),
    ],
)
def test_an_address_that_is_none_is_told_why(text: str, why: str) -> None:
    """The reason is a sentence, and the address is repeated for whoever looks for it in the file."""
    with pytest.raises(AudienceError) as caught:
        read_address(text)
    assert (caught.value.message, caught.value.why) == (f"'{text}' is not an address", why)


def test_a_message_never_carries_control_characters() -> None:
    """A terminal shows what a stranger's file holds as text, and not all of a very long one."""
    with pytest.raises(AudienceError) as caught:
        read_address("\x1b[2J" + "x" * 100)
    assert caught.value.message == f"'\N{REPLACEMENT CHARACTER}[2J{'x' * 76}…' is not an address"


@pytest.mark.parametrize(
    ("text", "international"),
    [("reader@example.org", False), ("reader@bücher.example", False), ("jörg@example.org", True)],
)
def test_letters_beyond_ascii_before_the_at_are_flagged(text: str, international: bool) -> None:
    """They need servers that speak SMTPUTF8; a domain beyond ASCII does not."""
    assert read_address(text).is_international is international


@given(st.builds("{}@{}{}".format, LOCAL, DOMAIN, ENDING))
@example("a" * 64 + "@example.org")
@example("a" * 65 + "@example.org")
@example("a@" + "b" * 63 + ".org")
@example("a@" + "b" * 64 + ".org")
@example("a@" + ".".join(["b" * 49] * 5) + ".org")
@example("a@" + ".".join(["b" * 50] * 5) + ".org")
@example("a@b--c.org")
@example("a@bc--d.org")
def test_the_plain_case_is_decided_as_the_library_decides(text: str) -> None:
    """The pattern for plain addresses accepts nothing that email-validator refuses, and agrees on the key."""
    try:
        valid = validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        with pytest.raises(AudienceError):
            read_address(text)
    else:
        assert read_address(text).key.rpartition("@")[2] == (valid.ascii_domain or "").lower()


@given(st.one_of(st.text(), st.builds("{}@{}.org".format, st.text(), st.text())))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """No text gets through that has blanks or control characters, and reading a key again gives the same key."""
    try:
        address = read_address(text)
    except AudienceError:
        return
    assert not re.search(r"[\s\x00-\x1f\x7f]", address.written + address.key)
    assert read_address(address.key).key == address.key
    assert read_address(address.written).key == address.key
