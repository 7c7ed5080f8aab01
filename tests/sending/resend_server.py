"""A mail API on loopback that behaves as Resend's batch endpoint does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

API_KEY = "re_test_key"


def _error(status: int, name: str, message: str) -> Reply:
    return reply(status, {"statusCode": status, "name": name, "message": message})


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": _error(500, "internal_server_error", "An unexpected error occurred"),
    "429": (*_error(429, "rate_limit_exceeded", "Too many requests"), "Retry-After: 0.05"),
    "quota": _error(429, "daily_quota_exceeded", "You have reached your daily email sending quota."),
    "401": _error(401, "restricted_api_key", "This API key is restricted"),
    "refused": _error(422, "validation_error", "The `subject` field is invalid"),
    **ASTRAY,
}


@dataclass
class ResendServer(MailServer):
    """Resend: a call with a key is taken once, whatever happens to its answer."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    _answers: dict[str, tuple[str, bytes | None]] = field(default_factory=dict)

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call as Resend does."""
        key = headers.get("idempotency-key", "")
        if headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(403, "invalid_api_key", "API key is invalid")
        digest = hashlib.sha256(body).hexdigest()
        with self.lock:
            if key in self._answers:
                known, answer = self._answers[key]
                if known != digest:
                    return _error(409, "invalid_idempotent_request", "Same key, other payload")
                if answer is None:
                    return _error(409, "concurrent_idempotent_requests", "The original request is in progress")
                return 200, answer
            messages = json.loads(body)
            if any(address in self.bad for message in messages for address in message["to"]):
                return _error(422, "validation_error", "Invalid `to` field")
            self._answers[key] = (digest, None)
        time.sleep(self.latency())
        with self.lock:
            self.record(
                [(address, message["tags"][0]["value"]) for message in messages for address in message["to"]], key
            )
            answer = json.dumps({"data": [{"id": f"{key}-{number}"} for number in range(len(messages))]}).encode()
            self._answers[key] = (digest, answer)
        return 200, answer


if __name__ == "__main__":
    main(ResendServer)
