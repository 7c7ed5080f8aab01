"""Opaque signed tokens that stand for a delivery in message ids and readers' links."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

_MAC_SIZE = 12
_IDS_SIZE = 9
_SIZE = 28
"""Characters of a token: 21 bytes in base64url, which needs no padding."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret of 32 random bytes; the highest `id` is the newest."""

    id: int
    secret: bytes = field(repr=False)


def delivery_id(mailing_id: int, subscriber_id: int, key: SigningKey) -> str:
    """Return the token of one delivery: 28 characters of A-Z, a-z, 0-9, `-` and `_`.

    The same numbers and key give the same token. The construction is the synthetic initialisation vector of RFC 5297
    with HMAC-SHA256: the truncated code both proves the numbers and hides them. Raises OverflowError for a mailing
    from 2³² or a subscriber from 2⁴⁰ on.
    """
    ids = mailing_id.to_bytes(4, "big") + subscriber_id.to_bytes(5, "big")
    mac = _mac(ids, key)
    return base64.urlsafe_b64encode(mac + _mask(ids, mac, key)).decode("ascii")


def read_delivery_id(text: str, keys: Iterable[SigningKey]) -> tuple[int, int] | None:
    """Return mailing and subscriber of a token that one of `keys` signed, and nothing for any other text."""
    if len(text) != _SIZE or not text.isascii():
        return None
    try:
        token = base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    mac, masked = token[:_MAC_SIZE], token[_MAC_SIZE:]
    for key in keys:
        ids = _mask(masked, mac, key)
        if hmac.compare_digest(mac, _mac(ids, key)):
            return int.from_bytes(ids[:4], "big"), int.from_bytes(ids[4:], "big")
    return None


def _mac(ids: bytes, key: SigningKey) -> bytes:
    return hmac.digest(key.secret, b"delivery" + ids, "sha256")[:_MAC_SIZE]


def _mask(ids: bytes, mac: bytes, key: SigningKey) -> bytes:
    """Hide the numbers, or show them again: both are the same operation."""
    pad = hmac.digest(key.secret, b"hide" + mac, "sha256")[:_IDS_SIZE]
    return (int.from_bytes(ids, "big") ^ int.from_bytes(pad, "big")).to_bytes(_IDS_SIZE, "big")
