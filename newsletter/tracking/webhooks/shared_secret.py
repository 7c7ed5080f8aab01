"""Providers that sign nothing: they repeat a secret that the team gave them, in one of the ways that they offer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from newsletter.tracking.webhooks.contract import Call, Keys, Need, Unverified, read_json
from newsletter.tracking.webhooks.signing import any_same, sha256

_SHORTEST = 16
HEADER = "x-webhook-secret"
"""A header with the secret, where a provider lets the team choose headers."""


class SharedSecret:
    """The half of a kind that repeats a secret; what an event looks like is the other half."""

    needs = Need.SECRET
    tolerance = None

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for a secret that could be guessed."""
        if len(secret) < _SHORTEST:
            raise ValueError(f"it has fewer than {_SHORTEST} characters, so it could be guessed")

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the body's digest; raise Unverified unless the call repeats the secret.

        It may be the password of Basic authentication, a bearer token, the header `X-Webhook-Secret`, or the last part
        of the path. A secret with a colon is a name and a password for Basic authentication.
        """
        if not any_same(_given(call), keys.secrets):
            raise Unverified("it does not have the secret; see what the webhook at the provider is set to")
        return sha256(call.body)

    def read(self, body: bytes) -> Any:
        """Return what the body holds as JSON."""
        return read_json(body)


def _given(call: Call) -> Iterator[str]:
    if call.secret:
        yield call.secret
    if call.headers.get(HEADER):
        yield call.headers[HEADER]
    scheme, _, rest = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield rest.strip()
    elif scheme.lower() == "basic":
        try:
            pair = base64.b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return
        yield pair
        yield pair.partition(":")[2]


def basic(secret: str) -> dict[str, str]:
    """Return the header by which a provider repeats a secret."""
    pair = secret if ":" in secret else f"newsletter:{secret}"
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
