"""A mail API on loopback that behaves as Brevo's batches do, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.sending.mail_server import ASTRAY, HTML, MailServer, Reply, main, reply

API_KEY = "xkeysib-test-key"
_TAG = re.compile(r"\{\{\s*(.*?)\s*\}\}|\{%\s*(.*?)\s*%\}|\{#.*?#\}", re.DOTALL)


def _error(status: int, code: str, message: str) -> Reply:
    return reply(status, {"code": code, "message": message})


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": (502, HTML),
    "429": (*reply(429, {"message": "Too many requests"}), "x-sib-ratelimit-reset: 0.05"),
    "401": _error(401, "unauthorized", "Key not found"),
    "refused": _error(400, "invalid_parameter", "Sender is invalid / inactive"),
    **ASTRAY,
}


@dataclass
class BrevoServer(MailServer):
    """Brevo: a call is taken whole or not at all; a key that was used before is refused for half an hour."""

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = REFUSALS
    remembers: float = 1800.0
    """Seconds for which a key is known."""
    _keys: dict[str, float] = field(default_factory=dict)

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a whole call."""
        if headers.get("api-key") != API_KEY:
            return _error(401, "unauthorized", "Key not found")
        if line != "POST /v3/smtp/email HTTP/1.1":
            return 404, b"not here"
        call = json.loads(body)
        refusal = self._refusal(call)
        if refusal:
            return _error(400, "invalid_parameter", refusal)
        key, now = call["headers"]["idempotencyKey"], time.monotonic()
        with self.lock:
            if now - self._keys.get(key, float("-inf")) < self.remembers:
                return _error(400, "duplicate_parameter", "idempotencyKey is already used")
            self._keys[key] = now
        time.sleep(self.latency())
        versions = call["messageVersions"]
        if call["headers"].get("X-Sib-Sandbox") != "drop":
            told = [json.loads(version["headers"]["X-Mailin-custom"]) for version in versions]
            self.record(
                [(version["to"][0]["email"], own["delivery"]) for version, own in zip(versions, told, strict=True)],
                told[0]["batch"],
            )
        return reply(201, {"messageIds": [f"<{key}.{number}@smtp-relay.mailin.fr>" for number in range(len(versions))]})

    def _refusal(self, call: Mapping[str, Any]) -> str:
        versions = call["messageVersions"]
        if len(versions) > 1000:
            return "messageVersions can have at most 1000 items"
        sizes = [len(json.dumps(version["params"])) for version in versions]
        if max(sizes) > 100_000 or sum(sizes) > 1_000_000:
            return "params size is too large"
        if any("@" not in to["email"] or to["email"] in self.bad for version in versions for to in version["to"]):
            return "email is not valid in to"
        return "" if len(call["sender"].get("name", "")) <= 70 else "sender name is too long"


def versions(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the message of each reader of a call, as its template language makes it."""
    for version in call["messageVersions"]:
        message = {**call, **version, "headers": {**call["headers"], **version["headers"]}}
        assert all(value.isascii() and "=?" not in value for value in message["headers"].values()), "raw 8-bit letters"
        for part in ("subject", "htmlContent", "textContent"):
            message[part] = rendered(message[part], version["params"])
        yield message


def rendered(text: str, params: Mapping[str, str]) -> str:
    """Return a text with its variables put in: escaped, unless that is switched off, and never looked at again."""
    pieces, at, escaping = [], 0, True
    for found in _TAG.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[2] in {"autoescape off", "endautoescape"}:
            escaping = found[2] == "endautoescape"
        elif found[1] is not None:
            scope, _, name = found[1].partition(".")
            # What it does not know becomes nothing.
            value = params.get(name, "") if scope == "params" else ""
            pieces.append(html.escape(value) if escaping else value)
    return "".join((*pieces, text[at:]))


if __name__ == "__main__":
    main(BrevoServer)
