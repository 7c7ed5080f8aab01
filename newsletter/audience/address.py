"""Email addresses: which are valid, and which two are one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from newsletter.errors import AudienceError

# The plain case, for which email-validator needs 40 µs and this 2: what it lets through, email-validator does too.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# What copying from a web page, a mail program or Word brings along unseen; no address has any. The two that join and
# part letters are none of them: domains may have these.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_PLAIN = re.compile(
    rf"(?=[^@]{{1,64}}@)(?=.{{1,254}}\Z){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|alt)\Z)[A-Za-z]{2,63}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as its owner writes it, and the key by which two spellings are one address.

    The key's domain is in ASCII (IDNA 2008), so that it may stand in any header.
    """

    written: str
    key: str

    @property
    def is_international(self) -> bool:
        """Whether the part before the @ is beyond ASCII, which many providers and servers still refuse (RFC 6531)."""
        return not self.written.rpartition("@")[0].isascii()


def read_address(text: str) -> Address:
    """Return the address that `text` is; raise AudienceError that says what is wrong with it.

    Nothing is looked up: whether the domain exists shows when mail is sent.
    """
    text = (text if text.isascii() else _UNSEEN.sub("", text)).strip()
    if _PLAIN.fullmatch(text):
        return Address(text, text.lower())
    from email_validator import EmailNotValidError, validate_email

    try:
        # Reserved names such as `.test` are what examples and rehearsals are made of.
        valid = validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError as error:
        raise AudienceError(
            f"'{shortened(text)}' is not an address", why=str(error), fix="write it as in reader@example.org"
        ) from None
    # Some letters come apart in lower case, hence composed once more.
    local = unicodedata.normalize("NFC", valid.local_part.lower())
    domain = text.rpartition("@")[2]
    written = domain if domain.isascii() else valid.domain
    return Address(f"{valid.local_part}@{written}", f"{local}@{(valid.ascii_domain or valid.domain).lower()}")


def shortened(text: str) -> str:
    """Return text as a message can show it: on one line, printable, at most 80 characters."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:80])
    return shown + "…" if len(text) > 80 else shown
