"""Return addresses that name the delivery, so that a mail that comes back says by itself which one failed.

Variable envelope return paths: https://cr.yp.to/proto/verp.txt
"""

from __future__ import annotations

import base64
import binascii
import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{28}")
_FOLDED = re.compile(r"[a-z2-7]{34}", re.IGNORECASE)


def bounce_address(mailbox: str, delivery_id: str) -> str:
    """Return the envelope sender of one delivery: `bounces+TOKEN@example.org` for the mailbox `bounces@example.org`.

    The token is written in base32 without case, because some servers write addresses they return in small letters.
    Raises ValueError for a text that is no delivery id, and for a mailbox whose local part grows beyond 64 characters.
    """
    local, _, domain = mailbox.rpartition("@")
    if not _TOKEN.fullmatch(delivery_id):
        raise ValueError(f"{delivery_id!r} is no delivery id")
    folded = base64.b32encode(base64.urlsafe_b64decode(delivery_id)).decode("ascii").rstrip("=").lower()
    address = f"{local}+{folded}@{domain}"
    if not local or not domain or len(local) + 1 + len(folded) > 64:
        raise ValueError(f"{mailbox!r} cannot carry a delivery id")
    return address


def read_bounce_address(address: str) -> str:
    """Return the delivery id that an envelope address names, in either spelling, or nothing."""
    local = address.strip().strip("<>").rpartition("@")[0]
    extension = local.partition("+")[2]
    if _FOLDED.fullmatch(extension):
        try:
            token = base64.urlsafe_b64encode(base64.b32decode(extension.upper() + "======"))
        except binascii.Error:
            return ""
        return token.decode("ascii")
    return extension if _TOKEN.fullmatch(extension) else ""
