"""Quoted-printable in pieces."""

from __future__ import annotations

import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.sending import quoted

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(
    lambda text: text.replace("\r", "").encode()
)


@settings(deadline=None)
@given(TEXTS)
def test_every_text_comes_back(text: bytes) -> None:
    """Decoding gives the text, with CRLF for its line breaks."""
    assert quopri.decodestring(quoted.quoted(text)) == text.replace(b"\n", b"\r\n")


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4), TEXTS)
def test_pieces_and_values_join_to_the_whole_text(parts: list[tuple[bytes, bytes]], last: bytes) -> None:
    """Chunks encoded apart, with values between them, decode to chunks and values in a row."""
    encoded = quoted.pieces([chunk for chunk, _ in parts] + [last])
    joined = b"".join(
        piece + quoted.value(value) for piece, (_, value) in zip(encoded, [*parts, (b"", b"")], strict=True)
    )
    whole = b"".join(chunk + value for chunk, value in parts) + last
    assert quopri.decodestring(joined) == whole.replace(b"\n", b"\r\n")
    assert max(map(len, joined.split(b"\r\n"))) <= 76


def test_no_line_is_longer_than_76_and_no_escape_is_torn() -> None:
    """Soft breaks fall before an escape, never inside."""
    assert quoted.quoted(b"a" * 73 + "ü".encode() + b"b" * 80) == (
        b"a" * 73 + b"=\r\n=C3=BC" + b"b" * 69 + b"=\r\n" + b"b" * 11
    )


def test_what_mail_would_lose_is_escaped() -> None:
    """Equals signs, lone carriage returns, and spaces at the end of a line."""
    assert quoted.quoted(b"a=b \nc\td\t\ne\rf\r\n") == b"a=3Db=20\r\nc\td=09\r\ne=0Df\r\n"
