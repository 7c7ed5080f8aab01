"""Header lines."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import AudienceError, Refused
from newsletter.sending import headers


def test_a_long_ascii_value_stays_on_one_line() -> None:
    """One-click unsubscribe works only if the address is neither folded nor encoded."""
    value = f"<https://news.example.org/u/{'x' * 200}>"
    assert headers.field("List-Unsubscribe", value) == f"List-Unsubscribe: {value}\r\n".encode()


@pytest.mark.parametrize("value", ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0b", "ü"])
def test_no_value_can_write_a_header_of_its_own(value: str) -> None:
    """Line breaks, control characters and letters beyond ASCII are refused."""
    with pytest.raises(Refused):
        headers.field("Feedback-ID", value)


def test_a_line_has_at_most_998_characters() -> None:
    """What mail cannot carry is refused rather than folded."""
    with pytest.raises(Refused, match="the header X has 999 characters"):
        headers.field("X", "y" * 996)
    assert len(headers.field("X", "y" * 995)) == 1000


@pytest.mark.parametrize("value", ["a\r\nBcc: b@example.org", "ü\nb", "a\x07"])
def test_a_subject_has_no_line_break(value: str) -> None:
    """It is refused before encoded words could hide it."""
    with pytest.raises(Refused):
        headers.text("Subject", value)


@pytest.mark.parametrize(
    ("subject", "line"),
    [
        ("Border communities", b"Subject: Border communities\r\n"),
        ("Grüße", b"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n"),
        # Otherwise readers would see what it decodes to.
        ("=?utf-8?q?a?=", b"Subject: =?utf-8?b?PT91dGYtOD9xP2E/PQ==?=\r\n"),
    ],
)
def test_a_subject_is_encoded_only_where_it_must_be(subject: str, line: bytes) -> None:
    """ASCII stays readable."""
    assert headers.text("Subject", subject) == line


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_every_subject_comes_back(subject: str) -> None:
    """Encoded words decode to the subject, and no line of them is longer than 76."""
    line = headers.text("Subject", subject)
    value = line.removeprefix(b"Subject: ").removesuffix(b"\r\n").decode("ascii")
    if value == subject:
        return
    assert str(make_header(decode_header(value))) == subject
    assert max(map(len, line.split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", b"To: reader@example.org\r\n"),
        ("Anna Muster", b"To: Anna Muster <reader@example.org>\r\n"),
        ('Muster, "Anna"', b'To: "Muster, \\"Anna\\"" <reader@example.org>\r\n'),
        ("Zoë", b"To: =?utf-8?b?Wm/Dqw==?= <reader@example.org>\r\n"),
        ("A\r\nBcc: b@example.org", b'To: "A Bcc: b@example.org" <reader@example.org>\r\n'),
        ("x" * 10_000, b"To: reader@example.org\r\n"),
    ],
)
def test_a_mailbox_shows_its_name_and_nothing_else(name: str, line: bytes) -> None:
    """Names are quoted or encoded, cleaned of line breaks, and left out when absurd."""
    assert headers.mailbox("To", name, "reader@example.org") == line


def test_a_long_name_is_parted_between_its_words() -> None:
    """Python's own parser, and some mail programs, show a blank wherever a name goes on in another encoded word."""
    name = "Міжнародна організація з питань міграції та розвитку"
    raw = headers.mailbox("From", name, "news-about-migration@newsletters.example.org")
    parsed = email.message_from_bytes(raw + b"\r\n", policy=email.policy.default)
    assert parsed["From"].addresses[0].display_name.split() == name.split()
    assert parsed["From"].addresses[0].addr_spec == "news-about-migration@newsletters.example.org"
    assert str(make_header(decode_header(raw.decode().partition(": ")[2]))).startswith(f"{name} <")
    assert max(map(len, raw.split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("reader+news@example.org", "reader+news@example.org"),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
        ('"a b"@example.org', '"a b"@example.org'),
    ],
)
def test_domains_travel_in_ascii(address: str, wire: str) -> None:
    """IDNA 2008."""
    assert headers.wire_address(address) == wire


def test_a_local_part_beyond_ascii_is_refused_in_words() -> None:
    """Few servers take it."""
    with pytest.raises(AudienceError) as caught:
        headers.wire_address("jürgen@example.org")
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "jürgen@example.org has letters before the @ that most mail servers do not take",
        "they need SMTPUTF8 (RFC 6531) on the whole way",
        "ask the reader for another address",
    )


@pytest.mark.parametrize("address", ["", "reader", "a@b\r\nBcc: c@example.org", "a b@example.org", "<a@example.org>"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Nothing else gets into a header."""
    with pytest.raises(AudienceError):
        headers.wire_address(address)


def test_apis_get_names_in_plain_text() -> None:
    """They encode by themselves."""
    assert headers.one_line_mailbox("ICMPD – Wien <news@example.org>") == '"ICMPD – Wien" <news@example.org>'
    assert headers.one_line_mailbox("news@example.org") == "news@example.org"


def test_a_list_id_is_one_line_of_ascii() -> None:
    """RFC 2919: a phrase, and an identifier that stays the same for ever."""
    assert headers.list_id("Monthly newsletter", "monthly.example.org") == "Monthly newsletter <monthly.example.org>"
    assert headers.list_id("Größe", "m.example.org") == "=?utf-8?b?R3LDtsOfZQ==?= <m.example.org>"


def test_a_list_id_with_a_long_title_is_folded_as_encoded_words_must_be() -> None:
    """Their lines have at most 76 characters (RFC 2047 §2), and the title comes back in one piece."""
    title = "Monatlicher Überblick über Forschung, Ausschreibungen und Veranstaltungen – " * 2
    line = headers.field("List-Id", headers.list_id(title, "monthly.example.org"))
    *lines, end = line.split(b"\r\n")
    assert (max(map(len, lines)) <= 76, end, lines[-1]) == (True, b"", b" <monthly.example.org>")
    read = email.message_from_bytes(line + b"\r\n", policy=email.policy.default)["List-Id"]
    assert read == f"{title.strip()} <monthly.example.org>"
