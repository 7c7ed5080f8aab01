"""Signatures: compared in constant time, with each key that is still good."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter import extras
from newsletter.errors import ConfigurationError
from newsletter.tracking.webhooks.contract import Unverified

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

FIVE_MINUTES = timedelta(minutes=5)
_SKEW = timedelta(minutes=5)
"""How far a clock may go ahead of ours."""


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, without telling by the time it takes how much of them is."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def any_same(given: Iterable[str], expected: Iterable[str]) -> bool:
    """Whether one of the signatures given is one of those expected; each pair is compared."""
    wanted = tuple(expected)
    return any([same(one, other) for one in given for other in wanted])  # noqa: C419  (none is left out)


def check_age(signed_at: float, tolerance: timedelta, now: datetime) -> None:
    """Raise Unverified for a time that is too long ago, or well ahead of our clock."""
    try:
        age = now - datetime.fromtimestamp(signed_at, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unverified("the time of the signature is no time") from None
    if age > tolerance:
        raise Unverified(f"it was signed {age} ago; see whether the clock of this machine is right")
    if age < -_SKEW:
        raise Unverified(f"it was signed {-age} ahead of our clock; see whether the clock of this machine is right")


def seconds(text: str) -> float:
    """Return a number of seconds since 1970; raise Unverified for other text."""
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Unverified("the time of the signature is missing or no number")
    return float(text)


def from_base64(text: str) -> bytes:
    """Return what a text of base64 holds; raise Unverified for other text."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unverified("the signature is not base64") from None


def hmac_hex(secret: str, content: bytes) -> str:
    """Return the HMAC-SHA256 of content as hexadecimal digits."""
    return hmac.digest(secret.encode(), content, "sha256").hex()


def sha256(content: bytes) -> str:
    """Return a digest as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def check_rsa(certificate: bytes, signature: bytes, content: bytes, *, version: str) -> None:
    """Raise Unverified unless the key of a certificate, or a public key in PEM, signed content (PKCS #1 v1.5)."""
    need_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    # SHA-1 is what Amazon's version 1 is made of: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303
    try:
        _rsa_key(certificate).verify(signature, content, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        raise Unverified("the signature is not the one of this message") from None
    except ValueError as error:
        raise Unverified(f"the certificate cannot be read: {error}") from None


def check_ecdsa(key: str, signature: bytes, content: bytes) -> bool:
    """Whether a public key signed content (ECDSA P-256, SHA-256, DER)."""
    need_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    try:
        ec_key(key).verify(signature, content, ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=16)
def _rsa_key(pem: bytes) -> RSAPublicKey:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = x509.load_pem_x509_certificate(pem).public_key() if b"CERTIFICATE" in pem else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("it holds no RSA key")  # noqa: TRY004
    return key


def check_rsa_key(pem: str) -> None:
    """Raise ValueError for a text that is neither a certificate nor a public key of RSA."""
    need_cryptography()
    _rsa_key(pem.encode())


@lru_cache(maxsize=16)
def ec_key(text: str) -> EllipticCurvePublicKey:
    """Return a public key on P-256, given as PEM or as base64 of DER; raise ValueError for other text."""
    need_cryptography()
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

    key = (
        load_pem_public_key(text.encode())
        if "-----BEGIN" in text
        else load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    )
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("it is not a key on the curve P-256")  # noqa: TRY004
    return key


def sign_ecdsa(private: str, content: bytes) -> bytes:
    """Return a signature by a private key in PEM, as SendGrid signs."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    key: EllipticCurvePrivateKey = _private(private)
    return key.sign(content, ECDSA(hashes.SHA256()))


def sign_rsa(private: str, content: bytes) -> bytes:
    """Return a signature by a private key in PEM, as Amazon's version 2 signs."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key: RSAPrivateKey = _private(private)
    return key.sign(content, padding.PKCS1v15(), hashes.SHA256())


def _private(pem: str) -> Any:
    need_cryptography()
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(pem.encode(), None)


def need_cryptography() -> None:
    """Raise ConfigurationError where the library for public keys is not installed."""
    from importlib.util import find_spec

    if find_spec("cryptography") is None:
        raise ConfigurationError(
            "the webhooks of this provider are signed with a public key, for which a part is not installed",
            fix=f"install it with: {extras.command('webhooks')}",
        )
