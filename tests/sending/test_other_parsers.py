"""Parsers that are not ours, one in Python and one in Perl, read in our messages what we wrote."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from newsletter.model.edition import InlineImage
from newsletter.model.mailing import Recipient
from newsletter.model.slot import Context
from newsletter.sending import compose
from tests.sending import making

SCRIPT = Path(__file__).with_name("read_message.pl")
PICTURE = InlineImage("3f2a.png", "image/png", bytes(range(256)) * 3)
HTML = "<p>" + "Zwölf Projekte – 12 = zwölf. السلام عليكم 👩‍👩‍👧 " * 40 + "</p>\n<p>.</p>\n\n  \nFrom here\n"
TEXT = "Zwölf Projekte\n.\n\nFrom here a line ends in a space \nand a tab\t\n" + "x" * 300 + "\n"


def _has_mime_tools() -> bool:
    perl = shutil.which("perl")
    if perl is None:
        return False
    probe = [perl, "-MMIME::Parser", "-MJSON::PP", "-e", "1"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def message(
    name: str = "Żaneta “Zoë” O'Hara, Ph.D.", *, images: tuple[InlineImage, ...] = ()
) -> tuple[bytes, Recipient]:
    """Return a message with everything that is hard: long links, many scripts, bare dots, long lines."""
    recipient = making.ENVELOPE.recipient("D" * 28, "reader@example.org", name)
    recipient.values["unsubscribe_url"] = "https://news.example.org/u/" + "x" * 170
    edition = making.edition(
        subject=making.slotted(
            Context.HEADER, "Grenzgemeinden – ‘zwölf’ Projekte und eine lange Betreffzeile für den Monat Juli"
        ),
        html=making.slotted(Context.HTML, HTML),
        text=making.slotted(Context.PLAIN, TEXT),
        images=images,
    )
    return compose(edition, making.ENVELOPE, recipient, making.NOW), recipient


def read_by_perl(raw: bytes) -> dict[str, Any]:
    """Return what MIME-tools reads."""
    done = subprocess.run(["perl", str(SCRIPT)], input=raw, capture_output=True, check=True)
    read: dict[str, Any] = json.loads(done.stdout.decode())
    assert read["errors"] == []
    return read


def contents(parts: Any) -> list[tuple[str, str, bytes]]:
    """Return type, id and content of every part, in order."""
    if isinstance(parts, list):
        return [found for part in parts for found in contents(part)]
    return [(parts["type"], parts["id"], base64.b64decode(parts["content"]))]


def crlf(text: str) -> bytes:
    """Return text as it travels."""
    return text.replace("\n", "\r\n").encode()


@pytest.mark.skipif(not _has_mime_tools(), reason="PERL'S MIME-TOOLS ARE MISSING (Debian: libmime-tools-perl)")
@pytest.mark.parametrize("images", [(), (PICTURE,)])
def test_perl_reads_what_we_wrote(images: tuple[InlineImage, ...]) -> None:
    """Parts, their order, their bytes and every header."""
    raw, recipient = message(images=images)
    read = read_by_perl(raw)
    found = [(kind, part_id, content.replace(b"\r\n", b"\n")) for kind, part_id, content in contents(read["parts"])]
    expected = [("text/plain", "", TEXT.encode()), ("text/html", "", HTML.encode())]
    pictures = [("image/png", f"<{PICTURE.content_id}>", PICTURE.data.replace(b"\r\n", b"\n"))] if images else []
    assert found == expected + pictures
    headers = read["headers"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"] == f"<{making.ENVELOPE.unsubscribe_url('D' * 28)}>"
    assert headers["Message-ID"] == f"<{recipient.delivery_id}@example.org>"
    assert headers["Subject"].startswith("Grenzgemeinden – ‘zwölf’ Projekte")


@pytest.mark.parametrize("policy", [email.policy.default, email.policy.SMTP, email.policy.compat32])
@pytest.mark.parametrize("images", [(), (PICTURE,)])
def test_the_standard_library_reads_what_we_wrote(policy: Any, images: tuple[InlineImage, ...]) -> None:
    """The same under its three policies."""
    raw, _ = message(images=images)
    parsed = email.message_from_bytes(raw, policy=policy)
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in leaves] == [
        "text/plain",
        "text/html",
        *(["image/png"] if images else []),
    ]
    assert not parsed.defects
    assert not any(part.defects for part in leaves)
    assert leaves[0].get_payload(decode=True) == crlf(TEXT)
    assert leaves[1].get_payload(decode=True) == crlf(HTML)
    if images:
        assert leaves[2].get_payload(decode=True) == PICTURE.data


def test_every_line_keeps_to_the_limits_of_mail() -> None:
    """Lines end in CRLF, bodies have at most 76 columns (RFC 2045), headers at most 998 (RFC 5322)."""
    raw, _ = message(images=(PICTURE,))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(len(line) for line in body.split(b"\r\n") if not line.startswith(b"Content-")) <= 76


def test_a_long_unsubscribe_address_stays_one_ascii_value() -> None:
    """An encoded word would break one click without anybody noticing."""
    envelope = making.ENVELOPE.__class__(
        **making.ENVELOPE.as_json() | {"public_url": "https://news.example.org/" + "p" * 180}
    )
    recipient = envelope.recipient("D" * 28, "reader@example.org", "")
    raw = compose(making.edition(), envelope, recipient, making.NOW)
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert line == f"List-Unsubscribe: <{envelope.unsubscribe_url('D' * 28)}>".encode()
    assert len(line) > 200
