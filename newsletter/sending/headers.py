"""Header lines of a message: ASCII stays as it is on one line, everything else becomes encoded words.

RFC 5322 §2.1.1 (998 characters a line), RFC 2047 (encoded words). The standard library folds a long address in
`List-Unsubscribe` into encoded words, which no mail program reads: https://github.com/python/cpython/issues/85725
"""

from __future__ import annotations

import base64
import re
from email.utils import parseaddr

from newsletter.errors import AudienceError, Refused
from newsletter.model.slot import Context, Slot, escape

_LONGEST = 998
_WORD_LINE = 76
_PLAIN_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_PLAIN_NAME = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9'-]+(?: [A-Za-z0-9'-]+)*")
"""Most names: nothing in them has to be cleaned, quoted or encoded."""
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_BEFORE_WORD = re.compile(r" (?==\?|<)")
_LONGEST_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def field(name: str, value: str) -> bytes:
    """Return a header whose value is ASCII already, on one line unless that would be too long for encoded words.

    Raises Refused for a value that would end the line, is not ASCII, or is longer than mail may carry.
    """
    line = f"{name}: {value}"
    if not line.isascii() or not line.isprintable():
        raise _unprintable(name)
    if len(line) > _WORD_LINE and value.startswith("=?"):
        line = f"{name}: " + _BEFORE_WORD.sub("\r\n ", value)
    elif len(line) > _LONGEST:
        raise Refused(
            f"the header {name} has {len(line)} characters",
            why=f"mail carries at most {_LONGEST} in a line",
            fix="shorten what it says in the settings or the issue",
        )
    return line.encode("ascii") + b"\r\n"


def text(name: str, value: str) -> bytes:
    """Return a header that people read, such as `Subject`; raise Refused for one with a line break."""
    if _CONTROL.search(value):
        raise _unprintable(name)
    words = _words(value, _WORD_LINE - len(name) - 2, limit=_LONGEST - len(name) - 2)
    return f"{name}: ".encode() + words + b"\r\n"


def mailbox(name: str, display: str, address: str, *, smtputf8: bool = False) -> bytes:
    """Return a header with one mailbox; a name of absurd length is left out.

    With `smtputf8`, letters beyond ASCII before the @ stay as they are, in UTF-8 (RFC 6532).
    """
    if _PLAIN_NAME.fullmatch(display) and _PLAIN_ADDRESS.fullmatch(address):
        return f"{name}: {display} <{address}>\r\n".encode("ascii")
    display = clean(display)
    written = wire_address(address, smtputf8=smtputf8)
    if not display or len(display) > _LONGEST_NAME:
        return field(name, written) if written.isascii() else f"{name}: {written}\r\n".encode()
    phrase = _phrase(display, _WORD_LINE - len(name) - 2)
    line = f"{name}: ".encode() + phrase
    # A line with encoded words has at most 76 characters (RFC 2047 §2).
    full = line.startswith(b"=?", len(name) + 2) and len(line) - line.rfind(b"\n") + len(written) + 2 > _WORD_LINE
    return line + (b"\r\n " if full else b" ") + f"<{written}>\r\n".encode()


def written_mailbox(name: str, value: str) -> bytes:
    """Return a header with one mailbox, given as people write it: `Name <address>`."""
    return mailbox(name, *parseaddr(value))


def one_line_mailbox(value: str) -> str:
    """Return `Name <address>` for a mail API, which encodes names by itself."""
    display, address = name_and_address(value)
    if not display:
        return address
    plain = display if _PLAIN_PHRASE.fullmatch(display) else _in_quotes(display)
    return f"{plain} <{address}>"


def name_and_address(value: str) -> tuple[str, str]:
    """Return the two halves of `Name <address>` for a mail API that takes them apart; the name may be empty."""
    display, address = parseaddr(value)
    return clean(display), wire_address(address)


def sender_address(value: str) -> str:
    """Return the address alone of a mailbox given as people write it."""
    return wire_address(parseaddr(value)[1])


def list_id(title: str, identifier: str) -> str:
    """Return the value of `List-Id` (RFC 2919)."""
    title = clean(title)
    if not title or len(title) > _LONGEST_NAME:
        return f"<{identifier}>"
    phrase = _phrase(title, _WORD_LINE - len("List-Id: ")).replace(b"\r\n", b"").decode("ascii")
    return f"{phrase} <{identifier}>"


def clean(value: str) -> str:
    """Return text without line breaks and control characters."""
    return escape(Slot("first_name"), value, Context.HEADER).decode()


def wire_address(address: str, *, smtputf8: bool = False) -> str:
    """Return an address as every server takes it, with its domain in ASCII (IDNA 2008).

    Raises AudienceError for what is no address at all, and for one whose part before the @ is beyond ASCII, unless
    `smtputf8` says that the way can carry it (RFC 6531).
    """
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(address, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except EmailNotValidError as error:
        raise AudienceError(
            f"{clean(address)[:80]!r} is not an address",
            why=str(error),
            fix="write one address, as in reader@example.org",
        ) from None
    if valid.ascii_email is None and smtputf8:
        return f"{valid.local_part}@{valid.ascii_domain}"
    if valid.ascii_email is None:
        raise AudienceError(
            f"{address} has letters before the @ that most mail servers do not take",
            why="they need SMTPUTF8 (RFC 6531) on the whole way",
            fix="ask the reader for another address",
        )
    return valid.ascii_email


def _unprintable(name: str) -> Refused:
    return Refused(
        f"the header {name} has a line break or a character that headers cannot carry",
        why="a line break would let a value write headers of its own",
        fix="take the character out of the settings or the issue",
    )


def _phrase(display: str, first: int) -> bytes:
    if not display.isascii() or "=?" in display:
        return _words(display, first)
    return (display if _PLAIN_PHRASE.fullmatch(display) else _in_quotes(display)).encode("ascii")


def _in_quotes(display: str) -> str:
    escaped = re.sub(r'(["\\])', r"\\\1", display)
    return f'"{escaped}"'


def _words(value: str, first: int, *, limit: int = 0) -> bytes:
    """Return text as it is if it is ASCII of at most `limit` characters, or else as encoded words.

    `first` is the room on the header's first line.
    """
    if limit and value.isascii() and value.isprintable() and "=?" not in value and len(value) <= limit:
        return value.encode("ascii")
    words = []
    part = b""
    room = _room(first)
    for letter in value:
        encoded = letter.encode()
        if len(part) + len(encoded) > room:
            # Between two words, where there are some: programs that put a blank between encoded words, as Python's own
            # parser does in names, then tear none apart.
            cut = part.rfind(b" ") + 1
            cut = cut if cut > len(part) // 2 else len(part)
            words.append(part[:cut])
            part, room = part[cut:], _room(_WORD_LINE - 1)
        part += encoded
    return b"\r\n ".join(b"=?utf-8?b?" + base64.b64encode(word) + b"?=" for word in [*words, part])


def _room(width: int) -> int:
    """Return how many bytes an encoded word of at most `width` characters holds."""
    return (width - len("=?utf-8?b??=")) // 4 * 3
