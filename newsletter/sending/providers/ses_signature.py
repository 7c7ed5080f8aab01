"""Signature Version 4: who makes a call to Amazon, proven for the few minutes around a moment.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Amazon's own signer for
Python comes with botocore, which is 32 MB large (2026-11) and knows every service; this is five digests.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import SplitResult, quote, urlsplit

from newsletter.sending.providers.contract import WireRequest

_ALGORITHM = "AWS4-HMAC-SHA256"
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Signature:
    """The seal of calls that are made with an access key."""

    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    """Of access keys that hold for a time only; otherwise empty."""
    service: str = "ses"

    def headers(self, request: WireRequest, now: datetime) -> tuple[tuple[str, str], ...]:
        """Return the headers that prove the call; every header that it has is part of what is signed.

        Addresses must have no query, which no call of ours has, and their path must be as it is sent.
        """
        moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        token = (("X-Amz-Security-Token", self.session_token),) if self.session_token else ()
        added = (("X-Amz-Date", moment), *token)
        where = urlsplit(request.url)
        signed = sorted(
            (name.lower(), " ".join(value.split()))
            for name, value in (("Host", _host(where)), *request.headers, *added)
        )
        names = ";".join(name for name, _ in signed)
        canonical = "\n".join(
            (
                request.method,
                # Encoded once more than it is sent, as all services but S3 have it.
                quote(where.path or "/", safe="/~"),
                "",
                *(f"{name}:{value}" for name, value in signed),
                "",
                names,
                hashlib.sha256(request.body).hexdigest(),
            )
        )
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        signature = hmac.digest(self._key(scope), f"{_ALGORITHM}\n{moment}\n{scope}\n{digest}".encode(), "sha256").hex()
        proof = f"{_ALGORITHM} Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return (*added, ("Authorization", proof))

    def _key(self, scope: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


def _host(where: SplitResult) -> str:
    """Return the header `Host` as HTTP clients write it: without the port that the scheme has anyway."""
    host = (where.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    return host if where.port in {None, _PORTS.get(where.scheme)} else f"{host}:{where.port}"
