"""A mail API on loopback that behaves as SendGrid does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.sending.mail_server import ASTRAY, MailServer, Reply, main, reply

API_KEY = "SG.test-key"


def _error(status: int, message: str, field: str | None = None) -> Reply:
    return reply(status, {"errors": [{"message": message, "field": field, "help": None}]})


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": _error(500, "internal server error"),
    "429": (*_error(429, "too many requests"), "Retry-After: 0.05"),
    "401": _error(401, "The provided authorization grant is invalid, expired, or revoked"),
    "credits": _error(401, "Maximum credits exceeded"),
    "refused": _error(400, "The from email does not contain a valid address.", "from.email"),
    **ASTRAY,
}


@dataclass
class SendGridServer(MailServer):
    """SendGrid: a call is taken whole or not at all, and repeating it sends it again."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        if headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(401, "The provided authorization grant is invalid, expired, or revoked")
        if line != "POST /v3/mail/send HTTP/1.1":
            return 404, b"not here"
        call = json.loads(body)
        readers = call["personalizations"]
        if len(readers) > 1000:
            return _error(400, "The personalization block is limited to 1000 personalizations", "personalizations")
        errors = [
            {"message": message, "field": f"personalizations.{place}.{field}", "help": None}
            for place, reader in enumerate(readers)
            for field, message in self._faults(reader)
        ]
        if errors:
            return reply(400, {"errors": errors})
        if call["mail_settings"].get("sandbox_mode") == {"enable": True}:
            return 200, b""
        time.sleep(self.latency())
        own = [reader["custom_args"] for reader in readers]
        addresses = [reader["to"][0]["email"] for reader in readers]
        told = [(address, args["delivery"]) for address, args in zip(addresses, own, strict=True)]
        self.record(told, own[0]["batch"])
        return 202, b""

    def _faults(self, reader: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        address = reader["to"][0]["email"]
        if "@" not in address or address in self.bad:
            yield "to.0.email", "Does not contain a valid address."
        if len(json.dumps(reader["substitutions"]).encode()) > 10_000:
            yield "substitutions", "The total collective size of your substitutions may not exceed 10000 bytes"


def messages(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of each reader, with every tag replaced wherever it stands, in values too."""
    for reader in call["personalizations"]:

        def fill(text: str, tags: Mapping[str, str] = reader["substitutions"]) -> str:
            for tag, value in tags.items():
                text = text.replace(tag, value)
            return text

        content = {part["type"]: fill(part["value"]) for part in call["content"]}
        assert list(content) == ["text/plain", "text/html"], "SendGrid wants them in this order"
        yield {**reader, "subject": fill(call["subject"]), "content": content}


if __name__ == "__main__":
    main(SendGridServer)
