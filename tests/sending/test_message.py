"""Messages, read back by the standard library."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy
from email.message import EmailMessage, Message
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import Refused
from newsletter.model.edition import Edition
from newsletter.model.slot import Context, Slot
from newsletter.sending import Envelope, compose
from tests.sending import making as make

TOKEN = "AbCdEfGhIjKlMnOpQrStUvWxYz01"
URL = f"https://news.example.org/u/{TOKEN}"


def written(edition: Edition | None = None, *, name: str = "Anna Muster", envelope: Envelope = make.ENVELOPE) -> bytes:
    """Return the message to one reader."""
    recipient = envelope.recipient(TOKEN, "reader@example.org", name)
    return compose(edition or make.edition(), envelope, recipient, make.NOW)


def modern(message: bytes) -> EmailMessage:
    """Read it with the newer policy of the standard library."""
    parsed = email.message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def contents(message: Message[Any, Any]) -> dict[str, bytes]:
    """Return the decoded parts of a message by their type."""
    return {
        part.get_content_type(): bytes(part.get_payload(decode=True))
        for part in message.walk()
        if not part.is_multipart()
    }


def test_the_headers_are_exactly_these() -> None:
    """No header more, in this order."""
    head, _, _ = written().partition(b"\r\n\r\n")
    digest = make.edition().digest[:24]
    assert head.decode("ascii").split("\r\n") == [
        "From: ICMPD Newsletter <news@example.org>",
        "Reply-To: press@example.org",
        "Date: Sun, 28 Jul 2024 07:00:00 +0000",
        "MIME-Version: 1.0",
        "Precedence: bulk",
        "List-Id: Monthly newsletter <monthly.example.org>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: 2024-07:monthly:newsletter:nbfabc3743295",
        "To: Anna Muster <reader@example.org>",
        "Subject: Border communities",
        f"Message-ID: <{TOKEN}@example.org>",
        f"List-Unsubscribe: <{URL}>",
        f'Content-Type: multipart/alternative; boundary="=_{digest}.a"',
    ]


@pytest.mark.parametrize("read", [email.message_from_bytes, modern])
def test_text_and_html_come_back_byte_for_byte(read: Any) -> None:
    """Plain text first, HTML last, both filled for the reader."""
    edition, values = make.edition(), make.ENVELOPE.recipient(TOKEN, "reader@example.org", "Anna Muster").values
    message = read(written())
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert contents(message) == {
        "text/plain": edition.text.fill(values).replace(b"\n", b"\r\n"),
        "text/html": edition.html.fill(values).replace(b"\n", b"\r\n"),
    }
    assert all(not part.defects for part in message.walk())


@pytest.mark.parametrize("read", [email.message_from_bytes, modern])
def test_pictures_travel_beside_the_html(read: Any) -> None:
    """multipart/related (RFC 2387) inside the alternative; the Content-ID is what the HTML names."""
    picture = make.image()
    html = make.slotted(Context.HTML, f'<img src="cid:{picture.content_id}" alt="">')
    message = read(written(make.edition(html=html, images=(picture,))))
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    parts = list(message.walk())
    assert contents(message)["image/png"] == picture.data
    assert parts[4]["Content-ID"] == "<3f2a.png@newsletter>"
    assert parts[2].get_param("type") == "text/html"
    assert all(not part.defects for part in parts)


def test_a_long_unsubscribe_address_is_one_value() -> None:
    """The standard library's own writer would break it."""
    envelope = Envelope("news@example.org", "", "https://news.example.org/" + "x" * 200, "monthly", "Monthly")
    message = modern(written(envelope=envelope))
    assert message["List-Unsubscribe"] == f"<https://news.example.org/{'x' * 200}/u/{TOKEN}>"
    assert "Reply-To" not in message


def test_an_address_with_percent_signs_stays_as_it_is() -> None:
    """Headers are made ready once, with places for the delivery's token."""
    envelope = replace(make.ENVELOPE, public_url="https://news.example.org/a%20b%b")
    parsed = modern(written(envelope=envelope))
    assert parsed["List-Unsubscribe"] == f"<https://news.example.org/a%20b%b/u/{TOKEN}>"
    assert parsed["Message-ID"] == f"<{TOKEN}@example.org>"


@pytest.mark.parametrize("token", ["a\r\nBcc: x", "a b\n", "ü"])
def test_a_token_cannot_write_a_header(token: str) -> None:
    """It comes from us, and is looked at nevertheless."""
    recipient = make.ENVELOPE.recipient(token, "reader@example.org", "Anna")
    with pytest.raises(Refused):
        compose(make.edition(), make.ENVELOPE, recipient, make.NOW)


def test_an_unsubscribe_address_is_short() -> None:
    """Below 60 characters beyond the host, so that no program wraps it."""
    assert len(URL.removeprefix("https://news.example.org")) < 60


def test_every_line_is_short_ascii_and_ends_with_crlf() -> None:
    """Nothing on the way has a reason to encode it again, which would break its signature."""
    long = make.slotted(Context.HTML, "ü" * 5000 + "x" * 5000)
    message = written(make.edition(html=long, images=(make.image(),)))
    assert message.isascii()
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert b"\r" not in message.replace(b"\r\n", b"")
    _, _, body = message.partition(b"\r\n\r\n")
    parts = [part.partition(b"\r\n\r\n")[2] for part in body.split(b"\r\n--=_")]
    assert max(len(line) for part in parts for line in part.split(b"\r\n")) == 76


def test_the_same_reader_gets_the_same_bytes() -> None:
    """Neither clock nor chance has a part in it."""
    assert written() == written()


def test_values_are_escaped_for_where_they_stand() -> None:
    """A name is neither markup nor a header."""
    edition = make.edition(subject=make.slotted(Context.HEADER, "For ", Slot("first_name", "you"), "!"))
    message = modern(written(edition, name="<b>&Bcc:\r\nBcc: x@example.org"))
    found = contents(message)
    assert message["Subject"] == "For <b>&Bcc:!"
    assert "Bcc" not in message
    assert found["text/html"].startswith(b"<!doctype html><p>Dear &lt;b&gt;&amp;Bcc:,")
    assert found["text/plain"].startswith(b"Dear <b>&Bcc:,")


def test_a_reader_without_a_name_gets_the_fallback() -> None:
    """Nobody is called by an empty string."""
    message = modern(written(name=""))
    assert contents(message)["text/plain"].startswith(b"Dear reader,")
    assert message["To"] == "reader@example.org"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=120)


@settings(deadline=None)
@given(html=st.tuples(TEXT, TEXT), text=st.tuples(TEXT, TEXT), subject=TEXT, name=TEXT)
def test_any_content_comes_back(html: tuple[str, str], text: tuple[str, str], subject: str, name: str) -> None:
    """Whatever people write, the standard library reads what they wrote."""
    subject = " ".join("".join(letter for letter in subject if letter.isprintable()).split())
    slot = Slot("first_name", "reader")
    edition = make.edition(
        subject=make.slotted(Context.HEADER, subject),
        html=make.slotted(Context.HTML, html[0], slot, html[1]),
        text=make.slotted(Context.PLAIN, text[0], slot, text[1]),
    )
    values = make.ENVELOPE.recipient(TOKEN, "reader@example.org", name).values
    message = modern(written(edition, name=name))
    assert contents(message) == {
        "text/plain": edition.text.fill(values).replace(b"\n", b"\r\n"),
        "text/html": edition.html.fill(values).replace(b"\n", b"\r\n"),
    }
    assert message["Subject"] == subject
    assert message["To"].addresses[0].addr_spec == "reader@example.org"
